/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Credentials: who a process or a request is, kauth(9).
 *
 * A credential is constant once it has a second reference, so it is read
 * without a lock.  The setters work on one that its maker alone holds (fresh
 * from alloc or dup).  Listeners of the credential scope hear of copies and
 * ends, and may keep data in it (kauth_cred_setdata).
 *
 * NOCRED and FSCRED stand for the kernel itself; nothing may be read from them.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/specificdata.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <sys/ucred.h>

#include <rump-private/kern_if.h>

#include "files/kauth.h"

struct kauth_cred {
	u_int		cr_refcnt;	/* changed atomically */
	uid_t		cr_uid;
	uid_t		cr_euid;
	uid_t		cr_svuid;
	gid_t		cr_gid;
	gid_t		cr_egid;
	gid_t		cr_svgid;
	u_int		cr_ngroups;
	gid_t		cr_groups[NGROUPS];
	specificdata_reference cr_sd;
};

struct kauth_key {
	secmodel_t		ks_secmodel;
	specificdata_key_t	ks_key;
};

static pool_cache_t cred_cache;
static specificdata_domain_t cred_domain;

void
cred_init(void)
{

	cred_cache = pool_cache_init(sizeof(struct kauth_cred), COHERENCY_UNIT,
	    0, 0, "kcred", NULL, IPL_NONE, NULL, NULL, NULL);
	cred_domain = specificdata_domain_create();
}

static bool __diagused
real(kauth_cred_t cred)
{

	return cred != NULL && cred != NOCRED && cred != FSCRED;
}

/* A credential of root with no groups, held by the caller. */
kauth_cred_t
kauth_cred_alloc(void)
{
	kauth_cred_t cred = pool_cache_get(cred_cache, PR_WAITOK);

	memset(cred, 0, sizeof(*cred));
	cred->cr_refcnt = 1;
	specificdata_init(cred_domain, &cred->cr_sd);
	kauth_cred_hook(cred, KAUTH_CRED_INIT, NULL, NULL);
	return cred;
}

void
kauth_cred_hold(kauth_cred_t cred)
{

	KASSERT(real(cred) && atomic_load_relaxed(&cred->cr_refcnt) > 0);
	atomic_inc_uint(&cred->cr_refcnt);
}

void
kauth_cred_free(kauth_cred_t cred)
{

	KASSERT(real(cred));
	KASSERTMSG(atomic_load_relaxed(&cred->cr_refcnt) > 0, "credential %p freed twice", cred);
	membar_exit();
	if (atomic_dec_uint_nv(&cred->cr_refcnt) > 0)
		return;
	membar_enter();
	kauth_cred_hook(cred, KAUTH_CRED_FREE, NULL, NULL);
	specificdata_fini(cred_domain, &cred->cr_sd);
	pool_cache_put(cred_cache, cred);
}

void
kauth_cred_clone(kauth_cred_t from, kauth_cred_t to)
{

	KASSERT(real(from) && real(to) && to->cr_refcnt == 1);
	to->cr_uid = from->cr_uid;
	to->cr_euid = from->cr_euid;
	to->cr_svuid = from->cr_svuid;
	to->cr_gid = from->cr_gid;
	to->cr_egid = from->cr_egid;
	to->cr_svgid = from->cr_svgid;
	to->cr_ngroups = from->cr_ngroups;
	memcpy(to->cr_groups, from->cr_groups,
	    from->cr_ngroups * sizeof(from->cr_groups[0]));
	kauth_cred_hook(from, KAUTH_CRED_COPY, to, NULL);
}

kauth_cred_t
kauth_cred_dup(kauth_cred_t cred)
{
	kauth_cred_t new = kauth_cred_alloc();

	kauth_cred_clone(cred, new);
	return new;
}

/* The same credential if the caller alone holds it, else a copy for the hold. */
kauth_cred_t
kauth_cred_copy(kauth_cred_t cred)
{
	kauth_cred_t new;

	KASSERT(real(cred));
	if (cred->cr_refcnt == 1)
		return cred;
	new = kauth_cred_dup(cred);
	kauth_cred_free(cred);
	return new;
}

void
kauth_proc_fork(struct proc *parent, struct proc *child)
{

	kauth_cred_t cred;

	mutex_enter(parent->p_lock);	/* it may be changing its own */
	cred = parent->p_cred;
	kauth_cred_hold(cred);
	mutex_exit(parent->p_lock);
	child->p_cred = cred;
	kauth_cred_hook(cred, KAUTH_CRED_FORK, parent, child);
}

void
kauth_proc_chroot(kauth_cred_t cred, struct cwdinfo *cwdi)
{

	kauth_cred_hook(cred, KAUTH_CRED_CHROOT, cwdi, NULL);
}

