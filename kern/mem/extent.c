/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * extent(9): regions of a range of numbers, first fit.
 *
 * The regions in use are a list in ascending order; adjacent ones are joined
 * unless the extent was made with EX_NOCOALESCE.  Descriptors come from storage
 * that the creator gave, or from memory, before the lock is taken.
 *
 * ex_lock protects an extent.
 *
 * Ref: extent(9).
 */

#include <sys/param.h>
#include <sys/errno.h>
#include <sys/extent.h>
#include <sys/kmem.h>
#include <sys/systm.h>

/* What an allocation asks for. */
struct want {
	u_long first, last;		/* the subregion */
	u_long size, alignment, skew, boundary;
	u_long lines;			/* boundaries are multiples from here */
};

void
extent_init(void)
{
}

static struct extent_fixed *
fixed(struct extent *ex)
{
	return (ex->ex_flags & EXF_FIXED) != 0 ?
	    container_of(ex, struct extent_fixed, fex_extent) : NULL;
}

/* A descriptor; ex_lock not held. */
static struct extent_region *
region_get(struct extent *ex, int flags)
{
	struct extent_fixed *fex = fixed(ex);
	struct extent_region *r = NULL;

	if (fex != NULL) {
		mutex_enter(&ex->ex_lock);
		r = LIST_FIRST(&fex->fex_freelist);
		if (r != NULL)
			LIST_REMOVE(r, er_link);
		mutex_exit(&ex->ex_lock);
	}
	if (r != NULL || (fex != NULL && (flags & EX_MALLOCOK) == 0)) {
		if (r != NULL)
			r->er_flags = 0;
		return r;
	}
	r = kmem_intr_alloc(sizeof(*r),
	    (flags & EX_WAITOK) != 0 ? KM_SLEEP : KM_NOSLEEP);
	if (r != NULL)
		r->er_flags = ER_ALLOC;
	return r;
}

/* Back it goes; ex_lock not held. */
static void
region_put(struct extent *ex, struct extent_region *r)
{
	if (r == NULL)
		return;
	if ((r->er_flags & ER_ALLOC) != 0) {
		kmem_intr_free(r, sizeof(*r));
		return;
	}
	mutex_enter(&ex->ex_lock);
	LIST_INSERT_HEAD(&fixed(ex)->fex_freelist, r, er_link);
	mutex_exit(&ex->ex_lock);
}

/*
 * Make an extent of the numbers start..end.
 *
 * storage  of EXTENT_FIXED_STORAGE_SIZE(n) bytes for n regions, or NULL and 0.
 * flags    EX_WAITOK or EX_NOWAIT, EX_NOCOALESCE.
 *
 * Returns NULL without memory.
 */
struct extent *
extent_create(const char *name, u_long start, u_long end, void *storage,
    size_t size, int flags)
{
	struct extent_fixed *fex = storage;
	struct extent *ex;
	char *p, *limit;

	KASSERT(name != NULL && start <= end);
	KASSERT((storage == NULL) == (size == 0));
	KASSERT(storage == NULL || size >= sizeof(*fex));
	if (storage != NULL) {
		memset(fex, 0, sizeof(*fex));
		fex->fex_storage = storage;
		fex->fex_storagesize = size;
		LIST_INIT(&fex->fex_freelist);
		limit = (char *)storage + size;
		for (p = (char *)storage + ALIGN(sizeof(*fex));
		    p + sizeof(struct extent_region) <= limit;
		    p += ALIGN(sizeof(struct extent_region))) {
			struct extent_region *r = (void *)p;

			LIST_INSERT_HEAD(&fex->fex_freelist, r, er_link);
		}
		ex = &fex->fex_extent;
		ex->ex_flags = EXF_FIXED;
	} else {
		ex = kmem_zalloc(sizeof(*ex),
		    (flags & EX_WAITOK) != 0 ? KM_SLEEP : KM_NOSLEEP);
		if (ex == NULL)
			return NULL;
	}
	if ((flags & EX_NOCOALESCE) != 0)
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
	struct extent_region *r;

	while ((r = LIST_FIRST(&ex->ex_regions)) != NULL) {
		LIST_REMOVE(r, er_link);
		region_put(ex, r);
	}
	mutex_destroy(&ex->ex_lock);
	cv_destroy(&ex->ex_cv);
	if (fixed(ex) == NULL)
		kmem_free(ex, sizeof(*ex));
}

/*
 * Enter start..end as in use, behind the region after (NULL: first).  Joined
 * with neighbours if it may be: then descriptors are left over, one of which
 * comes back in *spare for the caller to put.
 *
 * Returns a second one that is left over, or NULL.
 */
