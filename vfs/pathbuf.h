/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _VFS_PATHBUF_H_
#define _VFS_PATHBUF_H_

/* A path (pathbuf.c); namei() works in pb_path. */
struct pathbuf {
	char		*pb_path;	/* MAXPATHLEN bytes */
	char		*pb_copy;	/* as it was given; NULL: not asked for */
	unsigned	pb_copyuses;
};

void	pathbuf_boot(void);

#endif /* _VFS_PATHBUF_H_ */
