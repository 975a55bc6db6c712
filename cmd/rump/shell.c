/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands in text, and what only the shell has; see shell.h. */
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"
#include "image.h"
#include "shell.h"

bool shell_ends;

/* ------------------------------------------------------------------ words */

struct word {
	char	*text;
	size_t	len;
	bool	begun;		/* '' is a word, too */
};

static void
word_add(struct word *w, char c)
{

	if ((w->len & (w->len + 1)) == 0)
		w->text = xrealloc(w->text, 2 * (w->len + 1));
	w->text[w->len++] = c;
	w->begun = true;
}

static void
line_add(struct line *l, struct word *w)
{

	if (!w->begun)
		return;
	word_add(w, '\0');
	l->argv = xrealloc(l->argv, ((size_t)l->argc + 2) * sizeof(*l->argv));
	l->argv[l->argc++] = w->text;
	l->argv[l->argc] = NULL;
	*w = (struct word){ NULL, 0, false };
}

/* What is between quotes, from the first one on; NULL: it does not end. */
static const char *
quoted(const char *s, struct word *w)
{
	char quote = *s++;

	w->begun = true;
	for (; *s != quote; s++) {
		if (*s == '\0')
			return NULL;
		if (quote == '"' && *s == '\\' && (s[1] == '"' || s[1] == '\\'))
			s++;
		word_add(w, *s);
	}
	return s + 1;
}

void
line_free(struct line *l)
{

	for (int i = 0; i < l->argc; i++)
		free(l->argv[i]);
	free(l->argv);
	*l = (struct line){ 0, NULL };
}

/* "! ..." is the host's shell's, to the end of the line. */
static const char *
host_command(const char *s, struct line *out)
{
	size_t len = strcspn(s, "\n");
	struct word w = { NULL, 0, false };

	word_add(&w, '!');
	line_add(out, &w);
	for (size_t i = 1; i < len; i++)
		word_add(&w, s[i]);
	line_add(out, &w);
	return s + len;
}

const char *
line_next(const char **text, struct line *out)
{
	const char *s = *text + strspn(*text, " \t\r\n;");
	struct word w = { NULL, 0, false };

	*out = (struct line){ 0, NULL };
	if (*s == '!')
		s = host_command(s, out);
	else while (*s != '\0' && *s != ';' && *s != '\n') {
		if (*s == '#' && !w.begun)
			s += strcspn(s, "\n");
		else if (*s == ' ' || *s == '\t' || *s == '\r') {
			line_add(out, &w);
			s++;
		} else if (*s == '\'' || *s == '"') {
			if ((s = quoted(s, &w)) == NULL) {
				free(w.text);
				line_free(out);
				return "a quote is not closed";
			}
		} else {
			if (*s == '\\' && s[1] != '\0' && *++s == '\n')
				s++;		/* the line goes on */
			else
				word_add(&w, *s++);
		}
	}
	line_add(out, &w);
	*text = s;
	return NULL;
}

bool
text_is_open(const char *text)
{
	size_t len = strlen(text);
	const char *wrong;
	struct line l;

	if (len > 1 && text[len - 1] == '\n' && text[len - 2] == '\\' &&
	    (len < 3 || text[len - 3] != '\\'))
		return true;
	do {
		if ((wrong = line_next(&text, &l)) == NULL)
			line_free(&l);
	} while (wrong == NULL && *text != '\0');
	return wrong != NULL;
}

/* --------------------------------------------------------------- builtins */

static int
run_cd(int argc, char **argv)
{
	const char *to = argc > 1 ? argv[1] : "/";

	image_open(false);
	if (argc > 2)
		return BAD_USAGE;
	if (rump_sys_chdir(to) == 0)
		return EXIT_OK;
	complain(to, errno);
	return EXIT_SOME;
}