static struct extent_region *
enter_region(struct extent *ex, struct extent_region *after, u_long start,
    u_long end, struct extent_region **spare)
{
	bool may_join = (ex->ex_flags & EXF_NOCOALESCE) == 0;
	struct extent_region *r, *next;

	next = after != NULL ? LIST_NEXT(after, er_link) :
	    LIST_FIRST(&ex->ex_regions);
	if (may_join && after != NULL && after->er_end + 1 == start) {
		after->er_end = end;
		if (next == NULL || end + 1 != next->er_start)
			return NULL;
		after->er_end = next->er_end;
		LIST_REMOVE(next, er_link);
		return next;
	}
	if (may_join && next != NULL && end + 1 == next->er_start) {
		next->er_start = start;
		return NULL;
	}
	r = *spare;
	*spare = NULL;
	r->er_start = start;
	r->er_end = end;
	if (after != NULL)
		LIST_INSERT_AFTER(after, r, er_link);
	else
		LIST_INSERT_HEAD(&ex->ex_regions, r, er_link);
	return NULL;
}

/* Sleep until something was freed, if the flags say so.  Locked. */
static int
wait_for_space(struct extent *ex, int flags)
{
	if ((flags & EX_WAITSPACE) == 0)
		return EAGAIN;
	ex->ex_flwanted = true;
	if ((flags & EX_CATCH) != 0)
		return cv_wait_sig(&ex->ex_cv, &ex->ex_lock);
	cv_wait(&ex->ex_cv, &ex->ex_lock);
	return 0;
}

/* Allocate the region start .. start + size - 1 itself, or EAGAIN. */
int
extent_alloc_region(struct extent *ex, u_long start, u_long size, int flags)
{
	struct extent_region *after, *r, *spare, *left = NULL;
	u_long end = start + (size - 1);
	int error = 0;

	KASSERT(size != 0 && end >= start);
	if (start < ex->ex_start || end > ex->ex_end)
		return EINVAL;
	spare = region_get(ex, flags);
	if (spare == NULL)
		return ENOMEM;
	mutex_enter(&ex->ex_lock);
	while (error == 0) {
		after = NULL;
		LIST_FOREACH(r, &ex->ex_regions, er_link) {
			if (r->er_end >= start)
				break;
			after = r;
		}
		if (r == NULL || r->er_start > end) {
			left = enter_region(ex, after, start, end, &spare);
			break;
		}
		error = wait_for_space(ex, flags);
	}
	mutex_exit(&ex->ex_lock);
	region_put(ex, spare);
	region_put(ex, left);
	return error;
}

/* The next number from v on that is skew above a multiple of alignment. */
static bool
align_up(const struct want *w, u_long v, u_long *out)
{
	u_long rest;

	if (w->alignment <= 1) {
		*out = v;
		return true;
	}
	if (v <= w->skew) {
		*out = w->skew;
		return true;
	}
	rest = (v - w->skew) % w->alignment;
	*out = rest == 0 ? v : v + (w->alignment - rest);
	return *out >= v;
}

/*
 * A place for the wanted in the gap low..high.  A range may start at, but not
 * reach over, a boundary line.
 */
static bool
place_in(const struct want *w, u_long low, u_long high, u_long *startp)
{
	u_long start, line;

	low = MAX(low, w->first);
	high = MIN(high, w->last);
	if (low > high || !align_up(w, low, &start))
		return false;
	while (start <= high && high - start >= w->size - 1) {
		if (w->boundary == EX_NOBOUNDARY) {
			*startp = start;
			return true;
		}
		/* Bytes from here to the next line. */
		line = w->boundary - (start - w->lines) % w->boundary;
		if (w->size <= line) {
			*startp = start;
			return true;
		}
		if (start + line < start ||
		    !align_up(w, start + line, &start))
			return false;
	}
	return false;
}

/* First fit over all gaps; locked.  *afterp: the region before the place. */
static bool
find_place(const struct extent *ex, const struct want *w, u_long *startp,
    struct extent_region **afterp)
{
	struct extent_region *r, *before = NULL;
	u_long low = ex->ex_start;

	LIST_FOREACH(r, &ex->ex_regions, er_link) {
		if (r->er_start > low &&
		    place_in(w, low, r->er_start - 1, startp)) {
			*afterp = before;
			return true;
		}
		before = r;
		if (r->er_end >= ex->ex_end)
			return false;
		low = r->er_end + 1;
	}
	*afterp = before;
	return place_in(w, low, ex->ex_end, startp);
}

/* Does it make sense to look for this at all? */
static bool
sensible(const struct extent *ex, const struct want *w)
{
	if (w->size == 0 || w->first > w->last)
		return false;
	if (w->first < ex->ex_start || w->last > ex->ex_end)
		return false;
	if (w->alignment > 1 && w->skew >= w->alignment)
		return false;
	return w->boundary == EX_NOBOUNDARY || w->boundary >= w->size;
}

