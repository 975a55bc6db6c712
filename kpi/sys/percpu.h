/* SPDX-License-Identifier: BSD-2-Clause */
/* Per-CPU storage. */
#ifndef _SYS_PERCPU_H_
#define _SYS_PERCPU_H_

#include <sys/types.h>
#include <sys/percpu_types.h>

#ifdef _KERNEL

struct cpu_info;

typedef void (*percpu_callback_t)(void *ptr, void *arg, struct cpu_info *);

void	percpu_init(void);
void	percpu_init_cpu(struct cpu_info *);

percpu_t *percpu_alloc(size_t);
percpu_t *percpu_create(size_t, percpu_callback_t ctor, percpu_callback_t dtor,
	    void *arg);
void	percpu_free(percpu_t *, size_t);

/* This CPU's storage; until putref the caller may not sleep. */
void	*percpu_getref(percpu_t *);
void	percpu_putref(percpu_t *);

void	percpu_foreach(percpu_t *, percpu_callback_t, void *);
void	percpu_foreach_xcall(percpu_t *, u_int xcflags, percpu_callback_t, void *);

/* Around percpu_getptr_remote, to see one consistent area. */
void	percpu_traverse_enter(void);
void	percpu_traverse_exit(void);
void	*percpu_getptr_remote(percpu_t *, struct cpu_info *);

#endif
#endif
