/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modules for programs: modctl(2), which starts, stops and lists them, and the
 * nodes kern.module.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/module.h>
#include <sys/proc.h>
#include <sys/syscall.h>
#include <sys/sysctl.h>
#include <sys/systm.h>

#include <rump-private/syscall.h>

#include "files/fd_calls.h"

/* Longest property list that a module is started with, with its NUL. */
#define PROPS_MAX	4096

static int
modctl_unload(const void *arg)
{
	char name[MAXMODNAME];
	int error;

	error = copyinstr(arg, name, sizeof(name), NULL);
	return error != 0 ? error : module_unload(name);
}

/* The properties that a program gives a module, as text; *props NULL if none. */
static int
props_get(const modctl_load_t *ml, prop_dictionary_t *props)
{
	char *text;
	int error;

	*props = NULL;
	if (ml->ml_props == NULL)
		return 0;
	if ((ml->ml_flags & MODCTL_NO_PROP) != 0)
		return EINVAL;
	if (ml->ml_propslen >= PROPS_MAX)
		return ENOMEM;
	text = kmem_alloc(PROPS_MAX, KM_SLEEP);
	error = copyinstr(ml->ml_props, text, ml->ml_propslen + 1, NULL);
	if (error == 0 &&
	    (*props = prop_dictionary_internalize(text)) == NULL)
		error = EINVAL;
	kmem_free(text, PROPS_MAX);
	return error;
}

static int
modctl_load(const void *arg)
{
	prop_dictionary_t props;
	modctl_load_t ml;
	char name[MAXMODNAME];
	int error;

	error = copyin(arg, &ml, sizeof(ml));
	if (error == 0)
		error = copyinstr(ml.ml_filename, name, sizeof(name), NULL);
	if (error == 0)
		error = props_get(&ml, &props);
	if (error != 0)
		return error;
	error = module_load(name, ml.ml_flags, props, MODULE_CLASS_ANY);
	if (props != NULL)
		prop_object_release(props);
	return error;
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
		return modctl_unload(arg);
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

SYSCTL_SETUP(sysctl_kern_module_setup, "kern.module nodes")
{
	const struct sysctlnode *node;

	sysctl_createv(clog, 0, NULL, &node, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "module", SYSCTL_DESCR("kernel modules"), NULL, 0, NULL, 0,
	    CTL_KERN, CTL_CREATE, CTL_EOL);
	if (node == NULL)
		return;
	sysctl_createv(clog, 0, &node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_BOOL, "autoload",
	    SYSCTL_DESCR("start modules when they are needed"), NULL, 0,
	    &module_autoload_on, 0, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, &node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_BOOL, "verbose",
	    SYSCTL_DESCR("say what fails to start"), NULL, 0,
	    &module_verbose_on, 0, CTL_CREATE, CTL_EOL);
}