/*
 * Allocate what is wanted; *startp is the first number.
 *
 * Returns 0, EAGAIN (no room), ENOMEM (no descriptor), EINTR or ERESTART (with
 * EX_CATCH), EINVAL.
 */
static int
allocate(struct extent *ex, struct want *w, int flags, u_long *startp)
{
	struct extent_region *after, *spare, *left = NULL;
	int error = 0;

	if (!sensible(ex, w))
		return EINVAL;
	w->lines = (flags & EX_BOUNDZERO) != 0 ? 0 : ex->ex_start;
	spare = region_get(ex, flags);
	if (spare == NULL)
		return ENOMEM;
	mutex_enter(&ex->ex_lock);
	while (error == 0 && !find_place(ex, w, startp, &after))
		error = wait_for_space(ex, flags);
	if (error == 0)
		left = enter_region(ex, after, *startp,
		    *startp + (w->size - 1), &spare);
	mutex_exit(&ex->ex_lock);
	region_put(ex, spare);
	region_put(ex, left);
	return error;
}

/*
 * Allocate size numbers anywhere.
 *
 * alignment  the first is a multiple of it; EX_NOALIGN: any.
 * boundary   they reach over no multiple of it, counted from the extent's
 *            start, or from 0 with EX_BOUNDZERO; EX_NOBOUNDARY: none.
 * result     out: the first.
 */
int
extent_alloc(struct extent *ex, u_long size, u_long alignment,
    u_long boundary, int flags, u_long *result)
{
	struct want w = { .first = ex->ex_start, .last = ex->ex_end };

	w.size = size;
	w.alignment = alignment;
	w.boundary = boundary;
	return allocate(ex, &w, flags, result);
}

/* The same, the first being skew above a multiple of alignment. */
int
extent_alloc1(struct extent *ex, u_long size, u_long alignment, u_long skew,
    u_long boundary, int flags, u_long *result)
{
	struct want w = {
		.first = ex->ex_start, .last = ex->ex_end,
		.alignment = alignment, .skew = skew,
		.boundary = boundary, .size = size,
	};

	return allocate(ex, &w, flags, result);
}

/* The same within start..end. */
int
extent_alloc_subregion1(struct extent *ex, u_long start, u_long end,
    u_long size, u_long alignment, u_long skew, u_long boundary, int flags,
    u_long *result)
{
	struct want w = {
		.size = size, .boundary = boundary,
		.first = start, .alignment = alignment,
		.last = end, .skew = skew,
	};

	return allocate(ex, &w, flags, result);
}

int
extent_alloc_subregion(struct extent *ex, u_long start, u_long end,
    u_long size, u_long alignment, u_long boundary, int flags, u_long *result)
{
	struct want w = { .first = start, .last = end, .size = size };

	w.boundary = boundary;
	w.alignment = alignment;
	return allocate(ex, &w, flags, result);
}

/*
 * Free a region, or a part of one; a part in the middle needs a descriptor.
 *
 * Returns 0 or ENOMEM.  Panics if it was not all in use.
 */
int
extent_free(struct extent *ex, u_long start, u_long size, int flags)
{
	struct extent_region *r, *spare = NULL, *gone = NULL;
	u_long end = start + (size - 1);

	KASSERT(size != 0 && end >= start);
	if ((ex->ex_flags & EXF_NOCOALESCE) == 0) {
		spare = region_get(ex, flags);
		if (spare == NULL)
			return ENOMEM;
	}
	mutex_enter(&ex->ex_lock);
	LIST_FOREACH(r, &ex->ex_regions, er_link) {
		if (r->er_start <= start && end <= r->er_end)
			break;
	}
	if (r == NULL || (spare == NULL &&
	    (r->er_start != start || r->er_end != end)))
		panic("extent_free: %s: %#lx..%#lx is not allocated",
		    ex->ex_name, start, end);
	if (r->er_start == start && r->er_end == end) {
		LIST_REMOVE(r, er_link);
		gone = r;
	} else if (r->er_start == start)
		r->er_start = end + 1;
	else if (r->er_end == end)
		r->er_end = start - 1;
	else {
		spare->er_start = end + 1;
		spare->er_end = r->er_end;
		r->er_end = start - 1;
		LIST_INSERT_AFTER(r, spare, er_link);
		spare = NULL;
	}
	if (ex->ex_flwanted) {
		ex->ex_flwanted = false;
		cv_broadcast(&ex->ex_cv);
	}
	mutex_exit(&ex->ex_lock);
	region_put(ex, spare);
	region_put(ex, gone);
	return 0;
}

void
extent_print(struct extent *ex)
{
	struct extent_region *r;

	printf("extent %s: %#lx..%#lx\n", ex->ex_name, ex->ex_start,
	    ex->ex_end);
	LIST_FOREACH(r, &ex->ex_regions, er_link)
		printf("  %#lx..%#lx\n", r->er_start, r->er_end);
}
