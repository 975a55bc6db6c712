/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside kqueues.
 *
 * A knote belongs to one kqueue, and watches one object: a file, through one
 * of its descriptors, or something that its filter knows.  It is found through
 * the descriptor's list (ff_knlist) or the table's hash, both of the descriptor
 * table that the kqueue was made in; fd_lock protects them.
 *
 * A knote is on three lists: of its descriptor or hash chain (kn_link,
 * fd_lock), of its object (kn_selnext, the object's lock), and of active ones
 * of its kqueue (kn_tqe, kq_lock).  kq_lock also protects kn_status and what a
 * filter reports (kn_data, kn_flags, kn_fflags: <rump-private/knote.h>).
 *
 * A knote is changed and dropped by a thread that holds knote_busy, one at a
 * time.  Delivery holds it too while it looks at knotes, but not while it waits
 * or copies events out; so a knote cannot go while its filter runs for it.
 *
 * Locks, outermost first: knote_busy · fd_lock · the object's · kq_lock.
 */
#ifndef _FILES_KQUEUE_H_
#define _FILES_KQUEUE_H_

#include <sys/event.h>
#include <sys/eventvar.h>
#include <sys/poll.h>

#define KFILTER_MAX	64		/* numbers of filters */
#define POLLIN_EVENTS	(POLLIN | POLLRDNORM)

/* An event is to be delivered: by an object, or by a change. */
void	knote_activate(struct knote *kn);
void	knote_dequeue(struct kqueue *kq, struct knote *kn);

/* Filters by number and name. */
const struct filterops *kfilter_byfilter(uint32_t filter);
const char *kfilter_name(uint32_t filter);
int	kfilter_number(const char *name, uint32_t *filterp);

/* Hold off other changes of knotes, everywhere. */
void	knote_busy_enter(void);
void	knote_busy_exit(void);

/*
 * Make a knote of kq for what a program asked for, and attach it; fp is the file
 * of the descriptor if the filter is one of descriptors.  Knotes are held (busy).
 *
 * Returns 0 and the knote, or what the filter says.
 */
int	knote_create(struct kqueue *kq, const struct filterops *fop,
	    const struct kevent *kev, struct file *fp, struct knote **knp);

/* Processes and signals. */
extern const struct filterops proc_filterops, signal_filterops;
void	kqueue_proc_init(void);

/* Drop the knotes on descriptor fd of a table: its file is going. */
void	knote_drop_fd(struct filedesc *fdp, int fd);

void	kqueue_calls_init(void);
void	kqueue_register_calls(void);

#endif
