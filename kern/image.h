/* SPDX-License-Identifier: BSD-2-Clause */
/* The program's kernel data: see image.c. */
#ifndef _KERN_IMAGE_H_
#define _KERN_IMAGE_H_

struct rump_image_range;

/* All ranges, in order of registration. */
const struct rump_image_range *image_first(void);

/*
 * Remember initialised data of ranges that are not yet remembered.
 * 0, or why the host has no memory.  Before anything of the kernel runs.
 */
int	image_save(void);

/* Make it what it was.  After everything of the kernel has stopped. */
void	image_restore(void);

#endif
