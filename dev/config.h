/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Autoconfiguration, inside: what its files share.
 *
 * config_lock protects the registries (drivers, attachments, tables), the list
 * of devices, cd_devs and cd_ndevs of all drivers, cf_fstate, and the queues of
 * what is deferred.  It is never held while a driver's function runs; those run
 * with the kernel lock.
 */
#ifndef _DEV_CONFIG_H_
#define _DEV_CONFIG_H_

#include <sys/device.h>
#include <sys/device_impl.h>
#include <sys/mutex.h>
#include <sys/condvar.h>

extern kmutex_t config_lock;
extern kcondvar_t config_cv;	/* a device came, went, or is not pending */
extern struct cftablelist allcftables;		/* config_lock */

TAILQ_HEAD(devicelist, device);
extern struct devicelist alldevs;		/* config_lock */

/* driver.c */
struct cfattach *config_cfattach_lookup_locked(const struct cfdriver *cd,
	    const char *atname);

/* match.c: does the device accept such children? */
bool	config_parent_match(device_t parent, const struct cfparent *cfp);
const struct cfiattrdata *config_iattr_of(cfdriver_t cd, const char *name);

/*
 * list.c: give up a device that is out of reach; its memory stays while the list is
 * held.  config_lock held.
 */
void	config_device_bury_locked(device_t dev);
void	config_list_hold_locked(void);
void	config_list_rele_locked(void);
void	config_device_free(device_t dev);
device_t config_find_locked(const char *xname);

/* defer.c: dev's attachment is complete; dev goes away. */
void	config_deferred_forget(device_t dev);
void	config_interrupts_start(void);
void	config_mountroot_start(void);
void	config_pending_wait(void);

/* event.c: tell who watches devices come and go. */
void	config_report(device_t dev, const char *event);

/* pmf.c */
void	pmf_device_free(device_t dev);

/* root.c */
void	config_root_forget(device_t dev);

/* mainbus.c */
void	mainbus_init(void);
void	mainbus_attach_root(void);

#endif
