/* SPDX-License-Identifier: BSD-2-Clause */
/* vnd: a disk whose medium is a file.  Exact layout of ioctls and formats. */
#ifndef _DEV_VNDVAR_H_
#define	_DEV_VNDVAR_H_

#include <sys/types.h>
#include <sys/ioccom.h>

/* The shape a label shall claim, with VNDIOF_HASGEOM. */
struct vndgeom {
	u_int32_t	vng_secsize;	/* bytes */
	u_int32_t	vng_nsectors;	/* in a track */
	u_int32_t	vng_ntracks;	/* in a cylinder */
	u_int32_t	vng_ncylinders;
};

struct vnd_ioctl {
	char		*vnd_file;
	int		vnd_flags;	/* VNDIOF_* */
	struct vndgeom	vnd_geom;
	unsigned int	vnd_osize;	/* out: vnd_size, if it fits */
	uint64_t	vnd_size;	/* out: bytes */
};

struct vnd_user {
	int		vnu_unit;	/* in: -1, the one that is open */
	dev_t		vnu_dev;	/* of the file's mount */
	ino_t		vnu_ino;	/* 0: not configured */
};

/* Head of a compressed image. */
struct vnd_comp_header {
	char		preamble[128];
	u_int32_t	block_size;	/* big-endian */
	u_int32_t	num_blocks;	/* big-endian */
};

/* vnd_flags */
#define	VNDIOF_HASGEOM	0x0001
#define	VNDIOF_READONLY	0x0002
#define	VNDIOF_FORCE	0x0004		/* unconfigure though it is open */
#define	VNDIOF_FILEIO	0x0008		/* read and write, no strategy */
#define	VNDIOF_COMP	0x0400		/* compressed */

#define	VNDIOCSET	_IOWR('F', 0, struct vnd_ioctl)
#define	VNDIOCCLR	_IOW('F', 1, struct vnd_ioctl)
#define	VNDIOCGET	_IOWR('F', 3, struct vnd_user)

#endif /* !_DEV_VNDVAR_H_ */
