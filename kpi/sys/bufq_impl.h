/* SPDX-License-Identifier: BSD-2-Clause */
/* What a strategy of bufq(9) supplies. */
#ifndef _SYS_BUFQ_IMPL_H_
#define	_SYS_BUFQ_IMPL_H_

#include <sys/types.h>

#include <sys/types.h>
#include <sys/queue.h>

struct buf;
struct bufq_strat;

struct bufq_state {
	void		(*bq_put)(struct bufq_state *, struct buf *);
	struct buf	*(*bq_get)(struct bufq_state *, int remove);
	struct buf	*(*bq_cancel)(struct bufq_state *, struct buf *);
	void		(*bq_fini)(struct bufq_state *);
	void		*bq_private;
	int		bq_flags;	/* BUFQ_SORT_*, BUFQ_EXACT */
	struct bufq_strat *bq_strat;
};

struct bufq_strat {
	const char	*bs_name;
	void		(*bs_initfn)(struct bufq_state *);
	int		bs_prio;	/* highest wins BUFQ_STRAT_ANY */
	int		bs_refcnt;
	LIST_ENTRY(bufq_strat) bs_list;
};

#define	BUFQ_DEFINE(name, prio, initfn)					\
static struct bufq_strat bufq_strat_##name = {				\
	.bs_name = #name,						\
	.bs_initfn = (initfn),						\
	.bs_prio = (prio),						\
}

void	*bufq_private(const struct bufq_state *bufq);
bool	buf_inorder(const struct buf *bp, const struct buf *bq, int sortby);
int	bufq_register(struct bufq_strat *bs);
int	bufq_unregister(struct bufq_strat *bs);

#endif /* !_SYS_BUFQ_IMPL_H_ */
