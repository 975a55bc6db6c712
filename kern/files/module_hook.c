/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of functions that a module may supply, and the hooks themselves.
 *
 * hooked is set after the function pointer and cleared before it.  A caller
 * reads it inside a pserialize section and there enters the hook's localcount;
 * who clears it waits for all such sections, then for the count.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/compat_stub.h>
#include <sys/condvar.h>
#include <sys/localcount.h>
#include <sys/module_hook.h>
#include <sys/pserialize.h>
#include <sys/systm.h>

static kmutex_t hook_lock;
static kcondvar_t hook_cv;
static pserialize_t hook_psz;

/* The hooks: none is ever set here, drivers' calls take their defaults. */
struct puffs_out_50_hook_t puffs_out_50_hook;
struct puffs_in_50_hook_t puffs_in_50_hook;
struct compat_vndioctl_30_hook_t compat_vndioctl_30_hook;
struct compat_vndioctl_50_hook_t compat_vndioctl_50_hook;
struct ccd_ioctl_60_hook_t ccd_ioctl_60_hook;
struct ocryptof_50_hook_t ocryptof_50_hook;
struct usb_subr_fill_30_hook_t usb_subr_fill_30_hook;
struct usb_subr_copy_30_hook_t usb_subr_copy_30_hook;
struct if_cvtcmd_43_hook_t if_cvtcmd_43_hook;
struct if_ifioctl_43_hook_t if_ifioctl_43_hook;
struct ifmedia_80_pre_hook_t ifmedia_80_pre_hook;
struct ifmedia_80_post_hook_t ifmedia_80_post_hook;
struct ieee80211_ioctl_20_hook_t ieee80211_ioctl_20_hook;
struct sppp_params_50_hook_t sppp_params_50_hook;
struct rtsock_newaddr_70_hook_t rtsock_newaddr_70_hook;
struct rtsock_oifmsg_14_hook_t rtsock_oifmsg_14_hook;
struct rtsock_oifmsg_50_hook_t rtsock_oifmsg_50_hook;
struct rtsock_iflist_14_hook_t rtsock_iflist_14_hook;
struct rtsock_iflist_50_hook_t rtsock_iflist_50_hook;
struct rtsock_iflist_70_hook_t rtsock_iflist_70_hook;
struct uipc_socket_50_getopt1_hook_t uipc_socket_50_getopt1_hook;
struct uipc_socket_50_setopt1_hook_t uipc_socket_50_setopt1_hook;
struct uipc_socket_50_sbts_hook_t uipc_socket_50_sbts_hook;
struct uipc_syscalls_40_hook_t uipc_syscalls_40_hook;
struct uipc_syscalls_50_hook_t uipc_syscalls_50_hook;
struct uipc_unp_70_hook_t uipc_unp_70_hook;
struct vfs_openat_10_hook_t vfs_openat_10_hook;
void (*vec_sctp_add_ip_address)(struct ifaddr *);
void (*vec_sctp_delete_ip_address)(struct ifaddr *);

void
module_hook_init(void)
{

	mutex_init(&hook_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&hook_cv, "mod_hook");
	hook_psz = pserialize_create();
}

void
module_hook_set(bool *hooked, struct localcount *lc)
{

	KASSERT(kernconfig_is_held());
	KASSERT(!*hooked);
	localcount_init(lc);
	atomic_store_release(hooked, true);
}

void
module_hook_unset(bool *hooked, struct localcount *lc)
{

	KASSERT(kernconfig_is_held());
	KASSERT(*hooked);
	mutex_enter(&hook_lock);
	atomic_store_relaxed(hooked, false);
	pserialize_perform(hook_psz);
	localcount_drain(lc, &hook_cv, &hook_lock);
	mutex_exit(&hook_lock);
	localcount_fini(lc);
}

bool
module_hook_tryenter(bool *hooked, struct localcount *lc)
{
	bool call;
	int s;

	if (__predict_true(!atomic_load_relaxed(hooked)))
		return false;
	s = pserialize_read_enter();
	call = atomic_load_acquire(hooked);
	if (call)
		localcount_acquire(lc);
	pserialize_read_exit(s);
	return call;
}

void
module_hook_exit(struct localcount *lc)
{

	localcount_release(lc, &hook_cv, &hook_lock);
}
