/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * etfs: keys and nodes.
 *
 * A key refers to a node; vnodes of the root file system refer to nodes, too.  A
 * node without references is gone.  Nodes for what is in a directory of the host
 * are made by look-ups, so there may be many; they are found by their host path
 * in a hash table.  Keys are few.
 *
 * Locks: etfs_lock for keys, table, references and open counts.  It is held
 * while the host opens and closes a file, so that two openers see one file.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/hash.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/vnode.h>

#include <rump-private/etfs.h>
#include <rump/rump.h>
#include <rump/rumpuser.h>

#include "etfs/etfs.h"
#include "etfs/file.h"
#include "etfs/rumpblk.h"

#define CHAINS	64

struct key {
	LIST_ENTRY(key)	ke_entry;
	char		*ke_name;	/* without slashes around it */
	size_t		ke_len;
	struct etfs_node *ke_node;
};

kmutex_t etfs_lock;
static LIST_HEAD(, key) keys;
static LIST_HEAD(, etfs_node) nodes[CHAINS];
static uint64_t last_fileid;

/* Boot list; it is there before anything else is. */
static struct rump_boot_etfs *boot_list;

static int	key_register(const char *, const char *, enum rump_etfs_type,
		    uint64_t, uint64_t);
static int	key_remove(const char *);

static const struct rump_etfs_ops ops = {
	.eo_register = key_register,
	.eo_remove = key_remove,
};

void
etfs_init(void)
{

	mutex_init(&etfs_lock, MUTEX_DEFAULT, IPL_NONE);
	rumpblk_init();
	rump_etfs_ops = &ops;
}

/* ------------------------------------------------------------------ nodes */

static u_int
chain_of(const char *hostpath)
{

	return hash32_str(hostpath, HASH32_STR_INIT) % CHAINS;
}

static struct etfs_node *
node_create(const char *hostpath, enum vtype type)
{
	struct etfs_node *en;

	KASSERT(mutex_owned(&etfs_lock));
	en = kmem_zalloc(sizeof(*en), KM_SLEEP);
	en->en_type = type;
	en->en_rdev = NODEV;
	en->en_fileid = ++last_fileid;
	en->en_hostpath = kmem_strdup(hostpath, KM_SLEEP);
	en->en_limit = ETFS_NOLIMIT;
	en->en_refcnt = 1;
	en->en_fd[0] = en->en_fd[1] = -1;
	LIST_INSERT_HEAD(&nodes[chain_of(hostpath)], en, en_entry);
	return en;
}

void
etfs_node_hold(struct etfs_node *en)
{

	mutex_enter(&etfs_lock);
	en->en_refcnt++;
	mutex_exit(&etfs_lock);
}

void
etfs_node_rele(struct etfs_node *en)
{
	bool last;

	mutex_enter(&etfs_lock);
	KASSERT(en->en_refcnt > 0);
	last = --en->en_refcnt == 0;
	if (last)
		LIST_REMOVE(en, en_entry);
	mutex_exit(&etfs_lock);
	if (!last)
		return;
	KASSERT(en->en_opens[0] == 0 && en->en_opens[1] == 0);
	if (en->en_parent != NULL)
		etfs_node_rele(en->en_parent);
	kmem_strfree(en->en_hostpath);
	kmem_free(en, sizeof(*en));
}

/* The node of what an entry of a host's directory is.  etfs_lock held. */
static int
node_of_entry(struct etfs_node *dir, const char *hostpath,
    struct etfs_node **enp)
{
	struct etfs_node *en;
	enum vtype vtype;
	int error, type;

	error = rumpuser_getfileinfo(hostpath, NULL, &type);
	if (error != 0)
		return error;
	if (type != RUMPUSER_FT_REG &&
	    (type != RUMPUSER_FT_DIR || !dir->en_subdirs))
		return ENOENT;
	vtype = type == RUMPUSER_FT_DIR ? VDIR : VREG;
	LIST_FOREACH(en, &nodes[chain_of(hostpath)], en_entry)
		if (en->en_parent == dir && en->en_type == vtype &&
		    strcmp(en->en_hostpath, hostpath) == 0) {
			en->en_refcnt++;
			*enp = en;
			return 0;
		}
	en = node_create(hostpath, vtype);
	en->en_subdirs = vtype == VDIR;
	en->en_parent = dir;
	dir->en_refcnt++;
	*enp = en;
	return 0;
}

