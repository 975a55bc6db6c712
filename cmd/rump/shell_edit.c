/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The shell at a terminal: libedit's lines, with history and completion.
 *
 * The first word is completed to a command, others to paths: of the image, or of
 * the host where a command takes those.  Ctrl-C ends the line, or the command that
 * runs; the image stays open.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include <rump/rump_syscalls.h>

#include "fs.h"
#include "fstype.h"
#include "image.h"
#include "shell.h"
#include "side.h"
#include "walk.h"

#define HISTORY_MOST	1000

static struct {
	EditLine *el;
	History	*history;
	char	*history_file;
	bool	more;			/* the line before goes on */
	sigset_t mask;			/* outside of reading a line */
	char	prompt[256];
} edit;

static char *
prompt(EditLine *el)
{
	char cwd[RUMP_MAXPATHLEN];
	const char *slash = strrchr(image.path, '/');

	(void)el;
	if (edit.more)
		return (char *)"> ";
	if (rump_sys___getcwd(cwd, sizeof(cwd)) == -1)
		strcpy(cwd, "?");
	snprintf(edit.prompt, sizeof(edit.prompt), "%s:%s> ", slash != NULL ? slash + 1 : image.path,
	    cwd);
	return edit.prompt;
}

/* -------------------------------------------------------------- completion */

static bool
begins_with(const char *s, const char *with)
{

	return strncmp(s, with, strlen(with)) == 0;
}

static void
complete_command(const char *begun, struct names *out)
{

	for (const struct command *c = commands; c->name != NULL; c++)
		if (begins_with(c->name, begun))
			names_add(out, c->name, strlen(c->name));
	for (const struct builtin *b = builtins; b->name != NULL; b++)
		if (begins_with(b->name, begun))
			names_add(out, b->name, strlen(b->name));
}

