/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of pseudo terminals in /dev, for when no ptyfs is mounted: /dev/ptyXY is the
 * control side, /dev/ttyXY the slave's.
 *
 * X is one of 15 letters and Y a hexadecimal digit for the first 240; then Y is one of
 * the other letters.  The nodes are somebody else's; pty.c makes those of the first X.
 *
 * Ref: NetBSD pty(4).
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/namei.h>
#include <sys/pty.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "pty_var.h"

#define GROUP_TTY	4

static const char banks[] = "pqrstuwxyzPQRST";
static const char first[] = "0123456789abcdef";
static const char others[] = "ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

#define COUNT(letters)	((int)sizeof(letters) - 1)

static int
bsd_makename(struct mount *mp, struct lwp *l, char *buf, size_t size, dev_t dev,
    char side)
{
	const char *letters = first;
	int unit = (int)minor(dev), n = COUNT(first), len;

	if (unit >= COUNT(banks) * n) {
		unit -= COUNT(banks) * n;
		letters = others;
		n = COUNT(others);
	}
	if (unit >= COUNT(banks) * n)
		return EINVAL;
	len = snprintf(buf, size, "/dev/%cty%c%c", side, banks[unit / n],
	    letters[unit % n]);
	return (size_t)len < size ? 0 : EINVAL;
}

static int
bsd_allocvp(struct mount *mp, struct lwp *l, struct vnode **vpp, dev_t dev,
    char side)
{
	struct nameidata nd;
	struct pathbuf *pb;
	char name[32];
	int error;

	error = bsd_makename(mp, l, name, sizeof(name), dev, side);
	if (error != 0)
		return error;
	pb = pathbuf_create(name);
	NDINIT(&nd, LOOKUP, NOFOLLOW | LOCKLEAF, pb);
	error = namei(&nd);
	pathbuf_destroy(pb);
	if (error == 0)
		*vpp = nd.ni_vp;
	return error;
}

static void
bsd_getvattr(struct mount *mp, struct lwp *l, struct vattr *va)
{

	vattr_null(va);
	va->va_uid = kauth_cred_getuid(l->l_cred);
	va->va_gid = GROUP_TTY;
	va->va_mode = S_IRUSR | S_IWUSR | S_IWGRP;
}

static int
bsd_getmp(struct lwp *l, struct mount **mpp)
{

	*mpp = NULL;
	return 0;
}

struct ptm_pty bsdpty_handler = {
	.allocvp = bsd_allocvp,
	.makename = bsd_makename,
	.getvattr = bsd_getvattr,
	.getmp = bsd_getmp,
};
