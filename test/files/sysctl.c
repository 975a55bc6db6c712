/* SPDX-License-Identifier: BSD-2-Clause */
/* The sysctl tree, as a program sees it. */
#include <errno.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../node.h"
#include "boot.h"

static int
get(const int *mib, unsigned n, void *old, size_t *lenp)
{

	return rump_sys___sysctl(mib, n, old, lenp, NULL, 0);
}

static void
strings(void)
{
	int mib[2] = { RUMP_CTL_KERN, RUMP_KERN_OSTYPE };
	char buf[64] = "xxxxxxxx";
	size_t len = 0, full;

	T_CHECK_EQ(get(mib, 2, NULL, &len), 0);
	full = len;
	T_CHECK(full > 1 && full < sizeof(buf));
	len = sizeof(buf);
	T_CHECK_EQ(get(mib, 2, buf, &len), (long)full);
	T_CHECK_EQ(len, full);
	T_CHECK_EQ(buf[full - 1], '\0');
	len = 3;
	memset(buf, 'x', sizeof(buf));
	T_CHECK_ERR(get(mib, 2, buf, &len), RUMP_ENOMEM);
	T_CHECK_EQ(len, full);
	T_CHECK_EQ(buf[3], 'x');
}

static void
hostname(void)
{
	int mib[2] = { RUMP_CTL_KERN, RUMP_KERN_HOSTNAME };
	char old[256], buf[256], longname[300];
	size_t len = sizeof(old);

	T_ASSERT(get(mib, 2, old, &len) >= 0);
	T_CHECK_EQ(rump_sys___sysctl(mib, 2, NULL, NULL, "haunch", 6), 0);
	len = sizeof(buf);
	T_CHECK(get(mib, 2, buf, &len) >= 0);
	T_CHECK_STR(buf, "haunch");
	memset(longname, 'a', sizeof(longname));
	T_CHECK_ERR(rump_sys___sysctl(mib, 2, NULL, NULL, longname,
	    sizeof(longname)), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys___sysctl(mib, 2, NULL, NULL, old, strlen(old)), 0);
}

static void
numbers(void)
{
	int mib[2] = { RUMP_CTL_HW, RUMP_HW_NCPU }, ncpu = 0, zero = 0;
	size_t len = sizeof(ncpu);
	uint64_t mem = 0;

	T_CHECK(get(mib, 2, &ncpu, &len) >= 0);
	T_CHECK(ncpu >= 1 && ncpu < 10000);
	T_CHECK_ERR(rump_sys___sysctl(mib, 2, NULL, NULL, &zero,
	    sizeof(zero)), RUMP_EPERM);
	mib[1] = RUMP_HW_PHYSMEM64;
	len = sizeof(mem);
	T_CHECK(get(mib, 2, &mem, &len) >= 0);
	T_CHECK(mem > 0);
	mib[1] = RUMP_HW_PAGESIZE;
	len = sizeof(zero);
	T_CHECK(get(mib, 2, &zero, &len) >= 0);
	T_CHECK_EQ(zero, 4096);
}

static void
no_such(void)
{
	int mib[3] = { RUMP_CTL_KERN, 999, 0 };
	size_t len = 0;

	T_CHECK_ERR(get(mib, 2, NULL, &len), RUMP_ENOENT);
	mib[1] = RUMP_KERN_OSTYPE;
	T_CHECK_ERR(get(mib, 3, NULL, &len), RUMP_ENOTDIR);
	T_CHECK_ERR(get(mib, 1, NULL, &len), RUMP_EISDIR);
}

static void
listing(void)
{
	int mib[2] = { RUMP_CTL_KERN, RUMP_CTL_QUERY };
	struct node nodes[100], q = { .flags = NODE_VERSION };
	size_t len = sizeof(nodes), i, n;
	int found = 0;

	T_ASSERT(rump_sys___sysctl(mib, 2, nodes, &len, &q, sizeof(q)) >= 0);
	n = len / sizeof(nodes[0]);
	T_CHECK(n > 10 && n < 100);
	for (i = 0; i < n; i++) {
		T_CHECK(nodes[i].func == 0 && nodes[i].parent == 0);
		T_CHECK(i == 0 || nodes[i].num > nodes[i - 1].num);
		found |= nodes[i].num == RUMP_KERN_HOSTNAME &&
		    strcmp(nodes[i].name, "hostname") == 0;
	}
	T_CHECK(found);
}

