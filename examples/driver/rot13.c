/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /dev/rot13: a device in about a hundred lines.  What is written to it can be read from it,
 * once, with each letter moved thirteen places on in the alphabet.
 *
 * The component makes its major number and its node when the file systems are up.
 *
 * Locks: lock, for all that is static here.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/condvar.h>
#include <sys/conf.h>
#include <sys/mutex.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <rump-sys/kern.h>
#include <rump-sys/vfs.h>

static kmutex_t lock;
static kcondvar_t changed;
static char text[1024];
static size_t used;			/* of text */

static char
turn(char c)
{

	if (c >= 'a' && c <= 'z')
		return 'a' + (c - 'a' + 13) % 26;
	if (c >= 'A' && c <= 'Z')
		return 'A' + (c - 'A' + 13) % 26;
	return c;
}

static int
rot13_open(dev_t dev, int flags, int mode, struct lwp *l)
{

	return minor(dev) == 0 ? 0 : ENXIO;
}

static int
rot13_close(dev_t dev, int flags, int mode, struct lwp *l)
{

	return 0;
}

/* Wait for text; a signal ends the wait. */
static int
rot13_read(dev_t dev, struct uio *uio, int flags)
{
	size_t n;
	int error = 0;

	mutex_enter(&lock);
	while (used == 0 && error == 0)
		error = (flags & IO_NDELAY) ? EAGAIN : cv_wait_sig(&changed, &lock);
	n = MIN(used, uio->uio_resid);
	if (error == 0)
		error = uiomove(text, n, uio);
	if (error == 0) {
		used -= n;
		memmove(text, text + n, used);
	}
	mutex_exit(&lock);
	return error;
}

static int
rot13_write(dev_t dev, struct uio *uio, int flags)
{
	size_t begin, i;
	int error;

	mutex_enter(&lock);
	begin = used;
	error = uio->uio_resid > sizeof(text) - used ? ENOSPC : 0;
	if (error == 0) {
		used += uio->uio_resid;
		error = uiomove(text + begin, used - begin, uio);
	}
	if (error != 0)
		used = begin;
	for (i = begin; i < used; i++)
		text[i] = turn(text[i]);
	cv_broadcast(&changed);
	mutex_exit(&lock);
	return error;
}

static const struct cdevsw rot13_cdevsw = {
	.d_open = rot13_open,
	.d_close = rot13_close,
	.d_read = rot13_read,
	.d_write = rot13_write,
	.d_ioctl = noioctl,
	.d_stop = nostop,
	.d_tty = notty,
	.d_poll = nopoll,
	.d_mmap = nommap,
	.d_kqfilter = nokqfilter,
	.d_discard = nodiscard,
	.d_flag = D_OTHER | D_MPSAFE,
};

RUMP_COMPONENT(RUMP_COMPONENT_VFS)
{
	devmajor_t bmajor = NODEVMAJOR, cmajor = NODEVMAJOR;
	int error;

	mutex_init(&lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&changed, "rot13");
	error = devsw_attach("rot13", NULL, &bmajor, &rot13_cdevsw, &cmajor);
	if (error == 0)
		error = rump_vfs_makeonedevnode(S_IFCHR, "/dev/rot13", cmajor, 0);
	if (error != 0)
		printf("rot13: %d\n", error);
}
