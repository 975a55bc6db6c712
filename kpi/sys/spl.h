/* SPDX-License-Identifier: BSD-2-Clause */
/* spl(9): raising the level does nothing here; the names remain. */
#ifndef _SYS_SPL_H_
#define _SYS_SPL_H_

#include <sys/cdefs.h>

typedef int ipl_t;
typedef struct {
	ipl_t	_ipl;
} ipl_cookie_t;

static __inline __unused ipl_cookie_t
makeiplcookie(ipl_t ipl)
{

	return (ipl_cookie_t){ ._ipl = ipl };
}

static __inline __unused int
splraiseipl(ipl_cookie_t cookie)
{

	(void)cookie;
	return 0;
}

#define __KPI_SPL(name) \
static __inline __unused int name(void) { return 0; }
__KPI_SPL(spl0)
__KPI_SPL(splsoftclock)
__KPI_SPL(splsoftbio)
__KPI_SPL(splsoftnet)
__KPI_SPL(splsoftserial)
__KPI_SPL(splvm)
__KPI_SPL(splsched)
__KPI_SPL(splhigh)
#undef __KPI_SPL

static __inline __unused void
splx(int s)
{

	(void)s;
}

#define splbio()	splvm()
#define splnet()	splvm()
#define spltty()	splvm()
#define splclock()	splsched()
#define splaudio()	splsched()
#define splserial()	splhigh()

#endif
