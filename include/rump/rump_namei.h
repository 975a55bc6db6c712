/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations and flags of name lookup, for rump_pub_namei: RUMP_NAMEI_*. */
#ifndef _RUMP_RUMP_NAMEI_H_
#define _RUMP_RUMP_NAMEI_H_

#include <rump/rumpdefs.h>

#endif
