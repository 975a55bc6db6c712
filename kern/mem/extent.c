/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * extent(9): allocation of regions of a range, first fit.
 *
 * An extent keeps the regions that are in use in a list by address; what is
 * between them is free.  Neighbours are joined unless NOCOALESCE is asked for.
 * Descriptors come from the caller's storage (EXF_FIXED), then from memory.
 *
 * Locks: ex_lock covers the list and the flag that someone waits.
 *
 * Ref: extent(9).
 */
#include <sys/param.h>
#include <sys/extent.h>
#include <sys/kmem.h>
#include <sys/systm.h>

void
extent_init(void)
{
}

/* ── descriptors ── */

static struct extent_fixed *
fixed(struct extent *ex)
{

	return ex->ex_flags & EXF_FIXED ? (struct extent_fixed *)ex : NULL;
}

/* NULL if there is none (no storage left, or no memory without sleeping). */
static struct extent_region *
region_alloc(struct extent *ex, int flags)
{
	struct extent_fixed *fex = fixed(ex);
	struct extent_region *er = NULL;

	if (fex != NULL) {
		mutex_enter(&ex->ex_lock);
		if ((er = LIST_FIRST(&fex->fex_freelist)) != NULL)
			LIST_REMOVE(er, er_link);
		mutex_exit(&ex->ex_lock);
		if (er != NULL) {
			er->er_flags = 0;
			return er;
		}
		if (!(flags & EX_MALLOCOK))
			return NULL;
	}
	er = kmem_intr_alloc(sizeof(*er), flags & EX_WAITOK ? KM_SLEEP : KM_NOSLEEP);
	if (er != NULL)
		er->er_flags = ER_ALLOC;
	return er;
}

static void
region_free(struct extent *ex, struct extent_region *er)
{

	if (er == NULL)
		return;
	if (er->er_flags & ER_ALLOC) {
		kmem_intr_free(er, sizeof(*er));
		return;
	}
	mutex_enter(&ex->ex_lock);
	LIST_INSERT_HEAD(&fixed(ex)->fex_freelist, er, er_link);
	mutex_exit(&ex->ex_lock);
}

/* ── creating ── */

/* The caller's storage holds the extent and then descriptors. */
static struct extent *
fixed_create(void *storage, size_t size)
{
	const size_t each = ALIGN(sizeof(struct extent_region));
	struct extent_fixed *fex = storage;
	char *p = (char *)storage + ALIGN(sizeof(*fex));

	KASSERT(size >= EXTENT_FIXED_STORAGE_SIZE(0));
	memset(storage, 0, size);
	LIST_INIT(&fex->fex_freelist);
	fex->fex_storage = storage;
	fex->fex_storagesize = size;
	for (; p + each <= (char *)storage + size; p += each)
		LIST_INSERT_HEAD(&fex->fex_freelist, (struct extent_region *)p, er_link);
	return &fex->fex_extent;
}

/*
 * An extent of [start, end], with storage of the caller or NULL.
 *
 * Returns NULL only with EX_NOWAIT.
 */
struct extent *
extent_create(const char *name, u_long start, u_long end, void *storage, size_t size,
    int flags)
{
	struct extent *ex;

	KASSERT(start <= end);
	if (storage != NULL)
		ex = fixed_create(storage, size);
	else
		ex = kmem_zalloc(sizeof(*ex), flags & EX_WAITOK ? KM_SLEEP : KM_NOSLEEP);
	if (ex == NULL)
		return NULL;
	if (storage != NULL)
		ex->ex_flags |= EXF_FIXED;
	if (flags & EX_NOCOALESCE)
		ex->ex_flags |= EXF_NOCOALESCE;
	ex->ex_name = name;
	ex->ex_start = start;
	ex->ex_end = end;
	mutex_init(&ex->ex_lock, MUTEX_DEFAULT, IPL_VM);
	cv_init(&ex->ex_cv, "extent");
	LIST_INIT(&ex->ex_regions);
	return ex;
}

void
extent_destroy(struct extent *ex)
{
	struct extent_region *er;

	while ((er = LIST_FIRST(&ex->ex_regions)) != NULL) {
		LIST_REMOVE(er, er_link);
		region_free(ex, er);
	}
	cv_destroy(&ex->ex_cv);
	mutex_destroy(&ex->ex_lock);
	if (fixed(ex) == NULL)
		kmem_free(ex, sizeof(*ex));
}

