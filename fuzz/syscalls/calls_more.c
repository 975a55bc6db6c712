/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of timers, file handles, extended attributes, sysctl's tree, quotas, by a script. */
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../../test/node.h"
#include "calls.h"
#include "script.h"

static int
some_clock(void)
{
	static const int clocks[] = {
		RUMP_CLOCK_REALTIME, RUMP_CLOCK_VIRTUAL, RUMP_CLOCK_PROF, RUMP_CLOCK_MONOTONIC,
		RUMP_CLOCK_THREAD_CPUTIME_ID, RUMP_CLOCK_PROCESS_CPUTIME_ID,
	};

	return pick(8) == 0 ? (int)number() : clocks[pick(6)];
}

/* All times and signals; what is sent is recorded, and ends nobody. */
long
timers(void)
{
	struct rump_itimerspec its, was;
	struct rump_itimerval itv, old;
	struct rump_timespec ts;
	int32_t id;

	switch (pick(11)) {
	case 0:
	case 1:
		return rump_sys_timer_create(some_clock(), NULL, pick(8) ? &id : NULL);
	case 2:
		return rump_sys_timer_delete(small());
	case 3:
	case 4:
		return rump_sys_timer_settime(small(), (int)pick(3), contents(&its, sizeof(its)),
		    pick(2) ? &was : NULL);
	case 5:
		return rump_sys_timer_gettime(small(), pick(8) ? &was : NULL);
	case 6:
		return rump_sys_timer_getoverrun(small()) == -1 ? -1 : 0;
	case 7:
		return rump_sys_setitimer(small(), contents(&itv, sizeof(itv)), pick(2) ? &old : NULL);
	case 8:
		return rump_sys_getitimer(small(), pick(8) ? &old : NULL);
	case 9:
		return rump_sys_clock_getres(some_clock(), pick(8) ? &ts : NULL);
	default:
		return rump_sys_clock_gettime(some_clock(), &ts);
	}
}

/* A file's own handle, often with a byte or its length changed. */
long
by_handle(void)
{
	struct rump_statvfs sv;
	struct rump_stat st;
	uint8_t fh[64];
	size_t size = sizeof(fh);
	void *given;
	long r;

	memset(fh, 0, sizeof(fh));
	if (rump_sys_getfh(path(), fh, &size) == -1 || pick(4) == 0)
		size = pick(sizeof(fh));
	if (pick(2) && size != 0)
		fh[pick((unsigned)size)] ^= (uint8_t)pick(256);
	/* with exactly that length, for the sanitizer */
	given = malloc(size + (size == 0));
	must(given != NULL, "no memory", 0);
	memcpy(given, fh, size);
	switch (pick(3)) {
	case 0:
		r = rump_sys_fhopen(pick(16) ? given : NULL, size, open_flags());
		break;
	case 1:
		r = rump_sys_fhstat(given, size, &st);
		break;
	default:
		r = rump_sys_fhstatvfs1(given, size, &sv, small());
		break;
	}
	free(given);
	return r;
}

static const char *
attribute(void)
{
	static const char *const names[] = { "user.a", "a", "system.x", "", "user.", ".", "user.long name of it" };

	return pick(16) == 0 ? NULL : names[pick(7)];
}

long
by_attribute(void)
{
	struct memory m = memory(false);
	long r;

	switch (pick(12)) {
	case 0:
		r = rump_sys_extattr_set_file(path(), small(), attribute(), m.base, m.len);
		break;
	case 1:
		r = rump_sys_extattr_get_fd(descriptor(), small(), attribute(), m.base, m.len);
		break;
	case 2:
		r = rump_sys_extattr_delete_link(path(), small(), attribute());
		break;
	case 3:
		r = rump_sys_extattr_list_file(path(), small(), m.base, m.len);
		break;
	case 4:
		r = rump_sys_setxattr(path(), attribute(), m.base, m.len, small());
		break;
	case 5:
		r = rump_sys_getxattr(path(), attribute(), m.base, m.len);
		break;
	case 6:
		r = rump_sys_listxattr(path(), m.base, m.len);
		break;
	case 7:
		r = rump_sys_removexattr(path(), attribute());
		break;
	case 8:
		r = rump_sys_fsetxattr(descriptor(), attribute(), m.base, m.len, small());
		break;
	case 9:
		r = rump_sys_flistxattr(descriptor(), m.base, m.len);
		break;
	case 10:
		r = rump_sys_extattr_set_fd(descriptor(), small(), attribute(), m.base, m.len);
		break;
	default:
		r = rump_sys_extattrctl(path(), small(), path(), small(), attribute());
		break;
	}
	free(m.freed);
	return r;
}

static char text[64];			/* what pointers show; has an end */

/* As CTL_CREATE and its like want it; pointers are NULL, or good. */
static struct node
some_node(void)
{
	struct node n = {
		.flags = (pick(8) ? NODE_VERSION : (uint32_t)word()) | pick(8) | (pick(2) ? RUMP_CTLFLAG_READWRITE : 0),
		.num = pick(2) ? -1 : (int32_t)(1000 + pick(4)),
		.name = { (char)('a' + pick(3)), pick(8) ? '\0' : (char)pick(256), '\0' },
		.ver = pick(4) ? 0 : (uint32_t)word(),
		.size = pick(sizeof(text)),
	};

	if (pick(2))
		n.flags |= 1U << (4 + pick(16));
	if (pick(4) == 0)
		memset(n.name, 'n', pick(2) ? sizeof(n.name) : sizeof(n.name) - 1);
	if ((n.flags & RUMP_CTLFLAG_IMMEDIATE) != 0 || (n.flags & RUMP_CTLFLAG_ALIAS) != 0)
		n.un[0] = pick(256);
	else if (pick(4))
		n.un[0] = (uint64_t)(uintptr_t)text;
	if (pick(2))
		n.desc = (uint64_t)(uintptr_t)text;
	return n;
}

/* Make, list, describe, destroy nodes; read and write those that were made. */
static long
tree_of_sysctl(void)
{
	static const int verbs[] = {
		RUMP_CTL_CREATE, RUMP_CTL_CREATE, RUMP_CTL_DESTROY, RUMP_CTL_QUERY, RUMP_CTL_DESCRIBE, RUMP_CTL_CREATESYM,
	};
	struct memory m = memory(false);
	struct node n = some_node();
	unsigned i, depth = pick(4);
	size_t len = m.len;
	uint64_t value = word();
	int mib[5];
	long r;

	memset(text, 't', pick(sizeof(text)));
	for (i = 0; i < depth; i++)
		mib[i] = pick(2) ? (int)(1000 + pick(4)) : (int)pick(9);
	if (pick(4) == 0) {
		mib[depth] = 1000 + (int)pick(4);
		r = rump_sys___sysctl(mib, depth + 1, m.base, &len, &value, pick(2) ? 4 : 8);
	} else {
		mib[depth] = verbs[pick(6)];
		r = rump_sys___sysctl(mib, depth + 1, m.base, &len, pick(8) ? &n : NULL, pick(16) ? sizeof(n) : pick(sizeof(n)));
	}
	free(m.freed);
	return r;
}

/* All words of the arguments are pointers, or what is left of them in a number. */
static long
quotas(void)
{
	static uint64_t room[512];
	uint64_t args[8];
	const char *where = path();

	for (unsigned i = 1; i < 8; i++)
		args[i] = (uint64_t)(uintptr_t)room;
	args[0] = pick(16);
	return rump_sys___quotactl(where, pick(16) ? (void *)args : NULL);
}

long
settings(void)
{

	return pick(4) ? tree_of_sysctl() : quotas();
}
