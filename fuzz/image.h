/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the targets that mount an image have in common: a kernel that was just
 * booted, with the image as a disk of its memory, and a walk over all that can be
 * reached once it is mounted.
 */
#ifndef FUZZ_IMAGE_H
#define FUZZ_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

struct rump_stat;

#define IMAGE_DEVICE	"/dev/fuzz"
#define IMAGE_DIR	"/fuzz"			/* an empty directory */
#define IMAGE_PATH_SIZE	4096		/* what a path in a walk needs */

/* A promise of the kernel's: without it the input is a finding. */
void	must(bool good, const char *what);

/*
 * Boot, and make a disk of len bytes at image, which is the kernel's until
 * image_stop.  flags: of rumpuser_memdisk_add.
 */
void	image_start(void *image, size_t len, int flags);

/* Take the disk away, which nothing may keep, and halt. */
void	image_stop(void);

/*
 * Look at everything below IMAGE_DIR: list, read, and do both again by the
 * ways that an honest program would not take.  Bounded, because an image may
 * have rings.
 *
 * seen    called for each object before it is read or listed; may be NULL.
 */
void	image_walk(unsigned depth_most, unsigned objects_most,
	    void (*seen)(const char *path, const struct rump_stat *st));

/* From the next boot on that many of 10,000 transfers of the disk fail, the same ones for the same seed. */
void	image_fail(unsigned rate, unsigned seed);

/* Keep so few vnodes that objects are forgotten, and found again. */
void	image_forget(void);

/*
 * All calls that ask or change, of a directory and a file of the image (or ""), whether they make sense or not.
 * What is said to be in the image afterwards is its own affair.
 */
void	image_try(const char *dir, const char *file);

/* Mount what is mounted: its arguments, read-only and back, and with what is refused.  args begin with the device's name. */
void	image_update(const char *type, const void *args, size_t len);

#endif
