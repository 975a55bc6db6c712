/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel modules, module(9): those that are linked in.
 *
 *   module_init            the list of what is linked (link set of modules)
 *   module_init_class      start all of a class
 *   module_autoload …      start one that is asked for
 *   rump_module_init, rump_module_fini    a program brings its own
 *   modctl(2)              list and unload
 *
 * A module is on module_builtins until it is started and on module_list while
 * it runs.  Starting one starts what it requires first, and holds it.  The
 * kernconfig lock protects all of it, and is held while a module's command
 * function runs; it may be taken again by its holder, since commands load other
 * modules.
 *
 * Modules in files of the host are loaded by another part of the kernel; here
 * a name that is not linked in is ENOENT.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/module.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/sysctl.h>
#include <sys/systm.h>

#include <rump-private/kern_if.h>
#include <rump-private/syscall.h>

#include "files/fd_calls.h"

u_int module_count;
u_int module_gen;
struct modlist module_list = TAILQ_HEAD_INITIALIZER(module_list);
struct modlist module_builtins = TAILQ_HEAD_INITIALIZER(module_builtins);
bool module_autoload_on = true;
bool module_autounload_unsafe;
bool module_verbose_on;

/* What is being started, so that a circle of requirements is noticed. */
static module_t *starting;
static specificdata_domain_t module_domain;
static modinfo_t kernel_info = {
	.mi_version = __NetBSD_Version__,
	.mi_class = MODULE_CLASS_MISC,
	.mi_name = "rump",
};
static struct module kernel_module = {
	.mod_info = &kernel_info,
	.mod_source = MODULE_SOURCE_KERNEL,
};

/*
 * The kernconfig lock.
 */
static kmutex_t config_lock;
static u_int config_depth;

void
kernconfig_lock_init(void)
{

	mutex_init(&config_lock, MUTEX_DEFAULT, IPL_NONE);
}

void
kernconfig_lock(void)
{

	if (!mutex_owned(&config_lock))
		mutex_enter(&config_lock);
	config_depth++;
}

void
kernconfig_unlock(void)
{

	KASSERT(mutex_owned(&config_lock) && config_depth > 0);
	if (--config_depth == 0)
		mutex_exit(&config_lock);
}

bool
kernconfig_is_held(void)
{

	return mutex_owned(&config_lock);
}

/*
 * Finding.
 */
static module_t *
find(struct modlist *list, const char *name)
{
	module_t *mod;

	KASSERT(kernconfig_is_held());
	TAILQ_FOREACH(mod, list, mod_chain)
		if (strcmp(mod->mod_info->mi_name, name) == 0)
			return mod;
	return NULL;
}

module_t *
module_lookup(const char *name)
{

	return find(&module_list, name);
}

module_t *
module_kernel(void)
{

	return &kernel_module;
}

const char *
module_name(module_t *mod)
{

	return mod->mod_info->mi_name;
}

modsrc_t
module_source(module_t *mod)
{

	return mod->mod_source;
}

void
module_hold(module_t *mod)
{

	kernconfig_lock();
	mod->mod_refcnt++;
	kernconfig_unlock();
}

void
module_rele(module_t *mod)
{

	kernconfig_lock();
	KASSERT(mod->mod_refcnt > 0);
	mod->mod_refcnt--;
	kernconfig_unlock();
}

/* Can a module of that version run here?  Major and minor must agree. */
bool
module_compatible(int modversion, int kernversion)
{

	return modversion / 100 == kernversion / 100;
}

/*
 * Starting.
 */
static int	module_start(module_t *);

/* Start what mod requires: names with commas between. */
static int
require(module_t *mod)
{
	const char *s = mod->mod_info->mi_required, *end;
	char name[MAXMODNAME];
	module_t *need;
	size_t len;
	int error;

	for (; s != NULL && *s != '\0'; s = *end == ',' ? end + 1 : end) {
		for (end = s; *end != '\0' && *end != ','; end++)
			continue;
		len = end - s;
		if (len >= sizeof(name) || mod->mod_nrequired == MAXMODDEPS)
			return EINVAL;
		memcpy(name, s, len);
		name[len] = '\0';
		need = module_lookup(name);
		if (need == NULL) {
			need = find(&module_builtins, name);
			error = need == NULL ? ENOENT : module_start(need);
			if (error != 0) {
				printf("module %s: cannot start %s, which it "
				    "requires: error %d\n", module_name(mod),
				    name, error);
				return error;
			}
		}
		need->mod_refcnt++;
		(*mod->mod_required)[mod->mod_nrequired++] = need;
	}
	return 0;
}