static void
descriptions(void)
{
	int mib[2] = { RUMP_CTL_KERN, RUMP_CTL_DESCRIBE };
	static char buf[65536];
	size_t len = sizeof(buf), at = 0, need = 0;
	uint32_t head[3];
	int n = 0;

	T_ASSERT(get(mib, 2, NULL, &need) >= 0);
	T_ASSERT(get(mib, 2, buf, &len) >= 0);
	T_CHECK_EQ(need, len);
	while (at < len) {
		memcpy(head, buf + at, sizeof(head));
		T_ASSERT(head[2] >= 1 && at + 12 + head[2] <= len);
		T_CHECK_EQ(buf[at + 12 + head[2] - 1], '\0');
		at += 12 + ((head[2] + 3) & ~3u);
		n++;
	}
	T_CHECK_EQ(at, len);
	T_CHECK(n > 10);
}

/* A program's own node: made, used, listed, destroyed. */
static void
own_node(void)
{
	int mib[3] = { RUMP_CTL_VENDOR, RUMP_CTL_CREATE, 0 };
	struct node n = { .flags = NODE_VERSION | RUMP_CTLTYPE_INT |
	    RUMP_CTLFLAG_READWRITE | RUMP_CTLFLAG_IMMEDIATE, .name = "haunch" };
	struct node made;
	size_t len = sizeof(made);
	int value = 42;

	T_ASSERT(rump_sys___sysctl(mib, 2, &made, &len, &n, sizeof(n)) >= 0);
	T_CHECK(made.num >= RUMP_CREATE_BASE);
	T_CHECK_ERR(rump_sys___sysctl(mib, 2, NULL, NULL, &n, sizeof(n)),
	    RUMP_EEXIST);
	mib[1] = made.num;
	T_CHECK_EQ(rump_sys___sysctl(mib, 2, NULL, NULL, &value,
	    sizeof(value)), 0);
	value = 0;
	len = sizeof(value);
	T_CHECK(get(mib, 2, &value, &len) >= 0);
	T_CHECK_EQ(value, 42);
	/* nothing is below a value */
	mib[2] = RUMP_CTL_CREATE;
	T_CHECK_ERR(rump_sys___sysctl(mib, 3, NULL, NULL, &n, sizeof(n)),
	    RUMP_ENOTDIR);
	mib[2] = RUMP_CTL_DESTROY;
	T_CHECK_ERR(rump_sys___sysctl(mib, 3, NULL, NULL, &n, sizeof(n)),
	    RUMP_ENOTDIR);
	mib[1] = RUMP_CTL_DESTROY;
	n.num = made.num;
	T_CHECK_EQ(rump_sys___sysctl(mib, 2, NULL, NULL, &n, sizeof(n)), 0);
	T_CHECK_ERR(rump_sys___sysctl(mib, 2, NULL, NULL, &n, sizeof(n)),
	    RUMP_ENOENT);
	n.num = 0;
	strcpy(n.name, "1bad");
	mib[1] = RUMP_CTL_CREATE;
	T_CHECK_ERR(rump_sys___sysctl(mib, 2, NULL, NULL, &n, sizeof(n)),
	    RUMP_EINVAL);
}

/* The securelevel rises, and does not fall for others than process 1. */
static void
securelevel(void)
{
	int mib[2] = { RUMP_CTL_KERN, RUMP_KERN_SECURELVL }, level = 2, old;
	int make[2] = { RUMP_CTL_VENDOR, RUMP_CTL_CREATE };
	struct node n = { .flags = NODE_VERSION | RUMP_CTLTYPE_NODE |
	    RUMP_CTLFLAG_READWRITE, .name = "later" };
	struct rump_timespec ts = { 1000000000, 0 };
	size_t len = sizeof(old);

	T_ASSERT(get(mib, 2, &old, &len) >= 0);
	T_CHECK_EQ(rump_sys___sysctl(mib, 2, NULL, NULL, &level,
	    sizeof(level)), 0);
	T_CHECK_ERR(rump_sys___sysctl(make, 2, NULL, NULL, &n, sizeof(n)),
	    RUMP_EPERM);
	T_CHECK_ERR(rump_sys_clock_settime(RUMP_CLOCK_REALTIME, &ts),
	    RUMP_EPERM);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	T_CHECK_ERR(rump_sys___sysctl(mib, 2, NULL, NULL, &old, sizeof(old)),
	    RUMP_EPERM);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_sys___sysctl(mib, 2, NULL, NULL, &old, sizeof(old)),
	    0);
}

BOOT_MAIN(
	T(strings),
	T(hostname),
	T(numbers),
	T(no_such),
	T(listing),
	T(descriptions),
	T(own_node),
	T(securelevel)
)
