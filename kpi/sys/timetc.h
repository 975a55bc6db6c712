/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time counters.  The host's clock is the only one; what drivers attach is
 * remembered and listed, not used.
 */
#ifndef _SYS_TIMETC_H_
#define _SYS_TIMETC_H_

#include <sys/types.h>
#include <sys/time.h>

#define MAX_TCNAMELEN	64

#ifdef _KERNEL

struct timecounter;
typedef u_int timecounter_get_t(struct timecounter *);
typedef void timecounter_pps_t(struct timecounter *);

struct timecounter {
	timecounter_get_t	*tc_get_timecount;
	timecounter_pps_t	*tc_poll_pps;
	u_int			tc_counter_mask;
	uint64_t		tc_frequency;
	const char		*tc_name;
	int			tc_quality;
	void			*tc_priv;
	struct timecounter	*tc_next;
};

void	tc_init(struct timecounter *);
int	tc_detach(struct timecounter *);
/* Set the wall clock of this kernel (not the host's). */
void	tc_setclock(const struct timespec *ts);

#endif
#endif
