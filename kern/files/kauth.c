/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scopes, listeners and decisions, kauth(9).
 *
 * A request names a scope and an action.  All listeners of the scope are
 * asked; any DENY refuses, else any ALLOW grants, else the request is refused,
 * unless no security model is loaded.  The vnode scope differs in the last
 * step: there the file system's own verdict counts.
 *
 * A scope's listeners are an array that is replaced as a whole.  Who asks takes
 * a passive reference to it (a count of the CPU's own: no shared line), so a
 * listener may sleep; who removes one waits until the old array is let go, so a
 * removed listener is not running any more.  scope_lock serialises changes.
 * Listeners must not add or remove listeners themselves.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/localcount.h>
#include <sys/mutex.h>
#include <sys/pserialize.h>
#include <sys/queue.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "files/kauth.h"

struct kauth_listener {
	kauth_scope_callback_t	func;
	kauth_scope_t		scope;
	void			*cookie;
};

/* The listeners of a scope at one time; constant but for the count. */
struct listeners {
	struct localcount	count;
	size_t			n;
	kauth_listener_t	listener[];
};

struct kauth_scope {
	const char		*id;
	void			*cookie;
	struct listeners	*volatile listeners;	/* NULL: none */
	SIMPLEQ_ENTRY(kauth_scope) next;
};

static kmutex_t scope_lock;
static kcondvar_t scope_cv;		/* an array is being let go */
static pserialize_t scope_psz;
static SIMPLEQ_HEAD(, kauth_scope) scopes = SIMPLEQ_HEAD_INITIALIZER(scopes);

static kauth_scope_t scope_generic, scope_system, scope_process,
    scope_network, scope_machdep, scope_device, scope_cred, scope_vnode;

static struct {
	const char	*id;
	kauth_scope_t	*scopep;
} const builtin[] = {
	{ KAUTH_SCOPE_CRED, &scope_cred },
	{ KAUTH_SCOPE_GENERIC, &scope_generic },
	{ KAUTH_SCOPE_SYSTEM, &scope_system },
	{ KAUTH_SCOPE_PROCESS, &scope_process },
	{ KAUTH_SCOPE_NETWORK, &scope_network },
	{ KAUTH_SCOPE_MACHDEP, &scope_machdep },
	{ KAUTH_SCOPE_DEVICE, &scope_device },
	{ KAUTH_SCOPE_VNODE, &scope_vnode },
};

static kauth_scope_t
scope_find(const char *id)
{
	kauth_scope_t scope;

	SIMPLEQ_FOREACH(scope, &scopes, next)
		if (strcmp(scope->id, id) == 0)
			return scope;
	return NULL;
}

void
kauth_init(void)
{
	size_t i;

	mutex_init(&scope_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&scope_cv, "kauth");
	scope_psz = pserialize_create();
	cred_init();
	for (i = 0; i < __arraycount(builtin); i++)
		*builtin[i].scopep = kauth_register_scope(builtin[i].id, NULL,
		    NULL);
}

/*
 * Replace a scope's listeners by the same ones and add, or without drop; scope_lock
 * is held.  The old array is freed once nobody walks it.
 */
static void
listeners_change(kauth_scope_t scope, kauth_listener_t add,
    kauth_listener_t drop)
{
	struct listeners *old = scope->listeners, *new = NULL;
	size_t oldn = old == NULL ? 0 : old->n, i, n;

	KASSERT(mutex_owned(&scope_lock));
	n = oldn + (add != NULL) - (drop != NULL);
	if (n > 0) {
		new = kmem_zalloc(offsetof(struct listeners, listener) +
		    n * sizeof(new->listener[0]), KM_SLEEP);
		localcount_init(&new->count);
		for (i = 0; i < oldn; i++)
			if (old->listener[i] != drop)
				new->listener[new->n++] = old->listener[i];
		if (add != NULL)
			new->listener[new->n++] = add;
		KASSERT(new->n == n);
	}
	atomic_store_release(&scope->listeners, new);
	if (old == NULL)
		return;
	if (!cold)		/* while booting there is only this thread */
		pserialize_perform(scope_psz);
	localcount_drain(&old->count, &scope_cv, &scope_lock);
	localcount_fini(&old->count);
	kmem_free(old, offsetof(struct listeners, listener) +
	    oldn * sizeof(old->listener[0]));
}

static kauth_listener_t
listener_create(kauth_scope_callback_t callback, void *cookie)
{
	kauth_listener_t listener = kmem_zalloc(sizeof(*listener), KM_SLEEP);

	listener->func = callback;
	listener->cookie = cookie;
	return listener;
}

/* A new scope, with a first listener if callback is not NULL; NULL if known. */
kauth_scope_t
kauth_register_scope(const char *id, kauth_scope_callback_t callback,
    void *cookie)
{
	kauth_scope_t scope = kmem_zalloc(sizeof(*scope), KM_SLEEP);

	scope->id = id;
	scope->cookie = cookie;
	mutex_enter(&scope_lock);
	if (scope_find(id) != NULL) {
		mutex_exit(&scope_lock);
		kmem_free(scope, sizeof(*scope));
		return NULL;
	}
	SIMPLEQ_INSERT_TAIL(&scopes, scope, next);
	mutex_exit(&scope_lock);
	if (callback != NULL)
		(void)kauth_listen_scope(id, callback, cookie);
	return scope;
}

void
kauth_deregister_scope(kauth_scope_t scope)
{
	kauth_listener_t listener;

	mutex_enter(&scope_lock);
	SIMPLEQ_REMOVE(&scopes, scope, kauth_scope, next);
	while (scope->listeners != NULL) {
		listener = scope->listeners->listener[0];
		listeners_change(scope, NULL, listener);
		kmem_free(listener, sizeof(*listener));
	}
	mutex_exit(&scope_lock);
	kmem_free(scope, sizeof(*scope));
}

kauth_listener_t
kauth_listen_scope(const char *id, kauth_scope_callback_t callback,
    void *cookie)
{
	kauth_listener_t listener = listener_create(callback, cookie);

	mutex_enter(&scope_lock);
	listener->scope = scope_find(id);
	if (listener->scope == NULL) {
		mutex_exit(&scope_lock);
		kmem_free(listener, sizeof(*listener));
		return NULL;
	}
	listeners_change(listener->scope, listener, NULL);
	mutex_exit(&scope_lock);
	return listener;
}

void
kauth_unlisten_scope(kauth_listener_t listener)
{

	if (listener == NULL)
		return;
	mutex_enter(&scope_lock);
	listeners_change(listener->scope, NULL, listener);
	mutex_exit(&scope_lock);
	kmem_free(listener, sizeof(*listener));
}

/* The scope's listeners, held; NULL if there are none. */
static struct listeners *
listeners_hold(kauth_scope_t scope)
{
	struct listeners *ls;
	int s;

	s = pserialize_read_enter();
	ls = atomic_load_consume(&scope->listeners);
	if (ls != NULL)
		localcount_acquire(&ls->count);
	pserialize_read_exit(s);
	return ls;
}

/* All listeners' answers, as one. */
static int
ask(kauth_scope_t scope, kauth_cred_t cred, kauth_action_t action, void *arg0,
    void *arg1, void *arg2, void *arg3)
{
	struct listeners *ls = listeners_hold(scope);
	bool allow = false, deny = false;
	kauth_listener_t l;
	int answer;
	size_t i;

	if (ls == NULL)
		return KAUTH_RESULT_DEFER;
	for (i = 0; i < ls->n; i++) {
		l = ls->listener[i];
		answer = (*l->func)(cred, action, l->cookie, arg0, arg1, arg2,
		    arg3);
		allow |= answer == KAUTH_RESULT_ALLOW;
		deny |= answer == KAUTH_RESULT_DENY;
	}
	localcount_release(&ls->count, &scope_cv, &scope_lock);
	return deny ? KAUTH_RESULT_DENY :
	    allow ? KAUTH_RESULT_ALLOW : KAUTH_RESULT_DEFER;
}

void
kauth_cred_hook(kauth_cred_t cred, kauth_action_t action, void *arg0,
    void *arg1)
{

	if (scope_cred != NULL && scope_cred->listeners != NULL)
		(void)ask(scope_cred, cred, action, arg0, arg1, NULL, NULL);
}

/*
 * May a holder of cred do this?
 *
 * Returns 0 or EPERM.
 * Locks:   what listeners take.
 * Context: thread, may sleep.
 */
int
kauth_authorize_action(kauth_scope_t scope, kauth_cred_t cred,
    kauth_action_t action, void *arg0, void *arg1, void *arg2, void *arg3)
{

	KASSERT(cred != NULL && action != 0);
	if (cred == NOCRED || cred == FSCRED)
		return 0;
	switch (ask(scope, cred, action, arg0, arg1, arg2, arg3)) {
	case KAUTH_RESULT_DENY:
		return EPERM;
	case KAUTH_RESULT_ALLOW:
		return 0;
	default:
		return secmodel_nsecmodels() == 0 ? 0 : EPERM;
	}
}

int
kauth_authorize_generic(kauth_cred_t cred, kauth_action_t action, void *arg0)
{

	return kauth_authorize_action(scope_generic, cred, action, arg0, NULL,
	    NULL, NULL);
}

int
kauth_authorize_system(kauth_cred_t cred, kauth_action_t action,
    enum kauth_system_req req, void *arg1, void *arg2, void *arg3)
{

	return kauth_authorize_action(scope_system, cred, action,
	    KAUTH_ARG(req), arg1, arg2, arg3);
}

int
kauth_authorize_process(kauth_cred_t cred, kauth_action_t action,
    struct proc *p, void *arg1, void *arg2, void *arg3)
{

	return kauth_authorize_action(scope_process, cred, action, p, arg1,
	    arg2, arg3);
}

int
kauth_authorize_network(kauth_cred_t cred, kauth_action_t action,
    enum kauth_network_req req, void *arg1, void *arg2, void *arg3)
{

	return kauth_authorize_action(scope_network, cred, action,
	    KAUTH_ARG(req), arg1, arg2, arg3);
}

int
kauth_authorize_machdep(kauth_cred_t cred, kauth_action_t action, void *arg0,
    void *arg1, void *arg2, void *arg3)
{

	return kauth_authorize_action(scope_machdep, cred, action, arg0, arg1,
	    arg2, arg3);
}

int
kauth_authorize_device(kauth_cred_t cred, kauth_action_t action, void *arg0,
    void *arg1, void *arg2, void *arg3)
{

	return kauth_authorize_action(scope_device, cred, action, arg0, arg1,
	    arg2, arg3);
}

int
kauth_authorize_device_tty(kauth_cred_t cred, kauth_action_t action,
    struct tty *tty)
{

	return kauth_authorize_action(scope_device, cred, action, tty, NULL,
	    NULL, NULL);
}

int
kauth_authorize_device_spec(kauth_cred_t cred, enum kauth_device_req req,
    struct vnode *vp)
{

	return kauth_authorize_action(scope_device, cred,
	    KAUTH_DEVICE_RAWIO_SPEC, KAUTH_ARG(req), vp, NULL, NULL);
}

int
kauth_authorize_device_passthru(kauth_cred_t cred, dev_t dev, u_long bits,
    void *data)
{

	return kauth_authorize_action(scope_device, cred,
	    KAUTH_DEVICE_RAWIO_PASSTHRU, KAUTH_ARG(bits),
	    KAUTH_ARG((uintptr_t)dev), data, NULL);
}

/*
 * May a holder of cred do this to a vnode?
 *
 * fsdecision   what the file system itself would answer: 0, an errno, or
 *              KAUTH_VNODE_REMOTEFS.
 *
 * Returns 0, EACCES when a listener denies, or fsdecision.
 * Locks:   vp is locked, or the file system knows why it need not be.
 */
int
kauth_authorize_vnode(kauth_cred_t cred, kauth_action_t action,
    struct vnode *vp, struct vnode *dvp, int fsdecision)
{

	KASSERT(cred != NULL);
	if (cred == NOCRED || cred == FSCRED)
		return 0;
	switch (ask(scope_vnode, cred, action, vp, dvp, KAUTH_ARG(fsdecision),
	    NULL)) {
	case KAUTH_RESULT_DENY:
		return EACCES;
	case KAUTH_RESULT_ALLOW:
		return 0;
	default:
		return fsdecision == KAUTH_VNODE_REMOTEFS ||
		    secmodel_nsecmodels() == 0 ? 0 : fsdecision;
	}
}

/* The vnode rights that an access mode (VREAD …) asks for. */
kauth_action_t
kauth_accmode_to_action(accmode_t accmode)
{
	kauth_action_t action = 0;

	if (accmode & VREAD)
		action |= KAUTH_VNODE_READ_DATA;
	if (accmode & VWRITE)
		action |= KAUTH_VNODE_WRITE_DATA;
	if (accmode & VEXEC)
		action |= KAUTH_VNODE_EXECUTE;
	return action;
}

kauth_action_t
kauth_mode_to_action(mode_t mode)
{

	return kauth_accmode_to_action(mode);
}

/* The same for extended attributes. */
kauth_action_t
kauth_extattr_action(mode_t mode)
{
	kauth_action_t action = 0;

	if (mode & VREAD)
		action |= KAUTH_VNODE_READ_EXTATTRIBUTES;
	if (mode & VWRITE)
		action |= KAUTH_VNODE_WRITE_EXTATTRIBUTES;
	return action;
}

/* The same for access control lists. */
kauth_action_t
kauth_acl_action(mode_t mode)
{
	kauth_action_t action = 0;

	if (mode & VREAD)
		action |= KAUTH_VNODE_READ_SECURITY;
	if (mode & VWRITE)
		action |= KAUTH_VNODE_WRITE_SECURITY;
	return action;
}