static void
unrequire(module_t *mod)
{

	while (mod->mod_nrequired > 0)
		(*mod->mod_required)[--mod->mod_nrequired]->mod_refcnt--;
	if (mod->mod_required != NULL)
		kmem_free(mod->mod_required, sizeof(*mod->mod_required));
	mod->mod_required = NULL;
}

/* Start a module that is on module_builtins, and move it to module_list. */
static int
module_start(module_t *mod)
{
	module_t *outer = starting;
	int error;

	KASSERT(kernconfig_is_held());
	if (mod->mod_required != NULL)		/* it requires itself */
		return EDEADLK;
	if (!module_compatible(mod->mod_info->mi_version, __NetBSD_Version__))
		return EPROGMISMATCH;
	mod->mod_required = kmem_zalloc(sizeof(*mod->mod_required), KM_SLEEP);
	if ((error = require(mod)) != 0)
		goto undo;
	starting = mod;
	error = (*mod->mod_info->mi_modcmd)(MODULE_CMD_INIT, NULL);
	starting = outer;
	if (error != 0) {
		if (module_verbose_on || bootverbose)
			printf("module %s: error %d\n", module_name(mod),
			    error);
		goto undo;
	}
	TAILQ_REMOVE(&module_builtins, mod, mod_chain);
	TAILQ_INSERT_TAIL(&module_list, mod, mod_chain);
	module_count++;
	atomic_inc_uint(&module_gen);
	return 0;
undo:
	unrequire(mod);
	return error;
}

/* Stop a running module nobody holds, and put it back with those not started. */
static int
module_stop(module_t *mod)
{
	int error;

	KASSERT(kernconfig_is_held());
	if (mod->mod_refcnt > 0)
		return EBUSY;
	error = (*mod->mod_info->mi_modcmd)(MODULE_CMD_FINI, NULL);
	if (error != 0)
		return error;
	unrequire(mod);
	specificdata_fini(module_domain, &mod->mod_sdref);
	specificdata_init(module_domain, &mod->mod_sdref);
	TAILQ_REMOVE(&module_list, mod, mod_chain);
	TAILQ_INSERT_TAIL(&module_builtins, mod, mod_chain);
	module_count--;
	return 0;
}

/*
 * Built-in modules.
 */
static int
builtin_add(modinfo_t *mi)
{
	module_t *mod;

	if (find(&module_builtins, mi->mi_name) != NULL ||
	    module_lookup(mi->mi_name) != NULL)
		return EEXIST;
	mod = kmem_zalloc(sizeof(*mod), KM_SLEEP);
	mod->mod_info = mi;
	mod->mod_source = MODULE_SOURCE_KERNEL;
	specificdata_init(module_domain, &mod->mod_sdref);
	TAILQ_INSERT_TAIL(&module_builtins, mod, mod_chain);
	return 0;
}

int
module_builtin_add(modinfo_t *const *mip, size_t n, bool init)
{
	size_t i;
	int error = 0;

	kernconfig_lock();
	for (i = 0; i < n && error == 0; i++)
		error = builtin_add(mip[i]);
	for (i = 0; init && i < n && error == 0; i++) {
		if (module_lookup(mip[i]->mi_name) == NULL)
			error = module_start(find(&module_builtins,
			    mip[i]->mi_name));
	}
	kernconfig_unlock();
	return error;
}

int
module_builtin_remove(modinfo_t *mi, bool fini)
{
	module_t *mod;
	int error = 0;

	kernconfig_lock();
	mod = module_lookup(mi->mi_name);
	if (mod != NULL && fini)
		error = module_stop(mod);
	else if (mod != NULL)
		error = EBUSY;
	if (error == 0) {
		mod = find(&module_builtins, mi->mi_name);
		if (mod == NULL) {
			error = ENOENT;
		} else {
			TAILQ_REMOVE(&module_builtins, mod, mod_chain);
			specificdata_fini(module_domain, &mod->mod_sdref);
			kmem_free(mod, sizeof(*mod));
		}
	}
	kernconfig_unlock();
	return error;
}

static void
linked(const void *item, void *arg)
{

	(void)builtin_add(item);
}

