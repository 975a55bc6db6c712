/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dirhash(9): where in a directory a name is, for file systems whose directories
 * are plain lists.
 *
 *   dirhash_get, _put                hold the hash of a directory, let it go
 *   dirhash_enter, _remove           a name is there; it is there no more
 *   dirhash_enter_freed              room that no name takes
 *   dirhash_lookup, _lookup_freed    where a name may be, where it would fit
 *   dirhash_dir_isempty              no name but . and ..
 *   dirhash_purge_entries, _purge    forget the contents, and the hash
 *
 * A hash knows places, not names: whoever looks up reads the directory there and
 * compares.  It belongs to the file system's node, who keeps the pointer, and is
 * made by the first get.
 *
 * Locks: entries and flags are under the directory's vnode lock while the hash is
 * held, and under `lock' while it is not; refcnt and the queue are under `lock'.
 * So a hash that nobody holds can be emptied from outside, and a held one never
 * is.  `memory' is a sum of atomic additions.
 *
 * Memory: when all hashes together take more than the limit, the one that was
 * held longest ago is emptied, and the next.  The page daemon empties all that
 * are not held.  An emptied hash is no longer DIRH_COMPLETE, so the file system
 * fills it again.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/dirent.h>
#include <sys/dirhash.h>
#include <sys/hash.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/pool.h>
#include <sys/sysctl.h>
#include <sys/systm.h>

static kmutex_t lock;
static TAILQ_HEAD(, dirhash) hashes;	/* longest unused first */
static struct pool hash_pool, entry_pool;
static u_long memory;
static u_long memory_limit = DIRHASH_SIZE;

static uint32_t
name_hash(const char *name, size_t len)
{

	return hash32_buf(name, len, HASH32_BUF_INIT);
}

static bool
is_dot_or_dotdot(const struct dirent *d)
{

	return d->d_name[0] == '.' && (d->d_namlen == 1 ||
	    (d->d_namlen == 2 && d->d_name[1] == '.'));
}

static void
charge(struct dirhash *dirh, long bytes)
{

	dirh->size += (uint32_t)bytes;
	atomic_add_long(&memory, bytes);
}

static struct dirhash_entry *
entry_create(struct dirhash *dirh, uint64_t offset, uint32_t entry_size)
{
	struct dirhash_entry *e = pool_get(&entry_pool, PR_WAITOK | PR_ZERO);

	e->offset = offset;
	e->entry_size = entry_size;
	charge(dirh, (long)sizeof(*e));
	return e;
}

/* Forget an entry, of either kind. */
static void
entry_destroy(struct dirhash *dirh, struct dirhash_entry *e)
{

	LIST_REMOVE(e, next);
	charge(dirh, -(long)sizeof(*e));
	pool_put(&entry_pool, e);
}

/* Held by the caller, or not held and `lock' owned. */
static void
entries_destroy(struct dirhash *dirh)
{
	struct dirhash_entry *e;
	unsigned i;

	for (i = 0; i < DIRHASH_HASHSIZE; i++)
		while ((e = LIST_FIRST(&dirh->entries[i])) != NULL)
			entry_destroy(dirh, e);
	while ((e = LIST_FIRST(&dirh->free_entries)) != NULL)
		entry_destroy(dirh, e);
	dirh->num_files = 0;
	dirh->flags &= ~(uint32_t)DIRH_COMPLETE;
	dirh->flags |= DIRH_PURGED;
}

/* Empty hashes that nobody holds until all together take that much or less. */
static void
shrink_locked(u_long limit)
{
	struct dirhash *dirh;

	KASSERT(mutex_owned(&lock));
	TAILQ_FOREACH(dirh, &hashes, next) {
		if (atomic_load_relaxed(&memory) <= limit)
			break;
		if (dirh->refcnt == 0)
			entries_destroy(dirh);
	}
}

/* The page daemon wants memory. */
static void
drain(void *arg, int flags)
{

	mutex_enter(&lock);
	shrink_locked(0);
	mutex_exit(&lock);
}

void
dirhash_init(void)
{

	mutex_init(&lock, MUTEX_DEFAULT, IPL_NONE);
	TAILQ_INIT(&hashes);
	pool_init(&hash_pool, sizeof(struct dirhash), 0, 0, 0, "dirhash", NULL,
	    IPL_NONE);
	pool_init(&entry_pool, sizeof(struct dirhash_entry), 0, 0, 0, "dirhashe",
	    NULL, IPL_NONE);
	pool_set_drain_hook(&entry_pool, drain, NULL);
}

