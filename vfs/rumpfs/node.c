/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: nodes and the names in directories.
 *
 * A node lives while something refers to it: names, the vnode that is loaded
 * for it, a look-up on its way to that vnode.  The last of them frees it.
 *
 * The names of a directory are a list in the order in which they were made,
 * which is the order readdir shows; each has a number that is never used
 * again, so a position stays valid whatever happens.  From CHAINED names on
 * there is a hash table beside the list.
 */
#include <sys/param.h>
#include <sys/hash.h>
#include <sys/kmem.h>
#include <sys/namei.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "rumpfs.h"

#define CHAINED		16	/* names without a table */
#define FIRST_SEQ	2	/* 0 and 1 are "." and ".." */

kmutex_t rumpfs_lock;

static ino_t last_fileid;			/* rumpfs_lock */

/* ------------------------------------------------------------------- nodes */

/* A node with one reference, the caller's. */
struct rumpfs_node *
rumpfs_node_create(struct rumpfs_tree *rt, enum vtype type, mode_t mode,
    uid_t uid, gid_t gid)
{
	struct rumpfs_node *rn = kmem_zalloc(sizeof(*rn), KM_SLEEP);

	rn->rn_tree = rt;
	rn->rn_type = type;
	rn->rn_mode = mode;
	rn->rn_uid = uid;
	rn->rn_gid = gid;
	rn->rn_refs = 1;
	vfs_timestamp(&rn->rn_birthtime);
	rn->rn_atime = rn->rn_mtime = rn->rn_ctime = rn->rn_birthtime;
	if (type == VDIR) {
		TAILQ_INIT(&rn->rn_dir.order);
		rn->rn_dir.nextseq = FIRST_SEQ;
		rn->rn_links = 1;		/* "." */
	}
	mutex_enter(&rumpfs_lock);
	rn->rn_fileid = ++last_fileid;
	LIST_INSERT_HEAD(&rt->rt_nodes, rn, rn_all);
	mutex_exit(&rumpfs_lock);
	return rn;
}

static void
node_free(struct rumpfs_node *rn)
{

	if (rn->rn_host != NULL) {
		rumpfs_host_free(rn);
	} else if (rn->rn_type == VDIR) {
		KASSERT(rn->rn_dir.entries == rn->rn_dir.whiteouts);
		while (rn->rn_dir.entries > 0)
			rumpfs_dir_detach(rn, TAILQ_FIRST(&rn->rn_dir.order));
		if (rn->rn_dir.chains != NULL)
			kmem_free(rn->rn_dir.chains, (rn->rn_dir.mask + 1) *
			    sizeof(struct rumpfs_chain));
	} else if (rn->rn_type == VLNK) {
		kmem_free(rn->rn_link.target, rn->rn_link.len + 1);
	} else if (rn->rn_type == VREG) {
		rumpfs_data_free(rn);
	}
	LIST_REMOVE(rn, rn_all);
	kmem_free(rn, sizeof(*rn));
}

void
rumpfs_node_hold(struct rumpfs_node *rn)
{

	KASSERT(mutex_owned(&rumpfs_lock));
	rn->rn_refs++;
}

void
rumpfs_node_rele(struct rumpfs_node *rn)
{

	KASSERT(mutex_owned(&rumpfs_lock));
	KASSERT(rn->rn_refs > 0);
	if (--rn->rn_refs == 0)
		node_free(rn);
}

/* The node of a number, for file handles; rumpfs_lock held. */
struct rumpfs_node *
rumpfs_node_find(struct rumpfs_tree *rt, ino_t fileid)
{
	struct rumpfs_node *rn;

	KASSERT(mutex_owned(&rumpfs_lock));
	LIST_FOREACH(rn, &rt->rt_nodes, rn_all)
		if (rn->rn_fileid == fileid)
			return rn;
	return NULL;
}

/* ------------------------------------------------------------------- names */

struct rumpfs_dirent *
rumpfs_dirent_create(const char *name, size_t len)
{
	struct rumpfs_dirent *rd;

	KASSERT(len <= RUMPFS_MAXNAMLEN);
	rd = kmem_alloc(sizeof(*rd) + len, KM_SLEEP);
	rd->rd_node = NULL;
	rd->rd_namehash = hash32_buf(name, len, HASH32_BUF_INIT);
	rd->rd_namelen = (uint8_t)len;
	memcpy(rd->rd_name, name, len);
	return rd;
}

void
rumpfs_dirent_free(struct rumpfs_dirent *rd)
{

	kmem_free(rd, sizeof(*rd) + rd->rd_namelen);
}

static bool
is_name(const struct rumpfs_dirent *rd, uint32_t hash, const char *name,
    size_t len)
{

	return rd->rd_namehash == hash && rd->rd_namelen == len &&
	    memcmp(rd->rd_name, name, len) == 0;
}

