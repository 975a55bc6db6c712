/* SPDX-License-Identifier: BSD-2-Clause */
/* Return to a program: it is a function's return. */
#ifndef _SYS_USERRET_H_
#define _SYS_USERRET_H_

#endif