static struct dirhash *
hash_create(void)
{
	struct dirhash *dirh = pool_get(&hash_pool, PR_WAITOK | PR_ZERO);
	unsigned i;

	for (i = 0; i < DIRHASH_HASHSIZE; i++)
		LIST_INIT(&dirh->entries[i]);
	LIST_INIT(&dirh->free_entries);
	charge(dirh, (long)sizeof(*dirh));
	return dirh;
}

/*
 * Hold the hash of a directory; its entries stay until dirhash_put.
 *
 * dirhp  in: NULL or the directory's hash; out: the hash
 *
 * Locks: the directory's vnode, as for all calls here.  Context: may sleep.
 */
void
dirhash_get(struct dirhash **dirhp)
{
	struct dirhash *dirh = *dirhp, *new = NULL;

	if (dirh == NULL)
		*dirhp = dirh = new = hash_create();
	mutex_enter(&lock);
	if (new == NULL)
		TAILQ_REMOVE(&hashes, dirh, next);
	TAILQ_INSERT_TAIL(&hashes, dirh, next);
	dirh->refcnt++;
	KASSERT(dirh->refcnt != 0);
	mutex_exit(&lock);
}

/* Let it go.  What all hashes take is brought below the limit. */
void
dirhash_put(struct dirhash *dirh)
{

	mutex_enter(&lock);
	KASSERT(dirh->refcnt != 0);
	dirh->refcnt--;
	shrink_locked(memory_limit);
	mutex_exit(&lock);
}

/* Forget what is in the directory.  The caller holds the hash. */
void
dirhash_purge_entries(struct dirhash *dirh)
{

	KASSERT(dirh->refcnt != 0);
	entries_destroy(dirh);
}

/* Free the hash of a directory, if it has one.  Nobody holds it. */
void
dirhash_purge(struct dirhash **dirhp)
{
	struct dirhash *dirh = *dirhp;

	if (dirh == NULL)
		return;
	*dirhp = NULL;
	mutex_enter(&lock);
	KASSERT(dirh->refcnt == 0);
	TAILQ_REMOVE(&hashes, dirh, next);
	mutex_exit(&lock);
	entries_destroy(dirh);
	charge(dirh, -(long)sizeof(*dirh));
	KASSERT(dirh->size == 0);
	pool_put(&hash_pool, dirh);
}

/* The next entry of a hash and length, e or after it; or NULL. */
static struct dirhash_entry *
entry_match(struct dirhash_entry *e, uint32_t hash, uint32_t len)
{

	while (e != NULL && (e->hashvalue != hash || e->d_namlen != len))
		e = LIST_NEXT(e, next);
	return e;
}

static struct dirhash_entry *
entry_find(struct dirhash *dirh, uint32_t hash, uint32_t len, uint64_t offset)
{
	struct dirhash_entry *e;

	e = entry_match(LIST_FIRST(&dirh->entries[hash & DIRHASH_HASHMASK]),
	    hash, len);
	while (e != NULL && e->offset != offset)
		e = entry_match(LIST_NEXT(e, next), hash, len);
	return e;
}

static struct dirhash_entry *
freed_find(struct dirhash *dirh, uint64_t offset)
{
	struct dirhash_entry *e;

	LIST_FOREACH(e, &dirh->free_entries, next)
		if (e->offset == offset)
			break;
	return e;
}

/*
 * A name is in the directory.  What is known already is left alone.
 *
 * offset, entry_size  where, and how many bytes it takes
 * new                 it was just made; else it was found by reading, and a
 *                     complete hash knows it
 */
void
dirhash_enter(struct dirhash *dirh, struct dirent *dirent, uint64_t offset,
    uint32_t entry_size, int new)
{
	struct dirhash_entry *e;
	uint32_t hash;

	KASSERT(dirh->refcnt != 0);
	if (!new && (dirh->flags & DIRH_COMPLETE) != 0)
		return;
	if ((e = freed_find(dirh, offset)) != NULL)
		entry_destroy(dirh, e);
	hash = name_hash(dirent->d_name, dirent->d_namlen);
	if (entry_find(dirh, hash, dirent->d_namlen, offset) != NULL)
		return;
	e = entry_create(dirh, offset, entry_size);
	e->hashvalue = hash;
	e->d_namlen = dirent->d_namlen;
	LIST_INSERT_HEAD(&dirh->entries[hash & DIRHASH_HASHMASK], e, next);
	if (!is_dot_or_dotdot(dirent))
		dirh->num_files++;
}

