/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's half of parts.c: each function makes its own checks and returns
 * 0, or the line of the first that fails.  They run inside the kernel, on the
 * caller's lwp.
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/module.h>
#include <sys/module_hook.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/syscallvar.h>
#include <sys/systm.h>
#include <sys/uio.h>

#include <rump-private/syscall.h>

#define MUST(cond)	do { if (!(cond)) return __LINE__; } while (0)

int	rump_test_uio(void);
int	rump_test_strings(void);
int	rump_test_devsw(void);
int	rump_test_kauth(void);
int	rump_test_sysctl(void);
int	rump_test_hook(void);
int	rump_test_modules(void);
int	rump_test_establish(void);
int	rump_test_run(int (*)(void));

int
rump_test_run(int (*test)(void))
{
	int line;

	rump_schedule();
	line = (*test)();
	rump_unschedule();
	return line;
}

/* A uio of three vectors, one of them empty, in both directions. */
int
rump_test_uio(void)
{
	char a[4] = "abc", b[8] = "defghij", buf[16] = "";
	struct iovec iov[3] = { { a, 3 }, { NULL, 0 }, { b, 7 } };
	struct uio uio = { .uio_iov = iov, .uio_iovcnt = 3, .uio_resid = 10,
	    .uio_rw = UIO_WRITE };

	UIO_SETUP_SYSSPACE(&uio);
	MUST(uiopeek(buf, 5, &uio) == 0 && strcmp(buf, "abcde") == 0);
	MUST(uio.uio_resid == 10);
	MUST(uiomove(buf, 4, &uio) == 0 && uio.uio_resid == 6);
	MUST(memcmp(buf, "abcd", 4) == 0 && uio.uio_offset == 4);
	uioskip(2, &uio);
	MUST(uiomove(buf, 100, &uio) == 0 && memcmp(buf, "ghij", 4) == 0);
	MUST(uio.uio_resid == 0 && uio.uio_offset == 10);
	iov[0] = (struct iovec){ b, 4 };
	uio = (struct uio){ .uio_iov = iov, .uio_iovcnt = 1, .uio_resid = 4,
	    .uio_rw = UIO_READ, .uio_offset = 2 };
	UIO_SETUP_SYSSPACE(&uio);
	MUST(uiomove_frombuf(a, 3, &uio) == 0);
	MUST(b[0] == 'c' && uio.uio_resid == 3 && uio.uio_offset == 3);
	MUST(uiomove_frombuf(a, 3, &uio) == 0 && uio.uio_resid == 3);
	MUST(ureadc('x', &uio) == 0 && b[1] == 'x');
	uio.uio_offset = -1;
	MUST(uiomove_frombuf(a, 3, &uio) == EINVAL);
	return 0;
}

int
rump_test_strings(void)
{
	char buf[8];
	size_t done;

	MUST(copystr("abc", buf, sizeof(buf), &done) == 0 && done == 4);
	MUST(copystr("abcdefg", buf, sizeof(buf), &done) == 0 && done == 8);
	MUST(copystr("abcdefgh", buf, sizeof(buf), &done) == ENAMETOOLONG);
	MUST(copyinstr("abcdefgh", buf, sizeof(buf), &done) == ENAMETOOLONG);
	MUST(copyinstr(NULL, buf, sizeof(buf), &done) == EFAULT);
	MUST(copyin(NULL, buf, 1) == EFAULT && copyin(NULL, buf, 0) == 0);
	MUST(ustore_32((uint32_t *)(void *)buf, 0x01020304) == 0);
	MUST(ufetch_32((uint32_t *)(void *)buf, &(uint32_t){ 0 }) == 0);
	return 0;
}

/* Drivers come, are found by number and name, and go. */
static int opens;

static int
test_open(dev_t dev, int flag, int mode, struct lwp *l)
{

	opens++;
	return minor(dev) == 9 ? EBUSY : 0;
}

