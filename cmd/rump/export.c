/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs export: files of the image into an archive, by libarchive. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "packing.h"
#include "fs.h"
#include "progress.h"
#include "side.h"
#include "walk.h"

#define CHUNK	(1024 * 1024)

static struct {
	bool	verbose;
	const char *name;	/* the archive's */
	const char *format;	/* -F; NULL: as the name says */
	bool	dead;		/* nothing more can be written */
	int	status;
} opt;

static void
complain_archive(struct archive *a)
{

	packing_complain(a, opt.name);
	opt.status = EXIT_SOME;
}

/* A pipe that nobody reads from any more is no news; a full disk is told once. */
static void
write_failed(struct archive *a, int r)
{
	int err = archive_errno(a);

	opt.status = EXIT_SOME;
	if (r != ARCHIVE_FATAL)
		packing_complain(a, opt.name);
	else if (!opt.dead && err != EPIPE)
		complain_host(opt.name, err);
	opt.dead |= r == ARCHIVE_FATAL;
}

struct export {
	struct archive *a;
	struct archive_entry_linkresolver *links;
	char	*buf;
};

static void
entry_fill(struct archive_entry *e, const char *name, const struct entry *src)
{
	const struct rump_stat *st = &src->st;
	char *target;

	archive_entry_copy_pathname(e, name);
	archive_entry_set_mode(e, st->st_mode & (RUMP_S_IFMT | 07777));
	archive_entry_set_uid(e, st->st_uid);
	archive_entry_set_gid(e, st->st_gid);
	archive_entry_set_nlink(e, st->st_nlink);
	archive_entry_set_ino64(e, (la_int64_t)st->st_ino);
	archive_entry_set_dev(e, (dev_t)st->st_dev);
	archive_entry_set_mtime(e, (time_t)st->st_mtim.tv_sec, (long)st->st_mtim.tv_nsec);
	if ((st->st_mode & RUMP_S_IFMT) == RUMP_S_IFREG)
		archive_entry_set_size(e, st->st_size);
	if ((st->st_mode & RUMP_S_IFMT) == RUMP_S_IFCHR ||
	    (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFBLK) {
		archive_entry_set_rdevmajor(e, (dev_t)RUMP_MAJOR(st->st_rdev));
		archive_entry_set_rdevminor(e, (dev_t)RUMP_MINOR(st->st_rdev));
	}
	if ((st->st_mode & RUMP_S_IFMT) == RUMP_S_IFLNK &&
	    (target = link_target(src->path)) != NULL) {
		archive_entry_copy_symlink(e, target);
		free(target);
	}
}

/* The file's bytes; a short file is filled up, as its header promised them. */
static void
data_pack(struct export *x, const char *path, int64_t size)
{
	int fd = image_side.open(SIDE_CWD, path, false);
	int64_t off = 0;
	ssize_t n = 0;

	if (fd == -1) {
		complain(path, errno);
		opt.status = EXIT_SOME;
		return;
	}
	while (off < size && !interrupted() && !opt.dead) {
		size_t want = size - off < CHUNK ? (size_t)(size - off) : CHUNK;

		if ((n = image_side.read(fd, x->buf, want, off)) <= 0)
			break;
		if (archive_write_data(x->a, x->buf, (size_t)n) < 0)
			write_failed(x->a, ARCHIVE_FATAL);
		image_side.forget(fd, off, (size_t)n < want ? 0 : want);
		off += n;
		progress_add(n);
	}
	if (n == -1) {
		complain(path, errno);
		opt.status = EXIT_SOME;
	}
	image_side.close(fd);
}

static void
entry_write(struct export *x, struct archive_entry *e, const char *path)
{
	int64_t size = archive_entry_size(e);
	int r;

	if (opt.dead)
		return;
	if ((r = archive_write_header(x->a, e)) != ARCHIVE_OK) {
		write_failed(x->a, r);
		return;
	}
	if (size > 0 && archive_entry_hardlink(e) == NULL)
		data_pack(x, path, size);
	if ((r = archive_write_finish_entry(x->a)) != ARCHIVE_OK)
		write_failed(x->a, r);
}

/* Names in the archive have no slash before them, and directories one after. */
static char *
member_name(const struct entry *e)
{
	const char *s = e->path + strspn(e->path, "/");
	char *name;

	while (s[0] == '.' && s[1] == '/')
		s += 1 + strspn(s + 1, "/");
	if (*s == '\0')
		s = ".";
	if (asprintf(&name, "%s%s", s,
	    (e->st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR && s[strlen(s) - 1] != '/' ?
	    "/" : "") == -1)
		fail_memory();
	return name;
}

static bool
export_visit(const struct entry *src, void *arg)
{
	struct export *x = arg;
	struct archive_entry *e, *spare = NULL;
	char *name;

	if (opt.dead)
		return false;
	if (src->st.st_mode == 0 || (src->st.st_mode & RUMP_S_IFMT) == RUMP_S_IFSOCK) {
		complain_text(src->path, "is left out");
		opt.status = EXIT_SOME;
		return false;
	}
	if ((e = archive_entry_new()) == NULL)
		fail_memory();
	name = member_name(src);
	entry_fill(e, name, src);
	if (opt.verbose) {
		FILE *to = strcmp(opt.name, "-") == 0 ? stderr : stdout;

		fprintf(to, "%s\n", name);
	}
	archive_entry_linkify(x->links, &e, &spare);
	if (e != NULL)
		entry_write(x, e, src->path);
	if (spare != NULL)
		entry_write(x, spare, src->path);
	archive_entry_free(e);
	archive_entry_free(spare);
	free(name);
	return true;
}

/* What the end of an archive's name says; the first that fits. */
static const struct {
	const char *end, *format, *filter;
} kinds[] = {
	{ ".zip", "zip", NULL },
	{ ".cpio", "newc", NULL },
	{ ".cpio.gz", "newc", "gzip" },
	{ ".gz", NULL, "gzip" }, { ".tgz", NULL, "gzip" },
	{ ".bz2", NULL, "bzip2" }, { ".tbz", NULL, "bzip2" }, { ".tbz2", NULL, "bzip2" },
	{ ".xz", NULL, "xz" }, { ".txz", NULL, "xz" },
	{ ".zst", NULL, "zstd" }, { ".tzst", NULL, "zstd" },
	{ ".lz4", NULL, "lz4" },
};

static bool
ends_with(const char *s, const char *end)
{
	size_t a = strlen(s), b = strlen(end);

	return a > b && strcmp(s + a - b, end) == 0;
}

static bool
format_choose(struct archive *a)
{
	const char *format = opt.format, *filter = NULL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (ends_with(opt.name, kinds[i].end)) {
			filter = kinds[i].filter;
			if (format == NULL)
				format = kinds[i].format;
			break;
		}
	if (filter != NULL && archive_write_add_filter_by_name(a, filter) < ARCHIVE_WARN)
		return false;
	if (format == NULL || strcmp(format, "pax") == 0)
		return archive_write_set_format_pax(a) == ARCHIVE_OK;
	return archive_write_set_format_by_name(a, format) == ARCHIVE_OK;
}

static bool
export_open(struct export *x)
{

	x->a = archive_write_new();
	if (!format_choose(x->a)) {
		complain_archive(x->a);
		archive_write_free(x->a);
		return false;
	}
	/* no padding to tape blocks in a file or pipe */
	archive_write_set_bytes_in_last_block(x->a, 1);
	fflush(stdout);
	if (archive_write_open_filename(x->a, strcmp(opt.name, "-") == 0 ? NULL : opt.name) !=
	    ARCHIVE_OK) {
		complain_host(opt.name, archive_errno(x->a));
		archive_write_free(x->a);
		return false;
	}
	x->links = archive_entry_linkresolver_new();
	archive_entry_linkresolver_set_strategy(x->links, archive_format(x->a));
	x->buf = xalloc(CHUNK);
	return true;
}

/* newc keeps a file with several names back until its last. */
static void
export_finish(struct export *x)
{
	struct archive_entry *e = NULL, *spare = NULL;

	archive_entry_linkify(x->links, &e, &spare);
	while (e != NULL) {
		entry_write(x, e, archive_entry_pathname(e));
		archive_entry_free(e);
		e = NULL;
		archive_entry_linkify(x->links, &e, &spare);
	}
	archive_entry_linkresolver_free(x->links);
	if (archive_write_close(x->a) != ARCHIVE_OK)
		write_failed(x->a, ARCHIVE_FATAL);
	archive_write_free(x->a);
	free(x->buf);
}

static int
export_work(char **argv)
{
	static char *here[] = { (char *)".", NULL };
	struct export x;
	struct paths p;
	int n = 0;

	while (argv[n] != NULL)
		n++;
	if (!export_open(&x))
		return EXIT_SOME;
	p = n > 0 ? paths_expand(n, argv) : paths_expand(1, here);
	progress_start(NULL, NULL);
	for (size_t i = 0; i < p.n && !interrupted(); i++)
		opt.status |= tree_walk(p.list[i], &(struct walk){
		    .maxdepth = UINT_MAX, .visit = export_visit, .arg = &x });
	progress_stop();
	export_finish(&x);
	paths_free(&p);
	if (interrupted() && strcmp(opt.name, "-") != 0)
		unlink(opt.name);
	return opt.status;
}

int
cmd_export(int argc, char **argv)
{
	const char *dir = NULL;
	int c;

	memset(&opt, 0, sizeof(opt));
	while ((c = getopt(argc, argv, "C:F:v")) != -1)
		switch (c) {
		case 'C': dir = optarg; break;
		case 'F': opt.format = optarg; break;
		case 'v': opt.verbose = true; break;
		default: return BAD_USAGE;
		}
	if (optind == argc)
		return BAD_USAGE;
	opt.name = argv[optind++];
	if (strcmp(opt.name, "-") == 0 && isatty(STDOUT_FILENO)) {
		fprintf(stderr, "rump fs: export: an archive is not for a terminal\n");
		return EXIT_SOME;
	}
	return packing_in(dir, export_work, argv + optind);
}
