/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device switch: how device numbers reach drivers.
 *
 * A driver offers a table for its block and one for its character devices.
 * bdev_*() and cdev_*() look a table up by major number and call through it,
 * under the kernel lock unless the table says D_MPSAFE.
 */
#ifndef _SYS_CONF_H_
#define _SYS_CONF_H_

#ifdef _KERNEL

#include <sys/types.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/device_if.h>
#include <sys/mutex.h>

struct buf;
struct knote;
struct lwp;
struct tty;
struct uio;
struct vmspace;

/* d_flag: what sort of device, and what the driver can do. */
#define D_OTHER		0
#define D_TAPE		1
#define D_DISK		2
#define D_TTY		3
#define D_TYPEMASK	255
#define D_MPSAFE	0x100
#define D_NEGOFFSAFE	0x200
#define D_MCLOSE	0x400

struct bdevsw {
	int		(*d_open)(dev_t, int, int, struct lwp *);
	int		(*d_close)(dev_t, int, int, struct lwp *);
	void		(*d_strategy)(struct buf *);
	int		(*d_ioctl)(dev_t, u_long, void *, int, struct lwp *);
	int		(*d_dump)(dev_t, daddr_t, void *, size_t);
	int		(*d_psize)(dev_t);
	int		(*d_discard)(dev_t, off_t, off_t);
	int		d_flag;
};

struct cdevsw {
	int		(*d_open)(dev_t, int, int, struct lwp *);
	int		(*d_close)(dev_t, int, int, struct lwp *);
	int		(*d_read)(dev_t, struct uio *, int);
	int		(*d_write)(dev_t, struct uio *, int);
	int		(*d_ioctl)(dev_t, u_long, void *, int, struct lwp *);
	void		(*d_stop)(struct tty *, int);
	struct tty *	(*d_tty)(dev_t);
	int		(*d_poll)(dev_t, int, struct lwp *);
	paddr_t		(*d_mmap)(dev_t, off_t, int);
	int		(*d_kqfilter)(dev_t, struct knote *);
	int		(*d_discard)(dev_t, off_t, off_t);
	int		d_flag;
};

extern kmutex_t	device_lock;

/* Publishing a driver, and looking one up. */
int	devsw_attach(const char *, const struct bdevsw *, devmajor_t *,
	    const struct cdevsw *, devmajor_t *);
int	devsw_detach(const struct bdevsw *, const struct cdevsw *);
const struct bdevsw *bdevsw_lookup(dev_t);
const struct cdevsw *cdevsw_lookup(dev_t);
devmajor_t bdevsw_lookup_major(const struct bdevsw *);
devmajor_t cdevsw_lookup_major(const struct cdevsw *);
const char *bdevsw_getname(devmajor_t);
const char *cdevsw_getname(devmajor_t);
void	devsw_init(void);
void	devsw_detach_locked(const struct bdevsw *, const struct cdevsw *);

/* Names and numbers, block and character. */
const char *devsw_blk2name(devmajor_t);
const char *devsw_chr2name(devmajor_t);
devmajor_t devsw_name2blk(const char *, char *, size_t);
devmajor_t devsw_name2chr(const char *, char *, size_t);
dev_t	devsw_chr2blk(dev_t);
dev_t	devsw_blk2chr(dev_t);

/* Declarations of a driver's functions by their role. */
#define dev_type_open(n)	int n(dev_t, int, int, struct lwp *)
#define dev_type_close(n)	int n(dev_t, int, int, struct lwp *)
#define dev_type_read(n)	int n(dev_t, struct uio *, int)
#define dev_type_write(n)	int n(dev_t, struct uio *, int)
#define dev_type_ioctl(n) \
	int n(dev_t, u_long, void *, int, struct lwp *)
#define dev_type_stop(n)	void n(struct tty *, int)
#define dev_type_tty(n)		struct tty *n(dev_t)
#define dev_type_poll(n)	int n(dev_t, int, struct lwp *)
#define dev_type_mmap(n)	paddr_t n(dev_t, off_t, int)
#define dev_type_strategy(n)	void n(struct buf *)
#define dev_type_dump(n)	int n(dev_t, daddr_t, void *, size_t)
#define dev_type_size(n)	int n(dev_t)
#define dev_type_kqfilter(n)	int n(dev_t, struct knote *)
#define dev_type_discard(n)	int n(dev_t, off_t, off_t)

/*
 * Fillers: no... refuses with ENODEV, null... succeeds and does nothing.  Each
 * has the exact type of its slot (calls through another type trap on some
 * hosts).
 */
