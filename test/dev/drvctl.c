/* SPDX-License-Identifier: BSD-2-Clause */
/* drvctl(4): a tree (drvctl_kernel.c) is listed, changed and watched by a program. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser.h>

#include "../t.h"
#include "drvctl_kernel.h"

#define NAMES	8

static char names[NAMES][16];
static int fd;

static void
set_up(void)
{

	T_ASSERT_EQ(rump_init(), 0);
	fd = rump_sys_open("/dev/drvctl", RUMP_O_RDWR | RUMP_O_NONBLOCK);
	T_ASSERT(fd != -1);
}

static void
tear_down(void)
{

	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_halt(), 0);
}

static int
error_of(int ret)
{

	return ret == 0 ? 0 : errno;
}

/* Children of a device, into names; -1: error. */
static int
list(const char *name, size_t room)
{
	struct rump_devlistargs args = {
		.l_childname = names, .l_children = room
	};

	snprintf(args.l_devname, sizeof(args.l_devname), "%s", name);
	memset(names, 'x', sizeof(names));
	if (rump_sys_ioctl(fd, RUMP_DRVLISTDEV, &args) != 0)
		return -1;
	return (int)args.l_children;
}

static int
detach(const char *name)
{
	struct rump_devdetachargs args = { .devname = "" };

	snprintf(args.devname, sizeof(args.devname), "%s", name);
	return error_of(rump_sys_ioctl(fd, RUMP_DRVDETACHDEV, &args));
}

static int
rescan(const char *bus, const char *attr, int *locs, unsigned n)
{
	struct rump_devrescanargs args = { .numlocators = n, .locators = locs };

	snprintf(args.busname, sizeof(args.busname), "%s", bus);
	snprintf(args.ifattr, sizeof(args.ifattr), "%s", attr);
	return error_of(rump_sys_ioctl(fd, RUMP_DRVRESCANBUS, &args));
}

static int
power(unsigned long cmd, const char *name, unsigned flags)
{
	struct rump_devpmargs args = { .flags = flags };

	snprintf(args.devname, sizeof(args.devname), "%s", name);
	return error_of(rump_sys_ioctl(fd, cmd, &args));
}

/* The value of a key that is a string, in a dictionary's text. */
static int
has(const char *text, const char *key, const char *value)
{
	char want[128];
	const char *at;

	snprintf(want, sizeof(want), "<key>%s</key>", key);
	if ((at = strstr(text, want)) == NULL)
		return 0;
	at += strlen(want);
	at += strspn(at, " \t\n");
	snprintf(want, sizeof(want), "<string>%s</string>", value);
	return strncmp(at, want, strlen(want)) == 0;
}

/* Memory that the kernel mapped for an answer. */
static void
release(void *answer, size_t len)
{

	if (answer != NULL)
		rumpuser_unmap(answer, (len + 4095) & ~(size_t)4095);
}

/* The next event is this. */
static void
check_event(const char *event, const char *device, const char *parent)
{
	struct rump_plistref ref = { .pref_plist = NULL };

	if (!T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DRVGETEVENT, &ref), 0))
		return;
	T_CHECK(has(ref.pref_plist, "event", event));
	T_CHECK(has(ref.pref_plist, "device", device));
	T_CHECK(has(ref.pref_plist, "parent", parent));
	T_CHECK_EQ(strlen(ref.pref_plist) + 1, ref.pref_len);
	release(ref.pref_plist, ref.pref_len);
}

static void
hotplug(int n)
{
	int line;

	rump_schedule();
	line = rump_drvctl_hotplug(n);
	rump_unschedule();
	T_CHECK_EQ(line, 0);
}

static void
later(void (*func)(void *))
{
	int error;

	rump_schedule();
	error = rump_drvctl_later(func);
	rump_unschedule();
	T_CHECK_EQ(error, 0);
}

static void
check_no_event(void)
{
	struct rump_plistref ref;

	T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_DRVGETEVENT, &ref), RUMP_EWOULDBLOCK);
}

/* ------------------------------------------------------------------ the cases */

static void
tree(void)
{
	struct rump_devlistargs nowhere = {
		.l_devname = "tbus0", .l_children = 8
	};
	int slot[] = { 1, 9 };

	set_up();
	T_CHECK_EQ(list("", NAMES), 1);
	T_CHECK(strcmp(names[0], "mainbus0") == 0);
	T_CHECK_EQ(list("mainbus0", NAMES), 1);
	T_CHECK(strcmp(names[0], "tbus0") == 0);
	T_CHECK_EQ(list("tbus0", NAMES), 0);
	T_CHECK_EQ(rescan("tbus0", "", NULL, 0), 0);
	T_CHECK_EQ(rescan("tbus0", "tslot", slot, 2), 0);
	/* counted without room; one more than there is room for */
	T_CHECK_EQ(list("tbus0", 0), 2);
	T_CHECK_EQ(list("tbus0", 1), 2);
	T_CHECK(strcmp(names[0], "tdev0") == 0 && names[1][0] == 'x');
	T_CHECK_EQ(list("tbus0", NAMES), 2);
	T_CHECK(strcmp(names[1], "tfix5") == 0 && names[1][15] == '\0');

	/* counted, too, if there is no place for names */
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DRVLISTDEV, &nowhere), 0);
	T_CHECK_EQ(nowhere.l_children, 2);

	T_CHECK_EQ(detach("tdev0"), 0);
	T_CHECK_EQ(detach("tdev0"), ENXIO);
	T_CHECK_EQ(list("tbus0", NAMES), 1);
	/* what cannot go, and so what is above it */
	T_CHECK_EQ(detach("tfix5"), RUMP_EOPNOTSUPP);
	T_CHECK_EQ(detach("tbus0"), RUMP_EOPNOTSUPP);
	T_CHECK_EQ(list("tdev0", NAMES), -1);
	T_CHECK_EQ(errno, ENXIO);
	tear_down();
}

