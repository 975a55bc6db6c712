/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What statvfs(2) says of a mount: filling it in, and showing it.
 *
 *   set_statvfs_info    the names, when a file system is mounted
 *   copy_statvfs_info   all that the file system does not count itself
 *   dostatvfs           the whole, as a process sees it
 *
 * Names are kept as seen from the real root; a process with another root sees
 * what follows its root's name.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/filedesc.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/statvfs.h>
#include <sys/systm.h>
#include <sys/vnode.h>

/*
 * The name of the caller's root directory in a buffer of MAXPATHLEN bytes; ""
 * if that is the real root or cannot be found out.
 */
static const char *
root_name(struct lwp *l, char *buf)
{
	struct cwdinfo *cwdi = l->l_proc->p_cwdi;
	struct vnode *root;
	char *p = buf + MAXPATHLEN;

	*--p = '\0';
	if (cwdi == NULL)
		return p;
	rw_enter(&cwdi->cwdi_lock, RW_READER);
	if ((root = cwdi->cwdi_rdir) != NULL)
		vref(root);
	rw_exit(&cwdi->cwdi_lock);
	if (root == NULL)
		return p;
	if (getcwd_common(root, rootvnode, &p, buf, MAXPATHLEN / 2, 0, l) != 0 ||
	    strcmp(p, "/") == 0)
		p = buf + MAXPATHLEN - 1;
	vrele(root);
	return p;
}

static int
copy_name(char *dst, const char *src, int seg, size_t size)
{
	size_t len;
	int error;

	if (seg == UIO_SYSSPACE)
		error = copystr(src, dst, size - 1, &len);
	else
		error = copyinstr(src, dst, size - 1, &len);
	if (error != 0)
		return error;
	memset(dst + len, 0, size - len);
	return 0;
}

/* The name of the covered directory, with that of the caller's root before. */
static int
set_onname(char *dst, const char *on, int seg, struct lwp *l)
{
	const size_t size = sizeof(((struct statvfs *)0)->f_mntonname);
	char *buf = PNBUF_GET();
	const char *prefix = root_name(l, buf);
	size_t n = strlen(prefix);
	int error;

	if (n >= size - 1) {
		PNBUF_PUT(buf);
		return ENAMETOOLONG;
	}
	memcpy(dst, prefix, n);
	PNBUF_PUT(buf);
	error = copy_name(dst + n, on, seg, size - n);
	/* the root of the root has no slash of its own */
	if (error == 0 && n > 0 && strcmp(dst + n, "/") == 0)
		dst[n] = '\0';
	return error;
}

/*
 * Fill in the names of a mount.
 *
 * onp, fromp        names of the directory and of the device, in memory of
 *                   kind ukon, ukfrom (UIO_USERSPACE, UIO_SYSSPACE); NULL:
 *                   leave as it is
 * typename          may be NULL
 *
 * Returns 0, or the error of the copy (EFAULT, ENAMETOOLONG).
 */
int
set_statvfs_info(const char *onp, int ukon, const char *fromp, int ukfrom,
    const char *typename, struct mount *mp, struct lwp *l)
{
	struct statvfs *sb = &mp->mnt_stat;
	int error;

	if (typename != NULL)
		strlcpy(sb->f_fstypename, typename, sizeof(sb->f_fstypename));
	if (onp != NULL &&
	    (error = set_onname(sb->f_mntonname, onp, ukon, l)) != 0)
		return error;
	if (fromp != NULL)
		return copy_name(sb->f_mntfromname, fromp, ukfrom,
		    sizeof(sb->f_mntfromname));
	return 0;
}

/* Copy identity, flags, transfers and names; sb may be the mount's own. */
void
copy_statvfs_info(struct statvfs *sb, const struct mount *mp)
{
	const struct statvfs *from = &mp->mnt_stat;

	if (sb == from)
		return;
	sb->f_flag = atomic_load_relaxed(&mp->mnt_flag) & MNT_VISFLAGMASK;
	sb->f_fsidx = from->f_fsidx;
	sb->f_fsid = from->f_fsid;
	sb->f_owner = from->f_owner;
	sb->f_namemax = from->f_namemax;
	sb->f_syncreads = from->f_syncreads;
	sb->f_syncwrites = from->f_syncwrites;
	sb->f_asyncreads = from->f_asyncreads;
	sb->f_asyncwrites = from->f_asyncwrites;
	memcpy(sb->f_fstypename, from->f_fstypename, sizeof(sb->f_fstypename));
	memcpy(sb->f_mntonname, from->f_mntonname, sizeof(sb->f_mntonname));
	memcpy(sb->f_mntfromname, from->f_mntfromname,
	    sizeof(sb->f_mntfromname));
	memcpy(sb->f_mntfromlabel, from->f_mntfromlabel,
	    sizeof(sb->f_mntfromlabel));
}

/*
 * Show the directory's name as a process with another root sees it.
 *
 * Returns 0, or EPERM if it is not below that root.
 */
static int
hide_prefix(struct statvfs *sb, struct lwp *l, bool root)
{
	char *buf = PNBUF_GET();
	const char *prefix = root_name(l, buf);
	size_t n = strlen(prefix);
	char *on = sb->f_mntonname;
	int error = 0;

	if (n == 0) {
		/* the real root */
	} else if (strncmp(on, prefix, n) == 0 && on[n] == '/') {
		memmove(on, on + n, strlen(on + n) + 1);
	} else if (root || strcmp(on, prefix) == 0) {
		strlcpy(on, "/", sizeof(sb->f_mntonname));
	} else {
		error = EPERM;
	}
	PNBUF_PUT(buf);
	return error;
}

/*
 * Statistics of a mount for a process.
 *
 * flags  MNT_NOWAIT: the numbers of the last time; else new ones
 * root   it is the one that the process asks for by a path: show it even if
 *        what it covers is out of sight
 *
 * Returns 0, EPERM (out of sight), or an error of the file system.
 */
int
dostatvfs(struct mount *mp, struct statvfs *sb, struct lwp *l, int flags,
    int root)
{
	struct cwdinfo *cwdi = l->l_proc->p_cwdi;
	int error;

	if (flags == MNT_NOWAIT || flags == MNT_LAZY) {
		*sb = mp->mnt_stat;
	} else {
		memset(sb, 0, sizeof(*sb));
		if ((error = VFS_STATVFS(mp, sb)) != 0)
			return error;
		if (cwdi == NULL || cwdi->cwdi_rdir == NULL)
			mp->mnt_stat = *sb;
	}
	sb->f_flag = atomic_load_relaxed(&mp->mnt_flag) & MNT_VISFLAGMASK;
	if (cwdi != NULL && cwdi->cwdi_rdir != NULL)
		return hide_prefix(sb, l, root != 0);
	return 0;
}
