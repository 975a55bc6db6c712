/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Parameters: the environment. Of the two that every host knows, RUMP_NCPU gives the number of virtual
 * CPUs ("host", or not set: as many as are online), and the host's name makes the instance's.
 */

#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unix.h"

#define NCPU_MAX 1024

bool
env_is(const char *name, const char *value)
{
	const char *s = getenv(name);

	return s != NULL && strcmp(s, value) == 0;
}

static int
ncpu_param(char *buf, size_t len)
{
	uint64_t n = env_is("RUMP_NCPU", "host") ? 0 : hyp_param_number("RUMP_NCPU", 0);
	char digits[24];
	long online;

	if (n == 0) {
		online = sysconf(_SC_NPROCESSORS_ONLN);
		n = online > 0 ? (uint64_t)online : 1;
	}
	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)(n < NCPU_MAX ? n : NCPU_MAX));
	return hyp_strcopy(buf, len, digits);
}

static int
hostname_param(char *buf, size_t len)
{
	char host[200], name[256];

	if (gethostname(host, sizeof(host)) != 0)
		strcpy(host, "localhost");
	host[sizeof(host) - 1] = '\0';
	snprintf(name, sizeof(name), "rump-%05ld.%s", (long)getpid() % 100000, host);
	return hyp_strcopy(buf, len, name);
}

int
core_param(const char *name, char *buf, size_t len)
{
	const char *s;

	if (strcmp(name, RUMPUSER_PARAM_NCPU) == 0)
		return ncpu_param(buf, len);
	if (strcmp(name, RUMPUSER_PARAM_HOSTNAME) == 0)
		return hostname_param(buf, len);
	s = getenv(name);
	return s != NULL ? hyp_strcopy(buf, len, s) : NB_ENOENT;
}
