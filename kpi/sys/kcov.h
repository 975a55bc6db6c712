/* SPDX-License-Identifier: BSD-2-Clause */
/* kcov(4): coverage of kernel code.  Coverage here is the compiler's. */
#ifndef _SYS_KCOV_H_
#define _SYS_KCOV_H_

#include <sys/types.h>
#include <sys/ioccom.h>

typedef volatile uint64_t kcov_int_t;
#define KCOV_ENTRY_SIZE		sizeof(kcov_int_t)

struct kcov_ioc_remote_attach {
	uint64_t subsystem;
	uint64_t id;
};

#define KCOV_IOC_SETBUFSIZE	_IOW('K', 1, uint64_t)
#define KCOV_IOC_ENABLE		_IOW('K', 2, int)
#define KCOV_IOC_DISABLE	_IO('K', 3)
#define KCOV_IOC_REMOTE_ATTACH	_IOW('K', 10, struct kcov_ioc_remote_attach)
#define KCOV_IOC_REMOTE_DETACH	_IO('K', 11)

#ifdef _KERNEL
#include <sys/cdefs.h>
#define kcov_silence_enter()		__nothing
#define kcov_silence_leave()		__nothing
#define kcov_remote_register(s, i)	__nothing
#define kcov_remote_unregister(s, i)	__nothing
#define kcov_remote_enter(s, i)		__nothing
#define kcov_remote_leave(s, i)		__nothing
#endif

#endif /* _SYS_KCOV_H_ */
