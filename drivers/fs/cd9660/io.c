/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Reading the device, and telling the log what is wrong on it.
 *
 * Everything but the contents of files is read by whole sectors through the
 * device's buffers, and copied out of them at once: nobody here ever holds one
 * buffer while asking for another, so a disc whose structures point at
 * themselves cannot make a thread wait for itself.
 */

#include "cd9660.h"

#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/mount.h>
#include <sys/systm.h>
#include <sys/syslog.h>

#define SECTOR_TO_DEVICE(sector) \
	((daddr_t)(sector) << (ISO_SECTOR_SHIFT - DEV_BSHIFT))

#define MAX_AHEAD	8

void
cd9660_complain(struct cd9660_mount *cm, enum cd9660_complaint what,
    const char *format, ...)
{
	const unsigned int bit = 1U << what;
	char text[160];
	va_list args;

	/* Two threads may both find the bit clear: then it is told twice. */
	if ((cm->cm_complained & bit) != 0)
		return;
	atomic_or_uint(&cm->cm_complained, bit);

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	log(LOG_ERR, "cd9660: %s: %s\n", cm->cm_mp->mnt_stat.f_mntfromname,
	    text);
}

int
cd9660_read_sector(struct cd9660_mount *cm, uint64_t sector,
    unsigned int nahead, void *buffer)
{
	const uint64_t sectors = cm->cm_device_size >> ISO_SECTOR_SHIFT;
	daddr_t ahead[MAX_AHEAD];
	int sizes[MAX_AHEAD];
	struct buf *bp;
	unsigned int n;
	int error;

	KASSERT(nahead <= MAX_AHEAD);
	if (sector >= sectors) {
		cd9660_complain(cm, CD9660_BEYOND_END,
		    "sector %ju is beyond the end of the device",
		    (uintmax_t)sector);
		return EIO;
	}
	for (n = 0; n < nahead && sector + 1 + n < sectors; n++) {
		ahead[n] = SECTOR_TO_DEVICE(sector + 1 + n);
		sizes[n] = ISO_SECTOR_SIZE;
	}
	if (n != 0)
		error = breadn(cm->cm_devvp, SECTOR_TO_DEVICE(sector),
		    ISO_SECTOR_SIZE, ahead, sizes, n, 0, &bp);
	else
		error = bread(cm->cm_devvp, SECTOR_TO_DEVICE(sector),
		    ISO_SECTOR_SIZE, 0, &bp);
	if (error != 0)
		return error;
	if (bp->b_resid != 0)
		error = EIO;
	else
		memcpy(buffer, bp->b_data, ISO_SECTOR_SIZE);
	brelse(bp, 0);
	return error;
}

int
cd9660_read(struct cd9660_mount *cm, uint64_t position, void *buffer,
    size_t len)
{
	uint8_t *out = buffer;
	struct buf *bp;
	size_t skip, n;
	int error;

	if (position >= cm->cm_device_size ||
	    len > cm->cm_device_size - position) {
		cd9660_complain(cm, CD9660_BEYOND_END,
		    "byte %#jx is beyond the end of the device",
		    (uintmax_t)(position + len));
		return EIO;
	}
	while (len > 0) {
		skip = position % ISO_SECTOR_SIZE;
		n = MIN(len, ISO_SECTOR_SIZE - skip);
		error = bread(cm->cm_devvp,
		    SECTOR_TO_DEVICE(position >> ISO_SECTOR_SHIFT),
		    ISO_SECTOR_SIZE, 0, &bp);
		if (error != 0)
			return error;
		if (bp->b_resid != 0) {
			brelse(bp, 0);
			return EIO;
		}
		memcpy(out, (uint8_t *)bp->b_data + skip, n);
		brelse(bp, 0);
		out += n;
		position += n;
		len -= n;
	}
	return 0;
}
