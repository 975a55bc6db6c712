/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs du: the space that trees take. */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>

#include "fs.h"
#include "inodes.h"
#include "walk.h"

static struct {
	bool	all, bytes, human, sum;
	unsigned depth;		/* shown */
} opt;

/* Sums of the directories that are open, from the argument down. */
struct sums {
	int64_t	*list;
	size_t	n;
	int64_t	total;
	void	*seen;		/* inodes.h: files with several names count once */
};

static bool
seen_before(struct sums *s, const struct rump_stat *st)
{


	return st->st_nlink > 1 && (st->st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR &&
	    !inodes_add(&s->seen, st->st_dev, st->st_ino);
}

static void
show(int64_t bytes, const char *path)
{
	char text[32];

	if (opt.human) {
		size_human((uint64_t)bytes, text, sizeof(text));
		printf("%s\t", text);
	} else
		printf("%lld\t", (long long)(opt.bytes ? bytes : (bytes + 1023) / 1024));
	print_name(path);
	putchar('\n');
}

static bool
visit(const struct entry *e, void *arg)
{
	struct sums *s = arg;
	int64_t n = seen_before(s, &e->st) ? 0 : opt.bytes ? e->st.st_size : e->st.st_blocks * 512;

	if ((e->st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR) {
		s->list = xrealloc(s->list, (s->n + 1) * sizeof(*s->list));
		s->list[s->n++] = n;
		return true;
	}
	if (s->n > 0)
		s->list[s->n - 1] += n;
	else
		s->total += n;
	if ((opt.all && e->depth <= opt.depth) || e->depth == 0)
		show(n, e->path);
	return true;
}

static void
leave(const struct entry *e, void *arg)
{
	struct sums *s = arg;
	int64_t n = s->list[--s->n];

	if (s->n > 0)
		s->list[s->n - 1] += n;
	else
		s->total += n;
	if (e->depth <= opt.depth)
		show(n, e->path);
}

int
cmd_du(int argc, char **argv)
{
	static char *here[] = { (char *)".", NULL };
	struct sums s = { NULL, 0, 0, NULL };
	struct paths p;
	int c, status = EXIT_OK;

	memset(&opt, 0, sizeof(opt));
	opt.depth = UINT_MAX;
	while ((c = getopt(argc, argv, "abcd:hks")) != -1)
		switch (c) {
		case 'a': opt.all = true; break;
		case 'b': opt.bytes = true; break;
		case 'c': opt.sum = true; break;
		case 'd': opt.depth = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'h': opt.human = true; break;
		case 'k': opt.bytes = false; break;
		case 's': opt.depth = 0; break;
		default: return BAD_USAGE;
		}
	p = optind < argc ? paths_expand(argc - optind, argv + optind) : paths_expand(1, here);
	for (size_t i = 0; i < p.n && !interrupted(); i++)
		status |= tree_walk(p.list[i], &(struct walk){ .maxdepth = UINT_MAX,
		    .visit = visit, .leave = leave, .arg = &s });
	if (opt.sum)
		show(s.total, "total");
	free(s.list);
	inodes_free(s.seen);
	paths_free(&p);
	return status;
}
