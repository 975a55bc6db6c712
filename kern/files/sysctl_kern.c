/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The basic nodes: the top of the tree, kern, hw and user.  Plain values are
 * rows of tables; the few that are computed or checked have handlers.
 */
#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/kauth.h>
#include <sys/kernel.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/timevar.h>
#include <sys/unistd.h>

#include <uvm/uvm_extern.h>

#include "files/sysctl.h"

#define RO	(CTLFLAG_PERMANENT | CTLFLAG_READONLY)
#define RW	(CTLFLAG_PERMANENT | CTLFLAG_READWRITE)
#define VALUE	(RO | CTLFLAG_IMMEDIATE)

static const struct {
	int		number;
	const char	*name;
	const char	*descr;
} top[] = {
	{ CTL_KERN, "kern", "High kernel" },
	{ CTL_VM, "vm", "Virtual memory" },
	{ CTL_VFS, "vfs", "Filesystems" },
	{ CTL_NET, "net", "Networking" },
	{ CTL_DEBUG, "debug", "Debugging" },
	{ CTL_HW, "hw", "Hardware, as the kernel sees it" },
	{ CTL_MACHDEP, "machdep", "Machine dependent" },
	{ CTL_USER, "user", "Limits of utilities" },
	{ CTL_DDB, "ddb", "In-kernel debugger" },
	{ CTL_PROC, "proc", "Processes" },
	{ CTL_VENDOR, "vendor", "Vendors" },
	{ CTL_EMUL, "emul", "Emulations" },
	{ CTL_SECURITY, "security", "Security" },
};

struct row {
	int		parent, number, type, flags;
	const char	*name;
	const char	*descr;
	int64_t		value;
	const void	*data;
	size_t		len;
};

static u_int osrevision = __NetBSD_Version__;
static struct clockinfo clockrate;

