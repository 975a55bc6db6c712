/* SPDX-License-Identifier: BSD-2-Clause */
/* Probes for dynamic tracing: compiled to nothing. */
#ifndef _SYS_SDT_H_
#define _SYS_SDT_H_

#include <sys/types.h>

typedef void (*sdt_probe_func_t)(uint32_t, uintptr_t, uintptr_t, uintptr_t,
    uintptr_t, uintptr_t);

#define SDT_PROVIDER_DECLARE(prov)
#define SDT_PROVIDER_DEFINE(prov)

#define SDT_PROBE_DECLARE(prov, mod, func, name)
#define SDT_PROBE_DEFINE0(prov, mod, func, name)
#define SDT_PROBE_DEFINE1(prov, mod, func, name, arg0)
#define SDT_PROBE_DEFINE2(prov, mod, func, name, arg0, arg1)
#define SDT_PROBE_DEFINE3(prov, mod, func, name, arg0, arg1, arg2)
#define SDT_PROBE_DEFINE4(prov, mod, func, name, arg0, arg1, arg2, arg3)
#define SDT_PROBE_DEFINE5(prov, mod, func, name, arg0, arg1, arg2, arg3, arg4)
#define SDT_PROBE_DEFINE6(prov, mod, func, name, arg0, arg1, arg2, arg3,	\
    arg4, arg5)
#define SDT_PROBE_DEFINE7(prov, mod, func, name, arg0, arg1, arg2, arg3,	\
    arg4, arg5, arg6)

#define SDT_PROBE0(prov, mod, func, name)			((void)0)
#define SDT_PROBE1(prov, mod, func, name, arg0)			((void)0)
#define SDT_PROBE2(prov, mod, func, name, arg0, arg1)		((void)0)
#define SDT_PROBE3(prov, mod, func, name, arg0, arg1, arg2)	((void)0)
#define SDT_PROBE4(prov, mod, func, name, arg0, arg1, arg2, arg3)	\
	((void)0)
#define SDT_PROBE5(prov, mod, func, name, arg0, arg1, arg2, arg3, arg4)	\
	((void)0)
#define SDT_PROBE6(prov, mod, func, name, arg0, arg1, arg2, arg3, arg4,	\
    arg5)	((void)0)
#define SDT_PROBE7(prov, mod, func, name, arg0, arg1, arg2, arg3, arg4,	\
    arg5, arg6)	((void)0)
#define SDT_PROBE(prov, mod, func, name, arg0, arg1, arg2, arg3, arg4)	\
	((void)0)

#define SET_ERROR(err)	(err)

#endif
