/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pserialize(9): readers without locks, writers who wait for them.
 *
 * A reader may not sleep, so it keeps its virtual CPU from enter to exit.
 * pserialize_perform() visits every CPU: each reader that could still see what
 * was unlinked before has left by the time its CPU is to be had.  The visit is
 * a full barrier on each CPU.
 *
 * The depth of nesting is kept per CPU, for assertions only.
 */
#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/kmem.h>
#include <sys/pserialize.h>
#include <sys/systm.h>
#include <sys/xcall.h>

struct pserialize {
	struct lwp	*psz_owner;	/* who performs: the caller's lock, checked */
};

void
pserialize_init(void)
{
}

pserialize_t
pserialize_create(void)
{

	return kmem_zalloc(sizeof(struct pserialize), KM_SLEEP);
}

void
pserialize_destroy(pserialize_t psz)
{

	KASSERT(psz->psz_owner == NULL);
	kmem_free(psz, sizeof(*psz));
}

/*
 * Wait until no read section that began before is under way.  Calls for one
 * object are serialised by the caller.
 *
 * Context: thread, not in a read section; sleeps.
 */
void
pserialize_perform(pserialize_t psz)
{

	KASSERT(pserialize_not_in_read_section());
	KASSERT(psz->psz_owner == NULL);
	psz->psz_owner = curlwp;
	xc_barrier(0);
	psz->psz_owner = NULL;
}

/* Returns a cookie for pserialize_read_exit.  No sleeping in between. */
int
pserialize_read_enter(void)
{

	curcpu()->ci_data.cpu_psz_read_depth++;
	return 0;
}

void
pserialize_read_exit(int s)
{

	KASSERT(curcpu()->ci_data.cpu_psz_read_depth > 0);
	curcpu()->ci_data.cpu_psz_read_depth--;
}

bool
pserialize_in_read_section(void)
{

	return curcpu()->ci_data.cpu_psz_read_depth > 0;
}

bool
pserialize_not_in_read_section(void)
{

	return curcpu()->ci_data.cpu_psz_read_depth == 0;
}