kauth_cred_t
kauth_cred_get(void)
{

	return curlwp->l_cred;
}

u_int
kauth_cred_getrefcnt(kauth_cred_t cred)
{

	return cred->cr_refcnt;
}

/* The credential to read: the kernel's own two have nothing to read. */
static const struct kauth_cred *
readable(kauth_cred_t cred)
{

	KASSERTMSG(real(cred), "the kernel's credential is read");
	return cred;
}

/* The credential to change: nobody else may hold it yet. */
static struct kauth_cred *
writable(kauth_cred_t cred)
{

	KASSERTMSG(real(cred) && cred->cr_refcnt == 1,
	    "a shared credential is changed");
	return cred;
}

uid_t
kauth_cred_getuid(kauth_cred_t cred)
{

	return readable(cred)->cr_uid;
}

void
kauth_cred_setuid(kauth_cred_t cred, uid_t id)
{

	writable(cred)->cr_uid = id;
}

gid_t
kauth_cred_getegid(kauth_cred_t cred)
{

	return readable(cred)->cr_egid;
}

void
kauth_cred_setegid(kauth_cred_t cred, gid_t id)
{

	writable(cred)->cr_egid = id;
}

uid_t
kauth_cred_getsvuid(kauth_cred_t cred)
{

	return readable(cred)->cr_svuid;
}

void
kauth_cred_setsvuid(kauth_cred_t cred, uid_t id)
{

	writable(cred)->cr_svuid = id;
}

gid_t
kauth_cred_getgid(kauth_cred_t cred)
{

	return readable(cred)->cr_gid;
}

void
kauth_cred_setgid(kauth_cred_t cred, gid_t id)
{

	writable(cred)->cr_gid = id;
}

uid_t
kauth_cred_geteuid(kauth_cred_t cred)
{

	return readable(cred)->cr_euid;
}

void
kauth_cred_seteuid(kauth_cred_t cred, uid_t id)
{

	writable(cred)->cr_euid = id;
}

gid_t
kauth_cred_getsvgid(kauth_cred_t cred)
{

	return readable(cred)->cr_svgid;
}

void
kauth_cred_setsvgid(kauth_cred_t cred, gid_t id)
{

	writable(cred)->cr_svgid = id;
}

u_int
kauth_cred_ngroups(kauth_cred_t cred)
{

	KASSERT(real(cred));
	return cred->cr_ngroups;
}

gid_t
kauth_cred_group(kauth_cred_t cred, u_int idx)
{

	KASSERT(real(cred) && idx < cred->cr_ngroups);
	return cred->cr_groups[idx];
}

/* Is gid the effective group or one of the others?  Always returns 0. */
int
kauth_cred_ismember_gid(kauth_cred_t cred, gid_t gid, int *resultp)
{
	u_int i;

	KASSERT(real(cred));
	*resultp = 0;
	for (i = 0; i < cred->cr_ngroups && *resultp == 0; i++)
		*resultp = cred->cr_groups[i] == gid;
	return 0;
}

/* 0 if gid is the effective group or one of the others, else -1. */
int
kauth_cred_groupmember(kauth_cred_t cred, gid_t gid)
{
	int ismember;

	if (kauth_cred_getegid(cred) == gid)
		return 0;
	(void)kauth_cred_ismember_gid(cred, gid, &ismember);
	return ismember ? 0 : -1;
}

int
kauth_cred_setgroups(kauth_cred_t cred, const gid_t *groups, size_t n,
    uid_t gmuid, enum uio_seg seg)
{
	int error = 0;

	KASSERT(real(cred) && cred->cr_refcnt == 1);
	if (n > __arraycount(cred->cr_groups))
		return EINVAL;
	if (n != 0 && seg == UIO_SYSSPACE)
		memcpy(cred->cr_groups, groups, n * sizeof(*groups));
	else if (n != 0)
		error = copyin(groups, cred->cr_groups, n * sizeof(*groups));
	cred->cr_ngroups = error == 0 ? n : 0;
	return error;
}

int
kauth_cred_getgroups(kauth_cred_t cred, gid_t *groups, size_t n,
    enum uio_seg seg)
{

	KASSERT(real(cred));
	n = MIN(n, cred->cr_ngroups);
	if (seg == UIO_USERSPACE)
		return copyout(cred->cr_groups, groups, n * sizeof(*groups));
	memcpy(groups, cred->cr_groups, n * sizeof(*groups));
	return 0;
}

/* Do real, effective or saved users of the two coincide? */
int
kauth_cred_uidmatch(kauth_cred_t a, kauth_cred_t b)
{

	KASSERT(real(a) && real(b));
	return a->cr_uid == b->cr_uid || a->cr_uid == b->cr_euid ||
	    a->cr_euid == b->cr_uid || a->cr_euid == b->cr_euid;
}