/* Paths with the same beginning; a directory ends in a slash. */
static void
complete_path(const struct side *side, const char *begun, struct names *out)
{
	const char *slash = strrchr(begun, '/'), *base = slash != NULL ? slash + 1 : begun;
	char *dir = strndup(begun, (size_t)(base - begun)), *path;
	struct rump_stat st;
	struct names l;
	int fd;

	if (dir == NULL)
		fail_memory();
	fd = side->dir_open(SIDE_CWD, *dir != '\0' ? dir : ".", true);
	if (fd != -1 && side->dir_list(fd, &l) == 0) {
		for (size_t i = 0; i < l.n; i++) {
			/* hidden ones only if asked for */
			if (!begins_with(l.list[i], base) || (*base == '\0' && l.list[i][0] == '.'))
				continue;
			if (asprintf(&path, "%s%s%s", dir, l.list[i],
			    side->stat(fd, l.list[i], &st, true) == 0 &&
			    (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR ? "/" : "") == -1)
				fail_memory();
			names_add(out, path, strlen(path));
			free(path);
		}
		names_free(&l);
	}
	if (fd != -1)
		side->close(fd);
	free(dir);
}

/* Which side's paths does the command take as its n-th word? */
static const struct side *
side_of_word(const char *command, int n)
{
	static const struct { const char *name; int first, last; } hosts[] = {
		{ "put", 1, 1 }, { "get", 2, 99 }, { "lcd", 1, 1 },
		{ "import", 1, 1 }, { "export", 1, 1 },
	};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (strcmp(command, hosts[i].name) == 0 && n >= hosts[i].first && n <= hosts[i].last)
			return &host_side;
	return &image_side;
}

static void
complete_word(const struct line *l, int n, const char *begun, struct names *out)
{

	if (n == 0 || (n == 1 && strcmp(l->argv[0], "help") == 0))
		complete_command(begun, out);
	else
		complete_path(side_of_word(l->argv[0], n), begun, out);
	names_sort(out);
}

/* How many characters all have in common. */
static size_t
common_length(const struct names *l)
{
	size_t n = strlen(l->list[0]);

	for (size_t i = 1; i < l->n; i++)
		while (strncmp(l->list[0], l->list[i], n) != 0)
			n--;
	return n;
}

/* Insert what is known, with a backslash before what a word may not hold. */
static void
insert(EditLine *el, const char *s, size_t len, char quote)
{
	char two[3];

	for (size_t i = 0; i < len; i++) {
		size_t n = 0;

		if (quote == '\0' && strchr(" \t;'\"\\#", s[i]) != NULL)
			two[n++] = '\\';
		two[n++] = s[i];
		two[n] = '\0';
		el_insertstr(el, two);
	}
}

static void
show_names(const struct names *l)
{

	putchar('\n');
	for (size_t i = 0; i < l->n; i++) {
		char *base = path_last(l->list[i]);
		size_t len = strlen(l->list[i]);

		print_name(base);
		puts(len > 1 && l->list[i][len - 1] == '/' ? "/" : "");
		free(base);
	}
	fflush(stdout);
}

/* The last command of the line up to the cursor, and the quote that is open there. */
static char
parse_begun(const char *text, struct line *l)
{
	const char *wrong;
	char *closed;

	for (;;) {
		const char *at = text;

		if ((wrong = line_next(&text, l)) != NULL || *text == '\0')
			break;
		line_free(l);
		if (text == at)
			break;
	}
	if (wrong == NULL)
		return '\0';
	for (const char *quote = "'\""; *quote != '\0'; quote++) {
		if (asprintf(&closed, "%s%c", text, *quote) == -1)
			fail_memory();
		const char *again = closed;

		wrong = line_next(&again, l);
		free(closed);
		if (wrong == NULL)
			return *quote;
	}
	return '\0';
}

static unsigned char
complete(EditLine *el, int ch)
{
	const LineInfo *info = el_line(el);
	char *text = strndup(info->buffer, (size_t)(info->cursor - info->buffer));
	struct names found = { NULL, 0 };
	struct line l = { 0, NULL };
	unsigned char result = CC_ERROR;
	size_t len, known;
	const char *begun = "";
	char quote;
	int n;

	(void)ch;
	if (text == NULL)
		fail_memory();
	len = strlen(text);
	quote = parse_begun(text, &l);
	n = l.argc;
	if (n > 0 && (quote != '\0' || (len > 0 && (strchr(" \t;", text[len - 1]) == NULL ||
	    (len > 1 && text[len - 2] == '\\')))))
		begun = l.argv[--n];
	complete_word(&l, n, begun, &found);
	if (found.n > 0) {
		char last;

		known = common_length(&found);
		last = known > 0 ? found.list[0][known - 1] : '\0';
		result = CC_REFRESH;
		if (known > strlen(begun))
			insert(el, found.list[0] + strlen(begun), known - strlen(begun), quote);
		else if (found.n > 1) {
			show_names(&found);
			result = CC_REDISPLAY;
		}
		if (found.n == 1 && last != '/') {
			if (quote != '\0')
				el_insertstr(el, (char [2]){ quote, '\0' });
			el_insertstr(el, " ");
		}
	}
	names_free(&found);
	line_free(&l);
	free(text);
	return result;
}

/* ------------------------------------------------------------------ history */

static void
history_start(void)
{
	const char *home = getenv("HOME");
	HistEvent ev;

	edit.history = history_init();
	history(edit.history, &ev, H_SETSIZE, HISTORY_MOST);
	history(edit.history, &ev, H_SETUNIQUE, 1);
	if (home != NULL && asprintf(&edit.history_file, "%s/.rump_history", home) != -1)
		history(edit.history, &ev, H_LOAD, edit.history_file);
	else
		edit.history_file = NULL;
	el_set(edit.el, EL_HIST, history, edit.history);
}

static void
history_stop(void)
{
	mode_t old = umask(077);
	HistEvent ev;

	if (edit.history_file != NULL)
		history(edit.history, &ev, H_SAVE, edit.history_file);
	umask(old);
	free(edit.history_file);
	history_end(edit.history);
}

/* -------------------------------------------------------------------- lines */

/*
 * libedit's next character: 1, 0 at the end, -1 on an error.  While a line is read
 * signals come only here, where they end the wait: none can slip in between the
 * question whether there was one and the waiting.
 */
static int
read_character(EditLine *el, wchar_t *out)
{
	struct pollfd terminal = { .fd = STDIN_FILENO, .events = POLLIN };
	mbstate_t state = { 0 };
	size_t len;
	ssize_t n;
	char c;

	(void)el;
	do {
		while (!interrupted() && ppoll(&terminal, 1, NULL, &edit.mask) == -1 &&
		    errno == EINTR)
			continue;
		if (interrupted())
			return -1;
		if ((n = read(STDIN_FILENO, &c, 1)) <= 0)
			return (int)n;
		len = mbrtowc(out, &c, 1, &state);
		if (len == (size_t)-1)
			memset(&state, 0, sizeof(state));
	} while (len == (size_t)-1 || len == (size_t)-2);
	return 1;
}

static void
signals_block(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, &edit.mask);
}

