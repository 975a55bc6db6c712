/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs chmod and chown. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>

#include "fs.h"
#include "fstype.h"
#include "image.h"
#include "walk.h"

#define KEEP	UINT32_MAX	/* an owner or group that stays */

struct change {
	bool	recursive, quiet, verbose, nofollow;
	const char *mode;
	uint32_t uid, gid;
	int	status;
	bool	(*one)(struct change *, const char *path, const struct rump_stat *st);
};

static bool	owner_one(struct change *, const char *, const struct rump_stat *);

static void
change_failed(struct change *c, const char *path)
{

	if (!c->quiet && c->one == owner_one && image_lacks(FS_OWNERS))
		complain_text(path, "its owner is that of all files here (-o uid=N,gid=N)");
	else if (!c->quiet)
		complain(path, errno);
	c->status = EXIT_SOME;
}

static bool
mode_one(struct change *c, const char *path, const struct rump_stat *st)
{
	uint32_t mode;

	/* the mode was understood before */
	mode_change(c->mode, st->st_mode, &mode);
	return rump_sys_chmod(path, mode & 07777) == 0;
}

static bool
owner_one(struct change *c, const char *path, const struct rump_stat *st)
{

	if (c->nofollow || (c->recursive && (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFLNK))
		return rump_sys_lchown(path, c->uid, c->gid) == 0;
	return rump_sys_chown(path, c->uid, c->gid) == 0;
}

static void
apply(struct change *c, const char *path, const struct rump_stat *st)
{

	if (!c->one(c, path, st))
		change_failed(c, path);
	else if (c->verbose) {
		print_name(path);
		putchar('\n');
	}
}

/* Links that a walk comes upon keep their modes, as nobody looks at them. */
static bool
visit(const struct entry *e, void *arg)
{
	struct change *c = arg;

	if ((e->st.st_mode & RUMP_S_IFMT) != RUMP_S_IFLNK || c->one == owner_one)
		apply(c, e->path, &e->st);
	return true;
}

static int
change_all(struct change *c, int argc, char **argv)
{
	struct paths p = paths_expand(argc, argv);
	struct rump_stat st;

	for (size_t i = 0; i < p.n && !interrupted(); i++) {
		if (c->recursive)
			c->status |= tree_walk(p.list[i], &(struct walk){
			    .maxdepth = UINT_MAX, .visit = visit, .arg = c });
		else if ((c->nofollow ? rump_sys_lstat(p.list[i], &st) :
		    rump_sys_stat(p.list[i], &st)) == -1)
			change_failed(c, p.list[i]);
		else
			apply(c, p.list[i], &st);
	}
	paths_free(&p);
	return c->status;
}

/* "-w" is a mode, not an option. */
static bool
is_option(const char *s, const char *letters)
{

	return s[0] == '-' && s[1] != '\0' && s[1 + strspn(s + 1, letters)] == '\0';
}

static int
options(int argc, char **argv, const char *letters, struct change *c)
{
	int i = 1;

	for (; i < argc && is_option(argv[i], letters); i++)
		for (const char *s = argv[i] + 1; *s != '\0'; s++)
			switch (*s) {
			case 'f': c->quiet = true; break;
			case 'h': c->nofollow = true; break;
			case 'R': c->recursive = true; break;
			case 'v': c->verbose = true; break;
			}
	if (i < argc && strcmp(argv[i], "--") == 0)
		i++;
	return i;
}

int
cmd_chmod(int argc, char **argv)
{
	struct change c = { .one = mode_one };
	int i = options(argc, argv, "fRv", &c);
	uint32_t mode;

	if (argc - i < 2)
		return BAD_USAGE;
	c.mode = argv[i++];
	if (!mode_change(c.mode, 0, &mode)) {
		fprintf(stderr, "rump fs: chmod: '%s' is no mode\n", c.mode);
		return EXIT_USAGE;
	}
	return change_all(&c, argc - i, argv + i);
}

/* ------------------------------------------------------- owners and groups */

/* Field 2 of the line of /etc/passwd or /etc/group in the image that begins with name. */
static bool
id_look_up(const char *file, const char *name, uint32_t *id)
{
	size_t len = strlen(name);
	char *text = xalloc(1 << 20), *line, *rest = text;
	ssize_t n = -1;
	bool found = false;
	int fd;

	if ((fd = rump_sys_open(file, RUMP_O_RDONLY)) != -1) {
		n = rump_sys_read(fd, text, (1 << 20) - 1);
		rump_sys_close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	while (!found && (line = strsep(&rest, "\n")) != NULL) {
		if (strncmp(line, name, len) != 0 || line[len] != ':')
			continue;
		line = strchr(line + len + 1, ':');
		found = line != NULL && line[1] >= '0' && line[1] <= '9';
		if (found)
			*id = (uint32_t)strtoul(line + 1, NULL, 10);
	}
	free(text);
	return found;
}

/* A number, or a name that the image knows; "" stays as it is. */
static bool
id_parse(const char *file, const char *s, uint32_t *id)
{
	char *end;

	if (*s == '\0')
		return true;
	*id = (uint32_t)strtoul(s, &end, 10);
	if (*end == '\0' && *s >= '0' && *s <= '9')
		return true;
	if (id_look_up(file, s, id))
		return true;
	if (strcmp(s, "root") == 0) {
		*id = 0;
		return true;
	}
	complain_text(file, "has no such name");
	fprintf(stderr, "rump fs: '%s' is neither a number nor a name of the image\n", s);
	return false;
}

int
cmd_chown(int argc, char **argv)
{
	struct change c = { .one = owner_one, .uid = KEEP, .gid = KEEP };
	int i = options(argc, argv, "fhRv", &c);
	char *owner, *group;
	bool ok;

	if (argc - i < 2)
		return BAD_USAGE;
	owner = xstrdup(argv[i++]);
	if ((group = strchr(owner, ':')) != NULL)
		*group++ = '\0';
	ok = id_parse("/etc/passwd", owner, &c.uid) &&
	    (group == NULL || id_parse("/etc/group", group, &c.gid));
	free(owner);
	return ok ? change_all(&c, argc - i, argv + i) : EXIT_SOME;
}
