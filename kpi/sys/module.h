/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel modules.
 *
 * MODULE(class, name, required) declares one: name_modcmd is called to start
 * and stop it, under the kernconfig lock.  Built-in modules register through
 * the link set of modules, and start at boot, class by class.
 */
#ifndef _SYS_MODULE_H_
#define _SYS_MODULE_H_

#include <sys/param.h>
#include <sys/cdefs.h>
#include <sys/uio.h>

#define MAXMODDEPS	10
#define MAXMODNAME	32

/* Classes, commands and origins. */
typedef enum modclass {
	MODULE_CLASS_ANY,
	MODULE_CLASS_MISC,
	MODULE_CLASS_VFS,
	MODULE_CLASS_DRIVER,
	MODULE_CLASS_EXEC,
	MODULE_CLASS_SECMODEL,
	MODULE_CLASS_BUFQ,
	MODULE_CLASS_MAX
} modclass_t;

typedef enum modsrc {
	MODULE_SOURCE_KERNEL,
	MODULE_SOURCE_BOOT,
	MODULE_SOURCE_FILESYS
} modsrc_t;

typedef enum modcmd {
	MODULE_CMD_INIT,
	MODULE_CMD_FINI,
	MODULE_CMD_STAT,
	MODULE_CMD_AUTOUNLOAD
} modcmd_t;

typedef const struct modinfo {
	u_int		mi_version;	/* __NetBSD_Version__ it was made for */
	modclass_t	mi_class;
	int		(*mi_modcmd)(modcmd_t, void *);
	const char	*mi_name;
	const char	*mi_required;	/* names with commas between, or NULL */
} modinfo_t;

/* modctl(2) */
enum modctl {
	MODCTL_LOAD,
	MODCTL_UNLOAD,
	MODCTL_OSTAT,
	MODCTL_EXISTS,
	MODCTL_STAT
};

struct modctl_load {
	const char *ml_filename;
	int ml_flags;
	const char *ml_props;
	size_t ml_propslen;
};
typedef struct modctl_load modctl_load_t;
#define MODCTL_LOAD_FORCE	1
#define MODCTL_NO_PROP		2

typedef struct modstat {
	char		ms_name[MAXMODNAME];
	uint64_t	ms_addr;
	modsrc_t	ms_source;
	modclass_t	ms_class;
	u_int		ms_size;
	u_int		ms_refcnt;
	u_int		ms_flags;
	u_int		ms_reqoffset;	/* of the required names' string */
} modstat_t;
#define MODFLG_MUST_FORCE	1
#define MODFLG_AUTO_LOADED	2

#ifdef _KERNEL

#include <sys/kernel.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/specificdata.h>
#include <prop/proplib.h>

typedef struct module {
	/* Protected by the kernconfig lock. */
	u_int			mod_refcnt;
	int			mod_flags;
	const modinfo_t		*mod_info;
	struct kobj		*mod_kobj;	/* loaded object, or NULL */
	TAILQ_ENTRY(module)	mod_chain;
	struct module		*(*mod_required)[MAXMODDEPS];
	u_int			mod_nrequired;
	u_int			mod_arequired;
	modsrc_t		mod_source;
	time_t			mod_autotime;
	specificdata_reference	mod_sdref;
	struct sysctllog	*mod_sysctllog;	/* of its SYSCTL_SETUPs */
	uint64_t		mod_serial;
} module_t;

/* Bytes given to a module's statistics string. */
#define MODULE_BASE_SIZE	64

#define MODULE(class, name, required) \
static int name##_modcmd(modcmd_t, void *); \
_MODULE_INFO(class, name, required) \
_MODULE_REGISTER(name)
#define _MODULE_INFO(class, name, required) \
static const modinfo_t name##_modinfo = { \
	.mi_version = __NetBSD_Version__, \
	.mi_class = (class), \
	.mi_modcmd = name##_modcmd, \
	.mi_name = #name, \
	.mi_required = (required) \
};
#define _MODULE_REGISTER(name) __link_set_add_rodata(modules, name##_modinfo);

TAILQ_HEAD(modlist, module);

extern u_int		module_count;
extern u_int		module_gen;	/* changes with each load */
extern struct modlist	module_list;
extern struct modlist	module_builtins;

/* Start-up. */
void	module_init(void);
void	module_start_unload_thread(void);
void	module_builtin_require_force(void);
void	module_init_md(void);
void	module_init_class(modclass_t);
int	module_prime(const char *, void *, size_t);
void	module_load_vfs_init(void);

/* Built-in modules. */
int	module_builtin_add(modinfo_t * const *, size_t, bool);
int	module_builtin_remove(modinfo_t *, bool);

/* Loading, finding, holding. */
bool	module_compatible(int, int);
int	module_load(const char *, int, prop_dictionary_t, modclass_t);
int	module_autoload(const char *, modclass_t);
int	module_unload(const char *);
void	module_hold(module_t *);
void	module_rele(module_t *);
module_t *module_lookup(const char *);
module_t *module_kernel(void);
const char *module_name(module_t *);
modsrc_t module_source(module_t *);
int	module_find_section(const char *, void **, size_t *);
void	module_thread_kick(void);
void	module_whatis(uintptr_t, void (*)(const char *, ...) __printflike(1, 2));
void	module_print_list(void (*)(const char *, ...) __printflike(1, 2));

/* Data that others keep in a module, and callbacks on load and unload. */
typedef specificdata_key_t module_key_t;
specificdata_key_t module_specific_key_create(specificdata_key_t *,
	    specificdata_dtor_t);
void	module_specific_key_delete(specificdata_key_t);
void	*module_getspecific(module_t *, specificdata_key_t);
void	module_setspecific(module_t *, specificdata_key_t, void *);
void	*module_register_callbacks(void (*)(struct module *),
	    void (*)(struct module *));
void	module_unregister_callbacks(void *);

extern bool	module_autoload_on, module_autounload_unsafe, module_verbose_on;

#else /* !_KERNEL */

int	modctl(int, void *);

#endif /* _KERNEL */
#endif /* _SYS_MODULE_H_ */
