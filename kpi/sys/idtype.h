/* SPDX-License-Identifier: BSD-2-Clause */
/* Kinds of identifiers, for waitid(2), clock_getcpuclockid2(2) and others. */
#ifndef _SYS_IDTYPE_H_
#define _SYS_IDTYPE_H_

typedef enum idtype_t {
	P_MYID = -1,
	P_ALL,
	P_PID,
	P_LWPID,
	P_PPID,
	P_PGID,
	P_SID,
	P_CID,
	P_UID,
	P_GID,
	P_TASKID,
	P_PROJID,
	P_POOLID,
	P_ZONEID,
	P_CTID,
	P_CPUID,
	P_PSETID,
	_P_MAXIDTYPE = 0x7fffffff
} idtype_t;

#endif /* _SYS_IDTYPE_H_ */
