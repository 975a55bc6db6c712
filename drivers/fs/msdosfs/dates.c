/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Dates and times.
 *
 * The disk has local time: gmtoff of the mount arguments says how far that is
 * east of UTC.  Years are 1980 to 2107; what lies outside becomes the first or
 * the last moment.  A date of 0 is one that was not set.
 *
 * Ref: FAT specification, "Date and Time Formats".
 */

#include "msdosfs.h"

#include <sys/kernel.h>
#include <sys/systm.h>
#include <sys/timevar.h>

#include <dev/clock_subr.h>

#define YEAR_FIRST	1980
#define YEAR_LAST	2107
#define BEYOND		((time_t)1 << 33)	/* seconds: in 2242 */

void
msdosfs_date_get(const struct msdosfs_mount *mm, uint16_t date,
    uint16_t time, uint8_t ten_ms, struct timespec *ts)
{
	struct clock_ymdhms dt = {
		.dt_year = YEAR_FIRST + (date >> 9),
		.dt_mon = date >> 5 & 15,
		.dt_day = date & 31,
		.dt_hour = time >> 11,
		.dt_min = time >> 5 & 63,
		.dt_sec = (time & 31) * 2,
	};

	ts->tv_sec = 0;
	ts->tv_nsec = 0;
	if (dt.dt_mon < 1 || dt.dt_mon > 12 || dt.dt_day < 1 ||
	    dt.dt_hour > 23 || dt.dt_min > 59 || dt.dt_sec > 59)
		return;
	ts->tv_sec = clock_ymdhms_to_secs(&dt) - mm->mm_gmtoff;
	if (ten_ms < 200) {
		ts->tv_sec += ten_ms / 100;
		ts->tv_nsec = ten_ms % 100 * 10000000L;
	}
}

void
msdosfs_date_put(const struct msdosfs_mount *mm, const struct timespec *ts,
    uint16_t *date, uint16_t *time, uint8_t *ten_ms)
{
	struct clock_ymdhms dt;
	const time_t local = MAX(0, MIN(ts->tv_sec, BEYOND)) + mm->mm_gmtoff;

	if (local < 0 || clock_secs_to_ymdhms(local, &dt) != 0 ||
	    dt.dt_year < YEAR_FIRST) {
		*date = 1 << 5 | 1;
		*time = 0;
		*ten_ms = 0;
		return;
	}
	if (dt.dt_year > YEAR_LAST) {
		*date = (YEAR_LAST - YEAR_FIRST) << 9 | 12 << 5 | 31;
		*time = 23 << 11 | 59 << 5 | 29;
		*ten_ms = 199;
		return;
	}
	*date = (dt.dt_year - YEAR_FIRST) << 9 | dt.dt_mon << 5 | dt.dt_day;
	*time = dt.dt_hour << 11 | dt.dt_min << 5 | dt.dt_sec / 2;
	*ten_ms = dt.dt_sec % 2 * 100 + ts->tv_nsec / 10000000;
}

void
msdosfs_times_now(const struct msdosfs_mount *mm, struct msdosfs_times *times)
{
	struct timespec now;

	vfs_timestamp(&now);
	msdosfs_date_put(mm, &now, &times->ti_created_date,
	    &times->ti_created_time, &times->ti_created_10ms);
	times->ti_date = times->ti_created_date;
	times->ti_time = times->ti_created_time;
	times->ti_accessed_date = times->ti_created_date;
}

void
msdosfs_times_read(const struct fat_dirent *de, struct msdosfs_times *times)
{

	times->ti_created_date = le16dec(de->de_created_date);
	times->ti_created_time = le16dec(de->de_created_time);
	times->ti_created_10ms = de->de_created_10ms;
	times->ti_accessed_date = le16dec(de->de_accessed_date);
	times->ti_date = le16dec(de->de_date);
	times->ti_time = le16dec(de->de_time);
}

void
msdosfs_times_write(const struct msdosfs_times *times, struct fat_dirent *de)
{

	le16enc(de->de_created_date, times->ti_created_date);
	le16enc(de->de_created_time, times->ti_created_time);
	de->de_created_10ms = times->ti_created_10ms;
	le16enc(de->de_accessed_date, times->ti_accessed_date);
	le16enc(de->de_date, times->ti_date);
	le16enc(de->de_time, times->ti_time);
}
