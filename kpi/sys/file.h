/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open files.
 *
 * A file is what descriptors refer to: an offset, open flags, the opener's
 * credential, and a table of operations over an object (vnode, pipe, socket,
 * kqueue ...).  Descriptors, descriptor tables and the life of a file are in
 * <sys/filedesc.h>; doc/syscalls.md describes both.
 */
#ifndef _SYS_FILE_H_
#define _SYS_FILE_H_

#include <sys/types.h>
#include <sys/fcntl.h>
#include <sys/unistd.h>

/* What a file's object is: f_type, and a name for each. */
#define DTYPE_VNODE	1
#define DTYPE_SOCKET	2
#define DTYPE_PIPE	3
#define DTYPE_KQUEUE	4
#define DTYPE_MISC	5
#define DTYPE_CRYPTO	6
#define DTYPE_MQUEUE	7
#define DTYPE_SEM	8
#define DTYPE_NAMES \
	"0", "file", "socket", "pipe", "kqueue", "misc", "crypto", "mqueue", \
	"semaphore"

#ifdef _KERNEL

#include <sys/queue.h>
#include <sys/mutex.h>
#include <sys/condvar.h>

struct file;
struct iovec;
struct knote;
struct lwp;
struct proc;
struct socket;
struct stat;
struct uio;
struct uvm_object;
struct vnode;
struct kauth_cred;

/* Flags that the read and write operations take. */
#define FOF_UPDATE_OFFSET	0x1
#define FOF_IOV_SYSSPACE	0x100

/*
 * Operations of a file.  All run with a reference to the file and without
 * locks; fo_close runs once, when the last reference goes.
 */
struct fileops {
	const char *fo_name;
	int	(*fo_read)(struct file *, off_t *, struct uio *,
		    struct kauth_cred *, int);
	int	(*fo_write)(struct file *, off_t *, struct uio *,
		    struct kauth_cred *, int);
	int	(*fo_ioctl)(struct file *, u_long, void *);
	int	(*fo_fcntl)(struct file *, u_int, void *);
	int	(*fo_poll)(struct file *, int);
	int	(*fo_stat)(struct file *, struct stat *);
	int	(*fo_close)(struct file *);
	int	(*fo_kqfilter)(struct file *, struct knote *);
	void	(*fo_restart)(struct file *);
	int	(*fo_mmap)(struct file *, off_t *, size_t, int, int *, int *,
		    struct uvm_object **, int *);
	void	(*fo_spare2)(void);
};

union file_data {
	struct vnode *fd_vp;		/* DTYPE_VNODE */
	struct socket *fd_so;		/* DTYPE_SOCKET */
	struct pipe *fd_pipe;		/* DTYPE_PIPE */
	struct kqueue *fd_kq;		/* DTYPE_KQUEUE */
	struct audio_file *fd_audioctx;	/* DTYPE_MISC and below: drivers' */
	struct bpf_d *fd_bpf;
	struct fcrypt *fd_fcrypt;
	struct mqueue *fd_mq;
	struct ksem *fd_ks;
	struct iscsifd *fd_iscsi;
	struct pad_softc *fd_pad;
	struct rndctx *fd_rndctx;
	struct tap_softc *fd_tap;
	struct putter_instance *fd_putter;
	int fd_devunit;
	void *fd_data;
};

struct file {
	/* Set before the file is visible, then constant. */
	struct kauth_cred *f_cred;
	const struct fileops *f_ops;
	union file_data f_undata;
	u_int	f_type;

	/* Protected by f_lock. */
	off_t	f_offset;
	kmutex_t f_lock;
	int	f_flag;			/* F* of <sys/fcntl.h> */
	u_int	f_advice;		/* POSIX_FADV_* */
	u_int	f_count;		/* references; changed atomically too */
	u_int	f_msgcount;		/* of those, in flight in messages */
	u_int	f_unpcount;		/* deferred closes by local sockets */
	u_int	f_marker;		/* traversal marks */
	SLIST_ENTRY(file) f_unplist;
};

#define f_audioctx	f_undata.fd_audioctx
#define f_bpf		f_undata.fd_bpf
#define f_data		f_undata.fd_data
#define f_devunit	f_undata.fd_devunit
#define f_fcrypt	f_undata.fd_fcrypt
#define f_socket	f_undata.fd_so
#define f_vnode		f_undata.fd_vp
#define f_pipe		f_undata.fd_pipe
#define f_kqueue	f_undata.fd_kq
#define f_mqueue	f_undata.fd_mq
#define f_ksem		f_undata.fd_ks
#define f_iscsi		f_undata.fd_iscsi
#define f_pad		f_undata.fd_pad
#define f_rndctx	f_undata.fd_rndctx
#define f_tap		f_undata.fd_tap
#define f_putter	f_undata.fd_putter

extern u_int maxfiles;			/* limit of open files */
extern const struct fileops vnops;	/* files over vnodes */

/* Reading and writing on behalf of system calls and compatibility code. */
int do_filereadv(int, const struct iovec *, int, off_t *, int, register_t *);
int do_filewritev(int, const struct iovec *, int, off_t *, int, register_t *);
int dofileread(int, struct file *, void *, size_t, off_t *, int, register_t *);
int dofilewrite(int, struct file *, const void *, size_t, off_t *, int,
    register_t *);

/* Owner of SIGIO. */
int fgetown(pid_t, u_long, void *);
int fsetown(pid_t *, u_long, const void *);
void fownsignal(pid_t, int, int, int, void *);

/* Fillers for operations tables. */
int	fbadop_read(struct file *, off_t *, struct uio *, struct kauth_cred *,
	    int);
int	fbadop_write(struct file *, off_t *, struct uio *, struct kauth_cred *,
	    int);
int	fbadop_ioctl(struct file *, u_long, void *);
int	fbadop_close(struct file *);
int fbadop_stat(struct file *, struct stat *);
int fnullop_fcntl(struct file *, u_int, void *);
int fnullop_kqfilter(struct file *, struct knote *);
int fnullop_poll(struct file *, int);
void fnullop_restart(struct file *);

#endif /* _KERNEL */
#endif /* _SYS_FILE_H_ */
