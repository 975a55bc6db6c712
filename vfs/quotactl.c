/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VFS_QUOTACTL, one function for each of its operations.
 *
 * File systems implement them; without quotas they answer EOPNOTSUPP.
 */
#include <sys/param.h>
#include <sys/mount.h>
#include <sys/quotactl.h>

int
vfs_quotactl(struct mount *mp, struct quotactl_args *args)
{

	return VFS_QUOTACTL(mp, args);
}

int
vfs_quotactl_stat(struct mount *mp, struct quotastat *info)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_STAT, .u.stat = { info },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_idtypestat(struct mount *mp, int idtype,
    struct quotaidtypestat *info)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_IDTYPESTAT, .u.idtypestat = { idtype, info },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_objtypestat(struct mount *mp, int objtype,
    struct quotaobjtypestat *info)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_OBJTYPESTAT,
		.u.objtypestat = { objtype, info },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_get(struct mount *mp, const struct quotakey *key,
    struct quotaval *val)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_GET, .u.get = { key, val },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_put(struct mount *mp, const struct quotakey *key,
    const struct quotaval *val)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_PUT, .u.put = { key, val },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_del(struct mount *mp, const struct quotakey *key)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_DEL, .u.del = { key },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_cursoropen(struct mount *mp, struct quotakcursor *cursor)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_CURSOROPEN, .u.cursoropen = { cursor },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_cursorclose(struct mount *mp, struct quotakcursor *cursor)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_CURSORCLOSE, .u.cursorclose = { cursor },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_cursorskipidtype(struct mount *mp, struct quotakcursor *cursor,
    int idtype)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_CURSORSKIPIDTYPE,
		.u.cursorskipidtype = { cursor, idtype },
	};

	return VFS_QUOTACTL(mp, &a);
}

/* keys, vals: room for max each; *ret: how many were filled in */
int
vfs_quotactl_cursorget(struct mount *mp, struct quotakcursor *cursor,
    struct quotakey *keys, struct quotaval *vals, unsigned int max,
    unsigned int *ret)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_CURSORGET,
		.u.cursorget = { cursor, keys, vals, max, ret },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_cursoratend(struct mount *mp, struct quotakcursor *cursor,
    int *ret)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_CURSORATEND, .u.cursoratend = { cursor, ret },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_cursorrewind(struct mount *mp, struct quotakcursor *cursor)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_CURSORREWIND, .u.cursorrewind = { cursor },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_quotaon(struct mount *mp, int idtype, const char *file)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_QUOTAON, .u.quotaon = { idtype, file },
	};

	return VFS_QUOTACTL(mp, &a);
}

int
vfs_quotactl_quotaoff(struct mount *mp, int idtype)
{
	struct quotactl_args a = {
		.qc_op = QUOTACTL_QUOTAOFF, .u.quotaoff = { idtype },
	};

	return VFS_QUOTACTL(mp, &a);
}
