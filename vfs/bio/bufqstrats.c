/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strategies of bufq(9).
 *
 *	fcfs		first come, first served
 *	disksort	in order of blocks, from the last one served upwards, then
 *			from the start (one-way elevator, C-SCAN)
 *	readprio	reads before writes, but no more than READ_BURST in a row
 *	priocscan	by b_prio, each level in C-SCAN order; a level that is
 *			passed over gets its turn after PRIO_BURST others
 *
 * All are made of one thing: *lanes*.  A lane is a set of transfers in an order,
 * by arrival or C-SCAN; a strategy has one or more lanes, a rule which lane a
 * transfer joins, and a burst: how often in a row a lane may be served while a
 * lesser one waits.  The driver's lock protects a queue.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/bufq.h>
#include <sys/bufq_impl.h>
#include <sys/kmem.h>
#include <sys/rbtree.h>

#include "bufqstrats.h"

#define READ_BURST	48
#define PRIO_BURST	16
#define LANES_MOST	BPRIO_NPRIO

struct lane {
	TAILQ_HEAD(, buf) la_fifo;	/* by arrival */
	rb_tree_t	la_tree;	/* by block */
	struct buf	*la_next;	/* of the tree: where the scan is */
	u_int		la_burst;	/* served in a row, others waiting */
};

struct lanes {
	u_int		ls_count;
	u_int		ls_burst;	/* 0: no limit */
	bool		ls_sorted;
	u_int		(*ls_choose)(const struct buf *);
	struct lane	ls_lane[LANES_MOST];	/* most urgent first */
};

/* Order in a lane's tree: block, then address, so that keys differ. */
static int
order(const struct buf *a, const struct buf *b, int sortby)
{

	if (buf_inorder(a, b, sortby))
		return -1;
	if (buf_inorder(b, a, sortby))
		return 1;
	return (uintptr_t)a < (uintptr_t)b ? -1 :
	    (uintptr_t)a > (uintptr_t)b;
}

static int
compare_rawblock(void *ctx, const void *a, const void *b)
{

	return order(a, b, BUFQ_SORT_RAWBLOCK);
}

static int
compare_cylinder(void *ctx, const void *a, const void *b)
{

	return order(a, b, BUFQ_SORT_CYLINDER);
}

static const rb_tree_ops_t rawblock_ops = {
	.rbto_compare_nodes = compare_rawblock,
	.rbto_compare_key = compare_rawblock,
	.rbto_node_offset = offsetof(struct buf, b_u.u_rbnode),
};

static const rb_tree_ops_t cylinder_ops = {
	.rbto_compare_nodes = compare_cylinder,
	.rbto_compare_key = compare_cylinder,
	.rbto_node_offset = offsetof(struct buf, b_u.u_rbnode),
};

static struct buf *
lane_first(struct lanes *ls, struct lane *la)
{

	return ls->ls_sorted ? la->la_next : TAILQ_FIRST(&la->la_fifo);
}

/* The next of the scan after bp, from the start again after the last. */
static struct buf *
successor(struct lane *la, struct buf *bp)
{
	struct buf *next;

	next = rb_tree_iterate(&la->la_tree, bp, RB_DIR_RIGHT);
	if (next == NULL)
		next = RB_TREE_MIN(&la->la_tree);
	return next == bp ? NULL : next;
}

static void
lane_remove(struct lanes *ls, struct lane *la, struct buf *bp)
{

	if (!ls->ls_sorted) {
		TAILQ_REMOVE(&la->la_fifo, bp, b_actq);
		return;
	}
	if (la->la_next == bp)
		la->la_next = successor(la, bp);
	rb_tree_remove_node(&la->la_tree, bp);
}

static void
lanes_put(struct bufq_state *bufq, struct buf *bp)
{
	struct lanes *ls = bufq_private(bufq);
	struct lane *la = &ls->ls_lane[(*ls->ls_choose)(bp)];

	if (!ls->ls_sorted) {
		TAILQ_INSERT_TAIL(&la->la_fifo, bp, b_actq);
		return;
	}
	(void)rb_tree_insert_node(&la->la_tree, bp);
	if (la->la_next == NULL)
		la->la_next = bp;
}

/*
 * The lane whose turn it is: the most urgent that has something and has not
 * used up its burst while a lesser one waits.
 */
static struct lane *
turn(struct lanes *ls)
{
	struct lane *first = NULL, *la;
	u_int i;

	for (i = 0; i < ls->ls_count; i++) {
		la = &ls->ls_lane[i];
		if (lane_first(ls, la) == NULL)
			continue;
		if (first == NULL)
			first = la;
		if (ls->ls_burst == 0 || la->la_burst < ls->ls_burst)
			return la;
	}
	return first;
}

