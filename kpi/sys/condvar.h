/* SPDX-License-Identifier: BSD-2-Clause */
/* Condition variables. */
#ifndef _SYS_CONDVAR_H_
#define _SYS_CONDVAR_H_

#include <sys/types.h>

struct lwp;
struct kmutex;
struct bintime;

typedef struct kcondvar {
	struct lwp	*volatile cv_waiters;	/* circular; sleep-queue lock */
	const char	*cv_wmesg;
} kcondvar_t;

#ifdef _KERNEL

void	cv_init(kcondvar_t *, const char *wmesg);
void	cv_destroy(kcondvar_t *);

void	cv_wait(kcondvar_t *, struct kmutex *);
int	cv_wait_sig(kcondvar_t *, struct kmutex *);
int	cv_timedwait(kcondvar_t *, struct kmutex *, int ticks);
int	cv_timedwait_sig(kcondvar_t *, struct kmutex *, int ticks);
int	cv_timedwaitbt(kcondvar_t *, struct kmutex *, struct bintime *left,
	    const struct bintime *epsilon);
int	cv_timedwaitbt_sig(kcondvar_t *, struct kmutex *, struct bintime *left,
	    const struct bintime *epsilon);

void	cv_signal(kcondvar_t *);
void	cv_broadcast(kcondvar_t *);

bool	cv_has_waiters(kcondvar_t *);
bool	cv_is_valid(kcondvar_t *);

/* The seconds bell: broadcast once a second while someone listens. */
extern kcondvar_t lbolt;

#endif /* _KERNEL */
#endif
