/* SPDX-License-Identifier: BSD-2-Clause */
/* Which address spaces are this process's own. */
#ifndef _FILES_USERMEM_H_
#define _FILES_USERMEM_H_

#include <sys/stdbool.h>

struct vmspace;

/* Are vm's addresses plain pointers here? */
bool	usermem_local(const struct vmspace *vm);

#endif
