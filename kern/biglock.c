/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel lock: recursive, for code that is not marked MPSAFE.
 *
 * It is an adaptive mutex and a depth in the holder's l_biglocks.  Each sleep,
 * each hypercall that blocks, and each wait for another lock gives it up whole
 * and takes it back as deep; so it has no place in the order of locks, and
 * nothing that it protects outlasts a call that may sleep.
 */
#include "biglock.h"

#include <sys/lockdebug.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/systm.h>

static kmutex_t biglock;

void
kernel_lock_init(void)
{

	mutex_init(&biglock, MUTEX_NODEBUG, IPL_NONE);
}

void
_kernel_lock(int n)
{
	struct lwp *l = curlwp;

	KASSERT(n > 0);
	if (l->l_biglocks == 0) {
		LOCKDEBUG_BARRIER(NULL, 1);
		mutex_enter(&biglock);
	}
	l->l_biglocks += n;
}

/* n > 0: so many holds; 0: all; -1: the last, which it must be. */
void
_kernel_unlock(int n, int *held)
{
	struct lwp *l = curlwp;

	if (held != NULL)
		*held = l->l_biglocks;
	if (n == -1) {
		KASSERT(l->l_biglocks == 1);
		n = 1;
	} else if (n == 0)
		n = l->l_biglocks;
	if (n == 0)
		return;
	KASSERT(l->l_biglocks >= n);
	l->l_biglocks -= n;
	if (l->l_biglocks == 0)
		mutex_exit(&biglock);
}

bool
_kernel_locked_p(void)
{

	return curlwp->l_biglocks != 0;
}

void
rump_kernel_bigwrap(int *nlocks)
{

	_kernel_unlock(0, nlocks);
}

void
rump_kernel_bigunwrap(int nlocks)
{

	if (nlocks > 0)
		_kernel_lock(nlocks);
}