static const struct cdevsw test_cdevsw = {
	.d_open = test_open, .d_close = nullclose, .d_read = noread,
	.d_write = nullwrite, .d_ioctl = noioctl, .d_stop = nostop,
	.d_tty = notty, .d_poll = nopoll, .d_mmap = nommap,
	.d_kqfilter = nokqfilter, .d_discard = nodiscard,
	.d_flag = D_OTHER | D_MPSAFE,
};
static const struct bdevsw test_bdevsw = {
	.d_open = test_open, .d_close = nullclose, .d_ioctl = noioctl,
	.d_dump = nodump, .d_psize = nosize, .d_discard = nodiscard,
	.d_flag = D_DISK,
};

int
rump_test_devsw(void)
{
	devmajor_t b = NODEVMAJOR, c = NODEVMAJOR, again = NODEVMAJOR;
	char name[16];
	dev_t dev;

	MUST(devsw_attach("testdrv", &test_bdevsw, &b, NULL, &c) == EINVAL);
	MUST(devsw_attach("testdrv", &test_bdevsw, &b, &test_cdevsw, &c) == 0);
	MUST(b >= 0 && c >= 0);
	MUST(devsw_attach("other", &test_bdevsw, &b, &test_cdevsw, &c) ==
	    EEXIST);
	dev = makedev(c, 3);
	MUST(cdevsw_lookup(dev) == &test_cdevsw);
	MUST(bdevsw_lookup(makedev(b, 0)) == &test_bdevsw);
	MUST(cdevsw_lookup_major(&test_cdevsw) == c);
	MUST(devsw_chr2blk(dev) == makedev(b, 3));
	MUST(devsw_blk2chr(makedev(b, 5)) == makedev(c, 5));
	MUST(minor(devsw_blk2chr(makedev(b, 0xfffff))) == 0xfffff);
	MUST(devsw_name2blk("testdrv0a", name, sizeof(name)) == b);
	MUST(strcmp(name, "testdrv") == 0);
	MUST(strcmp(devsw_chr2name(c), "testdrv") == 0);
	MUST(cdev_open(dev, FREAD, S_IFCHR, curlwp) == 0 && opens == 1);
	MUST(cdev_open(makedev(c, 9), FREAD, S_IFCHR, curlwp) == EBUSY);
	MUST(bdev_open(makedev(b, 0), FREAD, S_IFBLK, curlwp) == 0);
	MUST(cdev_ioctl(dev, 0, NULL, 0, curlwp) == ENODEV);
	MUST(cdev_poll(dev, POLLIN | POLLPRI, curlwp) == POLLIN);
	MUST(cdev_mmap(dev, 0, 0) == (paddr_t)-1);
	MUST(bdev_size(makedev(b, 0)) == -1 && bdev_type(makedev(b, 0)) ==
	    D_DISK);
	MUST(devsw_detach(&test_bdevsw, &test_cdevsw) == 0);
	MUST(cdevsw_lookup(dev) == NULL);
	MUST(cdev_open(dev, FREAD, S_IFCHR, curlwp) == ENXIO);
	MUST(cdev_poll(dev, POLLIN, curlwp) == POLLERR);
	MUST(cdevsw_lookup(NODEV) == NULL);
	MUST(devsw_attach("testdrv", NULL, &b, &test_cdevsw, &again) == 0);
	MUST(again == c);			/* the same as before */
	return devsw_detach(NULL, &test_cdevsw);
}

/* A listener that denies wins over root; one that defers does not matter. */
static int verdict;

static int
listener(kauth_cred_t cred, kauth_action_t action, void *cookie, void *arg0,
    void *arg1, void *arg2, void *arg3)
{

	return action == KAUTH_SYSTEM_MODULE ? verdict : KAUTH_RESULT_DEFER;
}

static int
module_right(kauth_cred_t cred)
{

	return kauth_authorize_system(cred, KAUTH_SYSTEM_MODULE, 0, NULL, NULL,
	    NULL);
}

