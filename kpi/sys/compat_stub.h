/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hooks through which drivers call compatibility code for older programs.
 * The modules that would fill them are not part of this kernel: calls take
 * their defaults.
 */
#ifndef _SYS_COMPAT_STUB_H
#define _SYS_COMPAT_STUB_H

#include <sys/param.h>
#include <sys/localcount.h>
#include <sys/module_hook.h>
#include <sys/socket.h>

struct cmsghdr;
struct csession;
struct domain;
struct fcrypt;
struct ifaddr;
struct ifmediareq;
struct ifnet;
struct ifreq;
struct lwp;
struct mbuf;
struct msghdr;
struct proc;
struct puffs_req;
struct rt_addrinfo;
struct rt_walkarg;
struct socket;
struct sockopt;
struct sppp;
struct uio;
struct usb_device;
struct usb_device_info;
struct usb_event;
struct vattr;
struct vnode;
struct ccd_softc;

/* puffs: requests in 5.0's shape. */
MODULE_HOOK(puffs_out_50_hook, int,
    (struct puffs_req *, struct puffs_req **, ssize_t *));
MODULE_HOOK(puffs_in_50_hook, void, (struct puffs_req *, struct puffs_req *));

/* Disk drivers' ioctls. */
MODULE_HOOK(compat_vndioctl_30_hook, int, (u_long, struct lwp *, void *, int,
    struct vattr *, int (*)(struct lwp *, void *, int, struct vattr *)));
MODULE_HOOK(compat_vndioctl_50_hook, int, (u_long, struct lwp *, void *, int,
    struct vattr *, int (*)(struct lwp *, void *, int, struct vattr *)));
MODULE_HOOK(ccd_ioctl_60_hook, int, (dev_t, u_long, void *, int, struct lwp *,
    int (*)(dev_t, u_long, void *, int, struct lwp *)));

/* Crypto device. */
MODULE_HOOK(ocryptof_50_hook, int, (u_long, struct fcrypt *, void *));

/* USB. */
MODULE_HOOK(usb_subr_fill_30_hook, int,
    (struct usb_device *, void *, int, void *, int));
MODULE_HOOK(usb_subr_copy_30_hook, int, (struct usb_event *, struct uio *));

/* Interfaces and routing messages. */
MODULE_HOOK(if_cvtcmd_43_hook, u_long, (u_long *, u_long));
MODULE_HOOK(if_ifioctl_43_hook, int,
    (struct socket *, u_long, u_long, void *, struct lwp *));
MODULE_HOOK(ifmedia_80_pre_hook, int, (struct ifreq *, u_long *, bool *));
MODULE_HOOK(ifmedia_80_post_hook, int, (struct ifreq *, u_long));
MODULE_HOOK(ieee80211_ioctl_20_hook, int, (void *, u_long, void *));
MODULE_HOOK(sppp_params_50_hook, int, (struct sppp *, u_long, void *));
MODULE_HOOK(rtsock_newaddr_70_hook, void, (int, struct ifaddr *));
MODULE_HOOK(rtsock_oifmsg_14_hook, void, (struct ifnet *));
MODULE_HOOK(rtsock_oifmsg_50_hook, void, (struct ifnet *));
MODULE_HOOK(rtsock_iflist_14_hook, int,
    (struct ifnet *, struct rt_walkarg *, struct rt_addrinfo *, size_t));
MODULE_HOOK(rtsock_iflist_50_hook, int,
    (struct ifnet *, struct rt_walkarg *, struct rt_addrinfo *, size_t));
MODULE_HOOK(rtsock_iflist_70_hook, int,
    (struct rt_walkarg *, struct ifaddr *, struct rt_addrinfo *));

/* Sockets. */
MODULE_HOOK(uipc_socket_50_getopt1_hook, int,
    (int, struct socket *, struct sockopt *));
MODULE_HOOK(uipc_socket_50_setopt1_hook, int,
    (int, struct socket *, const struct sockopt *));
MODULE_HOOK(uipc_socket_50_sbts_hook, int, (int, struct mbuf ***));
MODULE_HOOK(uipc_syscalls_40_hook, int, (u_long, void *));
MODULE_HOOK(uipc_syscalls_50_hook, int, (struct lwp *, u_long, void *));
MODULE_HOOK(uipc_unp_70_hook, struct mbuf *, (struct lwp *, struct mbuf *));

/* Opening under an emulation's root. */
MODULE_HOOK(vfs_openat_10_hook, int, (void *, int));

/* SCTP hears of addresses. */
extern void (*vec_sctp_add_ip_address)(struct ifaddr *);
extern void (*vec_sctp_delete_ip_address)(struct ifaddr *);

#endif /* _SYS_COMPAT_STUB_H */
