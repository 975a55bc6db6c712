/* SPDX-License-Identifier: BSD-2-Clause */
/* Machine contexts: no program's registers are kept here. */
#ifndef _SYS_MCONTEXT_H_
#define _SYS_MCONTEXT_H_

#include <machine/mcontext.h>

#endif