dev_type_open(noopen);
dev_type_close(noclose);
dev_type_read(noread);
dev_type_write(nowrite);
dev_type_ioctl(noioctl);
dev_type_stop(nostop);
dev_type_mmap(nommap);
dev_type_dump(nodump);
dev_type_discard(nodiscard);
#define notty		NULL
#define nosize		NULL
#define nopoll		seltrue
#define nokqfilter	seltrue_kqfilter

dev_type_open(nullopen);
dev_type_close(nullclose);
dev_type_read(nullread);
dev_type_write(nullwrite);
dev_type_ioctl(nullioctl);
dev_type_stop(nullstop);
dev_type_poll(nullpoll);
dev_type_mmap(nullmmap);
dev_type_kqfilter(nullkqfilter);
dev_type_dump(nulldump);
dev_type_discard(nulldiscard);
#define nulltty		NULL
#define nullsize	NULL

dev_type_poll(seltrue);
dev_type_kqfilter(seltrue_kqfilter);

/* Calls through the tables. */
dev_type_open(bdev_open);
dev_type_close(bdev_close);
dev_type_strategy(bdev_strategy);
dev_type_ioctl(bdev_ioctl);
dev_type_dump(bdev_dump);
dev_type_size(bdev_size);
dev_type_discard(bdev_discard);
int	bdev_flags(dev_t);
int	bdev_type(dev_t);

dev_type_open(cdev_open);
dev_type_close(cdev_close);
dev_type_read(cdev_read);
dev_type_write(cdev_write);
dev_type_ioctl(cdev_ioctl);
dev_type_stop(cdev_stop);
dev_type_tty(cdev_tty);
dev_type_poll(cdev_poll);
dev_type_mmap(cdev_mmap);
dev_type_kqfilter(cdev_kqfilter);
dev_type_discard(cdev_discard);
int	cdev_flags(dev_t);
int	cdev_type(dev_t);

/* Configured names and majors, and the device nodes they want in /dev. */
enum devnode_class {
	DEVNODE_DONTBOTHER,
	DEVNODE_SINGLE,
	DEVNODE_VECTOR
};
#define DEVNODE_FLAG_LINKZERO	1
#define DEVNODE_FLAG_ISMINOR0	2
struct devsw_conv {
	const char	*d_name;
	devmajor_t	d_bmajor;
	devmajor_t	d_cmajor;
	enum devnode_class d_class;
	int		d_flags;
	int		d_vectdim[2];
};
extern struct devsw_conv *devsw_conv;
extern int max_devsw_convs;

/* The memory devices' minors. */
#define DEV_MEM		0
#define DEV_KMEM	1
#define DEV_NULL	2
#define DEV_FULL	11
#define DEV_ZERO	12
extern const dev_t zerodev;
int	iskmemdev(dev_t);

/* Line disciplines. */
struct linesw {
	const char *l_name;
	LIST_ENTRY(linesw) l_list;
	u_int	l_refcnt;
	int	l_no;
	int	(*l_open)(dev_t, struct tty *);
	int	(*l_close)(struct tty *, int);
	int	(*l_read)(struct tty *, struct uio *, int);
	int	(*l_write)(struct tty *, struct uio *, int);
	int	(*l_ioctl)(struct tty *, u_long, void *, int, struct lwp *);
	int	(*l_rint)(int, struct tty *);
	int	(*l_start)(struct tty *);
	int	(*l_modem)(struct tty *, int);
	int	(*l_poll)(struct tty *, int, struct lwp *);
};
void	ttyldisc_init(void);
int	ttyldisc_attach(struct linesw *);
int	ttyldisc_detach(struct linesw *);
struct linesw *ttyldisc_lookup(const char *);
struct linesw *ttyldisc_lookup_bynum(int);
struct linesw *ttyldisc_default(void);
void	ttyldisc_release(struct linesw *);

/* Fillers of a discipline. */
int	ttyerrpoll(struct tty *, int, struct lwp *);
int	ttynullioctl(struct tty *, u_long, void *, int, struct lwp *);
int	ttyerrinput(int, struct tty *);
int	ttyerrstart(struct tty *);
int	ttynodisc(dev_t, struct tty *);

/* Where swap and dumps go; devices as drivers' tests name them. */
extern dev_t	dumpdev;
extern const char *dumpspec;

#endif /* _KERNEL */
#endif /* _SYS_CONF_H_ */
