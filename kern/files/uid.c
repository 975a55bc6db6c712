/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What users consume: a record for each user id that ever came up.
 *
 * Records stay for good, so a pointer to one needs no reference, and reading
 * the table needs no lock: a new record is complete before it is linked.
 * uid_lock serialises those who add one.  Counts are changed atomically.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/systm.h>
#include <sys/uidinfo.h>

#define UID_BUCKETS	64

static kmutex_t uid_lock;
static struct uidinfo *volatile buckets[UID_BUCKETS];

void
uid_init(void)
{

	mutex_init(&uid_lock, MUTEX_DEFAULT, IPL_NONE);
	(void)uid_find(0);
}

static struct uidinfo *
lookup(uid_t uid)
{
	struct uidinfo *ui;

	for (ui = atomic_load_consume(&buckets[uid % UID_BUCKETS]);
	    ui != NULL && ui->ui_uid != uid; ui = SLIST_NEXT(ui, ui_hash))
		continue;
	return ui;
}

struct uidinfo *
uid_find(uid_t uid)
{
	struct uidinfo *ui = lookup(uid), *new;

	if (ui != NULL)
		return ui;
	new = kmem_zalloc(sizeof(*new), KM_SLEEP);
	new->ui_uid = uid;
	mutex_enter(&uid_lock);
	ui = lookup(uid);
	if (ui == NULL) {
		SLIST_NEXT(new, ui_hash) = buckets[uid % UID_BUCKETS];
		atomic_store_release(&buckets[uid % UID_BUCKETS], new);
		ui = new;
		new = NULL;
	}
	mutex_exit(&uid_lock);
	if (new != NULL)
		kmem_free(new, sizeof(*new));
	return ui;
}

/* Change a count, and return what it is then. */
int
chgproccnt(uid_t uid, int diff)
{

	return atomic_add_long_nv(&uid_find(uid)->ui_proccnt, diff);
}

int
chglwpcnt(uid_t uid, int diff)
{

	return atomic_add_long_nv(&uid_find(uid)->ui_lwpcnt, diff);
}

int
chgsemcnt(uid_t uid, int diff)
{

	return atomic_add_long_nv(&uid_find(uid)->ui_semcnt, diff);
}

/*
 * A socket buffer's limit goes from *hiwat to to.
 *
 * Returns 1, or 0 if the user would then hold more than max.
 */
int
chgsbsize(struct uidinfo *ui, u_long *hiwat, u_long to, rlim_t max)
{
	long change = (long)to - (long)*hiwat;
	u_long sum = atomic_add_long_nv(&ui->ui_sbsize, change);

	if (change > 0 && sum > max) {
		atomic_add_long(&ui->ui_sbsize, -change);
		return 0;
	}
	*hiwat = to;
	return 1;
}
