/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rump fs find: walk trees, evaluate an expression for each file.
 *
 * The expression is find(1)'s, compiled to a tree of nodes:
 *
 *	or    := and [-o and]...
 *	and   := not [[-a] not]...
 *	not   := [!] not | ( or ) | primary
 */
#include <fnmatch.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"
#include "walk.h"

struct node {
	bool	(*eval)(const struct node *, const struct entry *);
	const struct node *left, *right;
	const char *text;
	int	sign;		/* -1, 0, +1: less, equal, more */
	long long number, unit;
	struct node *next;	/* of all, to be freed */
};

static struct {
	char		**argv;		/* what is left to parse */
	unsigned	mindepth, maxdepth;
	bool		prints;		/* the expression acts by itself */
	const char	*error, *at;
	struct node	*nodes;
} parse;

static bool
eval_true(const struct node *n, const struct entry *e)
{

	(void)n, (void)e;
	return true;
}

static bool
eval_and(const struct node *n, const struct entry *e)
{

	return n->left->eval(n->left, e) && n->right->eval(n->right, e);
}

static bool
eval_or(const struct node *n, const struct entry *e)
{

	return n->left->eval(n->left, e) || n->right->eval(n->right, e);
}

static bool
eval_not(const struct node *n, const struct entry *e)
{

	return !n->left->eval(n->left, e);
}

static bool
eval_name(const struct node *n, const struct entry *e)
{

	return fnmatch(n->text, e->name, (int)n->number) == 0;
}

static bool
eval_path(const struct node *n, const struct entry *e)
{

	return fnmatch(n->text, e->path, (int)n->number) == 0;
}

static bool
eval_type(const struct node *n, const struct entry *e)
{
	char letter = type_letter(e->st.st_mode);

	return strchr(n->text, letter == '-' ? 'f' : letter) != NULL;
}

static bool
compare(const struct node *n, long long value)
{

	return n->sign < 0 ? value < n->number : n->sign > 0 ? value > n->number :
	    value == n->number;
}

static bool
eval_size(const struct node *n, const struct entry *e)
{

	return compare(n, ((long long)e->st.st_size + n->unit - 1) / n->unit);
}

static bool
eval_links(const struct node *n, const struct entry *e)
{

	return compare(n, e->st.st_nlink);
}

static bool
eval_inum(const struct node *n, const struct entry *e)
{

	return compare(n, (long long)e->st.st_ino);
}

static bool
eval_uid(const struct node *n, const struct entry *e)
{

	return compare(n, e->st.st_uid);
}

static bool
eval_gid(const struct node *n, const struct entry *e)
{

	return compare(n, e->st.st_gid);
}

static bool
eval_mtime(const struct node *n, const struct entry *e)
{

	return compare(n, ((long long)time(NULL) - (long long)e->st.st_mtim.tv_sec) / 86400);
}

static bool
eval_perm(const struct node *n, const struct entry *e)
{
	unsigned bits = e->st.st_mode & 07777, want = (unsigned)n->number;

	return n->sign < 0 ? (bits & want) == want :
	    n->sign > 0 ? want == 0 || (bits & want) != 0 : bits == want;
}

