/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The process: its end, signals, loaded objects, going into the background.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unix.h"

void
core_exit(int status, bool panic)
{

	if (panic)
		abort();
	exit(status);
}

int
core_raise(int sig)
{
	int hostsig = hyp_signal(sig);

	if (hostsig == 0)
		return NB_EINVAL;
	return kill(getpid(), hostsig) == 0 ? 0 : hyp_errno(errno);
}

void
core_seterrno(int error)
{

	errno = error;
}

/* ── Loaded objects ────────────────────────────────────────────────────────────────────── */

struct visit {
	core_object_fn fn;
	void *arg;
};

static int
object_visit(struct dl_phdr_info *info, size_t size, void *arg)
{
	uintptr_t base = info->dlpi_addr, lo = UINTPTR_MAX, hi = 0;
	const void *dynamic = NULL;
	struct visit *v = arg;

	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t start = base + ph->p_vaddr;

		if (ph->p_type == PT_DYNAMIC)
			dynamic = (const void *)start;
		if (ph->p_type != PT_LOAD)
			continue;
		lo = start < lo ? start : lo;
		hi = start + ph->p_memsz > hi ? start + ph->p_memsz : hi;
	}
	v->fn(v->arg, base, lo, hi, dynamic);
	return 0;
}

void
core_objects(core_object_fn fn, void *arg)
{
	struct visit v = { fn, arg };

	dl_iterate_phdr(object_visit, &v);
}

/* ── Background ────────────────────────────────────────────────────────────────────────── */

/*
 * The parent waits at one end of a pipe for the child's result, a byte of NetBSD's errno; an
 * end without a byte means that the child has died.
 */
static int report_fd = -1;

static void
parent_wait(int fd, pid_t child)
{
	unsigned char result = NB_EIO;
	ssize_t n;

	do {
		n = read(fd, &result, 1);
	} while (n == -1 && errno == EINTR);
	if (n != 1)
		waitpid(child, NULL, 0);
	if (result != 0)
		rumpuser_dprintf("rump kernel: start failed, error %d\n", result);
	_exit(result == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

int
core_daemonize_begin(void)
{
	int fds[2];
	pid_t pid;

	if (report_fd != -1)
		return NB_EBUSY;
	if (pipe(fds) != 0)
		return hyp_errno(errno);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (pid == -1) {
		close(fds[0]);
		close(fds[1]);
		return hyp_errno(errno);
	}
	if (pid != 0) {
		close(fds[1]);
		parent_wait(fds[0], pid);
	}
	close(fds[0]);
	report_fd = fds[1];
	return 0;
}

static void
terminal_leave(void)
{
	int fd = open("/dev/null", O_RDWR);

	setsid();
	if (fd == -1)
		return;
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

int
core_daemonize_done(int error)
{
	unsigned char result = (unsigned char)error;
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	ssize_t n;

	if (report_fd == -1)
		return NB_EINVAL;
	hyp_console_flush();
	if (error == 0)
		terminal_leave();
	sigaction(SIGPIPE, &ignore, &old);
	do {
		n = write(report_fd, &result, 1);
	} while (n == -1 && errno == EINTR);
	sigaction(SIGPIPE, &old, NULL);
	close(report_fd);
	report_fd = -1;
	return n == 1 ? 0 : NB_EIO;
}
