/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions to be called after some ticks, in the clock soft interrupt. */
#ifndef _SYS_CALLOUT_H_
#define _SYS_CALLOUT_H_

#include <sys/types.h>

/* State (low byte) and what callout_init may ask for. */
#define CALLOUT_BOUND		0x0001	/* stays on its CPU */
#define CALLOUT_PENDING		0x0002
#define CALLOUT_FIRED		0x0004
#define CALLOUT_INVOKING	0x0008
#define CALLOUT_MPSAFE		0x0100	/* runs without the kernel lock */
#define CALLOUT_FLAGMASK	0xff00

#ifdef _KERNEL

/* Opaque: for kern/callout.c.  All members are under its lock. */
typedef struct callout {
	struct callout	*c_next;	/* circular, on a wheel's slot or a run */
	struct callout	*c_prev;
	void		(*c_func)(void *);
	void		*c_arg;
	struct cpu_info	*c_cpu;
	uint64_t	c_deadline;	/* tick at which it is due */
	unsigned int	c_flags;
	unsigned int	c_slot;		/* slot of the wheel, while pending */
	unsigned long	c_magic;
} callout_t;

void	callout_startup(void);
void	callout_init_cpu(struct cpu_info *);

void	callout_init(callout_t *, u_int flags);
void	callout_destroy(callout_t *);
void	callout_setfunc(callout_t *, void (*)(void *), void *);
void	callout_reset(callout_t *, int ticks, void (*)(void *), void *);
void	callout_schedule(callout_t *, int ticks);
bool	callout_stop(callout_t *);
bool	callout_halt(callout_t *, void *interlock);
void	callout_bind(callout_t *, struct cpu_info *);
bool	callout_pending(callout_t *);
bool	callout_expired(callout_t *);
bool	callout_active(callout_t *);
bool	callout_invoking(callout_t *);
void	callout_ack(callout_t *);

#endif /* _KERNEL */
#endif
