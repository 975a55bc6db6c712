/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside the kernel: another root device, and messages. */
#include <sys/param.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>

void	rump_test_rootdev(unsigned long long);
void	rump_test_log(const char *);

void
rump_test_rootdev(unsigned long long dev)
{

	rootdev = (dev_t)dev;
}

void
rump_test_log(const char *text)
{

	rump_schedule();
	printf_tolog("%s", text);
	rump_unschedule();
}