int
rump_test_kauth(void)
{
	kauth_cred_t root = kauth_cred_alloc(), user = kauth_cred_alloc();
	kauth_listener_t l;

	kauth_cred_seteuid(user, 1000);
	MUST(kauth_listen_scope("no such scope", listener, NULL) == NULL);
	l = kauth_listen_scope(KAUTH_SCOPE_SYSTEM, listener, NULL);
	MUST(l != NULL);
	verdict = KAUTH_RESULT_DEFER;
	MUST(module_right(root) == 0 && module_right(user) == EPERM);
	verdict = KAUTH_RESULT_ALLOW;
	MUST(module_right(user) == 0);
	verdict = KAUTH_RESULT_DENY;
	MUST(module_right(root) == EPERM && module_right(NOCRED) == 0);
	kauth_unlisten_scope(l);
	MUST(module_right(root) == 0 && module_right(user) == EPERM);

	/* Vnodes: the file system's verdict counts for others than root. */
	MUST(kauth_authorize_vnode(user, KAUTH_VNODE_READ_DATA, NULL, NULL,
	    EACCES) == EACCES);
	MUST(kauth_authorize_vnode(user, KAUTH_VNODE_READ_DATA, NULL, NULL,
	    KAUTH_VNODE_REMOTEFS) == 0);
	MUST(kauth_authorize_vnode(root, KAUTH_VNODE_READ_DATA, NULL, NULL,
	    EACCES) == 0);
	MUST(kauth_authorize_vnode(root, KAUTH_VNODE_EXECUTE, NULL, NULL,
	    EACCES) == EACCES);
	MUST(kauth_authorize_vnode(root, KAUTH_VNODE_EXECUTE |
	    KAUTH_VNODE_IS_EXEC, NULL, NULL, EACCES) == 0);
	MUST(kauth_cred_getrefcnt(user) == 1);
	kauth_cred_hold(user);
	MUST(kauth_cred_copy(user) != user);
	kauth_cred_free(user);
	kauth_cred_free(root);
	return 0;
}

/* Nodes under a log go with it; others' nodes stay. */
int
rump_test_sysctl(void)
{
	struct sysctllog *log = NULL;
	const struct sysctlnode *node;
	int value = 5, got = 0, path[3] = { CTL_VENDOR, 0, 0 };
	size_t len = sizeof(got);

	MUST(sysctl_createv(&log, 0, NULL, &node, 0, CTLTYPE_NODE, "test",
	    NULL, NULL, 0, NULL, 0, CTL_VENDOR, CTL_CREATE, CTL_EOL) == 0);
	path[1] = node->sysctl_num;
	MUST(sysctl_createv(&log, 0, &node, &node, CTLFLAG_READWRITE,
	    CTLTYPE_INT, "value", NULL, NULL, 0, &value, 0, CTL_CREATE,
	    CTL_EOL) == 0);
	path[2] = node->sysctl_num;
	MUST(sysctl_createv(&log, 0, NULL, &node, 0, CTLTYPE_INT, "zero", NULL,
	    NULL, 0, &value, 0, CTL_VENDOR, path[1], 0, CTL_EOL) == 0 &&
	    node->sysctl_num == 0);
	MUST(sysctl_createv(&log, 0, NULL, NULL, 0, CTLTYPE_INT, "bad name",
	    NULL, NULL, 0, &value, 0, CTL_VENDOR, CTL_CREATE, CTL_EOL) ==
	    EINVAL);
	MUST(sysctl_createv(&log, 0, NULL, NULL, 0, CTLTYPE_INT, "x", NULL,
	    NULL, 0, &value, 0, CTL_VENDOR, 77, 78, CTL_EOL) == ENOENT);
	sysctl_lock(false);
	MUST(sysctl_dispatch(path, 3, &got, &len, NULL, 0, path, NULL, NULL)
	    == 0);
	MUST(got == 5 && len == sizeof(got));
	got = 6;
	MUST(sysctl_dispatch(path, 3, NULL, &len, &got, sizeof(got), path,
	    NULL, NULL) == 0 && value == 6);
	sysctl_unlock();
	sysctl_teardown(&log);
	MUST(log == NULL);
	sysctl_lock(false);
	MUST(sysctl_dispatch(path, 3, NULL, &len, NULL, 0, path, NULL, NULL)
	    == ENOENT);
	sysctl_unlock();
	return 0;
}

/* Hooks: the default without one, the function with one. */
MODULE_HOOK(test_hook, int, (int));
struct test_hook_t test_hook;

static int
twice(int n)
{

	return 2 * n;
}

