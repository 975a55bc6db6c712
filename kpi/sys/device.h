/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Autoconfiguration: drivers, attachments, configured devices, and the device
 * tree that matching them builds.
 */
#ifndef _SYS_DEVICE_H_
#define _SYS_DEVICE_H_

#include <sys/device_if.h>
#include <sys/evcnt.h>
#include <sys/queue.h>

#ifdef _KERNEL
#include <sys/mutex.h>
#include <sys/pmf.h>
#endif

#include <prop/proplib.h>

/* What a device is, for those who list them. */
typedef enum devclass {
	DV_DULL,
	DV_CPU,
	DV_DISK,
	DV_IFNET,
	DV_TAPE,
	DV_TTY,
	DV_AUDIODEV,
	DV_DISPLAYDEV,
	DV_BUS,
	DV_VIRTUAL
} devclass_t;

typedef enum devact {
	DVACT_DEACTIVATE
} devact_t;

typedef enum devactive_t {
	DVA_SYSTEM,
	DVA_HARDWARE
} devactive_t;

#define DVUNIT_ANY	(-1)
#define DEVICE_XNAME_SIZE	0x10
#define DEVICE_SUSPENSORS_MAX	0x10


/* dv_flags */
#define DVF_ACTIVE		0x1
#define DVF_PRIV_ALLOC		0x2
#define DVF_POWER_HANDLERS	0x4
#define DVF_CLASS_SUSPENDED	0x8
#define DVF_DRIVER_SUSPENDED	0x10
#define DVF_BUS_SUSPENDED	0x20
#define DVF_ATTACH_INPROGRESS	0x40
#define DVF_DETACH_SHUTDOWN	0x80

#ifdef _KERNEL

struct cfattach;
struct cfdata;
struct cfdriver;
struct cfiattrdata;
struct cfparent;
struct devhandle_impl;
struct dkwedge_info;
struct vnode;

typedef struct cfattach *cfattach_t;
typedef struct cfdata *cfdata_t;
typedef struct cfdriver *cfdriver_t;

/* A device as firmware or another tree knows it. */
typedef enum devhandle_type_t {
	DEVHANDLE_TYPE_INVALID = 0,
	DEVHANDLE_TYPE_ACPI = 0x41435049,	/* 'ACPI' */
	DEVHANDLE_TYPE_OF = 0x4f504657,		/* 'OPFW' */
	DEVHANDLE_TYPE_OPENBOOT = 0x4f504254,	/* 'OPBT' */
	DEVHANDLE_TYPE_PRIVATE = 0x50525654,	/* 'PRVT' */
	DEVHANDLE_TYPE_MAX = (int)0xffffffff
} devhandle_type_t;

typedef struct devhandle {
	const struct devhandle_impl *impl;
	union {
		int		integer;
		const void	*const_pointer;
		void		*pointer;
		uintptr_t	uintptr;
	};
} devhandle_t;

typedef int (*device_call_t)(device_t, devhandle_t, void *);

struct devhandle_impl {
	devhandle_type_t type;
	const struct devhandle_impl *super;
	device_call_t	(*lookup_device_call)(devhandle_t, const char *,
			    devhandle_t *);
};

struct device_call_generic {
	const char	*name;
	void		*args;
};

struct device_enumerate_children_args {
	bool	(*callback)(device_t, devhandle_t, void *);
	void	*callback_arg;
};

struct device_compatible_entry {
	union {
		const char	*compat;
		uintptr_t	id;
	};
	union {
		const void	*data;
		uintptr_t	value;
	};
};
#define DEVICE_COMPAT_EOL	{ .compat = NULL }

/* What config_found and its relatives may be told: CFARGS(.iattr = ...). */
typedef int (*cfprint_t)(void *, const char *);
typedef int (*cfsubmatch_t)(device_t, cfdata_t, const int *, void *);
typedef int (*cfsearch_t)(device_t, cfdata_t, const int *, void *);

struct cfargs {
	uintptr_t	cfargs_version;
	cfsubmatch_t	submatch;
	cfsearch_t	search;
	const char	*iattr;
	const int	*locators;
	devhandle_t	devhandle;
};
#define CFARGS_VERSION	1
#define CFARGS_NONE	NULL
#define CFARGS(...)	(&(const struct cfargs){ \
	.cfargs_version = CFARGS_VERSION, \
	__VA_ARGS__ \
})