static bool
eval_empty(const struct node *n, const struct entry *e)
{
	struct entry_list l;
	bool empty;

	(void)n;
	if ((e->st.st_mode & RUMP_S_IFMT) == RUMP_S_IFREG)
		return e->st.st_size == 0;
	if ((e->st.st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR || dir_read(e->path, &l) != 0)
		return false;
	empty = l.n == 0;
	dir_free(&l);
	return empty;
}

static bool
eval_print(const struct node *n, const struct entry *e)
{

	if (n->number == '\0') {
		fputs(e->path, stdout);
		putchar('\0');
		return true;
	}
	print_name(e->path);
	putchar('\n');
	return true;
}

static bool
eval_ls(const struct node *n, const struct entry *e)
{
	char mode[11], when[40];

	(void)n;
	mode_string(e->st.st_mode, mode);
	time_short(&e->st.st_mtim, when, sizeof(when));
	printf("%9llu %6lld %s %3u %-8u %-8u %12lld %s ", (unsigned long long)e->st.st_ino,
	    (long long)(e->st.st_blocks + 1) / 2, mode, (unsigned)e->st.st_nlink,
	    (unsigned)e->st.st_uid, (unsigned)e->st.st_gid, (long long)e->st.st_size, when);
	print_name(e->path);
	putchar('\n');
	return true;
}

static struct node *
node_new(struct node n)
{
	struct node *p = malloc(sizeof(*p));

	if (p == NULL)
		fail_memory();
	*p = n;
	p->next = parse.nodes;
	return parse.nodes = p;
}

static void
nodes_free(void)
{
	struct node *n;

	while ((n = parse.nodes) != NULL) {
		parse.nodes = n->next;
		free(n);
	}
}

static void
parse_error(const char *why, const char *at)
{

	if (parse.error == NULL) {
		parse.error = why;
		parse.at = at;
	}
}

/* [+-]N with an optional unit letter; perm numbers are octal, -/ their signs. */
static void
parse_number(struct node *n, const char *s, int base, const char *units)
{
	static const struct { char letter; long long bytes; } scale[] = {
		{ 'c', 1 }, { 'w', 2 }, { 'b', 512 }, { 'k', 1 << 10 },
		{ 'M', 1 << 20 }, { 'G', 1 << 30 },
	};
	const char *digits = s + (*s == '-' || *s == '+' || (base == 8 && *s == '/'));
	char *end;

	n->sign = *s == '-' ? -1 : digits > s ? 1 : 0;
	n->number = strtoll(digits, &end, base);
	n->unit = 512;
	if (*units != '\0' && *end != '\0')
		for (size_t i = 0; i < sizeof(scale) / sizeof(scale[0]); i++)
			if (*end == scale[i].letter) {
				n->unit = scale[i].bytes;
				end++;
				break;
			}
	if (end == digits || *end != '\0')
		parse_error("not a number", s);
}

enum { ARG_NONE, ARG_TEXT, ARG_NUMBER, ARG_SIZE, ARG_OCTAL, ARG_DEPTH };

static const struct primary {
	const char *name;
	int	arg;
	bool	(*eval)(const struct node *, const struct entry *);
	long long number;
	bool	acts;
} primaries[] = {
	{ "-name", ARG_TEXT, eval_name, 0, false },
	{ "-iname", ARG_TEXT, eval_name, FNM_CASEFOLD, false },
	{ "-path", ARG_TEXT, eval_path, 0, false },
	{ "-ipath", ARG_TEXT, eval_path, FNM_CASEFOLD, false },
	{ "-type", ARG_TEXT, eval_type, 0, false },
	{ "-size", ARG_SIZE, eval_size, 0, false },
	{ "-links", ARG_NUMBER, eval_links, 0, false },
	{ "-inum", ARG_NUMBER, eval_inum, 0, false },
	{ "-uid", ARG_NUMBER, eval_uid, 0, false },
	{ "-gid", ARG_NUMBER, eval_gid, 0, false },
	{ "-mtime", ARG_NUMBER, eval_mtime, 0, false },
	{ "-perm", ARG_OCTAL, eval_perm, 0, false },
	{ "-empty", ARG_NONE, eval_empty, 0, false },
	{ "-true", ARG_NONE, eval_true, 0, false },
	{ "-print", ARG_NONE, eval_print, '\n', true },
	{ "-print0", ARG_NONE, eval_print, '\0', true },
	{ "-ls", ARG_NONE, eval_ls, 0, true },
	{ "-mindepth", ARG_DEPTH, eval_true, 0, false },
	{ "-maxdepth", ARG_DEPTH, eval_true, 1, false },
};

static void
parse_argument(struct node *n, const struct primary *p, const char *arg)
{

	switch (p->arg) {
	case ARG_TEXT:
		n->text = arg;
		break;
	case ARG_NUMBER:
		parse_number(n, arg, 10, "");
		break;
	case ARG_SIZE:
		parse_number(n, arg, 10, "cwbkMG");
		break;
	case ARG_OCTAL:
		parse_number(n, arg, 8, "");
		break;
	case ARG_DEPTH:
		parse_number(n, arg, 10, "");
		if (p->number != 0)
			parse.maxdepth = (unsigned)n->number;
		else
			parse.mindepth = (unsigned)n->number;
		break;
	}
}

static const struct node *
parse_primary(void)
{
	const char *word = *parse.argv;

	for (size_t i = 0; i < sizeof(primaries) / sizeof(primaries[0]); i++) {
		const struct primary *p = &primaries[i];
		struct node n = { .eval = p->eval, .number = p->number };

		if (strcmp(p->name, word) != 0)
			continue;
		parse.argv++;
		parse.prints |= p->acts;
		if (p->arg != ARG_NONE && *parse.argv == NULL)
			parse_error("needs an argument", word);
		else if (p->arg != ARG_NONE)
			parse_argument(&n, p, *parse.argv++);
		return node_new(n);
	}
	parse_error("unknown", word);
	parse.argv++;
	return node_new((struct node){ .eval = eval_true });
}

static bool
word_is(const char *a, const char *b)
{

	if (*parse.argv == NULL || (strcmp(*parse.argv, a) != 0 && strcmp(*parse.argv, b) != 0))
		return false;
	parse.argv++;
	return true;
}

static const struct node *parse_or(void);

static const struct node *
parse_not(void)
{
	const struct node *inner;

	if (word_is("!", "-not"))
		return node_new((struct node){ .eval = eval_not, .left = parse_not() });
	if (word_is("(", "(")) {
		inner = parse_or();
		if (!word_is(")", ")"))
			parse_error("is not closed", "(");
		return inner;
	}
	if (*parse.argv == NULL) {
		parse_error("ends too early", "the expression");
		return node_new((struct node){ .eval = eval_true });
	}
	return parse_primary();
}

static const struct node *
parse_and(void)
{
	const struct node *left = parse_not();

	while (*parse.argv != NULL && strcmp(*parse.argv, "-o") != 0 &&
	    strcmp(*parse.argv, "-or") != 0 && strcmp(*parse.argv, ")") != 0) {
		word_is("-a", "-and");
		left = node_new((struct node){ .eval = eval_and, .left = left,
		    .right = parse_not() });
	}
	return left;
}

static const struct node *
parse_or(void)
{
	const struct node *left = parse_and();

	while (word_is("-o", "-or"))
		left = node_new((struct node){ .eval = eval_or, .left = left,
		    .right = parse_and() });
	return left;
}

static const struct node *
parse_expression(char **argv)
{
	const struct node *n;

	parse.argv = argv;
	parse.maxdepth = UINT_MAX;
	n = *argv == NULL ? node_new((struct node){ .eval = eval_true }) : parse_or();
	if (*parse.argv != NULL)
		parse_error("is not expected here", *parse.argv);
	if (parse.error != NULL) {
		fprintf(stderr, "rump fs: find: %s %s\n", parse.at, parse.error);
		return NULL;
	}
	if (!parse.prints)
		n = node_new((struct node){ .eval = eval_and, .left = n,
		    .right = node_new((struct node){ .eval = eval_print, .number = '\n' }) });
	return n;
}

static bool
visit(const struct entry *e, void *arg)
{
	const struct node *n = arg;

	if (e->depth >= parse.mindepth)
		n->eval(n, e);
	return true;
}

int
cmd_find(int argc, char **argv)
{
	static char *here[] = { (char *)".", NULL };
	const struct node *n;
	struct paths p;
	int paths = 1, status = EXIT_OK;

	memset(&parse, 0, sizeof(parse));
	while (paths < argc && argv[paths][0] != '-' && strcmp(argv[paths], "!") != 0 &&
	    strcmp(argv[paths], "(") != 0)
		paths++;
	if ((n = parse_expression(argv + paths)) == NULL) {
		nodes_free();
		return EXIT_USAGE;
	}
	p = paths > 1 ? paths_expand(paths - 1, argv + 1) : paths_expand(1, here);
	for (size_t i = 0; i < p.n; i++)
		status |= tree_walk(p.list[i], &(struct walk){
		    .maxdepth = parse.maxdepth, .visit = visit, .arg = (void *)n });
	paths_free(&p);
	nodes_free();
	return status;
}
