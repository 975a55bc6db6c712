/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rump fs import: archives of the host, by libarchive.
 *
 * Members are unpacked as bsdtar -x does: below the chosen directory, never through
 * ".." or an absolute name, and never through a symbolic link that the archive may
 * have brought.  When all is unpacked directories get their attributes, and where
 * there are no hard links, copies take their place.
 */
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "copy.h"
#include "fs.h"
#include "fstype.h"
#include "image.h"
#include "packing.h"
#include "progress.h"
#include "side.h"
#include "walk.h"

#define CHUNK	(1024 * 1024)

struct late {			/* what is done in the end */
	char	*path;
	char	*target;	/* copy that; NULL: a directory, give it st */
	struct rump_stat st;
};

static struct {
	bool	keep, noowner, verbose;
	const char *name;	/* the archive's */
	char	**members;	/* patterns; NULL ends */
	bool	*found;
	int	status;
	struct late *late;
	size_t	nlate;
} opt;

static void
complain_archive(struct archive *a)
{

	packing_complain(a, opt.name);
	opt.status = EXIT_SOME;
}

static void
complain_member(const char *path, const char *why)
{

	complain_text(path, why);
	opt.status = EXIT_SOME;
}

static void
complain_made(const char *path)
{

	complain_name(path, errno);
	opt.status = EXIT_SOME;
}

/* The name below the directory: to be freed; NULL: it would lead out of it. */
static char *
member_path(const char *name)
{
	char *copy = xstrdup(name), *out = xalloc(strlen(name) + 2), *word, *rest = copy;

	*out = '\0';
	while ((word = strsep(&rest, "/")) != NULL) {
		if (*word == '\0' || strcmp(word, ".") == 0)
			continue;
		if (strcmp(word, "..") == 0) {
			free(copy);
			free(out);
			return NULL;
		}
		if (*out != '\0')
			strcat(out, "/");
		strcat(out, word);
	}
	if (*out == '\0')
		strcpy(out, ".");
	free(copy);
	return out;
}

