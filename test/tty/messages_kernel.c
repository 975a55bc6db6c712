/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside the kernel: messages for terminals. */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/kprintf.h>
#include <sys/proc.h>
#include <sys/tprintf.h>
#include <sys/tty.h>

#include <rump-sys/kern.h>

void	rump_test_uprintf(const char *, int);
void	rump_test_uprintf_locked(const char *);
void	rump_test_ttyprintf(unsigned long long, const char *);
void	rump_test_printf(const char *);
void	*rump_test_tprintf(void *, const char *);

void
rump_test_uprintf(const char *text, int n)
{

	rump_schedule();
	uprintf("%s%d\n", text, n);
	rump_unschedule();
}

void
rump_test_uprintf_locked(const char *text)
{

	rump_schedule();
	kprintf_lock();
	uprintf_locked("%s", text);
	kprintf_unlock();
	rump_unschedule();
}

void
rump_test_ttyprintf(unsigned long long dev, const char *text)
{

	rump_schedule();
	ttyprintf(cdev_tty((dev_t)dev), "%s", text);
	rump_unschedule();
}

void
rump_test_printf(const char *text)
{

	rump_schedule();
	printf_nolog("%s", text);
	rump_unschedule();
}

/* The session of the caller if there is none yet; with a text, that and the end of it. */
void *
rump_test_tprintf(void *session, const char *text)
{
	tpr_t ss = session;

	rump_schedule();
	if (text == NULL) {
		ss = tprintf_open(curproc);
	} else {
		tprintf(ss, "%s", text);
		tprintf_close(ss);
	}
	rump_unschedule();
	return ss;
}
