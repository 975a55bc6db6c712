/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Advisory byte range locks: fcntl(2)'s record locks and flock(2).
 *
 *   lf_advlock   VOP_ADVLOCK for file systems
 *   lf_restart   a descriptor or a vnode goes: who waits looks if it is his
 *
 * An object's list has the locks that are held, in no order.  It is its vnode's
 * (a device's is shared by all its vnodes): locks belong to those who have the
 * object open, so the vnode is there as long as they are.  A vnode that dies
 * under them keeps its list, from which they take their locks when they close;
 * nothing is added to it any more.  Locks of one
 * owner never overlap: setting a range first takes it out of what the owner
 * has, which shortens, removes or splits; what touches and is of the same type
 * becomes one.  An owner is a process (F_POSIX) or an open file (F_FLOCK), and
 * both kinds stand in each other's way.
 *
 * A request that must wait hangs on a list of all waiting requests with a
 * condition variable of its own; whenever locks of an object go or become
 * shared, those that wait for that object look again.  A wait ends without the lock by a signal,
 * or when the descriptor is closed by another thread, or when the vnode dies.
 *
 * Deadlock: before a process waits, the graph of who waits for whom is
 * followed from those who stand in its way; if it leads back to the process,
 * the request fails.  Files are not followed: flock(2) does not promise that.
 *
 * One mutex protects everything.  Locking files is rare, and the graph goes
 * through all objects.
 *
 * Ref: POSIX.1-2017 fcntl(), flock(2).
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/lockf.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/queue.h>
#include <sys/systm.h>
#include <sys/uidinfo.h>
#include <sys/unistd.h>
#include <sys/vnode_impl.h>

#include <miscfs/specfs/specdev.h>

#include <rump-private/files.h>

#include "lockf.h"

#define MAX_PER_USER	1024	/* locks that a user may hold; root: no limit */
#define TO_END		INT64_MAX

struct lockf {
	struct lockf	*next;		/* of the object */
	void		*owner;
	struct uidinfo	*ui;		/* whom it is counted for */
	off_t		start, end;	/* inclusive; TO_END: however far */
	int		flags;		/* F_POSIX or F_FLOCK */
	short		type;		/* F_RDLCK, F_WRLCK */
};

/* A request that waits. */
struct waiter {
	TAILQ_ENTRY(waiter) link;
	const struct lockf *want;
	struct lockf	**head;		/* the object */
	kcondvar_t	cv;
	unsigned	seen;		/* number of the search that was here */
};

static kmutex_t lock;
static TAILQ_HEAD(, waiter) waiters;
static unsigned search;
static pool_cache_t lockf_cache;

void
lf_init(void)
{

	mutex_init(&lock, MUTEX_DEFAULT, IPL_NONE);
	TAILQ_INIT(&waiters);
	lockf_cache = pool_cache_init(sizeof(struct lockf), 0, 0, 0, "lockf",
	    NULL, IPL_NONE, NULL, NULL, NULL);
}

/* -------------------------------------------------------------- allocation */

/*
 * A lock counted for the calling user; NULL: that are too many.
 *
 * unlocking  it is needed to take a range out of the middle, which may not
 *            fail: let the limit be
 */
static struct lockf *
lockf_alloc(bool unlocking)
{
	const uid_t uid = kauth_cred_geteuid(kauth_cred_get());
	struct uidinfo *ui = uid_find(uid);
	struct lockf *lf;

	if (atomic_inc_ulong_nv(&ui->ui_lockcnt) > MAX_PER_USER && uid != 0 &&
	    !unlocking) {
		atomic_dec_ulong(&ui->ui_lockcnt);
		return NULL;
	}
	lf = pool_cache_get(lockf_cache, PR_WAITOK);
	memset(lf, 0, sizeof(*lf));
	lf->ui = ui;
	return lf;
}

static void
lockf_free(struct lockf *lf)
{

	if (lf == NULL)
		return;
	atomic_dec_ulong(&lf->ui->ui_lockcnt);
	pool_cache_put(lockf_cache, lf);
}

/* ------------------------------------------------------------------ objects */

static struct lockf **
list_of(struct vnode *vp)
{

	return vp->v_type == VBLK || vp->v_type == VCHR ? &vp->v_speclockf :
	    &VNODE_TO_VIMPL(vp)->vi_lockf;
}

static bool
is_dead(struct vnode *vp)
{
	bool dead;

	mutex_enter(vp->v_interlock);
	dead = vdead_check(vp, VDEAD_NOWAIT) != 0;
	mutex_exit(vp->v_interlock);
	return dead;
}

/* The last reference of a vnode is gone: so are locks that nobody took out. */
void
lf_vnode_free(struct vnode *vp)
{
	struct lockf **head = &VNODE_TO_VIMPL(vp)->vi_lockf, *lf;

	while ((lf = *head) != NULL) {
		*head = lf->next;
		lockf_free(lf);
	}
}

/* ------------------------------------------------------------------- ranges */

static bool
overlap(const struct lockf *a, const struct lockf *b)
{

	return a->start <= b->end && b->start <= a->end;
}

static bool
same_owner(const struct lockf *a, const struct lockf *b)
{

	return a->owner == b->owner && a->flags == b->flags;
}

/* Does a lock that is held stand in the way of another? */
static bool
conflict(const struct lockf *held, const struct lockf *want)
{

	return !same_owner(held, want) && overlap(held, want) &&
	    (held->type == F_WRLCK || want->type == F_WRLCK);
}

static struct lockf *
blocker(struct lockf **head, const struct lockf *want)
{
	struct lockf *lf;

	for (lf = *head; lf != NULL; lf = lf->next) {
		if (conflict(lf, want))
			return lf;
	}
	return NULL;
}

/* Those who wait for this object look again. */
static void
wake(struct lockf **head)
{
	struct waiter *w;

	TAILQ_FOREACH(w, &waiters, link) {
		if (w->head == head)
			cv_signal(&w->cv);
	}
}

/*
 * Take a range out of what its owner has.
 *
 * sparep  a spare lock for the case that one is split; NULL after use
 */
static void
take_out(struct lockf **head, const struct lockf *range, struct lockf **sparep)
{
	struct lockf **prev = head, *lf, *tail;

	while ((lf = *prev) != NULL) {
		if (!same_owner(lf, range) || !overlap(lf, range)) {
			prev = &lf->next;
			continue;
		}
		if (lf->start < range->start && lf->end > range->end) {
			tail = *sparep;
			*sparep = NULL;
			tail->owner = lf->owner;
			tail->flags = lf->flags;
			tail->type = lf->type;
			tail->start = range->end + 1;
			tail->end = lf->end;
			lf->end = range->start - 1;
			tail->next = lf->next;
			lf->next = tail;
			return;		/* there cannot be another */
		}
		if (lf->start < range->start) {
			lf->end = range->start - 1;
			prev = &lf->next;
		} else if (lf->end > range->end) {
			lf->start = range->end + 1;
			prev = &lf->next;
		} else {
			*prev = lf->next;
			lockf_free(lf);
		}
	}
}

/* Does b begin where a ends? */
static bool
goes_on(const struct lockf *a, const struct lockf *b)
{

	return a->end != TO_END && a->end + 1 == b->start;
}

/* Add a lock, joined with what it touches. */
static void
put_in(struct lockf **head, struct lockf *new)
{
	struct lockf **prev = head, *lf;

	while ((lf = *prev) != NULL) {
		if (same_owner(lf, new) && lf->type == new->type &&
		    (goes_on(lf, new) || goes_on(new, lf))) {
			new->start = MIN(new->start, lf->start);
			new->end = MAX(new->end, lf->end);
			*prev = lf->next;
			lockf_free(lf);
		} else {
			prev = &lf->next;
		}
	}
	new->next = *head;
	*head = new;
}

/* ------------------------------------------------------------------ waiting */

/* Does the process wait, perhaps by way of others, for what `for_whom' has? */
static bool
waits_for(const void *process, const void *for_whom)
{
	const struct lockf *lf;
	struct waiter *w;

	TAILQ_FOREACH(w, &waiters, link) {
		if (w->want->owner != process || w->seen == search)
			continue;
		w->seen = search;
		for (lf = *w->head; lf != NULL; lf = lf->next) {
			if (!conflict(lf, w->want) || (lf->flags & F_POSIX) == 0)
				continue;
			if (lf->owner == for_whom ||
			    waits_for(lf->owner, for_whom))
				return true;
		}
	}
	return false;
}

/* Would this process wait for itself? */
static bool
would_deadlock(struct lockf **head, const struct lockf *want)
{
	const struct lockf *lf;

	if ((want->flags & F_POSIX) == 0)
		return false;
	search++;
	for (lf = *head; lf != NULL; lf = lf->next) {
		if (conflict(lf, want) && (lf->flags & F_POSIX) != 0 &&
		    waits_for(lf->owner, want->owner))
			return true;
	}
	return false;
}

/*
 * A descriptor is closed while operations use it, or a vnode dies: whoever waits
 * for a lock by it returns.
 *
 * Context: thread; takes the lock of all locks.
 */
void
lf_restart(void)
{
	struct waiter *w;

	mutex_enter(&lock);
	TAILQ_FOREACH(w, &waiters, link)
		cv_signal(&w->cv);
	mutex_exit(&lock);
}

/* Wait until nothing stands in the way. */
static int
wait_for(struct vnode *vp, struct lockf **head, const struct lockf *want)
{
	struct waiter w = { .want = want, .head = head };
	int error = 0;

	cv_init(&w.cv, "lockf");
	TAILQ_INSERT_TAIL(&waiters, &w, link);
	while (error == 0 && blocker(head, want) != NULL) {
		if (would_deadlock(head, want))
			error = EDEADLK;
		else if (fd_closing() || is_dead(vp))
			error = EBADF;
		else
			error = cv_wait_sig(&w.cv, &lock);
	}
	TAILQ_REMOVE(&waiters, &w, link);
	cv_destroy(&w.cv);
	return error;
}

/* ---------------------------------------------------------------- requests */

static int
set(struct vnode *vp, struct lockf **newp, struct lockf **sparep, bool wait)
{
	struct lockf **head = list_of(vp);
	struct lockf *new = *newp;
	int error;

	if (blocker(head, new) != NULL) {
		if (!wait)
			return EAGAIN;
		/*
		 * flock(2) does not change a lock in one step: if two have it
		 * shared and want it alone, one of them gets it.
		 */
		if ((new->flags & F_FLOCK) != 0) {
			take_out(head, new, sparep);
			wake(head);
		}
		if ((error = wait_for(vp, head, new)) != 0)
			return error;
	}
	take_out(head, new, sparep);
	put_in(head, new);
	*newp = NULL;
	/* from exclusive to shared lets others in */
	wake(head);
	return 0;
}

static void
get(struct lockf **head, const struct lockf *want, struct flock *fl)
{
	const struct lockf *lf = blocker(head, want);

	if (lf == NULL) {
		fl->l_type = F_UNLCK;
		return;
	}
	fl->l_type = lf->type;
	fl->l_whence = SEEK_SET;
	fl->l_start = lf->start;
	fl->l_len = lf->end == TO_END ? 0 : lf->end - lf->start + 1;
	fl->l_pid = (lf->flags & F_POSIX) != 0 ?
	    ((const struct proc *)lf->owner)->p_pid : -1;
}

/* The range of a struct flock. */
static int
range_of(const struct flock *fl, off_t size, off_t *startp, off_t *endp)
{
	off_t start, end;

	switch (fl->l_whence) {
	case SEEK_SET:
	case SEEK_CUR:		/* the caller has added the offset */
		start = fl->l_start;
		break;
	case SEEK_END:
		if (__builtin_add_overflow(size, fl->l_start, &start))
			return EOVERFLOW;
		break;
	default:
		return EINVAL;
	}
	if (fl->l_len == 0) {
		end = TO_END;
	} else if (fl->l_len > 0) {
		if (__builtin_add_overflow(start, fl->l_len - 1, &end))
			return EOVERFLOW;
	} else {
		/* the bytes before start */
		if (start <= 0)
			return EINVAL;
		end = start - 1;
		start += fl->l_len;
	}
	if (start < 0)
		return EINVAL;
	*startp = start;
	*endp = end;
	return 0;
}

/*
 * Set, clear or look for a lock.
 *
 * ap      VOP_ADVLOCK's: a_id is the owner, a_op F_SETLK, F_UNLCK or F_GETLK,
 *         a_flags F_POSIX or F_FLOCK, and F_WAIT
 * theirs  a list of the file system's, which stays as it is
 * size    of the object, for SEEK_END
 *
 * Returns 0; EAGAIN, EDEADLK, EINVAL, EOVERFLOW, ENOLCK (the user has too
 * many), EINTR, or EBADF (the descriptor or the vnode went meanwhile).
 * Context: thread, no vnode lock; sleeps with F_WAIT.
 */
int
lf_advlock(struct vop_advlock_args *ap, struct lockf **theirs, off_t size)
{
	struct lockf **head = list_of(ap->a_vp);
	struct flock *fl = ap->a_fl;
	struct lockf *new, *spare;
	off_t start, end;
	int error;

	if ((error = range_of(fl, size, &start, &end)) != 0)
		return error;
	if (ap->a_op != F_UNLCK && fl->l_type != F_RDLCK &&
	    fl->l_type != F_WRLCK)
		return EINVAL;
	if (ap->a_op == F_UNLCK && *head == NULL)
		return 0;
	if ((new = lockf_alloc(ap->a_op != F_SETLK)) == NULL)
		return ENOLCK;
	spare = lockf_alloc(true);
	new->owner = ap->a_id;
	new->flags = ap->a_flags & (F_POSIX | F_FLOCK);
	new->type = fl->l_type;
	new->start = start;
	new->end = end;

	mutex_enter(&lock);
	switch (ap->a_op) {
	case F_SETLK:
		error = set(ap->a_vp, &new, &spare, (ap->a_flags & F_WAIT) != 0);
		break;
	case F_UNLCK:
		take_out(head, new, &spare);
		wake(head);
		break;
	case F_GETLK:
		get(head, new, fl);
		break;
	default:
		error = EINVAL;
		break;
	}
	mutex_exit(&lock);
	lockf_free(new);
	lockf_free(spare);
	return error;
}
