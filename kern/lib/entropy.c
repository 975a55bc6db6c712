/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sources of entropy: rnd(9), entropy(9), and the ioctls of rnd(4).
 *
 * The host keys the root generator with full entropy at boot (random.c), so
 * the pool is never short of it.  What drivers add is stirred in beside; it
 * can only help.  No estimate is made: a source counts for the bits that its
 * driver says.
 *
 * The list of sources and their members are protected by source_lock.
 */

#include <sys/types.h>
#include <sys/atomic.h>
#include <sys/entropy.h>
#include <sys/errno.h>
#include <sys/intr.h>
#include <sys/mutex.h>
#include <sys/poll.h>
#include <sys/rndio.h>
#include <sys/rndsource.h>
#include <sys/systm.h>

#include "random.h"

#define POOL_BITS	(ENTROPY_CAPACITY * NBBY)

static kmutex_t source_lock;
static LIST_HEAD(, krndsource) sources;
static volatile unsigned int bits_added;	/* atomic */

void
entropy_init(void)
{
	mutex_init(&source_lock, MUTEX_DEFAULT, IPL_VM);
	LIST_INIT(&sources);
}

/* Ask all sources that can be asked. */
void
entropy_bootrequest(void)
{
	struct krndsource *rs;

	mutex_enter(&source_lock);
	LIST_FOREACH(rs, &sources, list) {
		if ((rs->flags & RND_FLAG_HASCB) != 0)
			(*rs->get)(ENTROPY_CAPACITY, rs->getarg);
	}
	mutex_exit(&source_lock);
}

unsigned int
entropy_epoch(void)
{
	return random_epoch();
}

bool
entropy_ready(void)
{
	return true;
}

int
entropy_extract(void *buf, size_t len, int flags)
{
	random_extract(buf, len);
	return 0;
}

int
entropy_poll(int events)
{
	return events & (POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM);
}

/*
 * Sources.
 */

void
rndsource_setcb(struct krndsource *rs, void (*get)(size_t, void *), void *arg)
{
	rs->get = get;
	rs->getarg = arg;
}

void
rnd_attach_source(struct krndsource *rs, const char *name, uint32_t type,
    uint32_t flags)
{
	if (flags == 0)
		flags = RND_FLAG_DEFAULT;
	strlcpy(rs->name, name, sizeof(rs->name));
	rs->total = 0;
	rs->type = type;
	rs->flags = flags;
	mutex_enter(&source_lock);
	LIST_INSERT_HEAD(&sources, rs, list);
	if ((flags & RND_FLAG_HASCB) != 0)
		(*rs->get)(ENTROPY_CAPACITY, rs->getarg);
	mutex_exit(&source_lock);
}

void
rnd_detach_source(struct krndsource *rs)
{
	mutex_enter(&source_lock);
	LIST_REMOVE(rs, list);
	mutex_exit(&source_lock);
}

/*
 * Add data of so many bits of entropy.  A callback of a source calls it with
 * source_lock held, hence the totals are only nearly right.
 */
void
rnd_add_data(struct krndsource *rs, const void *data, uint32_t len,
    uint32_t bits)
{
	if (rs != NULL) {
		if ((rs->flags & RND_FLAG_NO_COLLECT) != 0)
			return;
		rs->total += bits;
	}
	atomic_add_int(&bits_added, bits);
	random_stir(data, len);
}

void
rnd_add_data_intr(struct krndsource *rs, const void *data, uint32_t len,
    uint32_t bits)
{
	rnd_add_data(rs, data, len, bits);
}

void
rnd_add_data_sync(struct krndsource *rs, const void *data, uint32_t len,
    uint32_t bits)
{
	rnd_add_data(rs, data, len, bits);
}

/*
 * A sample, for instance a time: worth nothing by itself.  Drivers do this for
 * every packet or transfer, so the value is not stirred in at each call.
 */
void
rnd_add_uint32(struct krndsource *rs, uint32_t value)
{
	if ((rs->flags & RND_FLAG_NO_COLLECT) != 0)
		return;
	rs->value_delta.x += value;
	if (++rs->value_delta.insamples % 64 == 0)
		random_stir(&rs->value_delta.x, sizeof(rs->value_delta.x));
}

/*
 * The ioctls.
 */

static void
report(const struct krndsource *rs, rndsource_t *out)
{
	memset(out, 0, sizeof(*out));
	strlcpy(out->name, rs->name, sizeof(out->name));
	out->total = rs->total;
	out->type = rs->type;
	out->flags = rs->flags;
}