int
rump_test_hook(void)
{
	int result;

	MODULE_HOOK_CALL(test_hook, (21), -1, result);
	MUST(result == -1);
	kernconfig_lock();
	MODULE_HOOK_SET(test_hook, twice);
	kernconfig_unlock();
	MODULE_HOOK_CALL(test_hook, (21), -1, result);
	MUST(result == 42);
	kernconfig_lock();
	MODULE_HOOK_UNSET(test_hook);
	kernconfig_unlock();
	MODULE_HOOK_CALL(test_hook, (21), -1, result);
	MUST(result == -1);
	return 0;
}

/* Modules: one that runs from boot, one that needs it, one that refuses. */
static int alpha_starts, beta_starts, alpha_first;

MODULE(MODULE_CLASS_MISC, test_beta, "test_alpha");
MODULE(MODULE_CLASS_MISC, test_alpha, NULL);
MODULE(MODULE_CLASS_MISC, test_never, NULL);
MODULE(MODULE_CLASS_MISC, test_orphan, "test_nosuch");

static int
test_alpha_modcmd(modcmd_t cmd, void *arg)
{

	if (cmd == MODULE_CMD_INIT) {
		alpha_starts++;
		alpha_first = beta_starts == 0;
	}
	return cmd == MODULE_CMD_INIT || cmd == MODULE_CMD_FINI ? 0 : ENOTTY;
}

static int
test_beta_modcmd(modcmd_t cmd, void *arg)
{

	if (cmd == MODULE_CMD_INIT)
		beta_starts++;
	return cmd == MODULE_CMD_INIT || cmd == MODULE_CMD_FINI ? 0 : ENOTTY;
}

static int
test_never_modcmd(modcmd_t cmd, void *arg)
{

	return cmd == MODULE_CMD_INIT ? EIO : ENOTTY;
}

static int
test_orphan_modcmd(modcmd_t cmd, void *arg)
{

	return 0;
}

int
rump_test_modules(void)
{
	u_int gen = module_gen;

	MUST(alpha_starts == 1 && beta_starts == 1 && alpha_first);
	MUST(module_autoload("test_alpha", MODULE_CLASS_ANY) == EEXIST);
	MUST(module_autoload("test_never", MODULE_CLASS_ANY) == EIO);
	MUST(module_autoload("test_orphan", MODULE_CLASS_ANY) == ENOENT);
	MUST(module_autoload("test_nosuch", MODULE_CLASS_ANY) == ENOENT);
	MUST(module_unload("test_alpha") == EBUSY);	/* beta needs it */
	MUST(module_unload("test_beta") == 0);
	MUST(module_unload("test_beta") == ENOENT);
	MUST(module_unload("test_alpha") == 0);
	MUST(module_gen == gen);
	MUST(module_autoload("test_beta", MODULE_CLASS_VFS) == ENOENT);
	MUST(module_autoload("test_beta", MODULE_CLASS_MISC) == EPERM);
	MUST(module_load("test_beta", 0, NULL, MODULE_CLASS_ANY) == EPERM);
	MUST(module_load("test_beta", MODCTL_LOAD_FORCE, NULL,
	    MODULE_CLASS_MISC) == 0);
	MUST(alpha_starts == 2 && beta_starts == 2 && module_gen == gen + 2);
	return 0;
}

/* A module brings a system call and takes it away. */
static int
test_call(struct lwp *l, const void *v, register_t *retval)
{

	*retval = 4711;
	return 0;
}

int
rump_test_establish(void)
{
	static const struct syscall_package calls[] = {
		{ SYS_nfssvc, 0, test_call },
		{ 0, 0, NULL },
	};
	register_t retval[2], args[2] = { 0, 0 };

	MUST(rump_syscall(SYS_nfssvc, args, sizeof(args), retval) == ENOSYS);
	kernconfig_lock();
	MUST(syscall_establish(NULL, calls) == 0);
	MUST(syscall_establish(NULL, calls) == EBUSY);
	kernconfig_unlock();
	MUST(rump_syscall(SYS_nfssvc, args, sizeof(args), retval) == 0);
	MUST(retval[0] == 4711);
	kernconfig_lock();
	MUST(syscall_disestablish(NULL, calls) == 0);
	kernconfig_unlock();
	MUST(rump_syscall(SYS_nfssvc, args, sizeof(args), retval) == ENOSYS);
	return 0;
}
