/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device switch, devsw(9): tables of drivers by major number, and calls
 * through them.
 *
 * A slot is a pointer that is set once its table is complete and cleared when
 * the driver goes, which must have closed all users by then; so lookups take no
 * lock.  device_lock serialises attach and detach, and protects the table of
 * names (conversions), which only grows.
 *
 * Majors up to FIRST_DYNAMIC - 1 have fixed owners (console, memory devices,
 * host block devices ...); a driver that asks for any gets one from there on.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/poll.h>
#include <sys/systm.h>
#include <sys/tty.h>

#include <rump-private/files.h>

#define MAJORS		512
#define FIRST_DYNAMIC	256

kmutex_t device_lock;

static const struct bdevsw *volatile block[MAJORS];
static const struct cdevsw *volatile character[MAJORS];

static struct devsw_conv conversions[MAJORS];
struct devsw_conv *devsw_conv = conversions;
int max_devsw_convs;

void
devsw_init(void)
{

	mutex_init(&device_lock, MUTEX_DEFAULT, IPL_NONE);
}

/* The driver's name is the first n characters; its row, or a new one. */
static struct devsw_conv *
conversion(const char *name)
{
	struct devsw_conv *conv;
	int i;

	for (i = 0; i < max_devsw_convs; i++)
		if (strcmp(conversions[i].d_name, name) == 0)
			return &conversions[i];
	if (i == MAJORS)
		return NULL;
	conv = &conversions[i];
	conv->d_name = kmem_strdupsize(name, NULL, KM_SLEEP);
	conv->d_bmajor = conv->d_cmajor = NODEVMAJOR;
	atomic_store_release(&max_devsw_convs, i + 1);
	return conv;
}

/* Does a name lay claim to a major, as block or character device? */
static bool
reserved(devmajor_t major, bool asblock)
{
	int i;

	for (i = 0; i < max_devsw_convs; i++)
		if ((asblock ? conversions[i].d_bmajor :
		    conversions[i].d_cmajor) == major)
			return true;
	return false;
}

/* A major for a driver: what it asks for, what it had, or a free one. */
static int
choose(devmajor_t asked, devmajor_t had, bool asblock, devmajor_t *majorp)
{
	devmajor_t major;

	if (asked >= 0) {
		if (asked >= MAJORS || (had >= 0 && had != asked))
			return EINVAL;
		*majorp = asked;
		return 0;
	}
	if (had >= 0) {
		*majorp = had;
		return 0;
	}
	for (major = FIRST_DYNAMIC; major < MAJORS; major++) {
		if ((asblock ? (const void *)block[major] :
		    (const void *)character[major]) == NULL &&
		    !reserved(major, asblock)) {
			*majorp = major;
			return 0;
		}
	}
	return ENOMEM;
}

int
devsw_attach(const char *name, const struct bdevsw *bdev, devmajor_t *bmajor,
    const struct cdevsw *cdev, devmajor_t *cmajor)
{
	devmajor_t bm = NODEVMAJOR, cm;
	struct devsw_conv *conv;
	int error;

	if (name == NULL || cdev == NULL)
		return EINVAL;
	mutex_enter(&device_lock);
	if ((conv = conversion(name)) == NULL) {
		error = ENOMEM;
		goto out;
	}
	error = choose(*cmajor, conv->d_cmajor, false, &cm);
	if (error == 0 && bdev != NULL)
		error = choose(*bmajor, conv->d_bmajor, true, &bm);
	if (error != 0)
		goto out;
	if (character[cm] != NULL || (bdev != NULL && block[bm] != NULL)) {
		error = EEXIST;
		goto out;
	}
	conv->d_cmajor = cm;
	*cmajor = cm;
	atomic_store_release(&character[cm], cdev);
	if (bdev != NULL) {
		conv->d_bmajor = bm;
		*bmajor = bm;
		atomic_store_release(&block[bm], bdev);
	}
out:
	mutex_exit(&device_lock);
	return error;
}

