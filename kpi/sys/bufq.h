/* SPDX-License-Identifier: BSD-2-Clause */
/* Queues of transfers that wait for a device, in an order of its choice. */
#ifndef _SYS_BUFQ_H_
#define	_SYS_BUFQ_H_

struct buf;
struct bufq_state;

/* What "block" means where a strategy orders by it, and what it may do. */
#define	BUFQ_SORT_RAWBLOCK	0x01	/* b_rawblkno */
#define	BUFQ_SORT_CYLINDER	0x02	/* b_cylinder, then b_rawblkno */
#define	BUFQ_SORT_MASK		0x0f
#define	BUFQ_EXACT		0x10	/* the named strategy or an error */

#define	BUFQ_STRAT_ANY		NULL
#define	BUFQ_DISK_DEFAULT_STRAT	BUFQ_STRAT_ANY

#ifdef _KERNEL
void	bufq_init(void);
int	bufq_alloc(struct bufq_state **bufqp, const char *strategy, int flags);
void	bufq_free(struct bufq_state *bufq);
void	bufq_put(struct bufq_state *bufq, struct buf *bp);
struct buf *bufq_get(struct bufq_state *bufq);
struct buf *bufq_peek(struct bufq_state *bufq);
struct buf *bufq_cancel(struct bufq_state *bufq, struct buf *bp);
void	bufq_drain(struct bufq_state *bufq);
void	bufq_move(struct bufq_state *to, struct bufq_state *from);
const char *bufq_getstrategyname(struct bufq_state *bufq);
#endif /* _KERNEL */

#endif /* !_SYS_BUFQ_H_ */
