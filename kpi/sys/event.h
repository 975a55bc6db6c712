/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kqueue(2): events, filters, and knotes.
 *
 * A knote ties one (identifier, filter) of a kqueue to the object that it
 * watches.  The object's kqfilter routine attaches it; the filter's f_event
 * says whether it is ready.
 */
#ifndef _SYS_EVENT_H_
#define _SYS_EVENT_H_

#include <sys/featuretest.h>
#include <sys/types.h>
#include <sys/inttypes.h>
#include <sys/ioccom.h>
#include <sys/null.h>
#include <sys/queue.h>

/* Filters. */
#define EVFILT_READ	0U
#define EVFILT_WRITE	1U
#define EVFILT_AIO	2U
#define EVFILT_VNODE	3U
#define EVFILT_PROC	4U
#define EVFILT_SIGNAL	5U
#define EVFILT_TIMER	6U
#define EVFILT_FS	7U
#define EVFILT_USER	8U
#define EVFILT_SYSCOUNT	9U
#define EVFILT_SYSCOUNT		9U	/* how many there are */

struct kevent {
	uintptr_t	ident;		/* of the object: descriptor, pid ... */
	uint32_t	filter;
	uint32_t	flags;
	uint32_t	fflags;		/* the filter's own */
	int64_t		data;		/* the filter's own */
	void		*udata;		/* the program's, passed through */
};

#define EV_SET(kevp, a, b, c, d, e, f) do { \
	struct kevent *_ev = (kevp); \
	_ev->ident = (uintptr_t)(a); \
	_ev->filter = (b); \
	_ev->flags = (c); \
	_ev->fflags = (d); \
	_ev->data = (e); \
	_ev->udata = (void *)(f); \
} while (/*CONSTCOND*/0)

/* What to do with an event; how it behaves; what comes back. */
#define EV_ADD		0x1U
#define EV_DELETE	0x2U
#define EV_ENABLE	0x4U
#define EV_DISABLE	0x8U
#define EV_ONESHOT	0x10U
#define EV_CLEAR	0x20U
#define EV_RECEIPT	0x40U
#define EV_DISPATCH	0x80U
#define EV_FLAG1	0x2000U
#define EV_ERROR	0x4000U
#define EV_EOF		0x8000U
#define EV_SYSFLAGS	0xf000U

/* The program triggers EVFILT_USER, and may combine fflags. */
#define NOTE_FFNOP	0U
#define NOTE_FFLAGSMASK	16777215U
#define NOTE_TRIGGER	16777216U
#define NOTE_FFAND	1073741824U
#define NOTE_FFOR	2147483648U
#define NOTE_FFCOPY	3221225472U
#define NOTE_FFCTRLMASK	3221225472U

/* Hint: the caller of KNOTE holds the object's lock. */
#define NOTE_SUBMIT	0x1000000U

/* EVFILT_READ, EVFILT_WRITE */
#define NOTE_LOWAT	1U
/* EVFILT_VNODE */
#define NOTE_DELETE	0x1U
#define NOTE_WRITE	0x2U
#define NOTE_EXTEND	0x4U
#define NOTE_ATTRIB	0x8U
#define NOTE_LINK	0x10U
#define NOTE_RENAME	0x20U
#define NOTE_REVOKE	0x40U
/* EVFILT_PROC */
#define NOTE_TRACK	0x1U
#define NOTE_TRACKERR	0x2U
#define NOTE_CHILD	0x4U
#define NOTE_PDATAMASK	0xfffffU
#define NOTE_EXEC	0x20000000U
#define NOTE_FORK	0x40000000U
#define NOTE_EXIT	0x80000000U
#define NOTE_PCTRLMASK	0xf0000000U
/* EVFILT_SIGNAL */
#define NOTE_SIGNAL	0x8000000U

/* Filters by name: ioctls of a kqueue's descriptor. */
struct kfilter_mapping {
	char		*name;
	size_t		len;
	uint32_t	filter;
};
#define KFILTER_BYFILTER	_IOWR('k', 0, struct kfilter_mapping)
#define KFILTER_BYNAME		_IOWR('k', 1, struct kfilter_mapping)

#ifdef _KERNEL
#include <sys/ioctl.h>

struct kfilter;
struct knote;
struct kqueue;
struct lwp;
struct timespec;

SLIST_HEAD(klist, knote);

struct filterops {
	int	f_isfd;			/* ident is a descriptor */
	int	(*f_attach)(struct knote *);
	void	(*f_detach)(struct knote *);
	int	(*f_event)(struct knote *, long);
	void	(*f_touch)(struct knote *, struct kevent *, long);
};

#define EVENT_REGISTER	1
#define EVENT_PROCESS	2

struct knote {
	SLIST_ENTRY(knote) kn_link;	/* on the descriptor, or in a hash */
	SLIST_ENTRY(knote) kn_selnext;	/* on the object */
	TAILQ_ENTRY(knote) kn_tqe;	/* on the kqueue, when active */
	struct kqueue	*kn_kq;
	struct kevent	kn_kevent;
	uint32_t	kn_status;	/* KN_* */
	uint32_t	kn_sfflags;	/* as the program gave them */
	uintptr_t	kn_sdata;
	void		*kn_obj;	/* what is watched: a file or process */
	const struct filterops *kn_fop;
	struct kfilter	*kn_kfilter;
	void		*kn_hook;	/* the driver's */
	int		kn_hookid;
};

#define KN_ACTIVE	0x1U
#define KN_QUEUED	0x2U
#define KN_DISABLED	0x4U
#define KN_DETACHED	0x8U
#define KN_MARKER	0x10U
#define KN_BUSY		0x20U
#define kn_id			kn_kevent.ident
#define kn_data		kn_kevent.data
#define kn_fflags	kn_kevent.fflags
#define kn_filter	kn_kevent.filter
#define kn_flags	kn_kevent.flags

#define KNOTE(list, hint) do { \
	struct klist *_knl = (list); \
	if (!SLIST_EMPTY(_knl)) \
		knote(_knl, (hint)); \
} while (/*CONSTCOND*/0)

extern struct klist fs_klist;		/* EVFILT_FS */

void	kqueue_init(void);
void	knote(struct klist *, long);
void	knote_fdclose(int);
int	filt_seltrue(struct knote *, long);
int	kqueue_register(struct kqueue *, struct kevent *);
int	kfilter_register(const char *, const struct filterops *, int *);
int	kfilter_unregister(const char *);

/* How kevent1 fetches changes and delivers events. */
typedef int (*kevent_fetch_changes_t)(void *, const struct kevent *,
    struct kevent *, size_t, int);
typedef int (*kevent_put_events_t)(void *, struct kevent *, struct kevent *,
    size_t, int);
struct kevent_ops {
	void			*keo_private;
	int	(*keo_fetch_timeout)(const void *, void *, size_t);
	kevent_fetch_changes_t	keo_fetch_changes;
	kevent_put_events_t	keo_put_events;
};
int	kevent_fetch_changes(void *, const struct kevent *, struct kevent *,
	    size_t, int);
int	kevent_put_events(void *, struct kevent *, struct kevent *, size_t,
	    int);
int	kevent1(register_t *, int, const struct kevent *, size_t,
	    struct kevent *, size_t, const struct timespec *,
	    const struct kevent_ops *);

#endif /* _KERNEL */
#endif /* _SYS_EVENT_H_ */