/* ── allocating ── */

struct request {
	u_long	substart, subend, size, align, skew, boundary;
	bool	boundzero;	/* boundaries count from ex_start */
};

/* The first address from at on that is skew modulo align; false: overflow. */
static bool
align_up(u_long *at, u_long align, u_long skew)
{
	u_long off, x;

	if (align == 0)
		return true;
	off = (*at - skew) % align;
	x = off == 0 ? *at : *at + (align - off);
	if (x < *at)
		return false;
	*at = x;
	return true;
}

/* Does a region of the request's size fit into [lo, hi]?  Then where. */
static bool
fits(const struct extent *ex, const struct request *rq, u_long lo, u_long hi, u_long *at)
{
	u_long base = rq->boundzero ? ex->ex_start : 0, x = MAX(lo, rq->substart);

	hi = MIN(hi, rq->subend);
	if (!align_up(&x, rq->align, rq->skew))
		return false;
	if (rq->boundary != 0 && (x - base) / rq->boundary !=
	    (x - base + rq->size - 1) / rq->boundary) {
		x = base + roundup(x - base + 1, rq->boundary);
		if (x < lo || !align_up(&x, rq->align, rq->skew) ||
		    (x - base) / rq->boundary != (x - base + rq->size - 1) / rq->boundary)
			return false;
	}
	*at = x;
	return x <= hi && hi - x >= rq->size - 1;
}

/* First fit.  *after: the region it will follow, or NULL. */
static bool
find(struct extent *ex, const struct request *rq, u_long *at, struct extent_region **after)
{
	struct extent_region *er;
	u_long lo = ex->ex_start;

	*after = NULL;
	LIST_FOREACH(er, &ex->ex_regions, er_link) {
		if (er->er_start > lo && fits(ex, rq, lo, er->er_start - 1, at))
			return true;
		if (er->er_end >= ex->ex_end)
			return false;
		lo = er->er_end + 1;
		*after = er;
	}
	return fits(ex, rq, lo, ex->ex_end, at);
}

/*
 * Enter [start, end] behind a region (NULL: first), joining neighbours.
 * Returns the descriptors that are not needed, linked by nothing, in gone[].
 */
static void
insert(struct extent *ex, u_long start, u_long end, struct extent_region *after,
    struct extent_region *fresh, bool coalesce, struct extent_region *gone[2])
{
	struct extent_region *next = after != NULL ? LIST_NEXT(after, er_link) :
	    LIST_FIRST(&ex->ex_regions);

	if (coalesce && after != NULL && after->er_end + 1 == start) {
		after->er_end = end;
		gone[0] = fresh;
		fresh = after;
	} else {
		fresh->er_start = start;
		fresh->er_end = end;
		if (after != NULL)
			LIST_INSERT_AFTER(after, fresh, er_link);
		else
			LIST_INSERT_HEAD(&ex->ex_regions, fresh, er_link);
	}
	if (coalesce && next != NULL && end + 1 == next->er_start) {
		fresh->er_end = next->er_end;
		LIST_REMOVE(next, er_link);
		gone[1] = next;
	}
}

/* With the lock held: wait for space to be freed.  0, or what a signal says. */
static int
wait_space(struct extent *ex, int flags)
{

	ex->ex_flwanted = true;
	if (flags & EX_CATCH)
		return cv_wait_sig(&ex->ex_cv, &ex->ex_lock);
	cv_wait(&ex->ex_cv, &ex->ex_lock);
	return 0;
}

static bool
coalesces(const struct extent *ex)
{

	return (ex->ex_flags & EXF_NOCOALESCE) == 0;
}

/*
 * Allocate size within [substart, subend], at skew modulo alignment, not across
 * a multiple of boundary (0: any).
 *
 * Returns 0 with *result; EAGAIN: no such region is free (EX_WAITSPACE waits);
 * ENOMEM: no descriptor; EINTR, ERESTART with EX_CATCH.
 */