void
module_init(void)
{

	kernconfig_lock_init();
	module_domain = specificdata_domain_create();
	specificdata_init(module_domain, &kernel_module.mod_sdref);
	kernconfig_lock();
	rump_linkset_foreach("modules", linked, NULL);
	kernconfig_unlock();
}

/* Start all modules of a class; one that fails stays for whoever asks for it. */
void
module_init_class(modclass_t class)
{
	module_t *mod;

	kernconfig_lock();
again:
	TAILQ_FOREACH(mod, &module_builtins, mod_chain) {
		if ((class != MODULE_CLASS_ANY &&
		    mod->mod_info->mi_class != class) ||
		    (mod->mod_flags & MODFLG_MUST_FORCE) != 0)
			continue;
		if (module_start(mod) != 0)
			mod->mod_flags |= MODFLG_MUST_FORCE;
		goto again;		/* the list may have changed */
	}
	kernconfig_unlock();
}

/* Start a module by name on behalf of curlwp, or of the kernel (l NULL). */
static int
module_start_named(const char *name, int flags, modclass_t class,
    struct lwp *l)
{
	module_t *mod;
	int error;

	if (l != NULL) {
		error = kauth_authorize_system(l->l_cred, KAUTH_SYSTEM_MODULE,
		    0, KAUTH_ARG(MODCTL_LOAD), KAUTH_ARG(name), NULL);
		if (error != 0)
			return error;
	}
	kernconfig_lock();
	mod = module_lookup(name);
	if (mod != NULL) {
		error = EEXIST;
	} else if ((mod = find(&module_builtins, name)) == NULL) {
		error = ENOENT;
	} else if ((mod->mod_flags & MODFLG_MUST_FORCE) != 0 &&
	    (flags & MODCTL_LOAD_FORCE) == 0 && l != NULL) {
		error = EPERM;
	} else if (class != MODULE_CLASS_ANY &&
	    mod->mod_info->mi_class != class) {
		error = ENOENT;
	} else if ((error = module_start(mod)) == 0) {
		mod->mod_flags &= ~MODFLG_MUST_FORCE;
	}
	kernconfig_unlock();
	return error;
}

int
module_load(const char *name, int flags, prop_dictionary_t props,
    modclass_t class)
{

	return module_start_named(name, flags, class, curlwp);
}

/*
 * The kernel needs module name: start it if it can be found.
 *
 * Returns 0, or an errno: ENOENT, EEXIST (it runs already), its own.
 * Context: thread, no locks, may sleep.
 */
int
module_autoload(const char *name, modclass_t class)
{

	if (!module_autoload_on)
		return EPERM;
	return module_start_named(name, 0, class, NULL);
}

int
module_unload(const char *name)
{
	module_t *mod;
	int error;

	error = kauth_authorize_system(curlwp->l_cred, KAUTH_SYSTEM_MODULE, 0,
	    KAUTH_ARG(MODCTL_UNLOAD), NULL, NULL);
	if (error != 0)
		return error;
	kernconfig_lock();
	mod = module_lookup(name);
	error = mod == NULL ? ENOENT : module_stop(mod);
	if (error == 0)
		mod->mod_flags |= MODFLG_MUST_FORCE;
	kernconfig_unlock();
	return error;
}

/* For programs: start modules that the host loaded into the process. */
int
rump_module_init(const struct modinfo *const *mip, size_t n)
{

	return module_builtin_add(mip, n, true);
}

int
rump_module_fini(const struct modinfo *mi)
{

	return module_builtin_remove(mi, true);
}

/*
 * Data that others keep in a module.
 */
specificdata_key_t
module_specific_key_create(specificdata_key_t *keyp, specificdata_dtor_t dtor)
{

	return specificdata_key_create(module_domain, keyp, dtor);
}

void
module_specific_key_delete(specificdata_key_t key)
{

	specificdata_key_delete(module_domain, key);
}

void *
module_getspecific(module_t *mod, specificdata_key_t key)
{

	return specificdata_getspecific(module_domain, &mod->mod_sdref, key);
}

void
module_setspecific(module_t *mod, specificdata_key_t key, void *data)
{

	specificdata_setspecific(module_domain, &mod->mod_sdref, key, data);
}

/*
 * modctl(2).
 */
static int
modctl_named(int cmd, const void *arg)
{
	char name[MAXMODNAME];
	int error;

	error = copyinstr(arg, name, sizeof(name), NULL);
	if (error != 0)
		return error;
	if (cmd == MODCTL_UNLOAD)
		return module_unload(name);
	return module_start_named(name, 0, MODULE_CLASS_ANY, curlwp);
}

