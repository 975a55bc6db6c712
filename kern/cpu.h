/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual CPUs as objects: see cpu.c. */
#ifndef _KERN_CPU_H_
#define _KERN_CPU_H_

struct cpu_info;

/* Make as many as the host says; 0 or an errno of the host.  First at boot. */
int	cpus_create(void);
void	cpus_destroy(void);

#endif