struct etfs_node *
etfs_parent(struct etfs_node *en)
{

	if (en->en_parent != NULL)
		etfs_node_hold(en->en_parent);
	return en->en_parent;
}

int
etfs_lookup_in(struct etfs_node *dir, const char *name, size_t len,
    struct etfs_node **enp)
{
	size_t dirlen = strlen(dir->en_hostpath), size = dirlen + len + 2;
	char *path;
	int error;

	KASSERT(dir->en_type == VDIR);
	if (len > NAME_MAX || size > MAXPATHLEN)
		return ENAMETOOLONG;
	if (memchr(name, '/', len) != NULL || len == 0)
		return ENOENT;
	path = kmem_alloc(size, KM_SLEEP);
	memcpy(path, dir->en_hostpath, dirlen);
	path[dirlen] = '/';
	memcpy(path + dirlen + 1, name, len);
	path[size - 1] = '\0';
	mutex_enter(&etfs_lock);
	error = node_of_entry(dir, path, enp);
	mutex_exit(&etfs_lock);
	kmem_free(path, size);
	return error;
}

/* ------------------------------------------------------------------- keys */

/* A key without the slashes around it; false: nothing is left. */
static bool
key_trim(const char **key, size_t *len)
{

	if (**key != '/')
		return false;
	while (**key == '/')
		(*key)++;
	*len = strlen(*key);
	while (*len > 0 && (*key)[*len - 1] == '/')
		(*len)--;
	return *len > 0;
}

static struct key *
key_find(const char *name, size_t len)
{
	struct key *ke;

	KASSERT(mutex_owned(&etfs_lock));
	LIST_FOREACH(ke, &keys, ke_entry)
		if (ke->ke_len == len && memcmp(ke->ke_name, name, len) == 0)
			return ke;
	return NULL;
}

size_t
etfs_keylen(const char *path)
{
	size_t longest = 0;
	struct key *ke;

	if (LIST_EMPTY(&keys))
		return 0;
	mutex_enter(&etfs_lock);
	LIST_FOREACH(ke, &keys, ke_entry)
		if (ke->ke_len > longest &&
		    strncmp(path, ke->ke_name, ke->ke_len) == 0 &&
		    (path[ke->ke_len] == '\0' || path[ke->ke_len] == '/'))
			longest = ke->ke_len;
	mutex_exit(&etfs_lock);
	return longest;
}

int
etfs_lookup(const char *key, size_t len, struct etfs_node **enp)
{
	struct key *ke;
	int error = ENOENT;

	if (LIST_EMPTY(&keys))
		return ENOENT;
	mutex_enter(&etfs_lock);
	ke = key_find(key, len);
	if (ke != NULL) {
		*enp = ke->ke_node;
		ke->ke_node->en_refcnt++;
		error = 0;
	}
	mutex_exit(&etfs_lock);
	return error;
}

/* ----------------------------------------------------------- registration */

/* A node for a regular file: a window of the host's.  etfs_lock held. */
static int
make_file(const char *hostpath, uint64_t begin, uint64_t size,
    struct etfs_node **enp)
{
	int error, type;

	error = rumpuser_getfileinfo(hostpath, NULL, &type);
	if (error != 0)
		return error;
	if (type == RUMPUSER_FT_DIR)
		return EISDIR;
	*enp = node_create(hostpath, VREG);
	(*enp)->en_begin = begin;
	(*enp)->en_limit = size;
	(*enp)->en_stream = type == RUMPUSER_FT_CHR ||
	    type == RUMPUSER_FT_OTHER;
	return 0;
}

static int
make_directory(const char *hostpath, bool subdirs, struct etfs_node **enp)
{
	int error, type;

	error = rumpuser_getfileinfo(hostpath, NULL, &type);
	if (error != 0)
		return error;
	if (type != RUMPUSER_FT_DIR)
		return ENOTDIR;
	*enp = node_create(hostpath, VDIR);
	(*enp)->en_subdirs = subdirs;
	return 0;
}

static int
make_device(const char *hostpath, enum vtype type, uint64_t begin,
    uint64_t size, struct etfs_node **enp)
{
	dev_t dev;
	int error;

	error = rumpblk_create(hostpath, begin, size, type, &dev);
	if (error != 0)
		return error;
	*enp = node_create(hostpath, type);
	(*enp)->en_rdev = dev;
	return 0;
}

