/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs ls: as ls(1), with its most used options. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"
#include "walk.h"

static struct {
	bool all, almost, directory, classify, human, inode, numeric_long,
	    recursive, reverse, one;
	char sort;		/* 'n'ame, 't'ime, 'S'ize, 'U'nsorted */
} opt;

/* Columns of a long listing are as wide as their widest cell. */
struct widths {
	int links, uid, gid, size, inode;
};

static int
order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int r = 0;

	if (opt.sort == 't') {
		r = (y->st.st_mtim.tv_sec > x->st.st_mtim.tv_sec) -
		    (y->st.st_mtim.tv_sec < x->st.st_mtim.tv_sec);
		if (r == 0)
			r = (y->st.st_mtim.tv_nsec > x->st.st_mtim.tv_nsec) -
			    (y->st.st_mtim.tv_nsec < x->st.st_mtim.tv_nsec);
	} else if (opt.sort == 'S')
		r = (y->st.st_size > x->st.st_size) - (y->st.st_size < x->st.st_size);
	if (r == 0)
		r = strcmp(x->name, y->name);
	return opt.reverse ? -r : r;
}

static bool
is_device(uint32_t mode)
{

	return (mode & RUMP_S_IFMT) == RUMP_S_IFCHR || (mode & RUMP_S_IFMT) == RUMP_S_IFBLK;
}

static void
size_cell(const struct entry *e, char *out, size_t len)
{

	if (is_device(e->st.st_mode))
		snprintf(out, len, "%d, %d", (int)RUMP_MAJOR(e->st.st_rdev),
		    (int)RUMP_MINOR(e->st.st_rdev));
	else if (opt.human)
		size_human((uint64_t)e->st.st_size, out, len);
	else
		snprintf(out, len, "%lld", (long long)e->st.st_size);
}

static void
widen(int *w, int n)
{

	if (n > *w)
		*w = n;
}

static struct widths
measure(const struct entry_list *l)
{
	struct widths w = { 0, 0, 0, 0, 0 };
	char cell[40];

	for (size_t i = 0; i < l->n; i++) {
		const struct rump_stat *st = &l->list[i].st;

		widen(&w.links, snprintf(NULL, 0, "%u", (unsigned)st->st_nlink));
		widen(&w.uid, snprintf(NULL, 0, "%u", (unsigned)st->st_uid));
		widen(&w.gid, snprintf(NULL, 0, "%u", (unsigned)st->st_gid));
		widen(&w.inode, snprintf(NULL, 0, "%llu", (unsigned long long)st->st_ino));
		size_cell(&l->list[i], cell, sizeof(cell));
		widen(&w.size, (int)strlen(cell));
	}
	return w;
}

static void
print_classified(const struct entry *e)
{
	uint32_t type = e->st.st_mode & RUMP_S_IFMT;

	print_name(e->name);
	if (!opt.classify)
		return;
	if (type == RUMP_S_IFDIR)
		putchar('/');
	else if (type == RUMP_S_IFLNK)
		putchar('@');
	else if (type == RUMP_S_IFIFO)
		putchar('|');
	else if (type == RUMP_S_IFSOCK)
		putchar('=');
	else if (type == RUMP_S_IFREG && (e->st.st_mode & 0111) != 0)
		putchar('*');
}

static void
print_long(const struct entry *e, const struct widths *w)
{
	char mode[11], when[40], size[40], *target;

	mode_string(e->st.st_mode, mode);
	time_short(&e->st.st_mtim, when, sizeof(when));
	size_cell(e, size, sizeof(size));
	if (opt.inode)
		printf("%*llu ", w->inode, (unsigned long long)e->st.st_ino);
	printf("%s %*u %*u %*u %*s %s ", mode, w->links, (unsigned)e->st.st_nlink,
	    w->uid, (unsigned)e->st.st_uid, w->gid, (unsigned)e->st.st_gid,
	    w->size, size, when);
	print_classified(e);
	if ((e->st.st_mode & RUMP_S_IFMT) == RUMP_S_IFLNK) {
		target = link_target(e->path);
		printf(" -> ");
		print_name(target != NULL ? target : "?");
		free(target);
	}
	putchar('\n');
}

