/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of mounts, oldest first, and walking it.
 *
 *   mountlist_append, mountlist_remove   publish, hide
 *   mountlist_iterator_*                 a walk that may sleep
 *   vfs_getvfs                           find by identity
 *
 * The list owns the reference with which a mount was made.  It is in order of
 * mnt_gen, the number a mount gets when it is published; so a walk needs to
 * remember only a number, and the list may change under it.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/systm.h>

#include "mount_impl.h"

struct mount_iterator {
	uint64_t	gen;		/* of the last one looked at */
	struct mount	*at;		/* busy, the last one returned; or NULL */
};

static kmutex_t lock;
static TAILQ_HEAD(mount_queue, mount) list;	/* lock; linked by mnt_list */
static uint64_t last_gen;			/* lock */

void
mountlist_boot(void)
{

	mutex_init(&lock, MUTEX_DEFAULT, IPL_NONE);
	TAILQ_INIT(&list);
}

/* Publish a mount; its reference belongs to the list. */
void
mountlist_append(struct mount *mp)
{

	mutex_enter(&lock);
	mp->mnt_gen = ++last_gen;
	TAILQ_INSERT_TAIL(&list, mp, mnt_list);
	mutex_exit(&lock);
}

/* Hide it again; the reference belongs to the caller. */
void
mountlist_remove(struct mount *mp)
{

	mutex_enter(&lock);
	TAILQ_REMOVE(&list, mp, mnt_list);
	mutex_exit(&lock);
}

/* For debuggers: the mount after mp, or the first; nothing is held. */
struct mount *
_mountlist_next(struct mount *mp)
{

	return mp == NULL ? TAILQ_FIRST(&list) : TAILQ_NEXT(mp, mnt_list);
}

/* The youngest mount that is older than gen, referenced; or NULL. */
struct mount *
mountlist_older(uint64_t gen)
{
	struct mount *mp;

	mutex_enter(&lock);
	TAILQ_FOREACH_REVERSE(mp, &list, mount_queue, mnt_list) {
		if (mp->mnt_gen < gen)
			break;
	}
	if (mp != NULL)
		vfs_ref(mp);
	mutex_exit(&lock);
	return mp;
}

void
mountlist_iterator_init(mount_iterator_t **itp)
{

	*itp = kmem_zalloc(sizeof(**itp), KM_SLEEP);
}

void
mountlist_iterator_destroy(mount_iterator_t *it)
{

	if (it->at != NULL)
		vfs_unbusy(it->at);
	kmem_free(it, sizeof(*it));
}

/* The oldest mount that is younger than gen, referenced; or NULL. */
static struct mount *
mountlist_younger(uint64_t gen)
{
	struct mount *mp;

	mutex_enter(&lock);
	TAILQ_FOREACH(mp, &list, mnt_list) {
		if (mp->mnt_gen > gen)
			break;
	}
	if (mp != NULL)
		vfs_ref(mp);
	mutex_exit(&lock);
	return mp;
}

/* Step to the next mount that can be made busy. */
static struct mount *
step(struct mount_iterator *it, bool wait)
{
	struct mount *mp;
	int error;

	if (it->at != NULL)
		vfs_unbusy(it->at);
	while ((mp = mountlist_younger(it->gen)) != NULL) {
		it->gen = mp->mnt_gen;
		error = wait ? vfs_busy(mp) : vfs_trybusy(mp);
		vfs_rele(mp);
		if (error == 0)
			break;
	}
	it->at = mp;
	return mp;
}

/*
 * The next mount, busy until the following call; NULL at the end.
 *
 * Context: thread, waits for suspended mounts.
 */
struct mount *
mountlist_iterator_next(mount_iterator_t *it)
{

	return step(it, true);
}

/* The same, passing over mounts that are suspended. */
struct mount *
mountlist_iterator_trynext(mount_iterator_t *it)
{

	return step(it, false);
}

/* The mount of an identity, referenced; or NULL. */
struct mount *
mountlist_find(const fsid_t *fsid)
{
	struct mount *mp;

	mutex_enter(&lock);
	TAILQ_FOREACH(mp, &list, mnt_list) {
		if (memcmp(&mp->mnt_stat.f_fsidx, fsid, sizeof(*fsid)) == 0)
			break;
	}
	if (mp != NULL)
		vfs_ref(mp);
	mutex_exit(&lock);
	return mp;
}

/* The mount of an identity, or NULL; nothing keeps it there. */
struct mount *
vfs_getvfs(fsid_t *fsid)
{
	struct mount *mp = mountlist_find(fsid);

	if (mp != NULL)
		vfs_rele(mp);
	return mp;
}