void
devsw_detach_locked(const struct bdevsw *bdev, const struct cdevsw *cdev)
{
	int i;

	KASSERT(mutex_owned(&device_lock));
	for (i = 0; i < MAJORS; i++) {
		if (bdev != NULL && block[i] == bdev)
			block[i] = NULL;
		if (cdev != NULL && character[i] == cdev)
			character[i] = NULL;
	}
}

int
devsw_detach(const struct bdevsw *bdev, const struct cdevsw *cdev)
{

	mutex_enter(&device_lock);
	devsw_detach_locked(bdev, cdev);
	mutex_exit(&device_lock);
	return 0;
}

const struct bdevsw *
bdevsw_lookup(dev_t dev)
{

	if (dev == NODEV || major(dev) >= MAJORS)
		return NULL;
	return atomic_load_consume(&block[major(dev)]);
}

const struct cdevsw *
cdevsw_lookup(dev_t dev)
{

	if (dev == NODEV || major(dev) >= MAJORS)
		return NULL;
	return atomic_load_consume(&character[major(dev)]);
}

devmajor_t
bdevsw_lookup_major(const struct bdevsw *bdev)
{
	devmajor_t major;

	for (major = 0; major < MAJORS; major++)
		if (block[major] == bdev)
			return major;
	return NODEVMAJOR;
}

devmajor_t
cdevsw_lookup_major(const struct cdevsw *cdev)
{
	devmajor_t major;

	for (major = 0; major < MAJORS; major++)
		if (character[major] == cdev)
			return major;
	return NODEVMAJOR;
}

/*
 * Names and numbers.
 */
const char *
devsw_blk2name(devmajor_t bmajor)
{
	int i;

	for (i = 0; bmajor >= 0 && i < max_devsw_convs; i++)
		if (conversions[i].d_bmajor == bmajor)
			return conversions[i].d_name;
	return NULL;
}

const char *
devsw_chr2name(devmajor_t cmajor)
{
	int i;

	for (i = 0; cmajor >= 0 && i < max_devsw_convs; i++)
		if (conversions[i].d_cmajor == cmajor)
			return conversions[i].d_name;
	return NULL;
}

const char *
bdevsw_getname(devmajor_t major)
{

	return devsw_blk2name(major);
}

const char *
cdevsw_getname(devmajor_t major)
{

	return devsw_chr2name(major);
}

/* The driver of a device name such as wd0a: its letters; name, without them. */
static struct devsw_conv *
by_name(const char *name)
{
	int i;
	size_t len;

	for (i = 0; name != NULL && i < max_devsw_convs; i++) {
		len = strlen(conversions[i].d_name);
		if (strncmp(conversions[i].d_name, name, len) == 0 &&
		    (name[len] == '\0' || (name[len] >= '0' &&
		    name[len] <= '9')))
			return &conversions[i];
	}
	return NULL;
}

devmajor_t
devsw_name2blk(const char *name, char *devname, size_t devnamelen)
{
	struct devsw_conv *conv = by_name(name);

	if (conv == NULL)
		return NODEVMAJOR;
	if (devname != NULL)
		strlcpy(devname, conv->d_name, devnamelen);
	return conv->d_bmajor;
}

devmajor_t
devsw_name2chr(const char *name, char *devname, size_t devnamelen)
{
	struct devsw_conv *conv = by_name(name);

	if (conv == NULL)
		return NODEVMAJOR;
	if (devname != NULL)
		strlcpy(devname, conv->d_name, devnamelen);
	return conv->d_cmajor;
}

dev_t
devsw_chr2blk(dev_t cdev)
{
	int i;

	if (cdevsw_lookup(cdev) == NULL)
		return NODEV;
	for (i = 0; i < max_devsw_convs; i++)
		if (conversions[i].d_cmajor == major(cdev))
			return conversions[i].d_bmajor < 0 ? NODEV :
			    makedev(conversions[i].d_bmajor, minor(cdev));
	return NODEV;
}

dev_t
devsw_blk2chr(dev_t bdev)
{
	int i;

	if (bdevsw_lookup(bdev) == NULL)
		return NODEV;
	for (i = 0; i < max_devsw_convs; i++)
		if (conversions[i].d_bmajor == major(bdev))
			return conversions[i].d_cmajor < 0 ? NODEV :
			    makedev(conversions[i].d_cmajor, minor(bdev));
	return NODEV;
}