/* NULL: the end, or with *again an interrupted line. */
static const char *
line_read(bool *again)
{
	const char *s;
	int n = 0;

	signals_block();
	s = el_gets(edit.el, &n);
	sigprocmask(SIG_SETMASK, &edit.mask, NULL);
	*again = false;
	if (interrupted()) {
		/* a signal that is not Ctrl-C ends the shell */
		*again = interrupt_is(SIGINT);
		if (*again)
			interrupt_clear();
		putchar('\n');
		el_reset(edit.el);
		return NULL;
	}
	return n > 0 ? s : NULL;
}

/* All commands of a text; what fails does not end the shell. */
static void
text_execute(const char *text)
{
	const char *wrong;
	struct line l;

	while (*text != '\0' && !shell_ends && !interrupted()) {
		if ((wrong = line_next(&text, &l)) != NULL) {
			fprintf(stderr, "rump fs: %s\n", wrong);
			return;
		}
		if (l.argc > 0)
			line_run(&l);
		line_free(&l);
	}
	if (interrupt_is(SIGINT)) {
		interrupt_clear();
		fputs("interrupted\n", stderr);
	}
}

static void
loop(void)
{
	char *text = xstrdup("");
	const char *line;
	HistEvent ev;
	bool again;

	while (!shell_ends && !interrupted()) {
		if ((line = line_read(&again)) == NULL && !again)
			break;
		if (again) {
			*text = '\0';
			edit.more = false;
			continue;
		}
		text = xrealloc(text, strlen(text) + strlen(line) + 1);
		strcat(text, line);
		if ((edit.more = text_is_open(text)))
			continue;
		if (text[strspn(text, " \t\n")] != '\0')
			history(edit.history, &ev, H_ENTER, text);
		text_execute(text);
		*text = '\0';
	}
	free(text);
}

int
shell_interactive(void)
{

	setlocale(LC_CTYPE, "");
	printf("%s: %s. 'help' lists the commands, 'exit' ends.\n", image.path, image.type->title);
	fflush(stdout);
	edit.el = el_init("rump", stdin, stdout, stderr);
	if (edit.el == NULL) {
		complain_text(NULL, "the terminal cannot be used");
		return EXIT_SOME;
	}
	el_set(edit.el, EL_PROMPT, prompt);
	el_set(edit.el, EL_EDITOR, "emacs");
	el_wset(edit.el, EL_GETCFN, read_character);
	el_wset(edit.el, EL_ADDFN, L"rump-complete", L"Complete a command or path", complete);
	el_set(edit.el, EL_BIND, "^I", "rump-complete", NULL);
	history_start();
	el_source(edit.el, NULL);
	loop();
	history_stop();
	el_end(edit.el);
	if (!shell_ends)
		putchar('\n');
	return EXIT_OK;
}
