/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hierarchical timing wheel.
 *
 * A callout that is due within 256 ticks is in the slot of its tick on level 0;
 * one that is due later is in a slot of a higher level, and moves down
 * when that slot's time begins.  A bit map per level finds the next used slot,
 * so that ticks without work cost nothing.
 *
 * Ref: G. Varghese, A. Lauck, Hashed and hierarchical timing wheels (1987).
 */
#include "callout.h"

#include <sys/param.h>
#include <sys/systm.h>

#define MASK		(WHEEL_SLOTS - 1)
#define SHIFT(level)	((level) * WHEEL_BITS)
#define HORIZON		(((uint64_t)1 << SHIFT(WHEEL_LEVELS)) - 1)

void
callout_link(struct callout **head, struct callout *c)
{
	struct callout *first = *head;

	if (first == NULL) {
		c->c_next = c->c_prev = *head = c;
		return;
	}
	c->c_next = first;
	c->c_prev = first->c_prev;
	first->c_prev->c_next = c;
	first->c_prev = c;
}

void
callout_unlink(struct callout **head, struct callout *c)
{

	if (c->c_next == c) {
		*head = NULL;
		return;
	}
	c->c_next->c_prev = c->c_prev;
	c->c_prev->c_next = c->c_next;
	if (*head == c)
		*head = c->c_next;
}

static u_int
level_for(uint64_t delta)
{
	u_int level;

	for (level = 0; level < WHEEL_LEVELS - 1; level++) {
		if (delta < (uint64_t)1 << SHIFT(level + 1))
			break;
	}
	return level;
}

/* c_slot: the level above the slot's number. */
static void
place(struct wheel *w, struct callout *c)
{
	u_int level = level_for(c->c_deadline - w->w_now);
	u_int slot = (u_int)(c->c_deadline >> SHIFT(level)) & MASK;

	c->c_slot = level * WHEEL_SLOTS + slot;
	callout_link(&w->w_slot[level][slot], c);
	w->w_used[level][slot / 64] |= (uint64_t)1 << (slot % 64);
}

void
wheel_insert(struct wheel *w, struct callout *c)
{

	c->c_deadline = MAX(c->c_deadline, w->w_now + 1);
	c->c_deadline = MIN(c->c_deadline, w->w_now + HORIZON);
	w->w_count++;
	place(w, c);
}

static void
mark_if_empty(struct wheel *w, u_int level, u_int slot)
{

	if (w->w_slot[level][slot] == NULL)
		w->w_used[level][slot / 64] &= ~((uint64_t)1 << (slot % 64));
}

void
wheel_remove(struct wheel *w, struct callout *c)
{
	u_int level = c->c_slot / WHEEL_SLOTS, slot = c->c_slot % WHEEL_SLOTS;

	callout_unlink(&w->w_slot[level][slot], c);
	mark_if_empty(w, level, slot);
	w->w_count--;
}

/* Slots from pos to the next used one after it, 1 .. 256; 0: none. */
static u_int
distance(const uint64_t *used, u_int pos)
{
	u_int d, slot;
	uint64_t word;

	for (d = 1; d <= WHEEL_SLOTS;) {
		slot = (pos + d) & MASK;
		word = used[slot / 64] >> (slot % 64);
		if (word != 0) {
			d += (u_int)__builtin_ctzll(word);
			return d <= WHEEL_SLOTS ? d : 0;
		}
		d += 64 - slot % 64;
	}
	return 0;
}

uint64_t
wheel_next(const struct wheel *w)
{
	uint64_t at, next = UINT64_MAX;
	u_int level, d;

	if (w->w_count == 0)
		return next;
	for (level = 0; level < WHEEL_LEVELS; level++) {
		at = w->w_now >> SHIFT(level);
		d = distance(w->w_used[level], (u_int)at & MASK);
		if (d != 0 && ((at + d) << SHIFT(level)) < next)
			next = (at + d) << SHIFT(level);
	}
	return next;
}

/* A slot's time has come: its callouts move down, or are due. */
static void
open_slot(struct wheel *w, u_int level, struct callout **due)
{
	u_int slot = (u_int)(w->w_now >> SHIFT(level)) & MASK;
	struct callout **head = &w->w_slot[level][slot];
	struct callout *c;

	while ((c = *head) != NULL) {
		callout_unlink(head, c);
		if (c->c_deadline > w->w_now) {
			place(w, c);
		} else {
			callout_link(due, c);
			w->w_count--;
		}
	}
	mark_if_empty(w, level, slot);
}

void
wheel_advance(struct wheel *w, uint64_t now, struct callout **due)
{
	uint64_t next;
	u_int level;

	while ((next = wheel_next(w)) <= now) {
		w->w_now = next;
		for (level = WHEEL_LEVELS; level-- > 0;) {
			if ((next & (((uint64_t)1 << SHIFT(level)) - 1)) == 0)
				open_slot(w, level, due);
		}
	}
	if (now > w->w_now)
		w->w_now = now;
}
