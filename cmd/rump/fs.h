/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rump fs: files in disk images, by kernel file system drivers in this process.
 *
 * main.c parses the command line, image.c boots the kernel and mounts, each
 * command has a file of its own.  Inside the kernel the mounted image is the
 * root, so that paths and absolute symbolic links mean what they say.
 */
#ifndef CMD_RUMP_FS_H
#define CMD_RUMP_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rump/rumpdefs.h>

/* Exit status of the program, as of ls(1) and find(1). */
enum { EXIT_OK = 0, EXIT_SOME = 1, EXIT_USAGE = 2 };

/* The image that is open; there is one. */
struct image {
	const char		*path;		/* on the host */
	const struct fstype	*type;
	int64_t			size;		/* in bytes */
};
extern struct image image;

/* A kind of file system that can be recognised and mounted. */
struct fstype {
	const char *name;		/* as for -t and mount(2) */
	const char *title;
	const char *options;		/* what -o takes, for the help */

	/* Does the image (host descriptor fd) hold this? */
	bool (*detect)(int fd);
	/* Print "label: value" lines from the image itself. */
	void (*describe)(int fd);
	/*
	 * Mount the block device dev on dir, read-only.  opts: comma separated
	 * or NULL.  Returns 0 or a NetBSD errno; EINVAL for an unknown option,
	 * which *badopt names.
	 */
	int (*mount)(const char *dev, const char *dir, char *opts,
	    const char **badopt);
};
extern const struct fstype *const fstypes[];	/* NULL ends */

/* image.c */
void	image_open(const char *path, const char *type, char *opts);
void	image_describe(void);

/* One command: returns an exit status. */
struct command {
	const char *name;
	const char *args;
	const char *what;
	int (*run)(int argc, char **argv);
};

int	cmd_cat(int argc, char **argv);
int	cmd_df(int argc, char **argv);
int	cmd_find(int argc, char **argv);
int	cmd_get(int argc, char **argv);
int	cmd_info(int argc, char **argv);
int	cmd_ls(int argc, char **argv);
int	cmd_stat(int argc, char **argv);
int	cmd_tree(int argc, char **argv);

int	fs_main(int argc, char **argv);

/*
 * report.c: messages on standard error, "rump fs: IMAGE: PATH: why".  err is a
 * NetBSD errno; fail() also ends the program.
 */
void	complain(const char *path, int err);
void	complain_text(const char *path, const char *why);
void	fail(const char *path, int err) __attribute__((__noreturn__));
void	fail_text(const char *path, const char *why) __attribute__((__noreturn__));
int	usage_error(const struct command *cmd);

/* print.c: how things look. */
void	print_name(const char *name);
void	mode_string(uint32_t mode, char out[11]);
char	type_letter(uint32_t mode);
const char *type_word(uint32_t mode);
void	size_human(uint64_t bytes, char *out, size_t len);
void	time_short(const struct rump_timespec *ts, char *out, size_t len);
void	time_full(const struct rump_timespec *ts, char *out, size_t len);
char	*link_target(const char *path);

/* walk.c: directories and trees. */
struct entry {
	char	*name;		/* last component */
	char	*path;		/* as given, with what was walked */
	unsigned depth;
	bool	last;		/* of its directory */
	struct rump_stat st;	/* of the entry itself, not what it links to */
};

struct entry_list {
	struct entry	*list;
	size_t		n;
};

/* Entries of a directory but "." and "..", unsorted.  0 or a NetBSD errno. */
int	dir_read(const char *path, struct entry_list *out);
void	dir_sort(struct entry_list *l, int (*cmp)(const void *, const void *));
void	dir_free(struct entry_list *l);
int	entry_by_name(const void *a, const void *b);
char	*path_join(const char *dir, const char *name);

/*
 * A walk over path and all below it, parents first, names in order.  What
 * cannot be read is complained of and passed over.
 */
struct walk {
	unsigned maxdepth;
	/* Does the entry count at all?  NULL: all do. */
	bool	(*keep)(const struct entry *, void *);
	/* Called for each; false leaves out what is below a directory. */
	bool	(*visit)(const struct entry *, void *);
	void	*arg;
	int	status;		/* out: an exit status */
};
int	tree_walk(const char *path, struct walk *w);

/* glob.c: paths of the image that match a pattern; the pattern if none does. */
struct paths {
	char	**list;
	size_t	n;
};
struct paths paths_expand(int argc, char **argv);
void	paths_free(struct paths *p);

#endif