int
extent_alloc_subregion1(struct extent *ex, u_long substart, u_long subend, u_long size,
    u_long alignment, u_long skew, u_long boundary, int flags, u_long *result)
{
	struct request rq = { substart, subend, size, alignment, skew, boundary,
	    (flags & EX_BOUNDZERO) != 0 };
	struct extent_region *fresh, *after, *gone[2] = { NULL, NULL };
	int error = 0;

	KASSERT(size > 0 && substart <= subend);
	KASSERT(boundary == 0 || boundary >= size);
	if ((fresh = region_alloc(ex, flags)) == NULL)
		return ENOMEM;
	mutex_enter(&ex->ex_lock);
	while (error == 0 && !find(ex, &rq, result, &after))
		error = flags & EX_WAITSPACE ? wait_space(ex, flags) : EAGAIN;
	if (error == 0)
		insert(ex, *result, *result + (size - 1), after, fresh, coalesces(ex), gone);
	else
		gone[0] = fresh;
	mutex_exit(&ex->ex_lock);
	region_free(ex, gone[0]);
	region_free(ex, gone[1]);
	return error;
}

int
extent_alloc_subregion(struct extent *ex, u_long substart, u_long subend, u_long size,
    u_long alignment, u_long boundary, int flags, u_long *result)
{

	const u_long no_skew = 0;

	return extent_alloc_subregion1(ex, substart, subend, size, alignment, no_skew,
	    boundary, flags, result);
}

int
extent_alloc1(struct extent *ex, u_long size, u_long alignment, u_long skew,
    u_long boundary, int flags, u_long *result)
{

	const u_long first = ex->ex_start, last = ex->ex_end;

	return extent_alloc_subregion1(ex, first, last, size, alignment, skew, boundary,
	    flags, result);
}

int
extent_alloc(struct extent *ex, u_long size, u_long alignment, u_long boundary, int flags,
    u_long *result)
{

	return extent_alloc1(ex, size, alignment, 0, boundary, flags, result);
}

/* Allocate [start, start + size) and nothing else. */
int
extent_alloc_region(struct extent *ex, u_long start, u_long size, int flags)
{
	u_long got;

	if (start < ex->ex_start || start > ex->ex_end || ex->ex_end - start < size - 1)
		return EINVAL;
	return extent_alloc_subregion1(ex, start, start + (size - 1), size, EX_NOALIGN, 0,
	    EX_NOBOUNDARY, flags, &got);
}

/* ── freeing ── */

/* Take [start, end] out of a region that contains it.  fresh: for a second half. */
static struct extent_region *
cut(struct extent_region *er, u_long start, u_long end, struct extent_region *fresh)
{

	if (er->er_start == start && er->er_end == end) {
		LIST_REMOVE(er, er_link);
		return er;
	}
	if (er->er_start == start) {
		er->er_start = end + 1;
		return NULL;
	}
	if (er->er_end != end) {
		fresh->er_start = end + 1;
		fresh->er_end = er->er_end;
		LIST_INSERT_AFTER(er, fresh, er_link);
	}
	er->er_end = start - 1;
	return NULL;
}

/*
 * Free [start, start + size), all of which is allocated; a part of a region may
 * be freed.
 *
 * Returns 0, EINVAL (not allocated), or ENOMEM (a region has to be split and
 * there is no descriptor).
 */
int
extent_free(struct extent *ex, u_long start, u_long size, int flags)
{
	struct extent_region *er, *fresh = NULL, *gone = NULL;
	u_long end = start + (size - 1);
	bool splits, used = false;

	if (size == 0 || end < start)
		return EINVAL;
again:
	mutex_enter(&ex->ex_lock);
	LIST_FOREACH(er, &ex->ex_regions, er_link)
		if (er->er_start <= start && er->er_end >= end)
			break;
	splits = er != NULL && er->er_start != start && er->er_end != end;
	if (splits && fresh == NULL) {
		mutex_exit(&ex->ex_lock);
		if ((fresh = region_alloc(ex, flags)) == NULL)
			return ENOMEM;
		goto again;
	}
	if (er != NULL) {
		gone = cut(er, start, end, fresh);
		used = splits;
		if (ex->ex_flwanted) {
			ex->ex_flwanted = false;
			cv_broadcast(&ex->ex_cv);
		}
	}
	mutex_exit(&ex->ex_lock);
	region_free(ex, gone);
	if (!used)
		region_free(ex, fresh);
	return er != NULL ? 0 : EINVAL;
}

void
extent_print(struct extent *ex)
{
	const struct extent_region *er;

	mutex_enter(&ex->ex_lock);
	printf("extent %s (%#lx - %#lx)\n", ex->ex_name, ex->ex_start, ex->ex_end);
	LIST_FOREACH(er, &ex->ex_regions, er_link)
		printf("  %#lx - %#lx\n", er->er_start, er->er_end);
	mutex_exit(&ex->ex_lock);
}
