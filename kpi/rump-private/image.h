/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The writable data of linked components, kept so that rump_halt() can bring
 * it back to what it was before the first boot, and their link sets.
 * Implemented by kern/image.c and component.c.
 */
#ifndef _RUMP_PRIVATE_IMAGE_H_
#define _RUMP_PRIVATE_IMAGE_H_

/* One link set of an object: see rump_linkset_foreach. */
struct rump_image_set {
	const char	*is_name;	/* NULL: the end of the array */
	const void	*const *is_start, *const *is_end;
};

/*
 * Storage is the library's, in the section rump_keep, which no halt touches;
 * it is linked into a list and never freed.
 */
struct rump_image_range {
	char	*ir_data, *ir_data_end;	/* initialised data */
	char	*ir_bss, *ir_bss_end;	/* zeroed data */
	char	*ir_saved;		/* copy of the data before the first boot */
	const struct rump_image_set *ir_sets;
	struct rump_image_range *ir_next;
};

/*
 * Add a range; one that starts where a known one does is ignored.
 *
 * Context: a constructor, before anything else of the object runs; the host's
 * loader runs one at a time.  Does not block or fail.
 */
void	rump_image_register(struct rump_image_range *range);

#endif