static int
terminal_width(void)
{
	struct winsize ws;

	if (opt.one || !isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 ? ws.ws_col : 80;
}

static void
print_short(const struct entry *e, const struct widths *w)
{

	if (opt.inode)
		printf("%*llu ", w->inode, (unsigned long long)e->st.st_ino);
	print_classified(e);
}

/* Down, then across, in columns of one width. */
static void
print_columns(const struct entry_list *l, const struct widths *w, int width)
{
	int cell = 0, ncols, nrows;

	for (size_t i = 0; i < l->n; i++)
		widen(&cell, (int)strlen(l->list[i].name) + 3 + (opt.inode ? w->inode + 1 : 0));
	ncols = cell > 0 && width / cell > 1 ? width / cell : 1;
	nrows = ((int)l->n + ncols - 1) / ncols;
	for (int row = 0; row < nrows; row++) {
		for (size_t i = (size_t)row; i < l->n; i += (size_t)nrows) {
			const struct entry *e = &l->list[i];
			bool more = i + (size_t)nrows < l->n;

			print_short(e, w);
			if (more)
				printf("%*s", cell - 2 - (int)strlen(e->name) -
				    (opt.inode ? w->inode + 1 : 0), "");
		}
		putchar('\n');
	}
}

static void
print_list(const struct entry_list *l)
{
	struct widths w = measure(l);
	int width = terminal_width();

	if (!opt.numeric_long && width > 0) {
		print_columns(l, &w, width);
		return;
	}
	for (size_t i = 0; i < l->n; i++) {
		if (opt.numeric_long) {
			print_long(&l->list[i], &w);
			continue;
		}
		print_short(&l->list[i], &w);
		putchar('\n');
	}
}

/* dir_read leaves "." and ".." out; -a wants them. */
static void
dots_add(const char *path, struct entry_list *l)
{
	static const char *const dots[] = { ".", ".." };
	struct entry *e = realloc(l->list, (l->n + 2) * 2 * sizeof(*e));

	if (e == NULL)
		fail_memory();
	memmove(e + 2, e, l->n * sizeof(*e));
	for (int i = 0; i < 2; i++) {
		memset(&e[i], 0, sizeof(e[i]));
		e[i].name = strdup(dots[i]);
		e[i].path = path_join(path, dots[i]);
		rump_sys_lstat(e[i].path, &e[i].st);
	}
	l->list = e;
	l->n += 2;
}

static void
hidden_drop(struct entry_list *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (l->list[i].name[0] == '.') {
			free(l->list[i].name);
			free(l->list[i].path);
		} else
			l->list[kept++] = l->list[i];
	}
	l->n = kept;
}

static int
list_directory(const char *path, bool title, bool first)
{
	struct entry_list l;
	int err, status = EXIT_OK;

	if ((err = dir_read(path, &l)) != 0) {
		complain(path, err);
		return EXIT_SOME;
	}
	if (opt.all)
		dots_add(path, &l);
	else if (!opt.almost)
		hidden_drop(&l);
	if (opt.sort != 'U')
		dir_sort(&l, order);
	if (title) {
		printf("%s", first ? "" : "\n");
		print_name(path);
		printf(":\n");
	}
	print_list(&l);
	for (size_t i = 0; opt.recursive && i < l.n; i++)
		if ((l.list[i].st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR &&
		    strcmp(l.list[i].name, ".") != 0 && strcmp(l.list[i].name, "..") != 0)
			status |= list_directory(l.list[i].path, true, false);
	dir_free(&l);
	return status;
}

/* Arguments that are not directories come first, together. */
static int
list_files(const struct paths *p, bool *isdir)
{
	struct entry_list l = { calloc(p->n, sizeof(struct entry)), 0 };
	int status = EXIT_OK;

	if (l.list == NULL)
		fail_memory();
	for (size_t i = 0; i < p->n; i++) {
		struct entry *e = &l.list[l.n];
		struct rump_stat st;

		memset(e, 0, sizeof(*e));
		isdir[i] = false;
		if (rump_sys_lstat(p->list[i], &e->st) == -1) {
			complain(p->list[i], errno);
			status = EXIT_SOME;
			continue;
		}
		st = e->st;
		if (!opt.numeric_long)
			rump_sys_stat(p->list[i], &st);
		isdir[i] = !opt.directory && (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR;
		if (!isdir[i]) {
			e->name = strdup(p->list[i]);
			e->path = strdup(p->list[i]);
			l.n++;
		}
	}
	dir_sort(&l, order);
	if (l.n > 0)
		print_list(&l);
	dir_free(&l);
	return status;
}

static int
options(int argc, char **argv)
{
	int c;

	memset(&opt, 0, sizeof(opt));
	opt.sort = 'n';
	while ((c = getopt(argc, argv, "1AadFhilnRrStU")) != -1)
		switch (c) {
		case '1': opt.one = true; break;
		case 'A': opt.almost = true; break;
		case 'a': opt.all = true; break;
		case 'd': opt.directory = true; break;
		case 'F': opt.classify = true; break;
		case 'h': opt.human = true; break;
		case 'i': opt.inode = true; break;
		case 'l': case 'n': opt.numeric_long = true; break;
		case 'R': opt.recursive = true; break;
		case 'r': opt.reverse = true; break;
		case 'S': case 't': case 'U': opt.sort = (char)c; break;
		default: return -1;
		}
	return 0;
}

int
cmd_ls(int argc, char **argv)
{
	static char *here[] = { (char *)".", NULL };
	struct paths p;
	bool *isdir, title, first = true;
	int status;

	if (options(argc, argv) == -1)
		return BAD_USAGE;
	argc -= optind;
	argv += optind;
	p = argc > 0 ? paths_expand(argc, argv) : paths_expand(1, here);
	if ((isdir = calloc(p.n, sizeof(*isdir))) == NULL)
		fail_memory();
	status = list_files(&p, isdir);
	title = p.n > 1 || opt.recursive;
	for (size_t i = 0; i < p.n; i++) {
		first &= isdir[i] || p.n == 1;
		if (isdir[i]) {
			status |= list_directory(p.list[i], title, first);
			first = false;
		}
	}
	free(isdir);
	paths_free(&p);
	return status;
}
