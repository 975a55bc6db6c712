/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel symbols: tables that components register, and look-up by name or by
 * address.
 */
#ifndef _SYS_KSYMS_H_
#define _SYS_KSYMS_H_

#ifdef _KERNEL

#include <sys/stdbool.h>
#include <sys/types.h>

/* Flags of ksyms_getname and ksyms_getval. */
#define KSYMS_CLOSEST	0x0001
#define KSYMS_EXACT	0x0002
#define KSYMS_EXTERN	0x0000
#define KSYMS_PROC	0x0040
#define KSYMS_ANY	0x0080

void	ksyms_init(void);
int	ksyms_available(void);
int	ksyms_getname(const char **, const char **, vaddr_t, int);
int	ksyms_getval(const char *, const char *, unsigned long *, int);

/* A symbol of a registered table. */
struct ksym {
	const char *ks_name;
	uintptr_t ks_value;
	bool ks_proc;			/* a function's */
};

/* Register the tables that the host has; ksyms.c calls it once. */
void	ksyms_host_load(void);

/* Register table of n symbols under the name mod; it must stay in place. */
int	ksyms_table_attach(const char *mod, const struct ksym *table, size_t n);
void	ksyms_table_detach(const struct ksym *table);

#endif /* _KERNEL */
#endif /* _SYS_KSYMS_H_ */
