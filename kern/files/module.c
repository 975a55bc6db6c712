/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel modules, module(9): those of the objects that the process has.
 *
 *   module_init            the list of what is linked (link set of modules)
 *   module_init_class      start all of a class
 *   module_autoload …      start one that is asked for
 *   rump_components_load   start what the host loaded since
 *   rump_module_init, rump_module_fini    a program brings its own
 *
 * A module is on module_builtins until it is started and on module_list while
 * it runs.  Starting one starts what it requires first, and holds it.  The
 * kernconfig lock protects all of it, and is held while a module's command
 * function runs; it may be taken again by its holder, since commands load other
 * modules.
 *
 * It is the program that loads objects into its process, by dlopen(3): the
 * kernel has no way to.  Their modules are taken up when it says so, or when a
 * name is asked for; a name that is in none is ENOENT.
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
#include <sys/sysctl.h>
#include <sys/systm.h>

#include <rump-private/kern_if.h>
#include <rump-sys/kern.h>

#include "component.h"
#include "image.h"

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
/* The last object whose modules were started. */
static const struct rump_image_range *last_started;
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

/*
 * Can a module of that version run here?  What stands before the last two
 * digits must agree, as between versions of a development branch.
 */
bool
module_compatible(int modversion, int kernversion)
{

	return modversion / 100 == kernversion / 100;
}

/*
 * Starting.
 */
static int	module_start(module_t *, int, prop_dictionary_t);

/* One that was unloaded by hand starts again only by force. */
static int
may_start(const module_t *mod, int flags)
{

	return (mod->mod_flags & MODFLG_MUST_FORCE) == 0 ||
	    (flags & MODCTL_LOAD_FORCE) != 0 ? 0 : EPERM;
}

/* Start what mod requires: names with commas between. */
static int
require(module_t *mod, int flags)
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
			error = need == NULL ? ENOENT :
			    module_start(need, flags, NULL);
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

/*
 * Start a module that is on module_builtins, and move it to module_list.
 * flags are MODCTL_LOAD_FORCE or 0; props, which may be NULL, are for the module.
 */
