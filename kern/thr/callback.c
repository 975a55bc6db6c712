/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * callback(9): chains of functions asked in turn.
 *
 * The lock is dropped around each function.  Who unregisters an entry waits
 * for rounds that may be in it; a round continues where the last one stopped,
 * so that the burden is shared.
 */
#include <sys/param.h>
#include <sys/callback.h>
#include <sys/systm.h>

void
callback_head_init(struct callback_head *ch, int ipl)
{

	mutex_init(&ch->ch_lock, MUTEX_DEFAULT, ipl);
	cv_init(&ch->ch_cv, "callback");
	TAILQ_INIT(&ch->ch_q);
	ch->ch_next = NULL;
	ch->ch_nentries = 0;
	ch->ch_running = 0;
}

void
callback_head_destroy(struct callback_head *ch)
{

	KASSERT(ch->ch_nentries == 0);
	cv_destroy(&ch->ch_cv);
	mutex_destroy(&ch->ch_lock);
}

void
callback_register(struct callback_head *ch, struct callback_entry *ce, void *obj,
    int (*func)(struct callback_entry *, void *, void *))
{

	mutex_enter(&ch->ch_lock);
	*ce = (struct callback_entry){ .ce_func = func, .ce_obj = obj };
	ch->ch_nentries++;
	TAILQ_INSERT_TAIL(&ch->ch_q, ce, ce_q);
	mutex_exit(&ch->ch_lock);
}

/* Context: thread, sleeps while a round is under way. */
void
callback_unregister(struct callback_head *ch, struct callback_entry *ce)
{

	mutex_enter(&ch->ch_lock);
	while (ch->ch_running > 0)
		cv_wait(&ch->ch_cv, &ch->ch_lock);
	if (ch->ch_next == ce)
		ch->ch_next = TAILQ_NEXT(ce, ce_q);
	TAILQ_REMOVE(&ch->ch_q, ce, ce_q);
	ch->ch_nentries--;
	mutex_exit(&ch->ch_lock);
}

/* The entry whose turn it is; the lock is held and there is one. */
static struct callback_entry *
next_entry(struct callback_head *ch)
{
	struct callback_entry *ce = ch->ch_next;

	if (ce == NULL)
		ce = TAILQ_FIRST(&ch->ch_q);
	ch->ch_next = TAILQ_NEXT(ce, ce_q);
	return ce;
}

/* Returns CALLBACK_CHAIN_ABORT if a function did. */
int
callback_run_roundrobin(struct callback_head *ch, void *arg)
{
	int result = CALLBACK_CHAIN_CONTINUE;

	mutex_enter(&ch->ch_lock);
	ch->ch_running++;
	for (int left = ch->ch_nentries; left > 0; left--) {
		struct callback_entry *ce = next_entry(ch);

		mutex_exit(&ch->ch_lock);
		result = (*ce->ce_func)(ce, ce->ce_obj, arg);
		mutex_enter(&ch->ch_lock);
		if (result == CALLBACK_CHAIN_ABORT)
			break;
	}
	if (--ch->ch_running == 0)
		cv_broadcast(&ch->ch_cv);
	mutex_exit(&ch->ch_lock);
	return result;
}