static int
run_pwd(int argc, char **argv)
{
	char cwd[RUMP_MAXPATHLEN];

	(void)argv;
	image_open(false);
	if (argc > 1)
		return BAD_USAGE;
	if (rump_sys___getcwd(cwd, sizeof(cwd)) == -1) {
		complain(".", errno);
		return EXIT_SOME;
	}
	puts(cwd);
	return EXIT_OK;
}

static int
run_lcd(int argc, char **argv)
{
	const char *to = argc > 1 ? argv[1] : getenv("HOME");

	if (argc > 2)
		return BAD_USAGE;
	if (to != NULL && chdir(to) == 0)
		return EXIT_OK;
	complain_host(to != NULL ? to : "HOME", to != NULL ? errno : ENOENT);
	return EXIT_SOME;
}

static int
run_lpwd(int argc, char **argv)
{
	char cwd[PATH_MAX];

	(void)argv;
	if (argc > 1)
		return BAD_USAGE;
	if (getcwd(cwd, sizeof(cwd)) == NULL) {
		complain_host(".", errno);
		return EXIT_SOME;
	}
	puts(cwd);
	return EXIT_OK;
}

static int
run_host(int argc, char **argv)
{
	const char *shell = getenv("SHELL");

	fflush(stdout);
	return system(argc > 1 ? argv[1] : shell != NULL ? shell : "sh") == 0 ? EXIT_OK : EXIT_SOME;
}

static int
run_help(int argc, char **argv)
{
	const struct builtin *b;
	const struct command *cmd;

	if (argc > 1 && (b = builtin_find(argv[1])) != NULL)
		printf("usage: %s %s\n\n%s.\n", b->name, b->args, b->what);
	else if (argc > 1 && (cmd = command_find(argv[1])) != NULL)
		command_help(cmd, stdout);
	else if (argc > 1) {
		fprintf(stderr, "rump fs: no command named '%s'\n", argv[1]);
		return EXIT_SOME;
	} else {
		commands_list(stdout);
		for (b = builtins; b->name != NULL; b++)
			printf("  %-9s %s\n", b->name, b->what);
		puts("\n'help COMMAND' says more.");
	}
	return EXIT_OK;
}

static int
run_exit(int argc, char **argv)
{

	(void)argv;
	if (argc > 1)
		return BAD_USAGE;
	shell_ends = true;
	return EXIT_OK;
}

const struct builtin builtins[] = {
	{ "cd", "[DIR]", "change the working directory in the image", run_cd },
	{ "pwd", "", "print it", run_pwd },
	{ "lcd", "[DIR]", "change the working directory on the host", run_lcd },
	{ "lpwd", "", "print it", run_lpwd },
	{ "!", "[COMMAND]", "run a command of the host's shell", run_host },
	{ "help", "[COMMAND]", "list the commands, or say more of one", run_help },
	{ "exit", "", "end (also quit, and end of file)", run_exit },
	{ "quit", "", "end", run_exit },
	{ NULL, NULL, NULL, NULL }
};

const struct builtin *
builtin_find(const char *name)
{

	for (const struct builtin *b = builtins; b->name != NULL; b++)
		if (strcmp(b->name, name) == 0)
			return b;
	return NULL;
}

/* --------------------------------------------------------------- commands */

static void
line_add_text(struct line *l, const char *text)
{

	l->argv = xrealloc(l->argv, ((size_t)l->argc + 2) * sizeof(*l->argv));
	l->argv[l->argc++] = xstrdup(text);
	l->argv[l->argc] = NULL;
}

/* Patterns in names of the host, which nobody else expands here. */
static void
host_patterns(struct line *l)
{
	struct line out = { 0, NULL };
	glob_t g;

	for (int i = 0; i < l->argc; i++) {
		if (i == 0 || i == l->argc - 1 || access(l->argv[i], F_OK) == 0 ||
		    glob(l->argv[i], 0, NULL, &g) != 0) {
			line_add_text(&out, l->argv[i]);
			continue;
		}
		for (size_t j = 0; j < g.gl_pathc; j++)
			line_add_text(&out, g.gl_pathv[j]);
		globfree(&g);
	}
	line_free(l);
	*l = out;
}

