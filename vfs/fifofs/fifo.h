/* SPDX-License-Identifier: BSD-2-Clause */
/* What the rest of the faction calls of FIFOs. */
#ifndef _VFS_FIFOFS_FIFO_H_
#define _VFS_FIFOFS_FIFO_H_

void	fifo_boot(void);

/*
 * Threads that wait in a FIFO, of all, see whether their descriptor is being closed
 * (fd_closing) and return then.
 */
void	fifo_restart(void);

#endif /* !_VFS_FIFOFS_FIFO_H_ */