/* Count a turn of la; all others begin their bursts anew if it is the last. */
static void
served(struct lanes *ls, struct lane *la)
{
	bool waiting = false;
	u_int i;

	for (i = la - ls->ls_lane + 1; i < ls->ls_count; i++)
		waiting |= lane_first(ls, &ls->ls_lane[i]) != NULL;
	for (i = 0; i < ls->ls_count && &ls->ls_lane[i] < la; i++)
		ls->ls_lane[i].la_burst = 0;
	la->la_burst = waiting ? la->la_burst + 1 : 0;
}

static struct buf *
lanes_get(struct bufq_state *bufq, int remove)
{
	struct lanes *ls = bufq_private(bufq);
	struct lane *la = turn(ls);
	struct buf *bp;

	if (la == NULL)
		return NULL;
	bp = lane_first(ls, la);
	if (remove) {
		lane_remove(ls, la, bp);
		served(ls, la);
	}
	return bp;
}

static bool
lane_has(struct lanes *ls, struct lane *la, struct buf *bp)
{
	struct buf *p;

	if (ls->ls_sorted)
		return rb_tree_find_node(&la->la_tree, bp) == bp;
	TAILQ_FOREACH(p, &la->la_fifo, b_actq)
		if (p == bp)
			return true;
	return false;
}

static struct buf *
lanes_cancel(struct bufq_state *bufq, struct buf *bp)
{
	struct lanes *ls = bufq_private(bufq);
	u_int i;

	for (i = 0; i < ls->ls_count; i++)
		if (lane_has(ls, &ls->ls_lane[i], bp)) {
			lane_remove(ls, &ls->ls_lane[i], bp);
			return bp;
		}
	return NULL;
}

static void
lanes_fini(struct bufq_state *bufq)
{

	kmem_free(bufq->bq_private, sizeof(struct lanes));
}

static void
lanes_init(struct bufq_state *bufq, u_int count, u_int burst, bool sorted,
    u_int (*choose)(const struct buf *))
{
	bool cylinder = (bufq->bq_flags & BUFQ_SORT_MASK) == BUFQ_SORT_CYLINDER;
	struct lanes *ls;
	u_int i;

	ls = kmem_zalloc(sizeof(*ls), KM_SLEEP);
	ls->ls_count = count;
	ls->ls_burst = burst;
	ls->ls_sorted = sorted;
	ls->ls_choose = choose;
	for (i = 0; i < count; i++) {
		TAILQ_INIT(&ls->ls_lane[i].la_fifo);
		rb_tree_init(&ls->ls_lane[i].la_tree,
		    cylinder ? &cylinder_ops : &rawblock_ops);
	}
	bufq->bq_private = ls;
	bufq->bq_put = lanes_put;
	bufq->bq_get = lanes_get;
	bufq->bq_cancel = lanes_cancel;
	bufq->bq_fini = lanes_fini;
}

static u_int
choose_only(const struct buf *bp)
{

	return 0;
}

static u_int
choose_reads(const struct buf *bp)
{

	return BUF_ISREAD(bp) ? 0 : 1;
}

static u_int
choose_prio(const struct buf *bp)
{

	KASSERT(bp->b_prio >= 0 && bp->b_prio < BPRIO_NPRIO);
	return BPRIO_NPRIO - 1 - bp->b_prio;
}

static void
fcfs_init(struct bufq_state *bufq)
{

	lanes_init(bufq, 1, 0, false, choose_only);
}

static void
disksort_init(struct bufq_state *bufq)
{

	lanes_init(bufq, 1, 0, (bufq->bq_flags & BUFQ_SORT_MASK) != 0,
	    choose_only);
}

static void
readprio_init(struct bufq_state *bufq)
{

	lanes_init(bufq, 2, READ_BURST, (bufq->bq_flags & BUFQ_SORT_MASK) != 0,
	    choose_reads);
}

static void
priocscan_init(struct bufq_state *bufq)
{

	lanes_init(bufq, BPRIO_NPRIO, PRIO_BURST,
	    (bufq->bq_flags & BUFQ_SORT_MASK) != 0, choose_prio);
}

BUFQ_DEFINE(fcfs, 10, fcfs_init);
BUFQ_DEFINE(disksort, 20, disksort_init);
BUFQ_DEFINE(readprio, 30, readprio_init);
BUFQ_DEFINE(priocscan, 40, priocscan_init);

void
bufq_strategies_register(void)
{

	(void)bufq_register(&bufq_strat_fcfs);
	(void)bufq_register(&bufq_strat_disksort);
	(void)bufq_register(&bufq_strat_readprio);
	(void)bufq_register(&bufq_strat_priocscan);
}