/*
 * Calls.  A driver that is not marked MPSAFE runs with the kernel lock.
 */
static bool
lock_for(int flag)
{
	bool needed = (flag & D_MPSAFE) == 0;

	if (needed)
		KERNEL_LOCK(1, NULL);
	return needed;
}

static void
unlock_for(bool locked)
{

	if (locked)
		KERNEL_UNLOCK_ONE(NULL);
}

int
bdev_open(dev_t dev, int flag, int devtype, struct lwp *l)
{
	const struct bdevsw *d = bdevsw_lookup(dev);
	bool locked;
	int error;

	if (d == NULL)
		return ENXIO;
	locked = lock_for(d->d_flag);
	error = (*d->d_open)(dev, flag, devtype, l);
	unlock_for(locked);
	return error;
}

int
bdev_close(dev_t dev, int flag, int devtype, struct lwp *l)
{
	const struct bdevsw *d = bdevsw_lookup(dev);
	bool locked;
	int error;

	if (d == NULL)
		return ENXIO;
	locked = lock_for(d->d_flag);
	error = (*d->d_close)(dev, flag, devtype, l);
	unlock_for(locked);
	return error;
}

void
bdev_strategy(struct buf *bp)
{
	const struct bdevsw *d = bdevsw_lookup(bp->b_dev);
	bool locked;

	if (d == NULL) {
		bp->b_error = ENXIO;
		bp->b_resid = bp->b_bcount;
		file_vnode_ops->fv_biodone(bp);
		return;
	}
	locked = lock_for(d->d_flag);
	(*d->d_strategy)(bp);
	unlock_for(locked);
}

int
bdev_ioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{
	const struct bdevsw *d = bdevsw_lookup(dev);
	bool locked;
	int error;

	if (d == NULL)
		return ENXIO;
	locked = lock_for(d->d_flag);
	error = (*d->d_ioctl)(dev, cmd, data, flag, l);
	unlock_for(locked);
	return error;
}

/* The system is stopped when this is called: no lock. */
int
bdev_dump(dev_t dev, daddr_t addr, void *data, size_t size)
{
	const struct bdevsw *d = bdevsw_lookup(dev);

	return d == NULL ? ENXIO : (*d->d_dump)(dev, addr, data, size);
}

int
bdev_size(dev_t dev)
{
	const struct bdevsw *d = bdevsw_lookup(dev);
	bool locked;
	int size;

	if (d == NULL || d->d_psize == NULL)
		return -1;
	locked = lock_for(d->d_flag);
	size = (*d->d_psize)(dev);
	unlock_for(locked);
	return size;
}

int
bdev_discard(dev_t dev, off_t pos, off_t len)
{
	const struct bdevsw *d = bdevsw_lookup(dev);
	bool locked;
	int error;

	if (d == NULL)
		return ENXIO;
	locked = lock_for(d->d_flag);
	error = (*d->d_discard)(dev, pos, len);
	unlock_for(locked);
	return error;
}

int
bdev_flags(dev_t dev)
{
	const struct bdevsw *d = bdevsw_lookup(dev);

	return d == NULL ? 0 : d->d_flag & ~D_TYPEMASK;
}

int
bdev_type(dev_t dev)
{
	const struct bdevsw *d = bdevsw_lookup(dev);

	return d == NULL ? D_OTHER : d->d_flag & D_TYPEMASK;
}

int
cdev_open(dev_t dev, int flag, int devtype, struct lwp *l)
{
	const struct cdevsw *d = cdevsw_lookup(dev);
	bool locked;
	int error;

	if (d == NULL)
		return ENXIO;
	locked = lock_for(d->d_flag);
	error = (*d->d_open)(dev, flag, devtype, l);
	unlock_for(locked);
	return error;
}

