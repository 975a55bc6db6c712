/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Booting and using a rump kernel inside a program.
 *
 *   rump_init()                         boot
 *   rump_sys_*()                        system calls     <rump/rump_syscalls.h>
 *   RUMP_*, struct rump_*               their constants  <rump/rumpdefs.h>
 *   rump_strerror()                     their errors     <rump/rumperr.h>
 *   rump_pub_*(), RUMP_VOP_*()          the kernel's parts, called directly
 *
 * Numbers and structures are the rump kernel's, not the host's: an errno from
 * it is looked up with rump_strerror.  Functions return 0 or such an errno,
 * system calls -1 with errno set.
 */
#ifndef _RUMP_RUMP_H_
#define _RUMP_RUMP_H_

#ifndef _KERNEL
#include <sys/types.h>
#include <stddef.h>
#include <stdint.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct kauth_cred;
struct lwp;
struct modinfo;
struct uio;

/*
 * Boot the kernel in this process.  The second call and later ones return 0.
 *
 * Returns 0 or an errno.
 * Context: any thread of the program; it stays outside the kernel.
 */
int	rump_init(void);

/*
 * The same, and call callback on the booting thread once all virtual CPUs are
 * up, before kernel threads start.
 */
int	rump_init_callback(void (*callback)(void));

/* Also serve system calls to clients at url (unix://…, tcp://…). */
int	rump_init_server(const char *url);

/*
 * Stop the kernel: write everything back, unmount, end its threads and give
 * its memory back to the host.  Afterwards rump_init boots anew.  No thread of
 * the program may be inside the kernel or enter it meanwhile.
 *
 * Returns 0, or EBUSY (threads inside).
 */
int	rump_halt(void);

/* Go to the background around rump_init; see rumpuser(3). */
int	rump_daemonize_begin(void);
int	rump_daemonize_done(int error);
#define RUMP_DAEMONIZE_SUCCESS	0

/* The version of the interface, as __NetBSD_Version__ has it. */
int	rump_getversion(void);
int	rump_pub_getversion(void);

/* Can binary kernel modules of NetBSD be loaded?  They cannot here: 0. */
int	rump_nativeabi_p(void);

/* Boot flags, RUMP_RB_* and RUMP_AB_*. */
int	rump_boot_gethowto(void);
void	rump_boot_sethowto(int howto);

/* What becomes of signals that the kernel sends to a process of this program. */
enum rump_sigmodel {
	RUMP_SIGMODEL_PANIC,
	RUMP_SIGMODEL_IGNORE,
	RUMP_SIGMODEL__HOST_NOTANYMORE,
	RUMP_SIGMODEL_RAISE,		/* the host's, the default */
	RUMP_SIGMODEL_RECORD		/* only remember them */
};
void	rump_boot_setsigmodel(enum rump_sigmodel model);

/* Host files in the root file system: what they are there. */
enum rump_etfs_type {
	RUMP_ETFS_REG,
	RUMP_ETFS_BLK,
	RUMP_ETFS_CHR,
	RUMP_ETFS_DIR,			/* one host directory */
	RUMP_ETFS_DIR_SUBDIRS		/* and all below it */
};
#define RUMP_ETFS_SIZE_ENDOFF	((uint64_t)-1)	/* to the end of the file */

/* Files to map at boot, before components start; storage is the caller's. */
struct rump_boot_etfs {
	const char		*eb_key;
	const char		*eb_hostpath;
	enum rump_etfs_type	eb_type;
	uint64_t		eb_begin;
	uint64_t		eb_size;

	struct rump_boot_etfs	*_eb_next;	/* the kernel's */
	int			eb_status;	/* out: -1 = not tried, or errno */
};
void	rump_boot_etfs_register(struct rump_boot_etfs *eb);

/* Enter and leave the kernel around direct calls of kernel functions. */
void	rump_schedule(void);
void	rump_unschedule(void);

void	rump_printevcnts(void);

/* Directions of rump_pub_uio_setup, named by what the program does. */
enum rump_uiorw {
	RUMPUIO_READ,
	RUMPUIO_WRITE
};

/* rump_pub_lwproc_rfork: descriptors of the new process. */
#define RUMP_RFFDG	0x01		/* a copy of the caller's */
#define RUMP_RFCFDG	0x02		/* none */
#define RUMP_RFFD_SHARE	0
#define RUMP_RFFD_COPY	RUMP_RFFDG
#define RUMP_RFFD_CLEAR	RUMP_RFCFDG

/* rump_pub_freecn: drop the credential too. */
#define RUMPCN_FREECRED	0x02

#ifdef __cplusplus
}
#endif

#ifndef _KERNEL
#include <rump/rumpkern_if_pub.h>
#include <rump/rumpvfs_if_pub.h>
#include <rump/rumpnet_if_pub.h>
#endif

#endif /* _RUMP_RUMP_H_ */
