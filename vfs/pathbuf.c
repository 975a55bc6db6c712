/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paths: copied from the caller, so that nobody changes them meanwhile.
 *
 * A look-up works in the buffer (a symbolic link's target is put in front of
 * the rest), so who wants to see the path as it was given takes a copy with
 * pathbuf_stringcopy_get() beforehand.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/namei.h>
#include <sys/pool.h>
#include <sys/systm.h>
#include <sys/uio.h>

#include "pathbuf.h"

pool_cache_t pnbuf_cache;
static pool_cache_t pathbuf_cache;

void
pathbuf_boot(void)
{

	pnbuf_cache = pool_cache_init(MAXPATHLEN, 0, 0, 0, "pnbufpl", NULL,
	    IPL_NONE, NULL, NULL, NULL);
	pathbuf_cache = pool_cache_init(sizeof(struct pathbuf), 0, 0, 0,
	    "pathbuf", NULL, IPL_NONE, NULL, NULL, NULL);
}

/* A pathbuf around a buffer from PNBUF_GET, which now belongs to it. */
struct pathbuf *
pathbuf_assimilate(char *buf)
{
	struct pathbuf *pb = pool_cache_get(pathbuf_cache, PR_WAITOK);

	pb->pb_path = buf;
	pb->pb_copy = NULL;
	pb->pb_copyuses = 0;
	return pb;
}

/*
 * A pathbuf with a copy of a string of the kernel.
 *
 * path  shorter than MAXPATHLEN; what is beyond that is cut off
 */
struct pathbuf *
pathbuf_create(const char *path)
{
	char *buf = PNBUF_GET();

	strlcpy(buf, path, MAXPATHLEN);
	return pathbuf_assimilate(buf);
}

/*
 * A pathbuf with a copy of a user's string.
 *
 * Returns 0, EFAULT or ENAMETOOLONG.
 */
int
pathbuf_copyin(const char *userpath, struct pathbuf **pbp)
{
	char *buf;
	int error;

	if (__predict_false(userpath == NULL))
		return EFAULT;
	buf = PNBUF_GET();
	if ((error = copyinstr(userpath, buf, MAXPATHLEN, NULL)) != 0) {
		PNBUF_PUT(buf);
		return error;
	}
	*pbp = pathbuf_assimilate(buf);
	return 0;
}

/* One or the other, as seg says (UIO_USERSPACE, UIO_SYSSPACE). */
int
pathbuf_maybe_copyin(const char *path, enum uio_seg seg, struct pathbuf **pbp)
{

	if (seg == UIO_USERSPACE)
		return pathbuf_copyin(path, pbp);
	*pbp = pathbuf_create(path);
	return 0;
}

void
pathbuf_destroy(struct pathbuf *pb)
{

	KASSERT(pb->pb_copyuses == 0);
	if (pb->pb_copy != NULL)
		PNBUF_PUT(pb->pb_copy);
	PNBUF_PUT(pb->pb_path);
	pool_cache_put(pathbuf_cache, pb);
}

void
pathbuf_copystring(const struct pathbuf *pb, char *buf, size_t len)
{

	strlcpy(buf, pb->pb_path, len);
}

/*
 * The path as it is now, whatever a look-up does to it later; valid until the
 * matching put.
 */
const char *
pathbuf_stringcopy_get(struct pathbuf *pb)
{

	if (pb->pb_copy == NULL) {
		pb->pb_copy = PNBUF_GET();
		strlcpy(pb->pb_copy, pb->pb_path, MAXPATHLEN);
	}
	pb->pb_copyuses++;
	return pb->pb_copy;
}

void
pathbuf_stringcopy_put(struct pathbuf *pb, const char *string)
{

	KASSERT(string == pb->pb_copy && pb->pb_copyuses > 0);
	pb->pb_copyuses--;
}