static const struct row rows[] = {
	{ CTL_KERN, KERN_OSTYPE, CTLTYPE_STRING, RO, "ostype",
	    "Operating system type", 0, ostype, 0 },
	{ CTL_KERN, KERN_OSRELEASE, CTLTYPE_STRING, RO, "osrelease",
	    "Operating system release", 0, osrelease, 0 },
	{ CTL_KERN, KERN_OSREV, CTLTYPE_INT, RO, "osrevision",
	    "Version of the interface", 0, &osrevision, 0 },
	{ CTL_KERN, KERN_VERSION, CTLTYPE_STRING, RO, "version",
	    "Kernel version", 0, version, 0 },
	{ CTL_KERN, KERN_MAXPROC, CTLTYPE_INT, RW, "maxproc",
	    "Most processes at a time", 0, &maxproc, 0 },
	{ CTL_KERN, KERN_MAXFILES, CTLTYPE_INT, RW, "maxfiles",
	    "Most open files at a time", 0, &maxfiles, 0 },
	{ CTL_KERN, KERN_ARGMAX, CTLTYPE_INT, VALUE, "argmax",
	    "Most bytes of arguments", ARG_MAX, NULL, 0 },
	{ CTL_KERN, KERN_DOMAINNAME, CTLTYPE_STRING, RW, "domainname",
	    "YP domain name", 0, domainname, sizeof(domainname) },
	{ CTL_KERN, KERN_CLOCKRATE, CTLTYPE_STRUCT, RO, "clockrate",
	    "Rates of the kernel's clocks", 0, &clockrate, sizeof(clockrate) },
	{ CTL_KERN, KERN_POSIX1, CTLTYPE_INT, VALUE, "posix1version",
	    "Version of POSIX.1", _POSIX_VERSION, NULL, 0 },
	{ CTL_KERN, KERN_NGROUPS, CTLTYPE_INT, VALUE, "ngroups",
	    "Most supplementary groups", NGROUPS_MAX, NULL, 0 },
	{ CTL_KERN, KERN_JOB_CONTROL, CTLTYPE_INT, VALUE, "job_control",
	    "Is there job control?", 1, NULL, 0 },
	{ CTL_KERN, KERN_SAVED_IDS, CTLTYPE_INT, VALUE, "saved_ids",
	    "Are user and group ids saved?", 1, NULL, 0 },
	{ CTL_KERN, KERN_FSYNC, CTLTYPE_INT, VALUE, "fsync",
	    "Is there fsync?", 1, NULL, 0 },
	{ CTL_KERN, KERN_SYNCHRONIZED_IO, CTLTYPE_INT, VALUE,
	    "synchronized_io", "Is there synchronized I/O?", 1, NULL, 0 },
	{ CTL_KERN, KERN_IOV_MAX, CTLTYPE_INT, VALUE, "iov_max",
	    "Most vectors of a transfer", IOV_MAX, NULL, 0 },
	{ CTL_KERN, KERN_LOGIN_NAME_MAX, CTLTYPE_INT, VALUE,
	    "login_name_max", "Longest login name", LOGIN_NAME_MAX, NULL, 0 },
	{ CTL_KERN, KERN_MONOTONIC_CLOCK, CTLTYPE_INT, VALUE,
	    "monotonic_clock", "Version of the monotonic clock",
	    _POSIX_VERSION, NULL, 0 },
	{ CTL_KERN, KERN_MAXPHYS, CTLTYPE_INT, VALUE, "maxphys",
	    "Largest transfer of a driver", MAXPHYS, NULL, 0 },
	{ CTL_HW, HW_MACHINE, CTLTYPE_STRING, RO, "machine",
	    "Machine class", 0, machine, 0 },
	{ CTL_HW, HW_MACHINE_ARCH, CTLTYPE_STRING, RO, "machine_arch",
	    "Machine architecture", 0, machine_arch, 0 },
	{ CTL_HW, HW_NCPU, CTLTYPE_INT, RO, "ncpu",
	    "Virtual CPUs", 0, &ncpu, 0 },
	{ CTL_HW, HW_NCPUONLINE, CTLTYPE_INT, RO, "ncpuonline",
	    "Virtual CPUs in use", 0, &ncpuonline, 0 },
	{ CTL_HW, HW_BYTEORDER, CTLTYPE_INT, VALUE, "byteorder",
	    "Byte order", BYTE_ORDER, NULL, 0 },
	{ CTL_HW, HW_PAGESIZE, CTLTYPE_INT, VALUE, "pagesize",
	    "Bytes of a page", PAGE_SIZE, NULL, 0 },
	{ CTL_HW, HW_ALIGNBYTES, CTLTYPE_INT, VALUE, "alignbytes",
	    "Alignment of any type", ALIGNBYTES, NULL, 0 },
	{ CTL_USER, USER_LINE_MAX, CTLTYPE_INT, VALUE, "line_max",
	    "Longest line of text", LINE_MAX, NULL, 0 },
	{ CTL_USER, USER_EXPR_NEST_MAX, CTLTYPE_INT, VALUE, "expr_nest_max",
	    "Deepest nesting of expr(1)", EXPR_NEST_MAX, NULL, 0 },
	{ CTL_USER, USER_RE_DUP_MAX, CTLTYPE_INT, VALUE, "re_dup_max",
	    "Most repetitions of a regular expression", RE_DUP_MAX, NULL, 0 },
};

static void
row_create(const struct row *r)
{

	sysctl_createv(NULL, 0, NULL, NULL, r->flags, r->type, r->name,
	    r->descr, NULL, r->value, __UNCONST(r->data), r->len, r->parent,
	    r->number, CTL_EOL);
}

void
sysctl_basenode_init(void)
{
	size_t i;

	clockrate = (struct clockinfo){ .hz = hz, .tick = tick,
	    .tickadj = tickadj, .stathz = stathz != 0 ? stathz : hz,
	    .profhz = profhz != 0 ? profhz : hz };
	for (i = 0; i < __arraycount(top); i++)
		sysctl_createv(NULL, 0, NULL, NULL, RO, CTLTYPE_NODE,
		    top[i].name, top[i].descr, NULL, 0, NULL, 0,
		    top[i].number, CTL_EOL);
	for (i = 0; i < __arraycount(rows); i++)
		row_create(&rows[i]);
	sysctl_kern_init();
}

