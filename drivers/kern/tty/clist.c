/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queues of characters.
 *
 *   clalloc, clfree      a queue's memory
 *   putc, getc, unputc   one character at the end, from the front, from the end
 *   b_to_q, q_to_b       many
 *   ndqb, ndflush        how many lie in one piece at c_cf; let go of them
 *   firstc, nextc        look at all
 *   catq                 append one queue to another
 *
 * A queue is a ring of c_cn bytes, [c_cs, c_ce), of which c_cc are used, from c_cf
 * on; c_cl is where the next one goes.  A queue may keep a bit for each character
 * (c_cq): set for those that were put with TTY_QUOTE, which says that the character
 * means nothing but itself.
 *
 * Locks: the owner's.  Only clalloc and clfree may sleep.
 */
#include <sys/param.h>
#include <sys/kmem.h>
#include <sys/systm.h>
#include <sys/tty.h>

void
clinit(void)
{

}

static size_t
quote_bytes(const struct clist *q)
{

	return howmany((size_t)q->c_cn, NBBY);
}

/* An empty queue of size characters, with quote bits if quot.  Returns 0. */
int
clalloc(struct clist *q, int size, int quot)
{

	KASSERT(size > 0);
	q->c_cn = size;
	q->c_cc = 0;
	q->c_cs = q->c_cf = q->c_cl = kmem_alloc((size_t)size, KM_SLEEP);
	q->c_ce = q->c_cs + size;
	q->c_cq = quot ? kmem_zalloc(quote_bytes(q), KM_SLEEP) : NULL;
	return 0;
}

void
clfree(struct clist *q)
{

	if (q->c_cs == NULL)
		return;
	kmem_free(q->c_cs, (size_t)q->c_cn);
	if (q->c_cq != NULL)
		kmem_free(q->c_cq, quote_bytes(q));
	memset(q, 0, sizeof(*q));
}

/* The place behind p, and the one before it. */
static u_char *
after(const struct clist *q, u_char *p)
{

	return p + 1 == q->c_ce ? q->c_cs : p + 1;
}

static u_char *
before(const struct clist *q, u_char *p)
{

	return (p == q->c_cs ? q->c_ce : p) - 1;
}

/* The character at p, with TTY_QUOTE if it is quoted. */
static int
char_at(const struct clist *q, const u_char *p)
{

	return *p | (q->c_cq != NULL && isset(q->c_cq, p - q->c_cs) ?
	    TTY_QUOTE : 0);
}

/* Add c; -1: no room. */
int
putc(int c, struct clist *q)
{

	if (q->c_cc == q->c_cn)
		return -1;
	*q->c_cl = (u_char)c;
	if (q->c_cq != NULL) {
		if ((c & TTY_QUOTE) != 0)
			setbit(q->c_cq, q->c_cl - q->c_cs);
		else
			clrbit(q->c_cq, q->c_cl - q->c_cs);
	}
	q->c_cl = after(q, q->c_cl);
	q->c_cc++;
	return 0;
}

/* Take the first; -1: there is none. */
int
getc(struct clist *q)
{
	int c;

	if (q->c_cc == 0)
		return -1;
	c = char_at(q, q->c_cf);
	q->c_cf = after(q, q->c_cf);
	q->c_cc--;
	return c;
}

/* Take the last; -1: there is none. */
int
unputc(struct clist *q)
{

	if (q->c_cc == 0)
		return -1;
	q->c_cl = before(q, q->c_cl);
	q->c_cc--;
	return char_at(q, q->c_cl);
}

/* Add n characters; returns how many found no room. */
int
b_to_q(const u_char *from, int n, struct clist *q)
{

	while (n > 0 && putc(*from, q) == 0)
		from++, n--;
	return n;
}

/* Take up to n characters; returns how many. */
int
q_to_b(struct clist *q, u_char *to, int n)
{
	int i, c;

	for (i = 0; i < n && (c = getc(q)) != -1; i++)
		to[i] = (u_char)c;
	return i;
}

/*
 * How many characters lie in one piece at c_cf, up to the first that has the
 * flag (TTY_QUOTE; 0: whatever they are).
 */
int
ndqb(struct clist *q, int flag)
{
	const int piece = MIN(q->c_cc, (int)(q->c_ce - q->c_cf));
	int n;

	for (n = 0; n < piece; n++)
		if (flag != 0 && (char_at(q, q->c_cf + n) & flag) != 0)
			break;
	return n;
}

/* Drop the first n, or all if there are fewer. */
void
ndflush(struct clist *q, int n)
{

	while (n-- > 0 && getc(q) != -1)
		continue;
}

/* The first character's place, and the character; NULL: empty. */
u_char *
firstc(struct clist *q, int *c)
{

	if (q->c_cc == 0)
		return NULL;
	*c = char_at(q, q->c_cf);
	return q->c_cf;
}

/* The one behind it; NULL: p was the last. */
u_char *
nextc(struct clist *q, u_char *p, int *c)
{

	p = after(q, p);
	if (p == q->c_cl)
		return NULL;
	*c = char_at(q, p);
	return p;
}

/* Move all of one queue to the end of another; what finds no room stays. */
void
catq(struct clist *from, struct clist *to)
{

	while (from->c_cc > 0 && to->c_cc < to->c_cn)
		(void)putc(getc(from), to);
}
