/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rump fs mkfs: make a file system, by the tool that the distribution has for it.
 *
 * What is there is not overwritten without -f: a file system that is recognised,
 * or, for the size, data that would be cut off.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fs.h"
#include "fstype.h"
#include "image.h"
#include "partition.h"

static struct {
	bool	force, created;
	const char *label;
	int64_t	size;		/* 0: as it is */
} opt;

/* PATH of a user often lacks these, and mkfs needs no privilege here. */
static void
path_widen(void)
{
	const char *path = getenv("PATH");
	char *wide;

	if (asprintf(&wide, "%s:/usr/sbin:/sbin:/usr/local/sbin",
	    path != NULL ? path : "/usr/bin:/bin") == -1)
		fail_memory();
	setenv("PATH", wide, 1);
	free(wide);
}

/* What the tool said, of which the end is shown. */
static void
words_show(const char *tool, int fd)
{
	char text[2048];
	off_t end = lseek(fd, 0, SEEK_END);
	off_t from = end > (off_t)sizeof(text) ? end - (off_t)sizeof(text) : 0;
	ssize_t n = pread(fd, text, sizeof(text), from);

	while (n > 0 && text[n - 1] == '\n')
		n--;
	fprintf(stderr, "rump fs: %s failed: %.*s\n", tool, n > 0 ? (int)n : 0, text);
}

static int
tool_run(char **argv)
{
	posix_spawn_file_actions_t redirect;
	FILE *words = tmpfile();
	int err, status = 0;
	pid_t pid;

	if (words == NULL) {
		complain_host("temporary file", errno);
		return EXIT_SOME;
	}
	path_widen();
	posix_spawn_file_actions_init(&redirect);
	posix_spawn_file_actions_adddup2(&redirect, fileno(words), STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&redirect, fileno(words), STDERR_FILENO);
	if ((err = posix_spawnp(&pid, argv[0], &redirect, NULL, argv, environ)) != 0)
		complain_host(argv[0], err);
	else if (waitpid(pid, &status, 0) != pid || status != 0) {
		words_show(argv[0], fileno(words));
		err = EIO;
	}
	posix_spawn_file_actions_destroy(&redirect);
	fclose(words);
	return err == 0 ? EXIT_OK : EXIT_SOME;
}

/* Is there something that would be lost? */
static bool
is_taken(int fd)
{

	for (size_t i = 0; !opt.force && fstypes[i] != NULL; i++)
		if (fstypes[i]->detect != NULL && fstypes[i]->detect(fd, image.offset)) {
			fprintf(stderr, "rump fs: %s: holds %s already (-f makes a new one)\n",
			    image.path, fstypes[i]->title);
			return true;
		}
	return false;
}

/* The image exists and has its size: EXIT_OK, or a message. */
static int
file_prepare(bool whole)
{
	struct stat st;
	int fd, flags = O_RDWR | O_CLOEXEC | (opt.size > 0 ? O_CREAT : 0), status = EXIT_USAGE;

	opt.created = access(image.path, F_OK) == -1 && opt.size > 0;
	if ((fd = open(image.path, flags, 0666)) == -1 || fstat(fd, &st) == -1)
		complain_text(NULL, errno == ENOENT ? "is not there (-s SIZE makes it)" : strerror(errno));
	else if (is_taken(fd))
		status = EXIT_SOME;
	else if (whole && S_ISREG(st.st_mode) && opt.size > 0 && opt.size < st.st_size && !opt.force)
		complain_text(NULL, "is larger than that (-f cuts it)");
	else if (whole && S_ISREG(st.st_mode) && opt.size > 0 && ftruncate(fd, opt.size) == -1)
		complain_text(NULL, strerror(errno));
	else if (whole && (image.size = lseek(fd, 0, SEEK_END)) <= 0)
		complain_text(NULL, "is empty (-s SIZE gives it a size)");
	else
		status = EXIT_OK;
	if (fd != -1)
		close(fd);
	return status;
}

static int
make(char **extra)
{
	const char *name = image.typename != NULL ? image.typename : "msdos";
	const struct fstype *type = fstype_named(name);
	bool whole = image.partition == NULL;
	struct fsmake m;
	char **argv;
	int status;

	if (type == NULL || type->make == NULL) {
		fprintf(stderr, "rump fs: mkfs: cannot make '%s'\n", name);
		return EXIT_USAGE;
	}
	if (!whole && !partition_find())
		return EXIT_USAGE;
	/* an ISO 9660 image is made whole by its tool */
	if ((type->flags & FS_WRITE) != 0 && (status = file_prepare(whole)) != EXIT_OK)
		return status;
	m = (struct fsmake){ .path = image.path, .offset = image.offset, .size = image.size,
	    .whole = whole, .label = opt.label, .extra = extra };
	if ((argv = type->make(&m)) == NULL) {
		fprintf(stderr, "rump fs: mkfs: %s is made of a folder: mkfs -- FOLDER\n", type->title);
		return EXIT_USAGE;
	}
	status = tool_run(argv);
	free(argv);
	if (status != EXIT_OK && opt.created)
		unlink(image.path);
	return status;
}

int
cmd_mkfs(int argc, char **argv)
{
	int c;

	memset(&opt, 0, sizeof(opt));
	while ((c = getopt(argc, argv, "+fL:n:s:")) != -1)
		switch (c) {
		case 'f': opt.force = true; break;
		case 'L': case 'n': opt.label = optarg; break;
		case 's':
			if (!size_parse(optarg, &opt.size) || opt.size == 0) {
				fprintf(stderr, "rump fs: mkfs: '%s' is no size\n", optarg);
				return EXIT_USAGE;
			}
			break;
		default: return BAD_USAGE;
		}
	return make(argv + optind);
}