int
cdev_close(dev_t dev, int flag, int devtype, struct lwp *l)
{
	const struct cdevsw *d = cdevsw_lookup(dev);
	bool locked;
	int error;

	if (d == NULL)
		return ENXIO;
	locked = lock_for(d->d_flag);
	error = (*d->d_close)(dev, flag, devtype, l);
	unlock_for(locked);
	return error;
}

int
cdev_read(dev_t dev, struct uio *uio, int flag)
{
	const struct cdevsw *d = cdevsw_lookup(dev);
	bool locked;
	int error;

	if (d == NULL)
		return ENXIO;
	locked = lock_for(d->d_flag);
	error = (*d->d_read)(dev, uio, flag);
	unlock_for(locked);
	return error;
}

int
cdev_write(dev_t dev, struct uio *uio, int flag)
{
	const struct cdevsw *d = cdevsw_lookup(dev);
	bool locked;
	int error;

	if (d == NULL)
		return ENXIO;
	locked = lock_for(d->d_flag);
	error = (*d->d_write)(dev, uio, flag);
	unlock_for(locked);
	return error;
}

int
cdev_ioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{
	const struct cdevsw *d = cdevsw_lookup(dev);
	bool locked;
	int error;

	if (d == NULL)
		return ENXIO;
	locked = lock_for(d->d_flag);
	error = (*d->d_ioctl)(dev, cmd, data, flag, l);
	unlock_for(locked);
	return error;
}

void
cdev_stop(struct tty *tp, int flag)
{
	const struct cdevsw *d = cdevsw_lookup(tp->t_dev);
	bool locked;

	if (d == NULL)
		return;
	locked = lock_for(d->d_flag);
	(*d->d_stop)(tp, flag);
	unlock_for(locked);
}

struct tty *
cdev_tty(dev_t dev)
{
	const struct cdevsw *d = cdevsw_lookup(dev);

	return d == NULL || d->d_tty == NULL ? NULL : (*d->d_tty)(dev);
}

int
cdev_poll(dev_t dev, int events, struct lwp *l)
{
	const struct cdevsw *d = cdevsw_lookup(dev);
	bool locked;
	int revents;

	if (d == NULL)
		return POLLERR;
	locked = lock_for(d->d_flag);
	revents = (*d->d_poll)(dev, events, l);
	unlock_for(locked);
	return revents;
}

paddr_t
cdev_mmap(dev_t dev, off_t off, int prot)
{
	const struct cdevsw *d = cdevsw_lookup(dev);
	paddr_t cookie;
	bool locked;

	if (d == NULL)
		return (paddr_t)-1;
	locked = lock_for(d->d_flag);
	cookie = (*d->d_mmap)(dev, off, prot);
	unlock_for(locked);
	return cookie;
}

int
cdev_kqfilter(dev_t dev, struct knote *kn)
{
	const struct cdevsw *d = cdevsw_lookup(dev);
	bool locked;
	int error;

	if (d == NULL)
		return ENXIO;
	locked = lock_for(d->d_flag);
	error = (*d->d_kqfilter)(dev, kn);
	unlock_for(locked);
	return error;
}

int
cdev_discard(dev_t dev, off_t pos, off_t len)
{
	const struct cdevsw *d = cdevsw_lookup(dev);
	bool locked;
	int error;

	if (d == NULL)
		return ENXIO;
	locked = lock_for(d->d_flag);
	error = (*d->d_discard)(dev, pos, len);
	unlock_for(locked);
	return error;
}

int
cdev_flags(dev_t dev)
{
	const struct cdevsw *d = cdevsw_lookup(dev);

	return d == NULL ? 0 : d->d_flag & ~D_TYPEMASK;
}

int
cdev_type(dev_t dev)
{
	const struct cdevsw *d = cdevsw_lookup(dev);

	return d == NULL ? D_OTHER : d->d_flag & D_TYPEMASK;
}

/* Is it memory itself, as a character device? */
int
iskmemdev(dev_t dev)
{
	const char *name = devsw_chr2name(major(dev));

	return name != NULL && strcmp(name, "mem") == 0 &&
	    (minor(dev) == DEV_MEM || minor(dev) == DEV_KMEM);
}