/* There is room for a name; known already: left alone. */
void
dirhash_enter_freed(struct dirhash *dirh, uint64_t offset, uint32_t entry_size)
{
	struct dirhash_entry *e;

	KASSERT(dirh->refcnt != 0);
	if (freed_find(dirh, offset) != NULL)
		return;
	e = entry_create(dirh, offset, entry_size);
	LIST_INSERT_HEAD(&dirh->free_entries, e, next);
}

/* A name was removed; where it was is room. */
void
dirhash_remove(struct dirhash *dirh, struct dirent *dirent, uint64_t offset,
    uint32_t entry_size)
{
	struct dirhash_entry *e;

	KASSERT(dirh->refcnt != 0);
	e = entry_find(dirh, name_hash(dirent->d_name, dirent->d_namlen),
	    dirent->d_namlen, offset);
	if (e != NULL) {
		KASSERT(e->entry_size == entry_size);
		entry_destroy(dirh, e);
		if (!is_dot_or_dotdot(dirent))
			dirh->num_files--;
	} else
		KASSERT((dirh->flags & DIRH_COMPLETE) == 0);
	dirhash_enter_freed(dirh, offset, entry_size);
}

/*
 * Where may a name be?
 *
 * result  in: NULL, or what the call before gave; out: the next candidate, whose
 *         name is to be compared in the directory; NULL at the end
 *
 * Returns whether there is one.
 */
int
dirhash_lookup(struct dirhash *dirh, const char *name, int len,
    struct dirhash_entry **result)
{
	struct dirhash_entry *e = *result;
	uint32_t hash = name_hash(name, (size_t)len);

	KASSERT(dirh->refcnt != 0);
	if (e == NULL)
		e = LIST_FIRST(&dirh->entries[hash & DIRHASH_HASHMASK]);
	else
		e = LIST_NEXT(e, next);
	*result = entry_match(e, hash, (uint32_t)len);
	return *result != NULL;
}

/* Where is room of at least so many bytes?  As dirhash_lookup. */
int
dirhash_lookup_freed(struct dirhash *dirh, uint32_t min_size,
    struct dirhash_entry **result)
{
	struct dirhash_entry *e = *result;

	KASSERT(dirh->refcnt != 0);
	e = e == NULL ? LIST_FIRST(&dirh->free_entries) : LIST_NEXT(e, next);
	while (e != NULL && e->entry_size < min_size)
		e = LIST_NEXT(e, next);
	*result = e;
	return e != NULL;
}

/* No names but . and ..?  The hash is complete. */
bool
dirhash_dir_isempty(struct dirhash *dirh)
{

	KASSERT((dirh->flags & DIRH_COMPLETE) != 0);
	return dirh->num_files == 0;
}

/* A lower limit holds at once. */
static int
limit_sysctl(SYSCTLFN_ARGS)
{
	int error = sysctl_lookup(SYSCTLFN_CALL(__UNCONST(rnode)));

	if (error != 0 || newp == NULL)
		return error;
	mutex_enter(&lock);
	shrink_locked(memory_limit);
	mutex_exit(&lock);
	return 0;
}

SYSCTL_SETUP(sysctl_dirhash_setup, "memory of directory hashes")
{
	const struct sysctlnode *node;

	sysctl_createv(clog, 0, NULL, NULL, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "vfs", NULL, NULL, 0, NULL, 0, CTL_VFS, CTL_EOL);
	sysctl_createv(clog, 0, NULL, NULL, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "generic", NULL, NULL, 0, NULL, 0, CTL_VFS, VFS_GENERIC, CTL_EOL);
	sysctl_createv(clog, 0, NULL, &node, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "dirhash", SYSCTL_DESCR("Directory hashes"), NULL, 0, NULL, 0,
	    CTL_VFS, VFS_GENERIC, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, &node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READONLY, CTLTYPE_LONG, "memused",
	    SYSCTL_DESCR("Bytes that directory hashes take"), NULL, 0, &memory,
	    0, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, &node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_LONG, "maxmem",
	    SYSCTL_DESCR("Bytes that they may take when not in use"),
	    limit_sysctl, 0, &memory_limit, 0, CTL_CREATE, CTL_EOL);
}