static void
subtree_goes(void)
{
	int slot = 3;

	set_up();
	/* the second locator is open: bank 9 */
	T_CHECK_EQ(rescan("tbus0", "tslot", &slot, 1), 0);
	T_CHECK_EQ(rescan("tbus0", "tslot", &slot, 1), 0);
	T_CHECK_EQ(list("tbus0", NAMES), 2);
	T_CHECK_EQ(detach("tbus0"), 0);
	T_CHECK_EQ(list("mainbus0", NAMES), 0);
	T_CHECK_EQ(rescan("tbus0", "", NULL, 0), ENXIO);
	/* and comes again, when its own bus looks */
	T_CHECK_EQ(rescan("mainbus0", "", NULL, 0), 0);
	T_CHECK_EQ(list("mainbus0", NAMES), 1);
	tear_down();
}

/* A device does not go while something is done with it. */
static void
claimed(void)
{
	int slot = 77, left;

	set_up();
	T_CHECK_EQ(rescan("tbus0", "", &slot, 1), 0);
	rump_schedule();
	left = rump_drvctl_left();
	rump_unschedule();
	T_CHECK(left);
	tear_down();
}

static void
refused(void)
{
	struct rump_devdetachargs unnamed;
	int slots[3] = { 3, 0, 0 }, ro;

	set_up();
	T_CHECK_EQ(rescan("tbus0", "other", NULL, 0), EINVAL);
	T_CHECK_EQ(rescan("tbus0", "", slots, 3), EINVAL);
	T_CHECK_EQ(rescan("tbus0", "", slots, 1u << 30), EINVAL);
	T_CHECK_EQ(rescan("tbus0", "", slots, 2), 0);
	T_CHECK_EQ(rescan("tdev0", "", NULL, 0), ENODEV);
	memset(unnamed.devname, 'd', sizeof(unnamed.devname));
	T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_DRVDETACHDEV, &unnamed), EINVAL);
	T_CHECK_EQ(power(RUMP_DRVRESUMEDEV, "tdev0", 2), EINVAL);

	/* reading lets look only */
	ro = fd;
	fd = rump_sys_open("/dev/drvctl", RUMP_O_RDONLY);
	T_CHECK_EQ(list("tbus0", NAMES), 1);
	T_CHECK_EQ(detach("tdev0"), EBADF);
	T_CHECK_EQ(rescan("tbus0", "", NULL, 0), EBADF);
	T_CHECK_EQ(power(RUMP_DRVSUSPENDDEV, "tdev0", 0), EBADF);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	fd = ro;
	tear_down();
}

static void
suspended(void)
{
	int asleep, awake, i;

	set_up();
	for (i = 0; i < 4; i++)
		T_CHECK_EQ(rescan("tbus0", "", NULL, 0), 0);
	/* tdev3 does not want to: so the bus stays awake */
	T_CHECK_EQ(power(RUMP_DRVSUSPENDDEV, "tbus0", 0), EBUSY);
	T_CHECK_EQ(detach("tdev3"), 0);
	T_CHECK_EQ(power(RUMP_DRVRESUMEDEV, "tbus0",
	    RUMP_DEVPM_F_SUBTREE), 0);
	T_CHECK_EQ(detach("tdev2"), 0);
	rump_drvctl_tell(&asleep, &awake);
	T_CHECK_EQ(power(RUMP_DRVSUSPENDDEV, "tbus0", 0), 0);
	rump_drvctl_tell(&i, &awake);
	T_CHECK_EQ(i - asleep, 3);
	/* a child and its bus; then all */
	i = awake;
	T_CHECK_EQ(power(RUMP_DRVRESUMEDEV, "tdev1", 0), 0);
	rump_drvctl_tell(&asleep, &awake);
	T_CHECK_EQ(awake - i, 2);
	T_CHECK_EQ(power(RUMP_DRVRESUMEDEV, "tbus0",
	    RUMP_DEVPM_F_SUBTREE), 0);
	rump_drvctl_tell(&asleep, &awake);
	T_CHECK_EQ(awake - i, 3);
	tear_down();
}

