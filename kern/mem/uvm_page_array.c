/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Walks over an object's pages, which look the index up for several pages at
 * once.  See uvm_page_array.h.
 */

#include <sys/param.h>
#include <sys/errno.h>
#include <sys/systm.h>

#include <uvm/uvm.h>
#include <uvm/uvm_page_array.h>

void
uvm_page_array_init(struct uvm_page_array *ar, struct uvm_object *uobj,
    unsigned int flags)
{
	ar->ar_uobj = uobj;
	ar->ar_flags = flags;
	uvm_page_array_clear(ar);
}

void
uvm_page_array_fini(struct uvm_page_array *ar)
{
}

/* Forget what was looked up. */
void
uvm_page_array_clear(struct uvm_page_array *ar)
{
	ar->ar_npages = ar->ar_idx = 0;
}

/* The page that the walk is at, or NULL if it must look further. */
struct vm_page *
uvm_page_array_peek(struct uvm_page_array *ar)
{
	return ar->ar_idx != ar->ar_npages ? ar->ar_pages[ar->ar_idx] : NULL;
}

void
uvm_page_array_advance(struct uvm_page_array *ar)
{
	KASSERT(ar->ar_idx < ar->ar_npages);
	ar->ar_idx++;
}

/*
 * Look up pages at off and after (before, if backward).
 *
 * nwant  the most that will be used, 0: not known.
 *
 * Returns 0, or ENOENT (there is none).
 */
int
uvm_page_array_fill(struct uvm_page_array *ar, voff_t off, unsigned int nwant)
{
	struct radix_tree *t = &ar->ar_uobj->uo_pages;
	unsigned int flags = ar->ar_flags;
	bool dense = (flags & UVM_PAGE_ARRAY_FILL_DENSE) != 0;
	bool backward = (flags & UVM_PAGE_ARRAY_FILL_BACKWARD) != 0;
	unsigned int max = __arraycount(ar->ar_pages), n;
	uint64_t idx = off >> PAGE_SHIFT;
	radix_tree_tagmask_t tags = 0;
	void **pages = (void **)ar->ar_pages;

	if ((flags & UVM_PAGE_ARRAY_FILL_DIRTY) != 0)
		tags |= UVM_PAGE_DIRTY_TAG;
	if ((flags & UVM_PAGE_ARRAY_FILL_WRITEBACK) != 0)
		tags |= UVM_PAGE_WRITEBACK_TAG;
	if (nwant != 0 && nwant < max)
		max = nwant;
	if (tags == 0 && !backward)
		n = radix_tree_gang_lookup_node(t, idx, pages, max, dense);
	else if (tags == 0)
		n = radix_tree_gang_lookup_node_reverse(t, idx, pages, max,
		    dense);
	else if (!backward)
		n = radix_tree_gang_lookup_tagged_node(t, idx, pages, max,
		    dense, tags);
	else
		n = radix_tree_gang_lookup_tagged_node_reverse(t, idx, pages,
		    max, dense, tags);
	ar->ar_npages = n;
	ar->ar_idx = 0;
	ar->ar_lastoff = off;
	return n != 0 ? 0 : ENOENT;
}

/* The page at off or the next one on the way; NULL if there is none. */
struct vm_page *
uvm_page_array_fill_and_peek(struct uvm_page_array *ar, voff_t off,
    unsigned int nwant)
{
	struct vm_page *pg;

	/* Pages that the caller has gone past by itself. */
	while ((pg = uvm_page_array_peek(ar)) != NULL) {
		if ((ar->ar_flags & UVM_PAGE_ARRAY_FILL_BACKWARD) != 0 ?
		    pg->offset <= off : pg->offset >= off)
			return pg;
		uvm_page_array_advance(ar);
	}
	return uvm_page_array_fill(ar, off, nwant) == 0 ?
	    uvm_page_array_peek(ar) : NULL;
}
