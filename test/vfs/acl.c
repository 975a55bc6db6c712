/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access control lists beside the host's: random lists are given to a file of the host's
 * (system.posix_acl_access, the form of Linux's attr(7)), and the same questions asked of
 * both: is it a list, which mode does it show, what may whom, what does a new file get.
 * NFSv4 lists that stand for a mode must decide as the mode's bits do.
 *
 * Arguments of the environment: ACL_LISTS, how many; SEED.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <rump/rump.h>

#include "../t.h"
#include "acl.h"

#define LISTS	300
#define OWNER	1001
#define GROUP	2001
#define ACCESS	"system.posix_acl_access"
#define DEFAULT	"system.posix_acl_default"

/* The form of an attribute; its tags are those of the draft. */
struct linux_acl {
	uint32_t	version;	/* 2 */
	struct { uint16_t tag, perm; uint32_t id; } entry[ACL_TEST_ENTRIES];
};

static uint64_t state;
static char top[64] = "/tmp/haunch-acl.XXXXXX";

static unsigned
rng(unsigned n)
{

	return t_random(&state, n);
}

#define IN_KERNEL(call) ({ \
	rump_schedule(); \
	__typeof__(call) in_ = (call); \
	rump_unschedule(); \
	in_; \
})

static void
add(struct acl_test_list *l, unsigned tag, unsigned id)
{

	if (l->n == ACL_TEST_ENTRIES)
		return;
	l->entry[l->n].tag = tag;
	l->entry[l->n].perm = rng(8);
	l->entry[l->n++].id = id;
}

/*
 * In the order that the host wants, ids that rise; now and then something is missing or
 * there twice, or a bit too many.
 */
static struct acl_test_list
some_list(void)
{
	struct acl_test_list l = { 0 };
	unsigned users = rng(3), groups = rng(3), i;
	int wrong = rng(3) == 0 ? (int)rng(6) : -1;

	if (wrong != 0)
		add(&l, 1, ~0u);
	for (i = 0; i < users; i++)
		add(&l, 2, 1000 + i * 2);
	if (wrong == 1)
		add(&l, 1, ~0u);
	if (wrong != 2)
		add(&l, 4, ~0u);
	for (i = 0; i < groups; i++)
		add(&l, 8, 2000 + i * 2);
	if ((users + groups != 0 || rng(2)) && wrong != 3)
		add(&l, 0x10, ~0u);
	if (wrong != 4)
		add(&l, 0x20, ~0u);
	if (wrong == 5)
		l.entry[rng(l.n)].perm |= 8;
	return l;
}

static int
host_set(const char *path, const char *name, const struct acl_test_list *l)
{
	struct linux_acl acl = { .version = 2 };

	for (unsigned i = 0; i < l->n; i++) {
		acl.entry[i].tag = (uint16_t)l->entry[i].tag;
		acl.entry[i].perm = (uint16_t)l->entry[i].perm;
		acl.entry[i].id = l->entry[i].id;
	}
	return setxattr(path, name, &acl, sizeof(acl.version) + l->n * sizeof(acl.entry[0]), 0);
}

static struct acl_test_cred
some_cred(void)
{
	struct acl_test_cred c = { .uid = 1000 + rng(6), .gid = 2000 + rng(6) };

	for (c.ngroups = 0; c.ngroups < rng(ACL_TEST_GROUPS); c.ngroups++)
		c.groups[c.ngroups] = 2000 + rng(6);
	return c;
}

