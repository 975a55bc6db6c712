/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcq(9): a queue of pointers with many producers and one consumer.
 *
 * A ring of slots.  A producer claims the next slot by moving the head, then
 * stores the item; the consumer takes the slot at the tail once it is not
 * NULL, clears it, and moves the tail.  So a claimed slot that is not filled
 * yet makes the queue look empty, never wrong.  Head and tail count up without
 * end; their difference is the fill.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/kmem.h>
#include <sys/pcq.h>
#include <sys/systm.h>

struct pcq {
	volatile u_int	pcq_head;	/* producers */
	char		pcq_pad[COHERENCY_UNIT];
	volatile u_int	pcq_tail;	/* consumer */
	u_int		pcq_size;	/* slots, a power of two */
	u_int		pcq_max;	/* items */
	void		*volatile pcq_items[];
};

static size_t
pcq_bytes(u_int slots)
{

	return sizeof(struct pcq) + slots * sizeof(void *);
}

/* Room for maxitems, at most PCQ_MAXLEN; NULL only with KM_NOSLEEP. */
pcq_t *
pcq_create(size_t maxitems, km_flag_t kmflags)
{
	u_int slots = 1;
	pcq_t *pcq;

	KASSERT(maxitems > 0 && maxitems <= PCQ_MAXLEN);
	while (slots < maxitems)
		slots <<= 1;
	if ((pcq = kmem_zalloc(pcq_bytes(slots), kmflags)) == NULL)
		return NULL;
	pcq->pcq_size = slots;
	pcq->pcq_max = (u_int)maxitems;
	return pcq;
}

void
pcq_destroy(pcq_t *pcq)
{

	kmem_free(pcq, pcq_bytes(pcq->pcq_size));
}

size_t
pcq_maxitems(pcq_t *pcq)
{

	return pcq->pcq_max;
}

/* False if the queue is full.  Context: any. */
bool
pcq_put(pcq_t *pcq, void *item)
{
	u_int head;

	KASSERT(item != NULL);
	do {
		head = pcq->pcq_head;
		if (head - atomic_load_acquire(&pcq->pcq_tail) >= pcq->pcq_max)
			return false;
	} while (atomic_cas_uint(&pcq->pcq_head, head, head + 1) != head);
	atomic_store_release(&pcq->pcq_items[head & (pcq->pcq_size - 1)], item);
	return true;
}

/* The next item, left in the queue; NULL if there is none. */
void *
pcq_peek(pcq_t *pcq)
{

	return atomic_load_acquire(&pcq->pcq_items[pcq->pcq_tail & (pcq->pcq_size - 1)]);
}

/* The next item, or NULL.  One consumer at a time. */
void *
pcq_get(pcq_t *pcq)
{
	u_int tail = pcq->pcq_tail;
	void *item = pcq_peek(pcq);

	if (item == NULL)
		return NULL;
	atomic_store_relaxed(&pcq->pcq_items[tail & (pcq->pcq_size - 1)], (void *)NULL);
	atomic_store_release(&pcq->pcq_tail, tail + 1);
	return item;
}
