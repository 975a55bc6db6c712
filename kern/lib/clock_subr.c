/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Calendar arithmetic for file systems that keep dates (FAT, UDF) and for
 * real-time clocks.
 *
 *   clock_ymdhms_to_secs   a date as seconds since 1970
 *   clock_secs_to_ymdhms   and back
 *
 * Days are counted in years that begin in March, so that the leap day is a
 * year's last one and the months' lengths repeat with a period of five:
 * 31 30 31 30 31.  400 years have 146097 days.
 */

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/systm.h>

#include <dev/clock_subr.h>

enum { DAYS_BEFORE_1970 = 719468, DAYS_PER_400_YEARS = 146097 };
enum { THURSDAY = 4 };			/* 1 January 1970 */

/* Days of full years before year, counted in March years. */
static uint64_t
days_before_year(uint64_t year)
{

	return 365 * year + year / 4 - year / 100 + year / 400;
}

/* Days before month 0 (March) .. 11 (February) of a March year. */
static unsigned
days_before_month(unsigned month)
{

	return (153 * month + 2) / 5;
}

time_t
clock_ymdhms_to_secs(struct clock_ymdhms *date)
{
	uint64_t year = date->dt_year;
	unsigned month = (date->dt_mon + 9) % 12;
	uint64_t days;

	if (year < POSIX_BASE_YEAR)
		return -1;
	if (month >= 10)
		year--;
	days = days_before_year(year) + days_before_month(month) +
	    date->dt_day - 1 - DAYS_BEFORE_1970;
	return (time_t)(days * SECS_PER_DAY + date->dt_hour * SECS_PER_HOUR +
	    date->dt_min * SECS_PER_MINUTE + date->dt_sec);
}

/* The March year that day falls in; *day becomes the day of that year. */
static uint64_t
year_of_day(uint64_t *day)
{
	uint64_t year = *day / DAYS_PER_400_YEARS * 400;
	uint64_t rest = *day % DAYS_PER_400_YEARS;

	/* An estimate that is never too low and at most one too high. */
	year += rest / 365;
	if (days_before_year(year) > *day)
		year--;
	*day -= days_before_year(year);
	return year;
}

int
clock_secs_to_ymdhms(time_t secs, struct clock_ymdhms *date)
{
	uint64_t day, year;
	unsigned second, month;

	if (secs < 0)
		return EINVAL;
	day = (uint64_t)secs / SECS_PER_DAY;
	second = (unsigned)((uint64_t)secs % SECS_PER_DAY);
	date->dt_wday = (uint8_t)((day + THURSDAY) % 7);
	date->dt_hour = (uint8_t)(second / SECS_PER_HOUR);
	date->dt_min = (uint8_t)(second % SECS_PER_HOUR / SECS_PER_MINUTE);
	date->dt_sec = (uint8_t)(second % SECS_PER_MINUTE);

	day += DAYS_BEFORE_1970;
	year = year_of_day(&day);
	month = ((unsigned)day * 5 + 2) / 153;
	date->dt_day = (uint8_t)(day - days_before_month(month) + 1);
	date->dt_mon = (uint8_t)(month < 10 ? month + 3 : month - 9);
	date->dt_year = year + (month >= 10);
	return 0;
}