/*
 * Shapes of other interfaces.
 */
void
kauth_uucred_to_cred(kauth_cred_t cred, const struct uucred *uuc)
{
	u_int n = MIN((u_int)MAX(uuc->cr_ngroups, 0), NGROUPS);

	KASSERT(real(cred) && cred->cr_refcnt == 1);
	cred->cr_uid = cred->cr_euid = cred->cr_svuid = uuc->cr_uid;
	cred->cr_gid = cred->cr_egid = cred->cr_svgid = uuc->cr_gid;
	cred->cr_ngroups = n;
	memcpy(cred->cr_groups, uuc->cr_groups, n * sizeof(gid_t));
}

void
kauth_cred_to_uucred(struct uucred *uuc, const kauth_cred_t cred)
{
	u_int n = MIN(cred->cr_ngroups, NGROUPS);

	uuc->cr_uid = cred->cr_euid;
	uuc->cr_gid = cred->cr_egid;
	uuc->cr_ngroups = n;
	memcpy(uuc->cr_groups, cred->cr_groups, n * sizeof(gid_t));
}

/* 0 if the two name the same user and groups. */
int
kauth_cred_uucmp(kauth_cred_t cred, const struct uucred *uuc)
{
	int i, ismember;

	if (cred->cr_euid != uuc->cr_uid || cred->cr_egid != uuc->cr_gid ||
	    cred->cr_ngroups != (u_int)uuc->cr_ngroups)
		return 1;
	for (i = 0; i < uuc->cr_ngroups; i++) {
		(void)kauth_cred_ismember_gid(cred, uuc->cr_groups[i],
		    &ismember);
		if (!ismember)
			return 1;
	}
	return 0;
}

void
kauth_cred_topcred(kauth_cred_t cred, struct ki_pcred *pc)
{

	*pc = (struct ki_pcred){
		.p_refcnt = (int)cred->cr_refcnt,
		.p_ruid = cred->cr_uid, .p_rgid = cred->cr_gid,
		.p_svuid = cred->cr_svuid, .p_svgid = cred->cr_svgid,
	};
}

void
kauth_cred_toucred(kauth_cred_t cred, struct ki_ucred *uc)
{
	u_int n = MIN(cred->cr_ngroups, __arraycount(uc->cr_groups));

	*uc = (struct ki_ucred){
		.cr_ref = cred->cr_refcnt,
		.cr_ngroups = n,
		.cr_uid = cred->cr_euid, .cr_gid = cred->cr_egid,
	};
	while (n-- > 0)
		uc->cr_groups[n] = cred->cr_groups[n];
}

/*
 * Data of security models in a credential.
 */
int
kauth_register_key(secmodel_t secmodel, kauth_key_t *result)
{
	struct kauth_key *key = kmem_alloc(sizeof(*key), KM_SLEEP);
	int error;

	error = specificdata_key_create(cred_domain, &key->ks_key, NULL);
	if (error != 0) {
		kmem_free(key, sizeof(*key));
		return error;
	}
	key->ks_secmodel = secmodel;
	*result = key;
	return 0;
}

int
kauth_deregister_key(kauth_key_t key)
{

	specificdata_key_delete(cred_domain, key->ks_key);
	kmem_free(key, sizeof(struct kauth_key));
	return 0;
}

/* The slot of data is the key's own; NULL when it was never set. */
void
kauth_cred_setdata(kauth_cred_t cred, kauth_key_t key, void *data)
{
	specificdata_key_t slot = key->ks_key;

	KASSERT(real(cred));
	specificdata_setspecific(cred_domain, &cred->cr_sd, slot, data);
}

void *
kauth_cred_getdata(kauth_cred_t cred, kauth_key_t key)
{
	specificdata_reference *sd = &cred->cr_sd;

	KASSERT(real(cred));
	return specificdata_getspecific(cred_domain, sd, key->ks_key);
}

/*
 * For programs.
 */
struct kauth_cred *
rump_cred_create(uid_t uid, gid_t gid, size_t ngroups, gid_t *groups)
{
	kauth_cred_t cred = kauth_cred_alloc();

	cred->cr_uid = cred->cr_euid = cred->cr_svuid = uid;
	cred->cr_gid = cred->cr_egid = cred->cr_svgid = gid;
	if (kauth_cred_setgroups(cred, groups, ngroups, 0, UIO_SYSSPACE) != 0) {
		kauth_cred_free(cred);
		return NULL;
	}
	return cred;
}

void
rump_cred_put(struct kauth_cred *cred)
{

	kauth_cred_free(cred);
}
