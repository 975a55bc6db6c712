/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two sides of a copy: the host's files and the image's, behind one set of
 * calls.
 *
 * Calls are those of POSIX with names relative to a directory's descriptor
 * (SIDE_CWD: the working directory): -1 on error, with side_errno the side's own
 * number, which only side->complain understands; err_* are the numbers that
 * callers must know.  Modes and types have the same bits on both sides.
 */
#ifndef CMD_RUMP_SIDE_H
#define CMD_RUMP_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <rump/rumpdefs.h>

#define SIDE_CWD	(-100)
#define SIDE_STREAM	(-1)	/* for an offset: where the file stands; the host only */

struct names {
	char	**list;
	size_t	n;
};
void	names_add(struct names *l, const char *name, size_t len);
void	names_sort(struct names *l);
void	names_free(struct names *l);

struct side {
	bool	image;			/* else the host */
	int	err_exists, err_noent, err_isdir, err_notsup[3];

	/* Say what went wrong with path. */
	void	(*complain)(const char *path, int err);
	/* Say what went wrong with the making of path. */
	void	(*complain_new)(const char *path, int err);

	int	(*stat)(int at, const char *name, struct rump_stat *st, bool follow);
	int	(*fstat)(int fd, struct rump_stat *st);
	int	(*dir_open)(int at, const char *name, bool follow);
	int	(*dir_list)(int fd, struct names *out);	/* but . and .. */
	int	(*open)(int at, const char *name, bool follow);	/* to read */
	/* A new file, never through a link; or one that is there, made empty. */
	int	(*create)(int at, const char *name, uint32_t mode);
	int	(*reopen)(int at, const char *name);
	ssize_t	(*read)(int fd, void *buf, size_t len, int64_t off);
	/* A range was read for the last time; len 0: to the end of the file. */
	void	(*forget)(int fd, int64_t off, size_t len);
	/* All of it. */
	int	(*write)(int fd, const void *buf, size_t len, int64_t off);
	/* The next range with data at or after off; *begin is the size if none. */
	int	(*data)(int fd, int64_t off, int64_t size, int64_t *begin, int64_t *end);
	int	(*truncate)(int fd, int64_t size);
	int	(*close)(int fd);

	int	(*mkdir)(int at, const char *name, uint32_t mode);
	int	(*symlink)(const char *target, int at, const char *name);
	char	*(*readlink)(int at, const char *name);	/* to be freed, or NULL */
	int	(*link)(int from_at, const char *from, int at, const char *name);
	int	(*mknod)(int at, const char *name, uint32_t mode, uint64_t rdev);
	int	(*unlink)(int at, const char *name, bool dir);

	/* Attributes, of links themselves; mode's permission bits. */
	int	(*chown)(int at, const char *name, uint32_t uid, uint32_t gid);
	int	(*chmod)(int at, const char *name, uint32_t mode);
	int	(*utimens)(int at, const char *name, const struct rump_timespec ts[2]);
};

extern const struct side host_side, image_side;

/* The number of the last error of the calls above. */
int	side_errno(void);
bool	side_unsupported(const struct side *side, int err);

#endif
