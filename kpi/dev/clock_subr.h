/* SPDX-License-Identifier: BSD-2-Clause */
/* Calendar dates and seconds since 1970, in UTC, leap seconds not counted. */
#ifndef _DEV_CLOCK_SUBR_H_
#define	_DEV_CLOCK_SUBR_H_

#include <sys/clock.h>
#include <sys/types.h>

struct clock_ymdhms {
	uint64_t	dt_year;	/* 1970 .. */
	uint8_t		dt_mon;		/* 1 .. 12 */
	uint8_t		dt_day;		/* 1 .. 31 */
	uint8_t		dt_wday;	/* 0 .. 6, from Sunday */
	uint8_t		dt_hour;
	uint8_t		dt_min;
	uint8_t		dt_sec;
};

/*
 * The second that a date names; the day of the week is not looked at.
 *
 * Returns -1 for a year before 1970.
 * Ref:     POSIX.1-2017, XBD 4.16 Seconds Since the Epoch.
 */
time_t	clock_ymdhms_to_secs(struct clock_ymdhms *date);

/* The date of a second.  Returns 0, or EINVAL for one before 1970. */
int	clock_secs_to_ymdhms(time_t secs, struct clock_ymdhms *date);

#endif
