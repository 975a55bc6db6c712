/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks that several objects share: reference counted, mutex_obj(9) and
 * rw_obj(9).  The lock comes first, so a pointer to it is one to the object.
 * And rump_lockdebug, by which a program learns whether locks are checked.
 */
#include <sys/mutex.h>
#include <sys/param.h>
#include <sys/rwlock.h>

#include <sys/atomic.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>

#define MUTEX_MAGIC	0x6d757478u
#define RW_MAGIC	0x72776c6bu

#define CALLER		((uintptr_t)__builtin_return_address(0))

/* Each as large as a cache line, which the allocator gives it to itself. */
struct mutex_obj {
	kmutex_t	mo_lock;
	u_int		mo_magic;
	volatile u_int	mo_refcnt;
	char		mo_pad[COHERENCY_UNIT - sizeof(kmutex_t) -
			    2 * sizeof(u_int)];
};

struct rw_obj {
	krwlock_t	ro_lock;
	u_int		ro_magic;
	volatile u_int	ro_refcnt;
	char		ro_pad[COHERENCY_UNIT - sizeof(krwlock_t) -
			    2 * sizeof(u_int)];
};

#ifdef LOCKDEBUG
const int rump_lockdebug = 1;
#else
const int rump_lockdebug = 0;
#endif

/* True for the last reference. */
static bool
refcnt_drop(volatile u_int *refcnt)
{

	membar_release();
	if (atomic_dec_uint_nv(refcnt) != 0)
		return false;
	membar_acquire();
	return true;
}

static struct mutex_obj *
mutex_obj(kmutex_t *lock)
{
	struct mutex_obj *mo = (struct mutex_obj *)lock;

	KASSERTMSG(mo->mo_magic == MUTEX_MAGIC &&
	    atomic_load_relaxed(&mo->mo_refcnt) > 0,
	    "mutex_obj: %p is none", lock);
	return mo;
}

static kmutex_t *
mutex_obj_make(kmutex_type_t type, int ipl, km_flag_t flag, uintptr_t made_at)
{
	struct mutex_obj *mo = kmem_intr_alloc(sizeof(*mo), flag);

	if (mo == NULL)
		return NULL;
	_mutex_init(&mo->mo_lock, type, ipl, made_at);
	mo->mo_magic = MUTEX_MAGIC;
	mo->mo_refcnt = 1;
	return &mo->mo_lock;
}

kmutex_t *
mutex_obj_alloc(kmutex_type_t type, int ipl)
{

	return mutex_obj_make(type, ipl, KM_SLEEP, CALLER);
}

kmutex_t *
mutex_obj_tryalloc(kmutex_type_t type, int ipl)
{

	return mutex_obj_make(type, ipl, KM_NOSLEEP, CALLER);
}

void
mutex_obj_hold(kmutex_t *lock)
{

	atomic_inc_uint(&mutex_obj(lock)->mo_refcnt);
}

bool
mutex_obj_free(kmutex_t *lock)
{
	struct mutex_obj *mo = mutex_obj(lock);

	if (!refcnt_drop(&mo->mo_refcnt))
		return false;
	mutex_destroy(&mo->mo_lock);
	mo->mo_magic = 0;
	kmem_intr_free(mo, sizeof(*mo));
	return true;
}

u_int
mutex_obj_refcnt(kmutex_t *lock)
{

	return atomic_load_relaxed(&mutex_obj(lock)->mo_refcnt);
}

static struct rw_obj *
rw_obj(krwlock_t *lock)
{
	struct rw_obj *ro = (struct rw_obj *)lock;

	KASSERTMSG(ro->ro_magic == RW_MAGIC &&
	    atomic_load_relaxed(&ro->ro_refcnt) > 0,
	    "rw_obj: %p is none", lock);
	return ro;
}

static krwlock_t *
rw_obj_make(km_flag_t flag, uintptr_t made_at)
{
	struct rw_obj *ro = kmem_intr_alloc(sizeof(*ro), flag);

	if (ro == NULL)
		return NULL;
	_rw_init(&ro->ro_lock, made_at);
	ro->ro_magic = RW_MAGIC;
	ro->ro_refcnt = 1;
	return &ro->ro_lock;
}

krwlock_t *
rw_obj_alloc(void)
{

	return rw_obj_make(KM_SLEEP, CALLER);
}

krwlock_t *
rw_obj_tryalloc(void)
{

	return rw_obj_make(KM_NOSLEEP, CALLER);
}

void
rw_obj_hold(krwlock_t *lock)
{

	atomic_inc_uint(&rw_obj(lock)->ro_refcnt);
}

bool
rw_obj_free(krwlock_t *lock)
{
	struct rw_obj *ro = rw_obj(lock);

	if (!refcnt_drop(&ro->ro_refcnt))
		return false;
	rw_destroy(&ro->ro_lock);
	ro->ro_magic = 0;
	kmem_intr_free(ro, sizeof(*ro));
	return true;
}

u_int
rw_obj_refcnt(krwlock_t *lock)
{

	return rw_obj(lock)->ro_refcnt;
}
