/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Dates on the disc, as times since 1970 in UTC.
 *
 * A date is given in local time with the distance from Greenwich, in quarters
 * of an hour.  A date that no calendar has is 1970-01-01, the value also of one
 * that the disc says it does not have (all zero).
 *
 * Ref: ECMA-119 8.4.26.1, 9.1.5.
 */

#include "cd9660.h"

#define ZONE_MIN	(-48)		/* quarters of an hour */
#define ZONE_MAX	52

struct date {
	int	year, month, day;	/* month, day from 1 */
	int	hour, minute, second;
	int	zone;
};

/*
 * Days from 1970-01-01 to a day of the Gregorian calendar.  Years are counted
 * from March on, so that the day which comes and goes is the last of a year.
 */
static int64_t
days(int year, int month, int day)
{
	const int64_t y = month > 2 ? year : year - 1;
	const int m = month > 2 ? month - 3 : month + 9;

	/* 719468 days from 0000-03-01 to 1970-01-01; 153 in five months. */
	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 +
	    day - 1 - 719468;
}

static bool
sensible(const struct date *d)
{

	return d->year >= 1 && d->month >= 1 && d->month <= 12 &&
	    d->day >= 1 && d->day <= 31 && d->hour >= 0 && d->hour <= 23 &&
	    d->minute >= 0 && d->minute <= 59 &&
	    d->second >= 0 && d->second <= 60;
}

static void
convert(const struct date *d, long nsec, struct timespec *ts)
{
	int zone = d->zone;

	ts->tv_sec = 0;
	ts->tv_nsec = 0;
	if (!sensible(d))
		return;
	if (zone < ZONE_MIN || zone > ZONE_MAX)
		zone = 0;
	ts->tv_sec = days(d->year, d->month, d->day) * 86400 +
	    d->hour * 3600 + d->minute * 60 + d->second - zone * 15 * 60;
	ts->tv_nsec = nsec;
}

void
cd9660_date7(const uint8_t *date, struct timespec *ts)
{
	const struct date d = {
		.year = 1900 + date[0], .month = date[1], .day = date[2],
		.hour = date[3], .minute = date[4], .second = date[5],
		.zone = (int8_t)date[6]
	};

	convert(&d, 0, ts);
}

/* A number of n digits, or -1. */
static int
digits(const uint8_t *text, int n)
{
	int value = 0;

	while (n-- > 0) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text++ - '0');
	}
	return value;
}

void
cd9660_date17(const uint8_t *date, struct timespec *ts)
{
	const int hundredths = digits(date + 14, 2);
	const struct date d = {
		.year = digits(date, 4), .month = digits(date + 4, 2),
		.day = digits(date + 6, 2), .hour = digits(date + 8, 2),
		.minute = digits(date + 10, 2), .second = digits(date + 12, 2),
		.zone = (int8_t)date[16]
	};

	convert(&d, hundredths > 0 ? hundredths * 10000000L : 0, ts);
}
