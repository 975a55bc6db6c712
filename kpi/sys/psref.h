/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Passive references: counted per CPU, held by lwps that are bound to it, so
 * that they may sleep with them.
 */
#ifndef _SYS_PSREF_H_
#define _SYS_PSREF_H_

#include <sys/types.h>
#include <sys/queue.h>

struct cpu_info;
struct lwp;
struct psref_class;

struct psref_target {
	struct psref_class	*prt_class;
	bool			prt_draining;
};

struct psref {
	SLIST_ENTRY(psref)	psref_entry;	/* the CPU's references */
	void			*psref_debug;
	const struct psref_target *psref_target;
	struct lwp		*psref_lwp;
	struct cpu_info		*psref_cpu;
};

#define PSREF_DEBUG_FILL_RETURN_ADDRESS(psref)	__nothing

#ifdef _KERNEL
void	psref_init(void);

struct psref_class *psref_class_create(const char *name, int ipl);
void	psref_class_destroy(struct psref_class *);

void	psref_target_init(struct psref_target *, struct psref_class *);
void	psref_target_destroy(struct psref_target *, struct psref_class *);

void	psref_acquire(struct psref *, const struct psref_target *,
	    struct psref_class *);
void	psref_release(struct psref *, const struct psref_target *,
	    struct psref_class *);
void	psref_copy(struct psref *, const struct psref *, struct psref_class *);

bool	psref_held(const struct psref_target *, struct psref_class *);
#endif

#endif