static int
make_node(const char *hostpath, enum rump_etfs_type type, uint64_t begin,
    uint64_t size, struct etfs_node **enp)
{
	bool window = begin != 0 || size != ETFS_NOLIMIT;

	switch (type) {
	case RUMP_ETFS_REG:
		return make_file(hostpath, begin, size, enp);
	case RUMP_ETFS_BLK:
		return make_device(hostpath, VBLK, begin, size, enp);
	case RUMP_ETFS_CHR:
		return make_device(hostpath, VCHR, begin, size, enp);
	case RUMP_ETFS_DIR:
	case RUMP_ETFS_DIR_SUBDIRS:
		if (window)
			return EINVAL;
		return make_directory(hostpath,
		    type == RUMP_ETFS_DIR_SUBDIRS, enp);
	default:
		return EINVAL;
	}
}

/*
 * Show a host file in the root file system.
 *
 * key     where: an absolute path, whose directories need not exist.
 * begin, size  a window of it, in bytes; RUMP_ETFS_SIZE_ENDOFF: to its end.
 *              Not for directories.
 *
 * Returns 0; EINVAL: key, type or window make no sense; EEXIST: the key is
 * taken; or the host's error.
 * Context: thread, may sleep.
 * Ref:     rump_etfs(3).
 */
static int
key_register(const char *key, const char *hostpath,
    enum rump_etfs_type type, uint64_t begin, uint64_t size)
{
	struct key *ke;
	size_t len;
	int error;

	if (key == NULL || hostpath == NULL || !key_trim(&key, &len) ||
	    begin > INT64_MAX)
		return EINVAL;
	ke = kmem_zalloc(sizeof(*ke), KM_SLEEP);
	ke->ke_len = len;
	ke->ke_name = kmem_strndup(key, len, KM_SLEEP);
	mutex_enter(&etfs_lock);
	error = key_find(key, len) != NULL ? EEXIST :
	    make_node(hostpath, type, begin, size, &ke->ke_node);
	if (error == 0)
		LIST_INSERT_HEAD(&keys, ke, ke_entry);
	mutex_exit(&etfs_lock);
	if (error != 0) {
		kmem_strfree(ke->ke_name);
		kmem_free(ke, sizeof(*ke));
	}
	return error;
}

/*
 * Show it no longer.  Who has it open keeps it, but for devices.
 *
 * Returns 0, EINVAL, ENOENT, or EBUSY: the device is open.
 */
static int
key_remove(const char *key)
{
	struct key *ke;
	size_t len;
	int error = 0;

	if (key == NULL || !key_trim(&key, &len))
		return EINVAL;
	mutex_enter(&etfs_lock);
	ke = key_find(key, len);
	if (ke == NULL)
		error = ENOENT;
	else if (ke->ke_node->en_rdev != NODEV)
		error = rumpblk_destroy(ke->ke_node->en_rdev);
	if (error == 0)
		LIST_REMOVE(ke, ke_entry);
	mutex_exit(&etfs_lock);
	if (error != 0)
		return error;
	etfs_node_rele(ke->ke_node);
	kmem_strfree(ke->ke_name);
	kmem_free(ke, sizeof(*ke));
	return 0;
}

/*
 * Note a key that is to be registered when the kernel boots.
 *
 * eb      the caller's; stays in place until then.  eb_status tells what came
 *         of it.
 *
 * Context: the program's, before boot.
 */
void
rump_boot_etfs_register(struct rump_boot_etfs *eb)
{
	struct rump_boot_etfs **link;

	for (link = &boot_list; *link != NULL; link = &(*link)->_eb_next)
		if (*link == eb)
			return;
	eb->_eb_next = NULL;
	eb->eb_status = -1;
	*link = eb;
}

/* Register what was noted. */
void
etfs_boot(void)
{
	struct rump_boot_etfs *eb, *next;

	for (eb = boot_list; eb != NULL; eb = next) {
		next = eb->_eb_next;
		eb->eb_status = key_register(eb->eb_key,
		    eb->eb_hostpath, eb->eb_type, eb->eb_begin, eb->eb_size);
	}
	boot_list = NULL;
}

void
etfs_shutdown(void)
{
	struct etfs_node *en;
	u_int i;

	rumpblk_shutdown();
	mutex_enter(&etfs_lock);
	for (i = 0; i < CHAINS; i++)
		LIST_FOREACH(en, &nodes[i], en_entry)
			etfs_file_shut(en);
	mutex_exit(&etfs_lock);
}
