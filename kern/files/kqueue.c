/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Knotes of objects: what drivers' kqfilter routines and selnotify use.
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/select.h>
#include <sys/systm.h>

struct klist fs_klist = SLIST_HEAD_INITIALIZER(fs_klist);

/* Run the filters of all knotes of an object, with the object's lock held. */
void
knote(struct klist *list, long hint)
{
	struct knote *kn;

	SLIST_FOREACH(kn, list, kn_selnext)
		(void)(*kn->kn_fop->f_event)(kn, hint);
}

/* The filter of what is always ready. */
int
filt_seltrue(struct knote *kn, long hint)
{

	kn->kn_data = 0;
	return 1;
}

static void
seltrue_detach(struct knote *kn)
{

}

static const struct filterops seltrue_filterops = {
	.f_isfd = 1,
	.f_detach = seltrue_detach,
	.f_event = filt_seltrue,
};

int
seltrue_kqfilter(dev_t dev, struct knote *kn)
{

	if (kn->kn_filter != EVFILT_READ && kn->kn_filter != EVFILT_WRITE)
		return EINVAL;
	kn->kn_fop = &seltrue_filterops;
	return 0;
}
