/* SPDX-License-Identifier: BSD-2-Clause */
/* Lengths of the calendar's parts. */
#ifndef _SYS_CLOCK_H_
#define	_SYS_CLOCK_H_

#include <sys/types.h>

#define	POSIX_BASE_YEAR		1970

#define	SECS_PER_MINUTE		60
#define	SECS_PER_HOUR		3600
#define	SECS_PER_DAY		86400
#define	DAYS_PER_COMMON_YEAR	365
#define	DAYS_PER_LEAP_YEAR	366
#define	SECS_PER_COMMON_YEAR	(DAYS_PER_COMMON_YEAR * SECS_PER_DAY)
#define	SECS_PER_LEAP_YEAR	(DAYS_PER_LEAP_YEAR * SECS_PER_DAY)

/* By the Gregorian rule. */
static __inline int
is_leap_year(uint64_t year)
{

	if (year % 100 == 0)
		return year % 400 == 0;
	return year % 4 == 0;
}

static __inline int
days_per_year(uint64_t year)
{

	return DAYS_PER_COMMON_YEAR + is_leap_year(year);
}

/* Days of month 1 .. 12 of a common year. */
static __inline int
days_in_month(int month)
{

	if (month == 2)
		return 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

#endif