static void
report_est(const struct krndsource *rs, rndsource_est_t *out)
{
	memset(out, 0, sizeof(*out));
	report(rs, &out->rt);
	out->dv_samples = (uint32_t)rs->value_delta.insamples;
	out->dv_total = rs->total;
}

/* Source number n, or NULL; source_lock held. */
static const struct krndsource *
source_nth(uint32_t n)
{
	const struct krndsource *rs;

	LIST_FOREACH(rs, &sources, list) {
		if (n-- == 0)
			break;
	}
	return rs;
}

static const struct krndsource *
source_named(const char *name)
{
	const struct krndsource *rs;

	LIST_FOREACH(rs, &sources, list) {
		if (strncmp(rs->name, name, sizeof(rs->name)) == 0)
			break;
	}
	return rs;
}

static int
report_several(rndstat_t *st)
{
	const struct krndsource *rs;
	uint32_t n;

	if (st->count > RND_MAXSTATCOUNT)
		return EINVAL;
	for (n = 0; n < st->count; n++) {
		rs = source_nth(st->start + n);
		if (rs == NULL)
			break;
		report(rs, &st->source[n]);
	}
	st->count = n;
	return 0;
}

static int
report_several_est(rndstat_est_t *st)
{
	const struct krndsource *rs;
	uint32_t n;

	if (st->count > RND_MAXSTATCOUNT)
		return EINVAL;
	for (n = 0; n < st->count; n++) {
		rs = source_nth(st->start + n);
		if (rs == NULL)
			break;
		report_est(rs, &st->source[n]);
	}
	st->count = n;
	return 0;
}

/* Change flags of the source named, or of all of a type. */
static void
control(const rndctl_t *ctl)
{
	const uint32_t may = RND_FLAG_NO_ESTIMATE | RND_FLAG_NO_COLLECT |
	    RND_FLAG_COLLECT_TIME | RND_FLAG_COLLECT_VALUE |
	    RND_FLAG_ESTIMATE_TIME | RND_FLAG_ESTIMATE_VALUE;
	uint32_t mask = ctl->mask & may;
	struct krndsource *rs;

	LIST_FOREACH(rs, &sources, list) {
		if (ctl->type == 0xff ?
		    strncmp(rs->name, ctl->name, sizeof(rs->name)) == 0 :
		    rs->type == ctl->type)
			rs->flags = (rs->flags & ~mask) | (ctl->flags & mask);
	}
}

static void
pool_state(rndpoolstat_t *ps)
{
	*ps = (rndpoolstat_t){
		.poolsize = ENTROPY_CAPACITY / sizeof(uint32_t),
		.threshold = ENTROPY_CAPACITY,
		.maxentropy = POOL_BITS,
		.added = bits_added,
		.curentropy = POOL_BITS,
	};
}

static int
add_data(const rnddata_t *d)
{
	if (d->len > sizeof(d->data) || d->entropy > d->len * NBBY)
		return EINVAL;
	atomic_add_int(&bits_added, d->entropy);
	random_stir(d->data, d->len);
	return 0;
}

static int
ioctl_locked(unsigned long cmd, void *data)
{
	const struct krndsource *rs;

	switch (cmd) {
	case RNDGETSRCNUM:
		return report_several(data);
	case RNDGETESTNUM:
		return report_several_est(data);
	case RNDGETSRCNAME:
		rs = source_named(((rndstat_name_t *)data)->name);
		if (rs == NULL)
			return ENOENT;
		report(rs, &((rndstat_name_t *)data)->source);
		return 0;
	case RNDGETESTNAME:
		rs = source_named(((rndstat_est_name_t *)data)->name);
		if (rs == NULL)
			return ENOENT;
		report_est(rs, &((rndstat_est_name_t *)data)->source);
		return 0;
	case RNDCTL:
		control(data);
		return 0;
	default:
		return ENOTTY;
	}
}

/*
 * An ioctl of a random device.  The caller has checked the user's privilege.
 *
 * Returns 0, EINVAL, ENOENT (no such source), ENOTTY.
 */
int
entropy_ioctl(unsigned long cmd, void *data)
{
	int error;

	switch (cmd) {
	case RNDGETENTCNT:
		*(uint32_t *)data = POOL_BITS;
		return 0;
	case RNDGETPOOLSTAT:
		pool_state(data);
		return 0;
	case RNDADDDATA:
		return add_data(data);
	default:
		mutex_enter(&source_lock);
		error = ioctl_locked(cmd, data);
		mutex_exit(&source_lock);
		return error;
	}
}
