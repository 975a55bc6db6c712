/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs tree: a tree drawn with lines. */
#include <getopt.h>
#include <limits.h>
#include <locale.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"
#include "walk.h"

#define MAXDEPTH	1024

static struct {
	bool		all, directories, modes, utf8;
	unsigned	depth;
} opt;

struct drawing {
	bool		last[MAXDEPTH];	/* at each level: nothing follows */
	unsigned	ndirs, nfiles;
};

static bool
is_dir(const struct entry *e)
{

	return (e->st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR;
}

static void
print_branch(const struct drawing *d, unsigned depth)
{

	for (unsigned i = 1; i < depth; i++)
		fputs(d->last[i] ? "    " : opt.utf8 ? "│   " : "|   ", stdout);
	if (depth > 0)
		fputs(opt.utf8 ? (d->last[depth] ? "└── " : "├── ") :
		    (d->last[depth] ? "`-- " : "|-- "), stdout);
}

static bool
keep(const struct entry *e, void *arg)
{

	(void)arg;
	return (opt.all || e->name[0] != '.') && (!opt.directories || is_dir(e));
}

static bool
visit(const struct entry *e, void *arg)
{
	struct drawing *d = arg;
	char mode[11], *target;

	if (e->depth >= MAXDEPTH)
		return false;
	d->last[e->depth] = e->last;
	print_branch(d, e->depth);
	if (opt.modes) {
		mode_string(e->st.st_mode, mode);
		printf("[%s]  ", mode);
	}
	print_name(e->depth == 0 ? e->path : e->name);
	if ((e->st.st_mode & RUMP_S_IFMT) == RUMP_S_IFLNK &&
	    (target = link_target(e->path)) != NULL) {
		fputs(" -> ", stdout);
		print_name(target);
		free(target);
	}
	putchar('\n');
	if (e->depth > 0)
		is_dir(e) ? d->ndirs++ : d->nfiles++;
	return true;
}

int
cmd_tree(int argc, char **argv)
{
	static char *here[] = { (char *)".", NULL };
	struct drawing *d;
	struct paths p;
	int c, status = EXIT_OK;

	memset(&opt, 0, sizeof(opt));
	opt.depth = MAXDEPTH;
	while ((c = getopt(argc, argv, "adpL:")) != -1)
		switch (c) {
		case 'a': opt.all = true; break;
		case 'd': opt.directories = true; break;
		case 'p': opt.modes = true; break;
		case 'L':
			if ((opt.depth = (unsigned)strtoul(optarg, NULL, 10)) == 0)
				return BAD_USAGE;
			break;
		default: return BAD_USAGE;
		}
	setlocale(LC_CTYPE, "");
	opt.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	p = optind < argc ? paths_expand(argc - optind, argv + optind) : paths_expand(1, here);
	if ((d = calloc(1, sizeof(*d))) == NULL)
		fail_memory();
	for (size_t i = 0; i < p.n; i++)
		status |= tree_walk(p.list[i], &(struct walk){
		    .maxdepth = opt.depth, .keep = keep, .visit = visit, .arg = d });
	printf("\n%u director%s", d->ndirs, d->ndirs == 1 ? "y" : "ies");
	if (!opt.directories)
		printf(", %u file%s", d->nfiles, d->nfiles == 1 ? "" : "s");
	putchar('\n');
	free(d);
	paths_free(&p);
	return status;
}
