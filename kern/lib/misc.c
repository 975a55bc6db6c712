/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Small things that many tables and drivers name: functions that return an
 * errno and do nothing else, limits of rates, patterns, scans of bit maps.
 *
 * Ref: ratecheck(9), ppsratecheck(9).
 */

#include <sys/param.h>
#include <sys/cprng.h>
#include <sys/cpu.h>
#include <sys/errno.h>
#include <sys/intr.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/pserialize.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/timevar.h>

int
nullop(void *v)
{
	return 0;
}

int
voidop(void)
{
	return 0;
}

int
enodev(void)
{
	return ENODEV;
}

int
enosys(void)
{
	return ENOSYS;
}

int
enoioctl(void)
{
	return ENOTTY;
}

int
enxio(void)
{
	return ENXIO;
}

int
eopnotsupp(void)
{
	return EOPNOTSUPP;
}

/* Panics where the calling thread must not sleep. */
void
assert_sleepable(void)
{
	const struct lwp *l = curlwp;

	if (panicstr != NULL || l == NULL)
		return;
	if (cpu_softintr_p() || l->l_nopreempt != 0 || l->l_spinlocks != 0)
		panic("assert_sleepable: %s", cpu_softintr_p() ?
		    "in a soft interrupt" : l->l_nopreempt != 0 ?
		    "preemption is off" : "a spin mutex is held");
	if (pserialize_in_read_section())
		panic("assert_sleepable: in a read section");
}

/* Time comes from the host: what a file system knows of it is not news. */
void
setrootfstime(time_t t)
{
}

/* May the process see addresses of the kernel? */
bool
get_expose_address(struct proc *p)
{
	return kauth_authorize_process(kauth_cred_get(),
	    KAUTH_PROCESS_CANSEE, p,
	    KAUTH_ARG(KAUTH_REQ_PROCESS_CANSEE_KPTR), NULL, NULL) == 0;
}

/* A number of 31 bits; not for anything that must not be guessed in C code. */
long
random(void)
{
	return cprng_fast32() & 0x7fffffff;
}

/*
 * Has mininterval passed since *last?  Then it is the new *last.
 *
 * Context: any; the caller serialises access to *last.
 */
int
ratecheck(struct timeval *last, const struct timeval *mininterval)
{
	struct timeval now, passed;

	getmicrouptime(&now);
	timersub(&now, last, &passed);
	if (timercmp(&passed, mininterval, <) &&
	    (last->tv_sec != 0 || last->tv_usec != 0))
		return 0;
	*last = now;
	return 1;
}

/*
 * Count an event; were there no more than maxpps of them in this second?
 * maxpps < 0: no limit.
 */
int
ppsratecheck(struct timeval *last, int *count, int maxpps)
{
	struct timeval now, passed;
	int allowed;

	getmicrouptime(&now);
	timersub(&now, last, &passed);
	if ((last->tv_sec == 0 && last->tv_usec == 0) || passed.tv_sec != 0) {
		*last = now;
		*count = 0;
		allowed = maxpps != 0;
	} else
		allowed = maxpps < 0 || *count < maxpps;
	if (*count < INT_MAX)
		++*count;
	return allowed;
}

/* Bytes left, from the first one on whose class in table has a bit of mask. */
int
scanc(u_int len, const u_char *s, const u_char *table, int mask)
{
	for (; len != 0 && (table[*s] & mask) == 0; len--)
		s++;
	return len;
}

/* Bytes left, from the first one on that is not equal to mask. */
int
skpc(int mask, size_t len, u_char *s)
{
	for (; len != 0 && *s == (u_char)mask; len--)
		s++;
	return len;
}

/*
 * Match a string with a pattern of *, ? and [set].
 *
 * estr   out, may be NULL: the end of what matched.
 *
 * Returns 0 (no match), 1 (the start of the string matches), 2 (all of it), -1 (bad pattern).
 */
int
pmatch(const char *s, const char *pattern, const char **estr)
{
	const char *star = NULL, *retry = NULL;

	for (;;) {
		bool matches = false, invert;

		switch (*pattern) {
		case '\0':
			if (*s != '\0' && star != NULL)
				break;
			if (estr != NULL)
				*estr = s;
			return *s == '\0' ? 2 : 1;
		case '*':
			star = ++pattern;
			retry = s;
			continue;
		case '?':
			matches = *s != '\0';
			break;
		case '[':
			invert = pattern[1] == '!' || pattern[1] == '^';
			pattern += 1 + invert;
			do {
				if (*pattern == '\0')
					return -1;
				if (pattern[1] == '-' && pattern[2] != ']' &&
				    pattern[2] != '\0') {
					matches |= *pattern <= *s &&
					    *s <= pattern[2];
					pattern += 2;
				} else
					matches |= *pattern == *s;
			} while (*++pattern != ']');
			matches = *s != '\0' && matches != invert;
			break;
		default:
			matches = *pattern == *s;
			break;
		}
		if (matches) {
			pattern++;
			s++;
		} else if (star == NULL || *retry == '\0')
			return 0;
		else {
			/* The last * takes one more character. */
			s = ++retry;
			pattern = star;
		}
	}
}
