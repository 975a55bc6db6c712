/* SPDX-License-Identifier: BSD-2-Clause */
/* Wedges, inside: what their files share. */
#ifndef _DRIVERS_DEV_DISK_WEDGE_H_
#define _DRIVERS_DEV_DISK_WEDGE_H_

#include <sys/bufq.h>
#include <sys/callout.h>
#include <sys/condvar.h>
#include <sys/device.h>
#include <sys/disk.h>
#include <sys/mutex.h>

struct dkwedge_softc {
	/* constant */
	device_t	sc_dev;
	struct cfdata	sc_cfdata;
	struct disk	*sc_parent;
	dev_t		sc_pdev;	/* parent's raw partition, block */
	uint8_t		sc_wname[128];
	char		sc_ptype[32];
	uint64_t	sc_offset;	/* sectors of the parent */
	uint64_t	sc_size;
	uint32_t	sc_secsize;
	struct disk	sc_dk;		/* its own: opens (the parent's
					 * dk_rawbusy), statistics */
	LIST_ENTRY(dkwedge_softc) sc_plink;	/* parent's dk_openlock */
	/* wedges_lock */
	LIST_ENTRY(dkwedge_softc) sc_link;	/* while it is usable */
	bool		sc_usable;	/* found; false for good once it goes */
	u_int		sc_refs;	/* threads between lookup and open */

	/* sc_iolock */
	kmutex_t	sc_iolock;
	bool		sc_dying;	/* no transfer starts */
	bool		sc_ready;	/* it is open, and so is the parent */
	u_int		sc_iopend;	/* transfers that came and are not done */
	u_int		sc_sending;	/* threads that hand one to the parent */
	struct bufq_state *sc_bufq;
	kcondvar_t	sc_drain;	/* neither is left */
	struct callout	sc_restart;	/* memory was short */
};

/*
 * wedge.c: a wedge by its device, or NULL.  get: referenced, whether open or not;
 * of: the caller has it open.
 */
struct dkwedge_softc *wedge_get(dev_t dev);
void	wedge_put(struct dkwedge_softc *sc);
struct dkwedge_softc *wedge_of(dev_t dev);
bool	wedge_is_usable(struct dkwedge_softc *sc);
void	wedge_describe(const struct dkwedge_softc *sc,
	    struct dkwedge_info *dkw);

/* wedge_dev.c: the devices /dev/dkN and /dev/rdkN. */
void	wedge_dev_init(void);
void	wedge_dev_nodes(device_t dev);
void	wedge_revoke(struct dkwedge_softc *sc);
void	wedge_drain(struct dkwedge_softc *sc);
void	wedge_restart(void *arg);

/* One at a time opens and closes wedges of a disk; may sleep long. */
void	wedge_gate_enter(struct disk *parent);
void	wedge_gate_exit(struct disk *parent);

/* Open the raw partition of a parent: the block device, referenced, unlocked. */
int	wedge_parent_open(dev_t dev, int mode, struct vnode **vpp);

#endif
