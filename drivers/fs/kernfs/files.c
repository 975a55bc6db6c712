/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernfs: the files, and what is in them.  Numbers are decimal, each file ends with a NL.
 *
 * Ref: NetBSD mount_kernfs(8).
 */
#include "kernfs_var.h"

#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/msgbuf.h>
#include <sys/resource.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/timevar.h>
#include <sys/uio.h>

#include <uvm/uvm_extern.h>

static size_t __printflike(2, 3)
put(char *text, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, KERNFS_TEXT, fmt, ap);
	va_end(ap);
	return MIN((size_t)n, KERNFS_TEXT - 1);
}

static size_t
text_boottime(char *text)
{
	struct timeval tv;

	getmicroboottime(&tv);
	return put(text, "%lld\n", (long long)tv.tv_sec);
}

static size_t
text_copyright(char *text)
{

	return put(text, "%s", copyright);
}

static size_t
text_hostname(char *text)
{

	return put(text, "%s\n", hostname);
}

/* What follows a NL is not part of the name. */
static int
write_hostname(const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len);

	if (end != NULL)
		len = (size_t)(end - text);
	if (len >= sizeof(hostname))
		return EINVAL;
	memcpy(hostname, text, len);
	hostname[len] = '\0';
	hostnamelen = (int)len + 1;
	return 0;
}

static size_t
text_hz(char *text)
{

	return put(text, "%d\n", hz);
}

/* Averages of 1, 5 and 15 minutes, and what they are multiples of. */
static size_t
text_loadavg(char *text)
{

	return put(text, "%u %u %u %ld\n", averunnable.ldavg[0],
	    averunnable.ldavg[1], averunnable.ldavg[2], averunnable.fscale);
}

static size_t
text_pagesize(char *text)
{

	return put(text, "%d\n", PAGE_SIZE);
}

static size_t
text_physmem(char *text)
{

	return put(text, "%ju\n", (uintmax_t)physmem);
}

static size_t
text_time(char *text)
{
	struct timeval tv;

	microtime(&tv);
	return put(text, "%lld %ld\n", (long long)tv.tv_sec,
	    (long)tv.tv_usec);
}

static size_t
text_version(char *text)
{

	return put(text, "%s", version);
}

/* The text of the message buffer, oldest first; returns its length. */
static size_t
copy_messages(const struct kern_msgbuf *m, char *to)
{
	long at = m->msg_bufx, left;
	size_t n = 0;

	for (left = m->msg_bufs; left > 0; left--, at++) {
		at %= m->msg_bufs;
		if (m->msg_bufc[at] != '\0')	/* not written yet */
			to[n++] = m->msg_bufc[at];
	}
	return n;
}

/* A message that is just printed may be torn. */
static int
read_msgbuf(struct uio *uio)
{
	const size_t size = (size_t)msgbufp->msg_bufs;
	char *copy = kmem_alloc(size, KM_SLEEP);
	int error;

	error = uiomove_frombuf(copy, copy_messages(msgbufp, copy), uio);
	kmem_free(copy, size);
	return error;
}

static dev_t
device_root(void)
{

	return rootdev;
}

static dev_t
device_rawroot(void)
{

	return rootdev == NODEV ? NODEV : devsw_blk2chr(rootdev);
}

#define TEXT(name)	{ .kf_name = #name, .kf_type = VREG,		\
	.kf_mode = 0444, .kf_text = text_##name }
#define DEVICE(name, type, device) { .kf_name = #name, .kf_type = type,	\
	.kf_mode = 0400, .kf_device = device }

const struct kernfs_file kernfs_files[] = {
	{ .kf_name = ".", .kf_type = VDIR, .kf_mode = 0555 },
	TEXT(boottime),
	TEXT(copyright),
	{ .kf_name = "hostname", .kf_type = VREG, .kf_mode = 0644,
	  .kf_text = text_hostname, .kf_write = write_hostname },
	TEXT(hz),
	TEXT(loadavg),
	{ .kf_name = "msgbuf", .kf_type = VREG, .kf_mode = 0444,
	  .kf_read = read_msgbuf },
	TEXT(pagesize),
	TEXT(physmem),
	DEVICE(rootdev, VBLK, device_root),
	DEVICE(rrootdev, VCHR, device_rawroot),
	TEXT(time),
	TEXT(version),
};
const unsigned kernfs_nfiles = __arraycount(kernfs_files);

bool
kernfs_exists(const struct kernfs_file *kf)
{

	return kf->kf_device == NULL || (*kf->kf_device)() != NODEV;
}
