/* SPDX-License-Identifier: BSD-2-Clause */
/* The strategies of bufq(9) that are always there. */
#ifndef _VFS_BIO_BUFQSTRATS_H_
#define _VFS_BIO_BUFQSTRATS_H_

void	bufq_strategies_register(void);

#endif
