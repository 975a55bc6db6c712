/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Parameters, randomness, signals and the end of the program: thin hypercalls on the core.
 */

#include "hyp.h"

int
rumpuser_getparam(const char *name, void *buf, size_t buflen)
{

	return core_param(name, buf, buflen);
}

int
hyp_strcopy(char *buf, size_t len, const char *s)
{
	size_t need = strlen(s) + 1;

	if (need > len)
		return NB_ERANGE;
	memcpy(buf, s, need);
	return 0;
}

static int
digit_value(char c)
{

	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

uint64_t
hyp_param_number(const char *name, uint64_t dflt)
{
	char buf[32];
	const char *p = buf;
	uint64_t v = 0;
	int base = 10;

	if (core_param(name, buf, sizeof(buf)) != 0 || buf[0] == '\0')
		return dflt;
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
		base = 16;
		p += 2;
	}
	for (; *p != '\0'; p++) {
		if (digit_value(*p) >= base)
			return dflt;
		v = v * (unsigned)base + (unsigned)digit_value(*p);
	}
	return v;
}

int
rumpuser_getrandom(void *buf, size_t buflen, int flags, size_t *retp)
{
	bool hard = (flags & RUMPUSER_RANDOM_HARD) != 0;
	int error, nlocks;

	*retp = 0;
	if (buflen == 0)
		return 0;
	if (flags & RUMPUSER_RANDOM_NOWAIT)
		return core_random(buf, buflen, hard, false, retp);
	nlocks = hyp_release(NULL);
	error = core_random(buf, buflen, hard, true, retp);
	hyp_acquire(nlocks, NULL);
	return error;
}

void
rumpuser_seterrno(int error)
{

	core_seterrno(error);
}

int
rumpuser_kill(int64_t pid, int sig)
{

	return core_raise(sig);
}

void
rumpuser_exit(int value)
{

	hyp_console_flush();
	core_exit(value == RUMPUSER_PANIC ? 1 : value, value == RUMPUSER_PANIC);
}

void
hyp_panic(const char *fmt, ...)
{
	va_list ap;

	rumpuser_dprintf("hypercall library: ");
	va_start(ap, fmt);
	hyp_vprintf(fmt, ap);
	va_end(ap);
	rumpuser_dprintf("\n");
	core_backtrace();
	core_exit(1, true);
}

int
rumpuser_daemonize_begin(void)
{

	return core_daemonize_begin();
}

int
rumpuser_daemonize_done(int error)
{

	return core_daemonize_done(error);
}