static int
module_start(module_t *mod, int flags, prop_dictionary_t props)
{
	module_t *outer = starting;
	int error;

	KASSERT(kernconfig_is_held());
	if (mod->mod_required != NULL)		/* it requires itself */
		return EDEADLK;
	if ((error = may_start(mod, flags)) != 0)
		return error;
	if (!module_compatible(mod->mod_info->mi_version, __NetBSD_Version__)) {
		printf("module %s: made for version %u, and this is %u\n",
		    module_name(mod), mod->mod_info->mi_version,
		    __NetBSD_Version__);
		return EPROGMISMATCH;
	}
	mod->mod_required = kmem_zalloc(sizeof(*mod->mod_required), KM_SLEEP);
	if ((error = require(mod, flags)) != 0)
		goto undo;
	starting = mod;
	error = (*mod->mod_info->mi_modcmd)(MODULE_CMD_INIT, props);
	starting = outer;
	if (error != 0) {
		if (module_verbose_on || bootverbose)
			printf("module %s: error %d\n", module_name(mod),
			    error);
		goto undo;
	}
	mod->mod_flags &= ~MODFLG_MUST_FORCE;
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
	mod->mod_flags &= ~MODFLG_AUTO_LOADED;
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

static void
builtin_discard(module_t *mod)
{

	TAILQ_REMOVE(&module_builtins, mod, mod_chain);
	specificdata_fini(module_domain, &mod->mod_sdref);
	kmem_free(mod, sizeof(*mod));
}

/*
 * Add all, or none if there is one of that name, and start them if init.  When
 * one fails to start, it and those after it are taken off again; those before it
 * stay.
 */
int
module_builtin_add(modinfo_t *const *mip, size_t n, bool init)
{
	module_t *mod;
	size_t added, i;
	int error = 0;

	kernconfig_lock();
	for (added = 0; added < n && error == 0; added++)
		error = builtin_add(mip[added]);
	if (error != 0)
		added--;		/* that one was not */
	for (i = 0; init && i < n && error == 0; i++) {
		mod = find(&module_builtins, mip[i]->mi_name);
		if (mod != NULL)	/* else another required it */
			error = module_start(mod, 0, NULL);
	}
	for (i = 0; error != 0 && i < added; i++) {
		mod = find(&module_builtins, mip[i]->mi_name);
		if (mod != NULL)
			builtin_discard(mod);
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
		if (mod == NULL)
			error = ENOENT;
		else
			builtin_discard(mod);
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
	last_started = component_last_object();
	kernconfig_unlock();
}

/* Start all modules of a class; one that fails stays for whoever asks for it. */
void
module_init_class(modclass_t class)
{
	struct modlist failed = TAILQ_HEAD_INITIALIZER(failed);
	module_t *mod;

	kernconfig_lock();
again:
	TAILQ_FOREACH(mod, &module_builtins, mod_chain) {
		if ((class != MODULE_CLASS_ANY &&
		    mod->mod_info->mi_class != class) ||
		    (mod->mod_flags & MODFLG_MUST_FORCE) != 0)
			continue;
		if (module_start(mod, 0, NULL) != 0) {
			TAILQ_REMOVE(&module_builtins, mod, mod_chain);
			TAILQ_INSERT_TAIL(&failed, mod, mod_chain);
		}
		goto again;		/* the list may have changed */
	}
	TAILQ_CONCAT(&module_builtins, &failed, mod_chain);
	kernconfig_unlock();
}

/*
 * Objects that the host loaded after the boot.
 */
static int
objects_take(void)
{
	const struct rump_image_range *r;
	int error;

	while ((r = image_next(component_last_object())) != NULL) {
		error = component_take(r);
		if (error != 0)
			return error;
		image_foreach(r, "modules", linked, NULL);
	}
	return 0;
}

/* The first error stays; another module of that name is one. */
static void
start_linked(const void *item, void *arg)
{
	modinfo_t *mi = item;
	int *errorp = arg, error;
	module_t *mod;

	mod = module_lookup(mi->mi_name);
	if (mod != NULL) {
		error = mod->mod_info == mi ? 0 : EEXIST;
	} else {
		mod = find(&module_builtins, mi->mi_name);
		error = mod == NULL ? ENOENT : mod->mod_info != mi ? EEXIST :
		    module_start(mod, 0, NULL);
	}
	if (*errorp == 0)
		*errorp = error;
}

/*
 * For programs: start what the host loaded since the boot, or the last time.
 *
 * Returns 0, or the first error; what can be started is all the same.
 */
int
rump_components_load(void)
{
	const struct rump_image_range *end;
	int error;

	kernconfig_lock();
	error = objects_take();
	end = component_last_object();
	while (last_started != end) {
		last_started = image_next(last_started);
		image_foreach(last_started, "modules", start_linked, &error);
	}
	kernconfig_unlock();
	return error;
}

/* Start a module by name, for whoever may. */
static int
start_named(const char *name, int flags, prop_dictionary_t props,
    modclass_t class)
{
	module_t *mod;

	KASSERT(kernconfig_is_held());
	(void)objects_take();
	if (module_lookup(name) != NULL)
		return EEXIST;
	mod = find(&module_builtins, name);
	if (mod == NULL || (class != MODULE_CLASS_ANY &&
	    mod->mod_info->mi_class != class))
		return ENOENT;
	return module_start(mod, flags, props);
}

int
module_load(const char *name, int flags, prop_dictionary_t props,
    modclass_t class)
{
	int error;

	error = kauth_authorize_system(curlwp->l_cred, KAUTH_SYSTEM_MODULE, 0,
	    KAUTH_ARG(MODCTL_LOAD), KAUTH_ARG(name), NULL);
	if (error != 0)
		return error;
	kernconfig_lock();
	error = start_named(name, flags, props, class);
	kernconfig_unlock();
	return error;
}

/*
 * The kernel needs module name: start it if it can be found.
 *
 * Returns 0, or an errno: EPERM (unloaded by hand, or none may be loaded so),
 * ENOENT, EEXIST (it runs already), its own.
 * Context: thread, no locks, may sleep.
 */
int
module_autoload(const char *name, modclass_t class)
{
	int error;

	if (!module_autoload_on)
		return EPERM;
	kernconfig_lock();
	error = start_named(name, 0, NULL, class);
	if (error == 0)
		module_lookup(name)->mod_flags |= MODFLG_AUTO_LOADED;
	kernconfig_unlock();
	return error;
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