static int
sysctl_hostname(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	int error;

	node.sysctl_data = hostname;
	node.sysctl_size = sizeof(hostname);
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error == 0 && newp != NULL)
		hostnamelen = strlen(hostname) + 1;
	return error;
}

/* hostid is a long in the kernel, an int here. */
static int
sysctl_hostid(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	u_int id = (u_int)hostid;
	int error;

	node.sysctl_data = &id;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error == 0 && newp != NULL)
		hostid = id;
	return error;
}

static int
sysctl_boottime(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	struct timespec ts;

	getnanoboottime(&ts);
	node.sysctl_data = &ts;
	node.sysctl_size = sizeof(ts);
	return sysctl_lookup(SYSCTLFN_CALL(&node));
}

static int
sysctl_hardclock_ticks(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	int ticks = hardclock_ticks;

	node.sysctl_data = &ticks;
	return sysctl_lookup(SYSCTLFN_CALL(&node));
}

/* Memory: 32 bits of it, or all; in use by nobody else, or all. */
static int
sysctl_memory(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	uint64_t bytes = (uint64_t)physmem * PAGE_SIZE;
	int small;

	if (rnode->sysctl_num == HW_USERMEM || rnode->sysctl_num ==
	    HW_USERMEM64)
		bytes -= (uint64_t)uvmexp.wired * PAGE_SIZE;
	if (SYSCTL_TYPE(rnode->sysctl_flags) == CTLTYPE_INT) {
		small = (int)MIN(bytes, (uint64_t)INT_MAX);
		node.sysctl_data = &small;
	} else {
		node.sysctl_data = &bytes;
	}
	return sysctl_lookup(SYSCTLFN_CALL(&node));
}

static void
computed(int parent, int number, int type, int flags, const char *name,
    const char *descr, sysctlfn fn, size_t len)
{

	sysctl_createv(NULL, 0, NULL, NULL, flags, type, name, descr, fn, 0,
	    NULL, len, parent, number, CTL_EOL);
}

void
sysctl_kern_init(void)
{

	computed(CTL_KERN, KERN_HOSTNAME, CTLTYPE_STRING, RW, "hostname",
	    SYSCTL_DESCR("System hostname"), sysctl_hostname,
	    sizeof(hostname));
	computed(CTL_KERN, KERN_HOSTID, CTLTYPE_INT, RW | CTLFLAG_HEX,
	    "hostid", SYSCTL_DESCR("System host ID number"), sysctl_hostid, 0);
	computed(CTL_KERN, KERN_BOOTTIME, CTLTYPE_STRUCT, RO, "boottime",
	    SYSCTL_DESCR("Wall time at boot"), sysctl_boottime,
	    sizeof(struct timespec));
	computed(CTL_KERN, KERN_HARDCLOCK_TICKS, CTLTYPE_INT, RO,
	    "hardclock_ticks", SYSCTL_DESCR("Ticks since boot"),
	    sysctl_hardclock_ticks, 0);
	computed(CTL_HW, HW_PHYSMEM, CTLTYPE_INT, RO, "physmem",
	    SYSCTL_DESCR("Bytes of memory"), sysctl_memory, 0);
	computed(CTL_HW, HW_USERMEM, CTLTYPE_INT, RO, "usermem",
	    SYSCTL_DESCR("Bytes of memory that are not wired"), sysctl_memory,
	    0);
	computed(CTL_HW, HW_PHYSMEM64, CTLTYPE_QUAD, RO, "physmem64",
	    SYSCTL_DESCR("Bytes of memory"), sysctl_memory, 0);
	computed(CTL_HW, HW_USERMEM64, CTLTYPE_QUAD, RO, "usermem64",
	    SYSCTL_DESCR("Bytes of memory that are not wired"), sysctl_memory,
	    0);
}
