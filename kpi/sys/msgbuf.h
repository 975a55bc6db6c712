/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel message buffer: a ring of text that log devices read. */
#ifndef _SYS_MSGBUF_H_
#define _SYS_MSGBUF_H_

#include <sys/types.h>

#define MSG_MAGIC	0x063061

/* Protected by the log lock (loglock). */
struct kern_msgbuf {
	long msg_magic;
	long msg_bufx;			/* next byte to write */
	long msg_bufr;			/* next byte to read */
	long msg_bufs;			/* size of msg_bufc */
	char msg_bufc[1];
};

#ifdef _KERNEL

extern int msgbufmapped;
extern int msgbufenabled;
extern struct kern_msgbuf *msgbufp;

void	initmsgbuf(void *, size_t);
void	loginit(void);
void	logputchar(int);

/* Is there a message buffer that takes text? */
static __inline int
logenabled(const struct kern_msgbuf *mbp)
{
	return msgbufenabled && mbp != 0 && mbp->msg_magic == MSG_MAGIC;
}

#endif /* _KERNEL */
#endif /* _SYS_MSGBUF_H_ */
