/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kqueue(2) on vnodes: EVFILT_READ, EVFILT_WRITE and EVFILT_VNODE.
 *
 * Knotes hang on v_klist, under v_interlock, which notifications come with.
 * A hint of 0 is the first question, asked without that lock; NOTE_REVOKE is the
 * vnode's death, after which only EV_EOF can be told.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/file.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>

#include <rump-private/knote.h>

static void
detach(struct knote *kn)
{
	struct vnode *vp = kn->kn_hook;

	mutex_enter(vp->v_interlock);
	SLIST_REMOVE(&vp->v_klist, kn, knote, kn_selnext);
	mutex_exit(vp->v_interlock);
}

/* Take the interlock unless the notification brought it. */
static void
enter(struct vnode *vp, long hint)
{

	if (hint == 0)
		mutex_enter(vp->v_interlock);
	KASSERT(mutex_owned(vp->v_interlock));
}

static void
leave(struct vnode *vp, long hint)
{

	if (hint == 0)
		mutex_exit(vp->v_interlock);
}

/* Ready when there is something between the offset and the end. */
static int
ready_read(struct knote *kn, long hint)
{
	struct vnode *vp = kn->kn_hook;
	int64_t left;

	if (hint == NOTE_REVOKE) {
		knote_change_flags(kn, EV_EOF | EV_ONESHOT, 0);
		return 1;
	}
	enter(vp, hint);
	left = vp->v_size - ((file_t *)kn->kn_obj)->f_offset;
	knote_set_data(kn, left);
	leave(vp, hint);
	return left != 0;
}

/* Always ready. */
static int
ready_write(struct knote *kn, long hint)
{

	if (hint == NOTE_REVOKE)
		knote_change_flags(kn, EV_EOF | EV_ONESHOT, 0);
	else
		knote_set_data(kn, 0);
	return 1;
}

/* Collect the events that were asked for. */
static int
ready_vnode(struct knote *kn, long hint)
{
	struct vnode *vp = kn->kn_hook;
	int ready;

	enter(vp, hint);
	if (hint == NOTE_REVOKE)
		knote_change_flags(kn, EV_EOF, 0);
	ready = knote_events(kn, (uint32_t)hint & kn->kn_sfflags) != 0 ||
	    hint == NOTE_REVOKE;
	leave(vp, hint);
	return ready;
}

static const struct filterops read_filter = {
	.f_isfd = 1,
	.f_detach = detach,
	.f_event = ready_read,
};

static const struct filterops write_filter = {
	.f_isfd = 1,
	.f_detach = detach,
	.f_event = ready_write,
};

static const struct filterops vnode_filter = {
	.f_isfd = 1,
	.f_detach = detach,
	.f_event = ready_vnode,
};

int
genfs_kqfilter(void *v)
{
	const struct vop_kqfilter_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct knote *kn = ap->a_kn;

	switch (kn->kn_filter) {
	case EVFILT_READ:
		kn->kn_fop = &read_filter;
		break;
	case EVFILT_WRITE:
		kn->kn_fop = &write_filter;
		break;
	case EVFILT_VNODE:
		kn->kn_fop = &vnode_filter;
		break;
	default:
		return EINVAL;
	}
	kn->kn_hook = vp;
	mutex_enter(vp->v_interlock);
	SLIST_INSERT_HEAD(&vp->v_klist, kn, kn_selnext);
	mutex_exit(vp->v_interlock);
	return 0;
}
