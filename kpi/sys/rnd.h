/* SPDX-License-Identifier: BSD-2-Clause */
/* Minor numbers of the random devices. */
#ifndef _SYS_RND_H_
#define _SYS_RND_H_

#define RND_DEV_RANDOM	0
#define RND_DEV_URANDOM	1

#endif /* _SYS_RND_H_ */