/* What a parent prints of a child that is not configured. */
#define QUIET	0
#define UNCONF	1
#define UNSUPP	2

/* Interface attributes, and the parents that a configured device accepts. */
struct cflocdesc {
	const char	*cld_name;
	const char	*cld_defaultstr;	/* NULL if there is none */
	int		cld_default;
};

struct cfiattrdata {
	const char	*ci_name;
	int		ci_loclen;
	const struct cflocdesc ci_locdesc[];
};

struct cfparent {
	const char	*cfp_iattr;
	const char	*cfp_parent;	/* NULL: any */
	int		cfp_unit;	/* DVUNIT_ANY: any */
};

/* A line of the configuration. */
struct cfdata {
	const char	*cf_name;
	const char	*cf_atname;
	unsigned int	cf_unit:24;
	unsigned char	cf_fstate;	/* FSTATE_* */
	int		*cf_loc;
	int		cf_flags;
	const struct cfparent *cf_pspec;
};
#define FSTATE_NOTFOUND		0
#define FSTATE_FOUND		1
#define FSTATE_STAR		2
#define FSTATE_DSTAR		3
#define FSTATE_DNOTFOUND	4

/* How a driver attaches at one kind of parent. */
struct cfattach {
	const char	*ca_name;
	LIST_ENTRY(cfattach) ca_list;
	size_t		ca_devsize;	/* of the private data */
	int		ca_flags;	/* DVF_* */
	int		(*ca_match)(device_t, cfdata_t, void *);
	void		(*ca_attach)(device_t, device_t, void *);
	int		(*ca_detach)(device_t, int);
	int		(*ca_activate)(device_t, devact_t);
	int		(*ca_rescan)(device_t, const char *, const int *);
	void		(*ca_childdetached)(device_t, device_t);
};
LIST_HEAD(cfattachlist, cfattach);

#define CFATTACH_DECL3_NEW(name, ddsize, matfn, attfn, detfn, actfn, \
	rescanfn, chdetfn, __flags) \
struct cfattach __CONCAT(name, _ca) = { \
	.ca_name = ___STRING(name), \
	.ca_devsize = (ddsize), \
	.ca_flags = (__flags) | DVF_PRIV_ALLOC, \
	.ca_match = (matfn), \
	.ca_attach = (attfn), \
	.ca_detach = (detfn), \
	.ca_activate = (actfn), \
	.ca_rescan = (rescanfn), \
	.ca_childdetached = (chdetfn), \
}
#define CFATTACH_DECL2_NEW(name, ddsize, matfn, attfn, detfn, actfn, \
	rescanfn, chdetfn) \
	CFATTACH_DECL3_NEW(name, ddsize, matfn, attfn, detfn, actfn, \
	    rescanfn, chdetfn, 0)
#define CFATTACH_DECL_NEW(name, ddsize, matfn, attfn, detfn, actfn) \
	CFATTACH_DECL2_NEW(name, ddsize, matfn, attfn, detfn, actfn, NULL, \
	    NULL)

/* ca_detach's flags. */
#define DETACH_FORCE	0x1
#define DETACH_QUIET	0x2
#define DETACH_SHUTDOWN	0x4
#define DETACH_POWEROFF	0x8

/* A driver: its attachments, and its devices by unit. */
struct cfdriver {
	LIST_ENTRY(cfdriver) cd_list;
	struct cfattachlist cd_attach;
	device_t	*cd_devs;
	const char	*cd_name;
	enum devclass	cd_class;
	int		cd_ndevs;
	const struct cfiattrdata *const *cd_attrs;
};
LIST_HEAD(cfdriverlist, cfdriver);

#define CFDRIVER_DECL(name, class, attrs) \
struct cfdriver __CONCAT(name, _cd) = { \
	.cd_name = ___STRING(name), \
	.cd_class = (class), \
	.cd_attrs = (attrs), \
}

struct cfattachinit {
	const char	*cfai_name;
	struct cfattach *const *cfai_list;
};

struct cftable {
	cfdata_t	ct_cfdata;
	TAILQ_ENTRY(cftable) ct_list;
};
TAILQ_HEAD(cftablelist, cftable);

