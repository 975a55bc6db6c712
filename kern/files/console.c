/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console as a file: descriptors 0, 1 and 2 of process 1, to write to.
 * What is written goes to the host's console, character by character.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/filio.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/uio.h>

#include <rump/rumpuser.h>
#include <rump-private/files.h>

/* Characters taken from the program at a time. */
#define CONSOLE_CHUNK	64

static int
console_write(struct file *fp, off_t *offset, struct uio *uio,
    kauth_cred_t cred, int flags)
{
	char buf[CONSOLE_CHUNK];
	size_t len, i;
	int error;

	while ((len = MIN(uio->uio_resid, sizeof(buf))) > 0) {
		error = uiomove(buf, len, uio);
		if (error != 0)
			return error;
		for (i = 0; i < len; i++)
			rumpuser_putchar(buf[i]);
	}
	return 0;
}

static int
console_stat(struct file *fp, struct stat *sb)
{

	sb->st_mode = S_IFCHR | S_IRUSR | S_IWUSR;
	sb->st_nlink = 1;
	sb->st_blksize = CONSOLE_CHUNK;
	sb->st_uid = kauth_cred_geteuid(fp->f_cred);
	sb->st_gid = kauth_cred_getegid(fp->f_cred);
	return 0;
}

/* It never blocks and has no owner: flags may be set, and mean nothing. */
static int
console_ioctl(struct file *fp, u_long com, void *data)
{

	return com == FIONBIO || com == FIOASYNC ? 0 : ENOTTY;
}

static int
console_poll(struct file *fp, int events)
{

	return events & (POLLOUT | POLLWRNORM);
}

static int
console_close(struct file *fp)
{

	return 0;
}

static const struct fileops console_ops = {
	.fo_name = "console",
	.fo_read = fbadop_read,
	.fo_write = console_write,
	.fo_ioctl = console_ioctl,
	.fo_fcntl = fnullop_fcntl,
	.fo_poll = console_poll,
	.fo_stat = console_stat,
	.fo_close = console_close,
	.fo_kqfilter = fnullop_kqfilter,
	.fo_restart = fnullop_restart,
};

void
files_init_console(void)
{
	struct file *fp;
	int fd, error;

	do {
		error = fd_allocfile(&fp, &fd);
		if (error != 0)
			panic("console: no descriptor: %d", error);
		fp->f_flag = FWRITE;
		fp->f_type = DTYPE_MISC;
		fp->f_ops = &console_ops;
		fd_affix(curproc, fp, fd);
	} while (fd < 2);
}
