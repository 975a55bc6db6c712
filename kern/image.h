/* SPDX-License-Identifier: BSD-2-Clause */
/* The program's kernel data: see image.c. */
#ifndef _KERN_IMAGE_H_
#define _KERN_IMAGE_H_

struct rump_image_range;

/* The range after r, in order of registration; of NULL: the first. */
const struct rump_image_range *image_next(const struct rump_image_range *r);

/*
 * Remember initialised data of ranges that are not yet remembered.
 * 0, or why the host has no memory.  Before anything of those ranges runs.
 */
int	image_save(void);

/* Make it what it was.  After everything of the kernel has stopped. */
void	image_restore(void);

#endif