static int
modctl_load(const void *arg)
{
	modctl_load_t ml;
	char name[MAXMODNAME];
	int error;

	error = copyin(arg, &ml, sizeof(ml));
	if (error == 0)
		error = copyinstr(ml.ml_filename, name, sizeof(name), NULL);
	if (error != 0)
		return error;
	return module_start_named(name, ml.ml_flags, MODULE_CLASS_ANY,
	    curlwp);
}

/* What a module shows, its required names at offset of the strings. */
static void
stat_one(const module_t *mod, modstat_t *ms, size_t offset)
{
	const modinfo_t *mi = mod->mod_info;

	memset(ms, 0, sizeof(*ms));
	strlcpy(ms->ms_name, mi->mi_name, sizeof(ms->ms_name));
	ms->ms_source = mod->mod_source;
	ms->ms_class = mi->mi_class;
	ms->ms_refcnt = mod->mod_refcnt;
	ms->ms_flags = mod->mod_flags;
	ms->ms_reqoffset = offset;
}

/* Bytes of a module's required names, with NUL; 0 if there are none. */
static size_t
required_size(const module_t *mod)
{
	const char *s = mod->mod_info->mi_required;

	return s == NULL || *s == '\0' ? 0 : strlen(s) + 1;
}

/*
 * List all modules: a count, as many modstats, and the strings behind, which
 * begin with an empty one.
 */
static int
modctl_stat(struct iovec *iov)
{
	struct modlist *lists[] = { &module_list, &module_builtins };
	size_t n = 0, strings = 1, size, i, offset = 1, len;
	modstat_t *ms;
	module_t *mod;
	char *buf, *s;
	int error;

	kernconfig_lock();
	for (i = 0; i < __arraycount(lists); i++)
		TAILQ_FOREACH(mod, lists[i], mod_chain) {
			n++;
			strings += required_size(mod);
		}
	size = sizeof(int) + n * sizeof(*ms) + strings;
	buf = kmem_zalloc(size, KM_SLEEP);
	*(int *)buf = n;
	ms = kmem_zalloc(MAX(n, 1) * sizeof(*ms), KM_SLEEP);
	s = buf + sizeof(int) + n * sizeof(*ms);
	n = 0;
	for (i = 0; i < __arraycount(lists); i++)
		TAILQ_FOREACH(mod, lists[i], mod_chain) {
			len = required_size(mod);
			stat_one(mod, &ms[n++], len != 0 ? offset : 0);
			if (len != 0)
				memcpy(s + offset, mod->mod_info->mi_required,
				    len);
			offset += len;
		}
	kernconfig_unlock();
	memcpy(buf + sizeof(int), ms, n * sizeof(*ms));
	error = copyout(buf, iov->iov_base, MIN(size, iov->iov_len));
	iov->iov_len = size;
	kmem_free(ms, MAX(n, 1) * sizeof(*ms));
	kmem_free(buf, size);
	return error;
}

static int
modctl_exists(int op)
{

	if (op != 0 && op != 1)
		return EINVAL;
	if (op == 1 && !module_autoload_on)
		return EPERM;
	return kauth_authorize_system(curlwp->l_cred, KAUTH_SYSTEM_MODULE, 0,
	    KAUTH_ARG(MODCTL_LOAD), NULL, NULL);
}

int
sys_modctl(struct lwp *l, const struct sys_modctl_args *uap,
    register_t *retval)
{
	void *arg = SCARG(uap, arg);
	struct iovec iov;
	int error;

	switch (SCARG(uap, cmd)) {
	case MODCTL_LOAD:
		return modctl_load(arg);
	case MODCTL_UNLOAD:
		return modctl_named(MODCTL_UNLOAD, arg);
	case MODCTL_STAT:
		error = copyin(arg, &iov, sizeof(iov));
		if (error == 0)
			error = modctl_stat(&iov);
		return error != 0 ? error : copyout(&iov, arg, sizeof(iov));
	case MODCTL_EXISTS:
		return modctl_exists((int)(intptr_t)arg);
	default:
		return EINVAL;
	}
}

SYSCALL_HANDLER(modctl)

static const struct rump_onesyscall calls[] = {
	SYSCALL_ROW(modctl),
};

void
module_register_calls(void)
{

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