struct pdevinit {
	void		(*pdev_attach)(int);
	int		pdev_count;
};

/* Walking all devices. */
typedef enum deviter_flags {
	DEVITER_F_RW = 0x1,
	DEVITER_F_SHUTDOWN = 0x2,
	DEVITER_F_LEAVES_FIRST = 0x4,
	DEVITER_F_ROOT_FIRST = 0x8
} deviter_flags_t;

typedef struct deviter {
	device_t	di_prev;
	deviter_flags_t	di_flags;
	int		di_curdepth;
	int		di_maxdepth;
	uint64_t	di_gen;
} deviter_t;

void	deviter_init(deviter_t *, deviter_flags_t);
device_t deviter_first(deviter_t *, deviter_flags_t);
device_t deviter_next(deviter_t *);
void	deviter_release(deviter_t *);

struct shutdown_state {
	bool		initialized;
	deviter_t	di;
};

/* What the system booted from. */
extern struct cfdriverlist allcfdrivers;
extern device_t booted_device;
extern device_t booted_wedge;
extern device_t root_device;
extern const char *booted_method;
extern int	booted_partition;
extern daddr_t	booted_startblk;
extern uint64_t	booted_nblks;
extern char	*bootspec;
extern bool	root_is_mounted;

void	config_init(void);
int	config_init_component(struct cfdriver *const *,
	    const struct cfattachinit *, struct cfdata *);
int	config_fini_component(struct cfdriver *const *,
	    const struct cfattachinit *, struct cfdata *);
void	config_init_mi(void);
void	drvctl_init(void);
void	drvctl_fini(void);
extern int	(*devmon_insert_vec)(const char *, prop_dictionary_t);

device_t config_attach(device_t, cfdata_t, void *, cfprint_t,
    const struct cfargs *);
device_t config_attach_pseudo(cfdata_t);
int config_cfattach_attach(const char *, struct cfattach *);
int config_cfattach_detach(const char *, struct cfattach *);
int config_cfdata_attach(cfdata_t, int);
int config_cfdata_detach(cfdata_t);
int config_cfdriver_attach(struct cfdriver *);
int config_cfdriver_detach(struct cfdriver *);
int config_detach(device_t, int);
int config_detach_children(device_t, int flags);
int config_finalize_register(device_t, int (*)(device_t));
int config_fini_component(struct cfdriver *const *,
    const struct cfattachinit *, struct cfdata *);
device_t config_found(device_t, void *, cfprint_t, const struct cfargs *);
int config_init_component(struct cfdriver *const *,
    const struct cfattachinit *, struct cfdata *);
void config_interrupts(device_t, void (*)(device_t));
void config_pending_decr(device_t);
void config_pending_incr(device_t);
int config_probe(device_t, cfdata_t, void *);
cfdata_t config_search(device_t, void *, const struct cfargs *);
int config_stdsubmatch(device_t, cfdata_t, const int *, void *);
void	configure(void);
void	configure2(void);
void	config_deferred(device_t);
void	config_defer(device_t, void (*)(device_t));
void	config_mountroot(device_t, void (*)(device_t));
void	config_finalize(void);
void	config_finalize_mountroot(void);
void	config_create_interruptthreads(void);
void	config_create_mountrootthreads(void);
device_t config_rootfound(const char *, void *);
device_t config_attach_pseudo(cfdata_t);
cfdata_t config_rootsearch(cfsubmatch_t, const char *, void *);
int	config_match(device_t, cfdata_t, void *);
bool	config_detach_all(int);
void	config_deactivate(device_t);
void	config_twiddle_fn(void *);
bool	ifattr_match(const char *, const char *);
void	null_childdetached(device_t, device_t);

cfdriver_t config_cfdriver_lookup(const char *);
struct cfattach *config_cfattach_lookup(const char *, const char *);
const struct cfiattrdata *cfiattr_lookup(const char *, const struct cfparent *);
const char *cfdata_ifattr(const struct cfdata *);

/* Reading devices. */
bool device_active(device_t, devactive_t);
int device_call(device_t, const char *, void *);
cfdata_t device_cfdata(device_t);
cfdriver_t device_cfdriver(device_t);
devclass_t device_class(device_t);

