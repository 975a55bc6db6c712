/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: names made by path, without vnodes.
 *
 *   rump_vfs_makeonedevnode, _makedevnodes, _makesymlink
 *
 * Components use these to put their devices into /dev while they start.  The
 * tree's mutex is enough: look-ups that run at the same time see the name or
 * do not, and the name cache has no absent names of rumpfs.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/types.h>
#include <sys/vnode.h>

#include <rump-sys/vfs.h>

#include "rumpfs.h"
#include "rumpfs_boot.h"

/*
 * The directory of a path, and the last name in it; rumpfs_lock held.
 *
 * Returns NULL if there is no such directory, or no name.
 */
static struct rumpfs_node *
find_parent(const char *path, const char **name, size_t *len)
{
	struct rumpfs_node *dir = rumpfs_boottree->rt_root;
	struct rumpfs_dirent *rd;
	const char *p, *end;

	for (p = path; *p == '/'; p++)
		continue;
	while ((end = strchr(p, '/')) != NULL) {
		rd = rumpfs_dir_find(dir, p, (size_t)(end - p));
		if (rd == NULL || rd->rd_node == NULL ||
		    rd->rd_node->rn_type != VDIR)
			return NULL;
		dir = rd->rd_node;
		for (p = end; *p == '/'; p++)
			continue;
	}
	*name = p;
	*len = strlen(p);
	return *len == 0 || *len > RUMPFS_MAXNAMLEN ? NULL : dir;
}

/* Give a new node its name, and drop our reference. */
static int
enter(const char *path, struct rumpfs_node *rn)
{
	const char *base = strrchr(path, '/');
	struct rumpfs_dirent *rd, *old;
	struct rumpfs_node *dir;
	const char *name;
	size_t len;
	int error = 0;

	base = base == NULL ? path : base + 1;
	if (strlen(base) > RUMPFS_MAXNAMLEN) {
		mutex_enter(&rumpfs_lock);
		rumpfs_node_rele(rn);
		mutex_exit(&rumpfs_lock);
		return ENAMETOOLONG;
	}
	rd = rumpfs_dirent_create(base, strlen(base));
	mutex_enter(&rumpfs_lock);
	if ((dir = find_parent(path, &name, &len)) == NULL) {
		error = ENOENT;
	} else if ((old = rumpfs_dir_find(dir, name, len)) != NULL) {
		if (old->rd_node != NULL)
			error = EEXIST;
		else
			rumpfs_dir_detach(dir, old);
	}
	if (error == 0)
		rumpfs_dir_attach(dir, rd, rn);
	rumpfs_node_rele(rn);
	mutex_exit(&rumpfs_lock);
	if (error != 0)
		rumpfs_dirent_free(rd);
	return error;
}

/*
 * A device node.
 *
 * devtype  S_IFCHR or S_IFBLK
 */
static int
makeonedevnode(dev_t devtype, const char *path, devmajor_t majnum,
    devminor_t minnum)
{
	struct rumpfs_node *rn;

	rn = rumpfs_node_create(rumpfs_boottree,
	    devtype == S_IFBLK ? VBLK : VCHR, 0666, 0, 0);
	rn->rn_rdev = makedev(majnum, minnum);
	return enter(path, rn);
}

/*
 * Device nodes that differ in their last letter: basename followed by minchar,
 * by the next letter, and so on, nnodes of them.
 */
static int
makedevnodes(dev_t devtype, const char *basename, char minchar, devmajor_t maj,
    devminor_t minnum, int nnodes)
{
	const size_t len = strlen(basename);
	char *path = kmem_alloc(len + 2, KM_SLEEP);
	int error = 0;

	memcpy(path, basename, len);
	path[len + 1] = '\0';
	for (; nnodes > 0 && error == 0; nnodes--) {
		path[len] = minchar++;
		error = makeonedevnode(devtype, path, maj, minnum++);
	}
	kmem_free(path, len + 2);
	return error;
}

static int
makesymlink(const char *target, const char *path)
{
	struct rumpfs_node *rn;

	rn = rumpfs_node_create(rumpfs_boottree, VLNK, 0777, 0, 0);
	rn->rn_link.len = strlen(target);
	rn->rn_link.target = kmem_strdup(target, KM_SLEEP);
	return enter(path, rn);
}

void
rumpfs_make_boot(void)
{
	struct rumpfs_tree *rt = rumpfs_boottree;

	if (enter("/dev", rumpfs_node_create(rt, VDIR, 0755, 0, 0)) != 0 ||
	    enter("/tmp", rumpfs_node_create(rt, VDIR, 01777, 0, 0)) != 0)
		panic("rumpfs: cannot make /dev and /tmp");
	rump_vfs_makeonedevnode = makeonedevnode;
	rump_vfs_makedevnodes = makedevnodes;
	rump_vfs_makesymlink = makesymlink;
}