static void
events(void)
{
	struct rump_pollfd pfd;
	struct rump_kevent kev;
	struct rump_timespec now = { .tv_sec = 0 };
	int kq, i;

	set_up();
	check_no_event();
	pfd.fd = fd;
	pfd.events = RUMP_POLLIN;
	T_CHECK_EQ(rump_sys_poll(&pfd, 1, 0), 0);
	T_ASSERT((kq = rump_sys_kqueue()) != -1);
	memset(&kev, 0, sizeof(kev));
	kev.ident = (uintptr_t)fd;
	kev.filter = RUMP_EVFILT_READ;
	kev.flags = RUMP_EV_ADD;
	T_CHECK_EQ(rump_sys_kevent(kq, &kev, 1, NULL, 0, NULL), 0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, &kev, 1, &now), 0);

	T_CHECK_EQ(rescan("tbus0", "", NULL, 0), 0);
	T_CHECK_EQ(detach("tbus0"), 0);
	T_CHECK_EQ(rump_sys_poll(&pfd, 1, 0), 1);
	T_CHECK_EQ(pfd.revents, RUMP_POLLIN);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, &kev, 1, &now), 1);
	T_CHECK_EQ(kev.data, 3);
	check_event("device-attach", "tdev0", "tbus0");
	check_event("device-detach", "tdev0", "tbus0");
	check_event("device-detach", "tbus0", "mainbus0");
	check_no_event();
	T_CHECK_EQ(rump_sys_poll(&pfd, 1, 0), 0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, &kev, 1, &now), 0);
	T_CHECK_EQ(rescan("mainbus0", "", NULL, 0), 0);
	check_event("device-attach", "tbus0", "mainbus0");

	/* of too many, the last 64; of those before the open, none */
	hotplug(40);
	for (i = 0; i < 32; i++) {
		check_event("device-attach", "tdev0", "tbus0");
		check_event("device-detach", "tdev0", "tbus0");
	}
	check_no_event();
	hotplug(1);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	hotplug(1);
	fd = rump_sys_open("/dev/drvctl", RUMP_O_RDWR | RUMP_O_NONBLOCK);
	check_no_event();
	T_CHECK_EQ(rump_sys_close(kq), 0);
	tear_down();
}

static void
waiting(void)
{
	struct rump_plistref ref;

	set_up();
	T_CHECK_EQ(rump_sys_fcntl(fd, RUMP_F_SETFL, 0), 0);
	later(rump_drvctl_come);
	check_event("device-attach", "tdev0", "tbus0");
	check_event("device-detach", "tdev0", "tbus0");
	later(rump_drvctl_revoke);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DRVGETEVENT, &ref), -1);
	tear_down();
}

/* Send a command; the answer's text, until the next one, or NULL and the ioctl's error. */
static const char *
command(const char *text)
{
	static char answer[4096];
	struct rump_plistref ref = {
		.pref_plist = (void *)(uintptr_t)text, .pref_len = strlen(text)
	};

	if (rump_sys_ioctl(fd, RUMP_DRVCTLCOMMAND, &ref) != 0)
		return NULL;
	snprintf(answer, sizeof(answer), "%s", (char *)ref.pref_plist);
	release(ref.pref_plist, ref.pref_len);
	return answer;
}

#define COMMAND(name, device) \
	"<plist version=\"1.0\"><dict>" \
	"<key>drvctl-command</key><string>" name "</string>" \
	"<key>drvctl-arguments</key><dict>" \
	"<key>device-name</key><string>" device "</string>" \
	"</dict></dict></plist>"

static int
answered_error(const char *answer)
{
	const char *at = answer == NULL ? NULL :
	    strstr(answer, "<key>drvctl-error</key>");

	if (at == NULL || (at = strstr(at, "<integer>")) == NULL)
		return -1;
	return (int)strtol(at + strlen("<integer>"), NULL, 0);
}

static void
properties(void)
{
	const char *answer;

	set_up();
	answer = command(COMMAND("get-properties", "tbus0"));
	T_ASSERT(answer != NULL);
	T_CHECK_EQ(answered_error(answer), 0);
	T_CHECK(strstr(answer, "<key>drvctl-result-data</key>") != NULL);
	T_CHECK(has(answer, "colour", "blue"));
	T_CHECK(has(answer, "device-driver", "tbus"));
	T_CHECK(has(answer, "device-parent", "mainbus0"));
	T_CHECK(has(answer, "attribute-name", "tslot"));
	T_CHECK_EQ(answered_error(command(COMMAND("get-properties",
	    "nobody7"))), ESRCH);
	T_CHECK(command(COMMAND("set-fire", "tbus0")) == NULL);
	T_CHECK_EQ(errno, EINVAL);
	T_CHECK(command("<plist version=\"1.0\"><dict></dict></plist>") ==
	    NULL);
	T_CHECK_EQ(errno, EINVAL);
	T_CHECK(command("what?") == NULL);
	T_CHECK_EQ(errno, EIO);
	tear_down();
}

T_MAIN(T(tree), T(subtree_goes), T(claimed), T(refused), T(suspended), T(events),
    T(waiting), T(properties))