int
line_run(struct line *l)
{
	const struct builtin *b;
	int status;

	if ((b = builtin_find(l->argv[0])) == NULL) {
		if (strcmp(l->argv[0], "sh") == 0 || strcmp(l->argv[0], "mkfs") == 0) {
			fprintf(stderr, "rump fs: %s: not while the image is open\n", l->argv[0]);
			return EXIT_USAGE;
		}
		if (strcmp(l->argv[0], "put") == 0)
			host_patterns(l);
		return command_run(l->argc, l->argv);
	}
	if ((status = b->run(l->argc, l->argv)) == BAD_USAGE) {
		fprintf(stderr, "usage: %s %s\n", b->name, b->args);
		status = EXIT_USAGE;
	}
	fflush(stdout);
	return status;
}

static int
text_run(const char *text)
{
	struct line l;
	int status = EXIT_OK, s;

	while (*text != '\0' && !shell_ends && !interrupted()) {
		if (line_next(&text, &l) != NULL)
			break;		/* known not to happen */
		if (l.argc > 0) {
			s = line_run(&l);
			if (s > status)
				status = s;
		}
		line_free(&l);
		if (status != EXIT_OK && !invocation.keep_going)
			break;
	}
	return status;
}

/* All commands must be known, and quotes closed. */
static bool
text_check(const char *text, bool *writes)
{
	const char *wrong;
	struct line l;
	bool ok = true;

	while (ok && *text != '\0') {
		const struct command *cmd;

		if ((wrong = line_next(&text, &l)) != NULL) {
			fprintf(stderr, "rump fs: %s\n", wrong);
			return false;
		}
		if (l.argc > 0 && builtin_find(l.argv[0]) == NULL) {
			cmd = command_find(l.argv[0]);
			if ((ok = cmd != NULL))
				*writes |= (cmd->flags & CMD_WRITES) != 0;
			else
				fprintf(stderr, "rump fs: no command named '%s'\n", l.argv[0]);
		}
		line_free(&l);
	}
	return ok;
}

int
script_run(char **texts, size_t n)
{
	bool writes = false;
	int status = EXIT_OK, s;

	for (size_t i = 0; i < n; i++)
		if (!text_check(texts[i], &writes))
			return EXIT_USAGE;
	image_open(writes);
	for (size_t i = 0; i < n && !shell_ends && !interrupted() &&
	    (status == EXIT_OK || invocation.keep_going); i++)
		if ((s = text_run(texts[i])) > status)
			status = s;
	return status;
}

/* Commands from standard input that is no terminal, line by line. */
static int
shell_script(void)
{
	char *line = NULL, *text = xstrdup("");
	size_t size = 0, number = 0, len;
	int status = EXIT_OK, s;
	bool writes = false;

	while (!shell_ends && !interrupted() && getline(&line, &size, stdin) != -1) {
		number++;
		len = strlen(text);
		text = xrealloc(text, len + strlen(line) + 1);
		strcpy(text + len, line);
		if (text_is_open(text))
			continue;
		s = text_check(text, &writes) ? text_run(text) : EXIT_USAGE;
		*text = '\0';
		if (s > status)
			status = s;
		if (s != EXIT_OK && !invocation.keep_going) {
			fprintf(stderr, "rump fs: stopped in line %zu\n", number);
			break;
		}
	}
	if (*text != '\0' && (status == EXIT_OK || invocation.keep_going)) {
		fprintf(stderr, "rump fs: line %zu: a quote is not closed\n", number);
		status = EXIT_USAGE;
	}
	free(line);
	free(text);
	return status;
}

int
cmd_sh(int argc, char **argv)
{

	(void)argv;
	if (argc > 1)
		return BAD_USAGE;
	return isatty(STDIN_FILENO) ? shell_interactive() : shell_script();
}