/* Permission bits that the host gives. */
static unsigned
host_access(const char *path, const struct acl_test_cred *c)
{
	gid_t groups[ACL_TEST_GROUPS];
	unsigned bits = 0;
	int status;
	pid_t pid;

	for (unsigned i = 0; i < c->ngroups; i++)
		groups[i] = c->groups[i];
	if ((pid = fork()) == 0) {
		if (setgroups(c->ngroups, groups) != 0 || setgid(c->gid) != 0 ||
		    setuid(c->uid) != 0)
			_exit(64);
		bits |= access(path, R_OK) == 0 ? 4 : 0;
		bits |= access(path, W_OK) == 0 ? 2 : 0;
		bits |= access(path, X_OK) == 0 ? 1 : 0;
		_exit((int)bits);
	}
	if (pid == -1 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return ~0u;
	return (unsigned)WEXITSTATUS(status);
}

static void
tell(const struct acl_test_list *l, const struct acl_test_cred *c)
{

	printf("# user %u, groups %u", c->uid, c->gid);
	for (unsigned i = 0; i < c->ngroups; i++)
		printf(" %u", c->groups[i]);
	for (unsigned i = 0; i < l->n; i++)
		printf("; %#x:%d:%o", l->entry[i].tag, (int)l->entry[i].id, l->entry[i].perm);
	printf("\n");
}

/* False: the host cannot judge, and the case was skipped. */
static bool
host_can(const char *dir)
{
	struct acl_test_list plain = { .n = 3, .entry = { { 1, 7, ~0u }, { 4, 5, ~0u }, { 0x20, 5, ~0u } } };

	if (getuid() != 0) {
		t_skip("only root can be others");
		return false;
	}
	if (mkdir(dir, 0755) == -1 && errno != EEXIST)
		return false;
	if (host_set(dir, ACCESS, &plain) == -1) {
		t_skip("the host's file system has no lists");
		return false;
	}
	return true;
}

static void
as_the_host(void)
{
	unsigned lists = getenv("ACL_LISTS") != NULL ? (unsigned)atoi(getenv("ACL_LISTS")) : LISTS;
	unsigned good = 0, refused = 0;
	char dir[80];
	struct stat st;

	snprintf(dir, sizeof(dir), "%s/dir", top);
	if (!host_can(dir))
		return;
	T_ASSERT_EQ(chown(dir, OWNER, GROUP), 0);
	for (unsigned i = 0; i < lists; i++) {
		struct acl_test_list l = some_list();
		int theirs = host_set(dir, ACCESS, &l) == 0 ? 0 : errno;

		if (!T_CHECK_EQ(IN_KERNEL(rump_acl_check(&l)), theirs == 0 ? 0 : EINVAL))
			return;
		if (theirs != 0) {
			T_CHECK_EQ(theirs, EINVAL);
			refused++;
			continue;
		}
		good++;
		T_ASSERT_EQ(stat(dir, &st), 0);
		T_CHECK_EQ(IN_KERNEL(rump_acl_mode(&l)), st.st_mode & 0777);
		/*
		 * A mask that permits nothing: by the draft (23.1.5) whom it masks has nothing. Linux
		 * does not look at the list then, and gives them what others have.
		 */
		if ((st.st_mode & 070) == 0)
			continue;
		for (unsigned k = 0; k < 3; k++) {
			struct acl_test_cred c = some_cred();

			if (!T_CHECK_EQ(IN_KERNEL(rump_acl_access(&l, OWNER, GROUP, &c)),
			    host_access(dir, &c)))
				tell(&l, &c);
		}
	}
	T_CHECK(good != 0 && refused != 0);
}

/* A default list is what the umask would be. */
static void
new_files(void)
{
	char dir[80], path[100];
	struct stat st;
	int fd;

	snprintf(dir, sizeof(dir), "%s/defaults", top);
	snprintf(path, sizeof(path), "%s/file", dir);
	if (!host_can(dir))
		return;
	for (unsigned i = 0; i < LISTS; i++) {
		struct acl_test_list l = some_list();
		unsigned mode = rng(01000);

		if (host_set(dir, DEFAULT, &l) != 0)
			continue;
		fd = open(path, O_CREAT | O_EXCL | O_WRONLY, mode);
		T_ASSERT(fd != -1);
		T_ASSERT_EQ(fstat(fd, &st), 0);
		close(fd);
		T_CHECK_EQ(IN_KERNEL(rump_acl_new_mode(&l, mode)), st.st_mode & 0777);
		T_ASSERT_EQ(unlink(path), 0);
	}
}

static const struct acl_test_cred classes[] = {
	{ .uid = OWNER, .gid = GROUP }, { .uid = OWNER, .gid = 5 }, { .uid = 7, .gid = GROUP },
	{ .uid = 7, .gid = 5, .ngroups = 1, .groups = { GROUP } }, { .uid = 7, .gid = 5 },
};

/* What the bits of a mode give to a class above. */
static unsigned
bits_of(unsigned mode, unsigned class)
{

	return mode >> (class < 2 ? 6 : class < 4 ? 3 : 0) & 7;
}

static void
nfs4_modes(void)
{

	for (unsigned mode = 0; mode < 01000; mode++) {
		for (unsigned i = 0; i < 5; i++)
			T_CHECK_EQ(IN_KERNEL(rump_acl_nfs4_access(mode, OWNER, GROUP, &classes[i])),
			    bits_of(mode, i));
		T_CHECK_EQ(IN_KERNEL(rump_acl_nfs4_trivial(mode)), 1);
	}
	/* RFC 7530, 6.3.2: what owner@, group@ and everyone@ may, each with everyone@'s */
	for (unsigned mode = 0; mode < 01000; mode++)
		T_CHECK_EQ(IN_KERNEL(rump_acl_nfs4_mode(mode)), mode | 01000);
}

static void
nfs4_inherited(void)
{

	for (unsigned mode = 0; mode < 01000; mode += 7)
		for (unsigned deny = 0; deny < 8; deny++)
			for (unsigned i = 0; i < 5; i++)
				T_CHECK_EQ(IN_KERNEL(rump_acl_nfs4_inherited(mode, deny, &classes[i],
				    OWNER, GROUP)), bits_of(mode, i) & ~deny);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(as_the_host), T(new_files), T(nfs4_modes), T(nfs4_inherited),
	};
	char cmd[100];
	int failed;

	state = getenv("SEED") != NULL ? strtoull(getenv("SEED"), NULL, 0) : 1;
	umask(0);
	if (mkdtemp(top) == NULL || chmod(top, 0755) == -1 || rump_init() != 0) {
		t_puts("Bail out! no folder, or the kernel does not boot\n");
		return 1;
	}
	failed = t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
	snprintf(cmd, sizeof(cmd), "rm -r %s", top);
	return system(cmd) == 0 ? failed : 1;
}
