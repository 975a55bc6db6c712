/* SPDX-License-Identifier: BSD-2-Clause */
/* The device structure, for autoconf itself; drivers use <sys/device.h>. */
#ifndef _SYS_DEVICE_IMPL_H_
#define _SYS_DEVICE_IMPL_H_

#include <sys/device.h>
#include <sys/localcount.h>

struct device_garbage {
	device_t	*dg_devs;
	int		dg_ndevs;
};

struct device_suspensor {
	const device_suspensor_t *ds_delegator;
	char		ds_name[32];
};

struct device {
	devhandle_t	dv_handle;
	devclass_t	dv_class;
	TAILQ_ENTRY(device) dv_list;	/* of all devices */
	cfdata_t	dv_cfdata;
	cfdriver_t	dv_cfdriver;
	cfattach_t	dv_cfattach;
	int		dv_unit;
	char		dv_xname[DEVICE_XNAME_SIZE];
	device_t	dv_parent;	/* NULL at the root */
	int		dv_depth;
	int		dv_flags;	/* DVF_* */
	void		*dv_private;
	int		*dv_locators;
	int		dv_nlocators;
	prop_dictionary_t dv_properties;
	struct localcount *dv_localcount;
	int		dv_pending;	/* config_pending_incr */
	TAILQ_ENTRY(device) dv_pending_list;
	struct lwp	*dv_attaching;
	struct lwp	*dv_detaching;
	struct lwp	*dv_claimant;	/* config_claim */
	bool		dv_gone;	/* detached; only iterators see it */

	/* Power management. */
	size_t		dv_activity_count;
	void		(**dv_activity_handlers)(device_t, devactive_t);
	bool		(*dv_driver_suspend)(device_t, const pmf_qual_t *);
	bool		(*dv_driver_resume)(device_t, const pmf_qual_t *);
	bool		(*dv_driver_shutdown)(device_t, int);
	bool		(*dv_driver_child_register)(device_t);
	void		*dv_bus_private;
	bool		(*dv_bus_suspend)(device_t, const pmf_qual_t *);
	bool		(*dv_bus_resume)(device_t, const pmf_qual_t *);
	bool		(*dv_bus_shutdown)(device_t, int);
	void		(*dv_bus_deregister)(device_t);
	void		*dv_class_private;
	bool		(*dv_class_suspend)(device_t, const pmf_qual_t *);
	bool		(*dv_class_resume)(device_t, const pmf_qual_t *);
	void		(*dv_class_deregister)(device_t);
	const device_suspensor_t *dv_bus_suspensors[DEVICE_SUSPENSORS_MAX];
	const device_suspensor_t *dv_driver_suspensors[DEVICE_SUSPENSORS_MAX];
	const device_suspensor_t *dv_class_suspensors[DEVICE_SUSPENSORS_MAX];
	struct device_garbage dv_garbage;
};

#endif /* _SYS_DEVICE_IMPL_H_ */