/* Make the directories above path; a link in between is not followed. */
static bool
parents_make(char *path)
{
	struct rump_stat st;
	bool ok = true;

	for (char *s = strchr(path, '/'); s != NULL && ok; s = strchr(s + 1, '/')) {
		*s = '\0';
		if (image_side.stat(SIDE_CWD, path, &st, false) == -1) {
			if (image_side.mkdir(SIDE_CWD, path, 0777) == -1) {
				complain_made(path);
				ok = false;
			}
		} else if ((st.st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR) {
			complain_member(path, "is in the way: not a directory");
			ok = false;
		}
		*s = '/';
	}
	return ok;
}

static void
stat_of(struct archive_entry *e, struct rump_stat *st)
{

	memset(st, 0, sizeof(*st));
	st->st_mode = archive_entry_mode(e);
	st->st_uid = (uint32_t)archive_entry_uid(e);
	st->st_gid = (uint32_t)archive_entry_gid(e);
	st->st_size = archive_entry_size(e);
	st->st_rdev = RUMP_MAKEDEV(archive_entry_rdevmajor(e), archive_entry_rdevminor(e));
	st->st_mtim.tv_sec = archive_entry_mtime(e);
	st->st_mtim.tv_nsec = archive_entry_mtime_nsec(e);
	if (!archive_entry_mtime_is_set(e))
		st->st_mtim.tv_nsec = RUMP_UTIME_NOW;
	st->st_atim = st->st_mtim;
	if (archive_entry_atime_is_set(e)) {
		st->st_atim.tv_sec = archive_entry_atime(e);
		st->st_atim.tv_nsec = archive_entry_atime_nsec(e);
	}
}

static void
attributes_set(const char *path, const struct rump_stat *st)
{
	const struct rump_timespec times[2] = { st->st_atim, st->st_mtim };
	bool link = (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFLNK;
	bool owners = !image_lacks(FS_OWNERS);

	if (owners && !opt.noowner &&
	    image_side.chown(SIDE_CWD, path, st->st_uid, st->st_gid) == -1)
		complain_made(path);
	if (!link && (owners || ((st->st_mode & RUMP_S_IFMT) == RUMP_S_IFREG &&
	    (st->st_mode & 0200) == 0)) &&
	    image_side.chmod(SIDE_CWD, path, st->st_mode & 07777) == -1)
		complain_made(path);
	if (image_side.utimens(SIDE_CWD, path, times) == -1)
		complain_made(path);
}

/* Is the place free?  What is there is removed, unless -k. */
static bool
place_clear(const char *path, bool directory)
{
	struct rump_stat st;
	bool isdir;

	if (image_side.stat(SIDE_CWD, path, &st, false) == -1)
		return true;
	isdir = (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR;
	if (isdir && directory)
		return true;
	if (opt.keep)
		return false;
	if (image_side.unlink(SIDE_CWD, path, isdir) == 0)
		return true;
	complain_made(path);
	return false;
}

static int
data_unpack(struct archive *a, int fd, const char *path, int64_t size)
{
	const struct copy_end to = { .side = &image_side, .fd = fd };
	const void *block;
	size_t len;
	la_int64_t off;
	int64_t written = 0;
	int r;

	while ((r = archive_read_data_block(a, &block, &len, &off)) == ARCHIVE_OK) {
		if (interrupted())
			return -1;
		if (copy_chunk(&to, block, len, off, &written) == -1) {
			complain_made(path);
			return -1;
		}
		progress_add((int64_t)len);
	}
	if (r != ARCHIVE_EOF) {
		complain_archive(a);
		return -1;
	}
	if (size > written && image_side.truncate(fd, size) == -1) {
		complain_made(path);
		return -1;
	}
	return 0;
}

/* What the archive has for a file that was opened, or -1; and the attributes. */
static void
file_fill(struct archive *a, int fd, const char *path, const struct rump_stat *st)
{
	int r;

	if (fd == -1) {
		complain_made(path);
		return;
	}
	r = data_unpack(a, fd, path, st->st_size);
	if (image_side.close(fd) == -1 && r == 0) {
		complain_made(path);
		r = -1;
	}
	if (r == -1) {
		opt.status = EXIT_SOME;
		image_side.unlink(SIDE_CWD, path, false);
	} else
		attributes_set(path, st);
}

static void
late_add(const char *path, const char *target, const struct rump_stat *st)
{

	opt.late = xrealloc(opt.late, (opt.nlate + 1) * sizeof(*opt.late));
	opt.late[opt.nlate++] = (struct late){
		xstrdup(path), target != NULL ? xstrdup(target) : NULL, *st
	};
}

static void
directory_unpack(const char *path, const struct rump_stat *st)
{

	if (image_side.mkdir(SIDE_CWD, path, 0700) == -1 && errno != RUMP_EEXIST &&
	    !path_is_dir(path)) {
		complain_made(path);
		return;
	}
	late_add(path, NULL, st);
}

/* Another name of a file.  In some formats the last of them brings the contents. */
static void
hard_link_unpack(struct archive *a, const char *target, const char *path,
    const struct rump_stat *st)
{
	char *to = member_path(target);

	if (to == NULL) {
		complain_member(path, "is a link to outside of the archive; left out");
		return;
	}
	if (image_lacks(FS_LINKS))
		late_add(path, to, st);
	else if (image_side.link(SIDE_CWD, to, SIDE_CWD, path) == -1)
		complain_made(path);
	if (st->st_size > 0)
		file_fill(a, image_side.reopen(SIDE_CWD, to), to, st);
	free(to);
}

static void
member_unpack(struct archive *a, struct archive_entry *e, const char *path)
{
	struct rump_stat st;
	uint32_t type;

	stat_of(e, &st);
	type = st.st_mode & RUMP_S_IFMT;
	if (!place_clear(path, type == RUMP_S_IFDIR))
		return;
	if (archive_entry_hardlink(e) != NULL)
		hard_link_unpack(a, archive_entry_hardlink(e), path, &st);
	else if (type == RUMP_S_IFDIR)
		directory_unpack(path, &st);
	else if (type == RUMP_S_IFLNK) {
		const char *target = archive_entry_symlink(e);

		if (image_side.symlink(target != NULL ? target : "", SIDE_CWD, path) == -1)
			complain_made(path);
		else
			attributes_set(path, &st);
	} else if (type == RUMP_S_IFREG || type == 0)
		file_fill(a, image_side.create(SIDE_CWD, path, 0600), path, &st);
	else if (image_side.mknod(SIDE_CWD, path, st.st_mode, st.st_rdev) == -1)
		complain_made(path);
	else
		attributes_set(path, &st);
}

/* Does the user want it?  A pattern covers what is below what it matches. */
static bool
wanted(const char *path)
{
	bool any = opt.members[0] == NULL;

	for (size_t i = 0; opt.members[i] != NULL; i++)
		if (fnmatch(opt.members[i], path, FNM_LEADING_DIR) == 0)
			any = opt.found[i] = true;
	return any;
}

static void
member_import(struct archive *a, struct archive_entry *e)
{
	const char *name = archive_entry_pathname(e);
	char *path;

	if (name == NULL) {
		complain_member("?", "a name that this locale cannot hold; left out");
		return;
	}
	if ((path = member_path(name)) == NULL)
		complain_member(name, "leads out of the directory; left out");
	else if (wanted(path) && parents_make(path)) {
		if (opt.verbose) {
			print_name(path);
			putchar('\n');
		}
		member_unpack(a, e, path);
	}
	free(path);
}

static void
late_copies(void)
{
	struct copy c = { .from = &image_side, .to = &image_side, .preserve = true };

	copy_start(&c);
	for (size_t i = 0; i < opt.nlate && !interrupted(); i++)
		if (opt.late[i].target != NULL)
			copy_argument(&c, opt.late[i].target, opt.late[i].path, true);
	copy_finish(&c);
	opt.status |= c.status;
}

static void
late_apply(void)
{

	late_copies();
	while (opt.nlate > 0) {
		struct late *l = &opt.late[--opt.nlate];

		if (l->target == NULL)
			attributes_set(l->path, &l->st);
		free(l->target);
		free(l->path);
	}
	free(opt.late);
	opt.late = NULL;
}

static int64_t
archive_size(void *arg)
{
	struct stat st;

	/* compressed, the total is not known */
	(void)arg;
	return stat(opt.name, &st) == 0 && S_ISREG(st.st_mode) &&
	    strlen(opt.name) > 4 && strcmp(opt.name + strlen(opt.name) - 4, ".tar") == 0 ?
	    st.st_size : 0;
}

static void
import_all(struct archive *a)
{
	struct archive_entry *e;
	int r;

	progress_start(archive_size, NULL);
	while (!interrupted() && (r = archive_read_next_header(a, &e)) != ARCHIVE_EOF) {
		if (r < ARCHIVE_OK)
			complain_archive(a);
		if (r == ARCHIVE_FATAL)
			break;
		if (r != ARCHIVE_FAILED)
			member_import(a, e);
	}
	progress_stop();
	late_apply();
}

static int
import_work(char **members)
{
	struct archive *a = archive_read_new();
	size_t n = 0;

	while (members[n] != NULL)
		n++;
	opt.members = members;
	opt.found = xalloc((n + 1) * sizeof(*opt.found));
	memset(opt.found, 0, (n + 1) * sizeof(*opt.found));
	archive_read_support_filter_all(a);
	archive_read_support_format_all(a);
	if (archive_read_open_filename(a, strcmp(opt.name, "-") == 0 ? NULL : opt.name,
	    CHUNK) != ARCHIVE_OK) {
		if (archive_errno(a) == ENOENT || archive_errno(a) == EACCES)
			complain_host(opt.name, archive_errno(a));
		else
			complain_archive(a);
		opt.status = EXIT_SOME;
	} else
		import_all(a);
	archive_read_free(a);
	for (size_t i = 0; i < n && !interrupted(); i++)
		if (!opt.found[i]) {
			fprintf(stderr, "rump fs: host: %s: %s: not in the archive\n", opt.name,
			    members[i]);
			opt.status = EXIT_SOME;
		}
	free(opt.found);
	return opt.status;
}

int
cmd_import(int argc, char **argv)
{
	const char *dir = NULL;
	int c;

	memset(&opt, 0, sizeof(opt));
	while ((c = getopt(argc, argv, "C:knv")) != -1)
		switch (c) {
		case 'C': dir = optarg; break;
		case 'k': opt.keep = true; break;
		case 'n': opt.noowner = true; break;
		case 'v': opt.verbose = true; break;
		default: return BAD_USAGE;
		}
	if (optind == argc)
		return BAD_USAGE;
	opt.name = argv[optind++];
	return packing_in(dir, import_work, argv + optind);
}
