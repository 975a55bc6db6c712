/* SPDX-License-Identifier: BSD-2-Clause */
/* The contents of one file. */
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "fs.h"
#include "fstype.h"
#include "image.h"
#include "progress.h"

#define BLOCK	4096		/* of zeros, to become a hole */

static bool
all_zero(const char *p, size_t len)
{

	return len > 0 && p[0] == 0 && memcmp(p, p + 1, len - 1) == 0;
}

static void
complain_end(const struct copy_end *e)
{
	int err = side_errno();
	const char *path = e->path(e->place);

	e->side->complain(path, err);
	free((void *)(uintptr_t)path);
}

static bool
has_holes(const struct copy_end *e)
{

	return !e->stream && (!e->side->image || !image_lacks(FS_HOLES));
}

int
copy_chunk(const struct copy_end *to, const char *p, size_t len, int64_t off, int64_t *end)
{
	bool holes = has_holes(to);
	size_t at = 0, begin;

	while (at < len) {
		while (holes && at < len && all_zero(p + at, len - at < BLOCK ? len - at : BLOCK))
			at += BLOCK;
		if (at >= len)
			break;
		begin = at;
		at += BLOCK;
		while (at < len && (!holes ||
		    !all_zero(p + at, len - at < BLOCK ? len - at : BLOCK)))
			at += BLOCK;
		if (at > len)
			at = len;
		if (to->side->write(to->fd, p + begin, at - begin,
		    to->stream ? SIDE_STREAM : off + (int64_t)begin) == -1)
			return -1;
		*end = off + (int64_t)at;
	}
	return 0;
}

/* One range with data; *off and *written advance.  1: the source ended there. */
static int
copy_range(const struct copy_end *from, const struct copy_end *to, int64_t *off, int64_t end,
    int64_t *written, char *buf)
{
	size_t want;
	ssize_t n;

	while (*off < end) {
		if (interrupted())
			return -1;
		want = end - *off < COPY_CHUNK ? (size_t)(end - *off) : COPY_CHUNK;
		if ((n = from->side->read(from->fd, buf, want,
		    from->stream ? SIDE_STREAM : *off)) == -1) {
			complain_end(from);
			return -1;
		}
		if (copy_chunk(to, buf, (size_t)n, *off, written) == -1) {
			complain_end(to);
			return -1;
		}
		if (!from->stream)
			from->side->forget(from->fd, *off, (size_t)n < want ? 0 : want);
		*off += n;
		progress_add(n);
		if ((size_t)n < want)
			return 1;
	}
	return 0;
}

/*
 * size is what stat said, and may be wrong: a file of the host that grows or
 * shrinks, and those of /proc, are copied as they are read.
 */
int
copy_data(const struct copy_end *from, const struct copy_end *to, int64_t size, char *buf)
{
	int64_t off = 0, begin, end, written = 0;
	int r = 0;

	while (r == 0) {
		begin = off;
		end = INT64_MAX;
		if (!from->stream && from->side->data(from->fd, off, size, &begin, &end) == -1) {
			complain_end(from);
			return -1;
		}
		if (begin > off)
			progress_add(begin - off);
		off = begin;
		if (begin == end)
			break;
		r = copy_range(from, to, &off, end, &written, buf);
	}
	if (r == -1)
		return -1;
	/* a hole at the end is not written by anything else */
	if (!to->stream && written != off && to->side->truncate(to->fd, off) == -1) {
		complain_end(to);
		return -1;
	}
	return 0;
}
