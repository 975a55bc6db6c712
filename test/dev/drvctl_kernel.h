/* SPDX-License-Identifier: BSD-2-Clause */
/* What the test of drvctl has in the kernel: drvctl_kernel.c. */
#ifndef TEST_DEV_DRVCTL_KERNEL_H
#define TEST_DEV_DRVCTL_KERNEL_H

void	rump_drvctl_tell(int *, int *);
int	rump_drvctl_hotplug(int);
int	rump_drvctl_later(void (*)(void *));
void	rump_drvctl_come(void *);
void	rump_drvctl_revoke(void *);
int	rump_drvctl_left(void);

#endif
