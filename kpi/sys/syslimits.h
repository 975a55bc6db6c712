/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits of the system (POSIX <limits.h>). */
#ifndef _SYS_SYSLIMITS_H_
#define _SYS_SYSLIMITS_H_

/* Names and files. */
#define NAME_MAX	511	/* bytes in a file name */
#define PATH_MAX	1024	/* bytes in a path, with the NUL */
#define LINK_MAX	32767
#define OPEN_MAX	128
#define PIPE_BUF	512	/* bytes written to a pipe as one */
#define IOV_MAX		1024

/* Processes and users. */
#define ARG_MAX		(256 * 1024)
#define CHILD_MAX	160
#define NGROUPS_MAX	16
#define LOGIN_NAME_MAX	17
#define UID_MAX		2147483647U
#define GID_MAX		2147483647U
#define NZERO		20

/* Terminals and utilities. */
#define MAX_CANON	255
#define MAX_INPUT	255
#define LINE_MAX	2048
#define BC_BASE_MAX	INT_MAX
#define BC_DIM_MAX	65535
#define BC_SCALE_MAX	INT_MAX
#define BC_STRING_MAX	INT_MAX
#define COLL_WEIGHTS_MAX	2
#define EXPR_NEST_MAX	32
#define RE_DUP_MAX	255

#endif
