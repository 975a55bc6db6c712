/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Directories that exist in a model only, with dirhash(9) as their index.  Seen
 * by both halves of the test.
 */
#ifndef TEST_VFS_DIRHASH_H
#define TEST_VFS_DIRHASH_H

#define DIRHASH_DIRS	16	/* of each thread */

/* A world of directories, or NULL; and its end. */
void	*rump_dirhash_begin(unsigned int seed);
void	rump_dirhash_end(void *);

/*
 * Each returns 0, or the line where something was not as it must be.
 *
 * operations   random ones, each checked, on the directories in turn
 * drained      the page daemon leaves nothing but what is held
 * refilled     names that reading finds in a complete directory are known
 */
int	rump_dirhash_operations(void *, unsigned int count);
int	rump_dirhash_drained(void *);
int	rump_dirhash_refilled(void);

/* Look-ups that had to choose; directories found emptied from outside. */
unsigned long	rump_dirhash_collisions(void *);
unsigned long	rump_dirhash_emptied(void *);

/* What the page daemon does. */
void	rump_dirhash_pressure(void);

#endif