/* The dirent of a name, which may be a whiteout; or NULL. */
struct rumpfs_dirent *
rumpfs_dir_find(struct rumpfs_node *dir, const char *name, size_t len)
{
	const uint32_t hash = hash32_buf(name, len, HASH32_BUF_INIT);
	struct rumpfs_dirent *rd;

	KASSERT(mutex_owned(&rumpfs_lock));
	if (dir->rn_dir.chains == NULL) {
		TAILQ_FOREACH(rd, &dir->rn_dir.order, rd_order) {
			if (is_name(rd, hash, name, len))
				break;
		}
		return rd;
	}
	LIST_FOREACH(rd, &dir->rn_dir.chains[hash & dir->rn_dir.mask],
	    rd_hash) {
		if (is_name(rd, hash, name, len))
			break;
	}
	return rd;
}

static void
chain_insert(struct rumpfs_node *dir, struct rumpfs_dirent *rd)
{

	LIST_INSERT_HEAD(&dir->rn_dir.chains[rd->rd_namehash &
	    dir->rn_dir.mask], rd, rd_hash);
}

/* A table for as many names as there are now, and as many again. */
static void
dir_rehash(struct rumpfs_node *dir)
{
	const unsigned n = 2 * dir->rn_dir.entries;
	struct rumpfs_dirent *rd;
	struct rumpfs_chain *new;
	unsigned size = CHAINED;

	while (size < n)
		size *= 2;
	new = kmem_zalloc(size * sizeof(*new), KM_SLEEP);
	if (dir->rn_dir.chains != NULL)
		kmem_free(dir->rn_dir.chains, (dir->rn_dir.mask + 1) *
		    sizeof(*new));
	dir->rn_dir.chains = new;
	dir->rn_dir.mask = size - 1;
	TAILQ_FOREACH(rd, &dir->rn_dir.order, rd_order)
		chain_insert(dir, rd);
}

/*
 * Put a name into a directory.
 *
 * rn  NULL: a whiteout; else it gets a reference and a link
 */
void
rumpfs_dir_attach(struct rumpfs_node *dir, struct rumpfs_dirent *rd,
    struct rumpfs_node *rn)
{

	KASSERT(mutex_owned(&rumpfs_lock));
	rd->rd_node = rn;
	rd->rd_seq = dir->rn_dir.nextseq++;
	TAILQ_INSERT_TAIL(&dir->rn_dir.order, rd, rd_order);
	dir->rn_dir.entries++;
	if (dir->rn_dir.chains != NULL)
		chain_insert(dir, rd);
	if (dir->rn_dir.entries > CHAINED && (dir->rn_dir.chains == NULL ||
	    dir->rn_dir.entries > 2 * dir->rn_dir.mask))
		dir_rehash(dir);
	if (rn == NULL) {
		dir->rn_dir.whiteouts++;
		return;
	}
	rumpfs_node_hold(rn);
	rn->rn_links++;
	if (rn->rn_type == VDIR && rn->rn_host == NULL) {
		rn->rn_dir.parent = dir;
		dir->rn_links++;		/* its ".." */
	}
}

/* Take a name out of a directory, and free it. */
void
rumpfs_dir_detach(struct rumpfs_node *dir, struct rumpfs_dirent *rd)
{
	struct rumpfs_node *rn = rd->rd_node;

	KASSERT(mutex_owned(&rumpfs_lock));
	TAILQ_REMOVE(&dir->rn_dir.order, rd, rd_order);
	if (dir->rn_dir.chains != NULL)
		LIST_REMOVE(rd, rd_hash);
	dir->rn_dir.entries--;
	if (rn == NULL) {
		dir->rn_dir.whiteouts--;
	} else {
		if (rn->rn_type == VDIR && rn->rn_host == NULL) {
			rn->rn_dir.parent = NULL;
			dir->rn_links--;
		}
		rn->rn_links--;
		rumpfs_node_rele(rn);
	}
	rumpfs_dirent_free(rd);
}

/* The first name whose position is not before seq; or NULL. */
struct rumpfs_dirent *
rumpfs_dir_after(struct rumpfs_node *dir, uint64_t seq)
{
	struct rumpfs_dirent *rd;

	KASSERT(mutex_owned(&rumpfs_lock));
	/* readers are near the end as often as near the beginning */
	if (dir->rn_dir.nextseq - seq < seq) {
		struct rumpfs_dirent *found = NULL;

		TAILQ_FOREACH_REVERSE(rd, &dir->rn_dir.order, rumpfs_order,
		    rd_order) {
			if (rd->rd_seq < seq)
				break;
			found = rd;
		}
		return found;
	}
	TAILQ_FOREACH(rd, &dir->rn_dir.order, rd_order) {
		if (rd->rd_seq >= seq)
			break;
	}
	return rd;
}

/* Are there names other than whiteouts? */
bool
rumpfs_dir_has_others(struct rumpfs_node *dir)
{

	return dir->rn_dir.entries > dir->rn_dir.whiteouts;
}