const struct device_compatible_entry *device_compatible_lookup_id(const uintptr_t, const uintptr_t, const struct device_compatible_entry *);
bool device_has_power(device_t);
bool device_is_a(device_t, const char *);
bool device_is_active(device_t);
int device_locator(device_t, u_int);
device_t device_lookup(cfdriver_t, int);
void *device_lookup_private(cfdriver_t, int);
device_t device_parent(device_t);
void *device_pmf_bus_private(device_t);
void device_pmf_bus_register(device_t, void *, bool (*)(device_t,
    const pmf_qual_t *), bool (*)(device_t, const pmf_qual_t *), bool (*)(device_t, int), void (*)(device_t));
void device_pmf_driver_set_child_register(device_t, bool (*)(device_t));
void *device_private(device_t);
prop_dictionary_t device_properties(device_t);
int device_unit(device_t);
const char *device_xname(device_t);
device_t device_lookup_acquire(cfdriver_t, int);
void	device_acquire(device_t);
void	device_release(device_t);
device_t device_find_by_xname(const char *);
device_t device_find_by_driver_unit(const char *, int);
int	device_enumerate_children(device_t, bool (*)(device_t, devhandle_t,
	    void *), void *);
bool	device_is_enabled(device_t);
bool	device_activation(device_t, int);
devhandle_t device_handle(device_t);
void	device_set_handle(device_t, devhandle_t);
void	device_set_private(device_t, void *);
bool	device_attached_to_iattr(device_t, const char *);
cfattach_t device_cfattach(device_t);
int	device_compatible_match(const char **, int,
	    const struct device_compatible_entry *);
const struct device_compatible_entry *device_compatible_lookup(const char **,
	    int, const struct device_compatible_entry *);
int	device_compatible_match_id(uintptr_t, uintptr_t,
	    const struct device_compatible_entry *);
void	device_active_register(device_t, void (*)(device_t, devactive_t));
void	device_active_deregister(device_t, void (*)(device_t, devactive_t));

/* Handles. */
devhandle_t devhandle_invalid(void);
bool	devhandle_is_valid(devhandle_t);
devhandle_type_t devhandle_type(devhandle_t);
void	devhandle_impl_inherit(struct devhandle_impl *,
	    const struct devhandle_impl *);
void devhandle_invalidate(devhandle_t *);

/* Power management's part of a device. */
bool	device_pmf_is_registered(device_t);
bool	device_pmf_driver_suspend(device_t, const pmf_qual_t *);
bool	device_pmf_driver_resume(device_t, const pmf_qual_t *);
bool	device_pmf_driver_shutdown(device_t, int);
bool	device_pmf_driver_register(device_t,
	    bool (*)(device_t, const pmf_qual_t *),
	    bool (*)(device_t, const pmf_qual_t *),
	    bool (*)(device_t, int));
void	device_pmf_driver_deregister(device_t);
bool	device_pmf_driver_child_register(device_t);
bool	device_pmf_bus_suspend(device_t, const pmf_qual_t *);
bool	device_pmf_bus_resume(device_t, const pmf_qual_t *);
bool	device_pmf_bus_shutdown(device_t, int);
void	device_pmf_bus_deregister(device_t);
void	*device_pmf_class_private(device_t);
bool	device_pmf_class_suspend(device_t, const pmf_qual_t *);
bool	device_pmf_class_resume(device_t, const pmf_qual_t *);
void	device_pmf_class_register(device_t, void *,
	    bool (*)(device_t, const pmf_qual_t *),
	    bool (*)(device_t, const pmf_qual_t *), void (*)(device_t));
void	device_pmf_class_deregister(device_t);
device_t shutdown_first(struct shutdown_state *);
device_t shutdown_next(struct shutdown_state *);

/* Disks, by device or vnode. */
device_t finddevice(const char *);
struct vnode *opendisk(device_t);
int	getdiskinfo(struct vnode *, struct dkwedge_info *);
int	getdisksize(struct vnode *, uint64_t *, unsigned int *);
int getdiskinfo(struct vnode *, struct dkwedge_info *);
int getdisksize(struct vnode *, uint64_t *, unsigned int *);
void	rootconf(void);
void	cpu_rootconf(void);
void	setroot(device_t, int);
void	device_register(device_t, void *);
void	device_register_post_config(device_t, void *);

#endif /* _KERNEL */
#endif /* _SYS_DEVICE_H_ */
