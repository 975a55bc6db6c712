/* SPDX-License-Identifier: BSD-2-Clause */
/* Trace points that file systems still name; nothing records them. */
#ifndef _SYS_TRACE_H_
#define	_SYS_TRACE_H_

#define	trace(event, first, second)

#endif
