/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faultdisk: a disk in memory that fails when told to, and that loses what was
 * not flushed when its power goes.
 *
 * Seen by both halves of the test.
 */
#ifndef TEST_VIO_FAULTDISK_H
#define TEST_VIO_FAULTDISK_H

#define FAULTDISK_BYTES	(4 * 1024 * 1024)

/* What can fail. */
#define FAULTDISK_READ	0
#define FAULTDISK_WRITE	1
#define FAULTDISK_FLUSH	2

/* Attach the driver once per boot; the block device's number, or -1. */
long long rump_faultdisk_attach(void);

/*
 * The next times transfers of a kind fail with an error, after some that do not.
 * times 0: none fails any more.
 */
void	rump_faultdisk_fail(int what, int error, unsigned int after,
	    unsigned int times);

/*
 * The disk is so slow that writes end only when it is let go.  Those that wait are
 * done in order, by the caller.
 */
void	rump_faultdisk_hold(void);
void	rump_faultdisk_letgo(void);

/* Of the writes that wait the newest is done; its sector, or -1: none waits. */
long long rump_faultdisk_newest(void);

/* Asynchronous writes take so many ticks, or less; 0: none. */
void	rump_faultdisk_lag(unsigned int ticks);

/* Change bytes on the disk, as if they had always been so. */
void	rump_faultdisk_poke(unsigned int off, const void *bytes, unsigned int len);

/* How many of a kind there were, failed ones included, since the disk is. */
unsigned int rump_faultdisk_count(int what);

/* The power goes: what was not flushed is as it was before. */
void	rump_faultdisk_crash(void);

/*
 * The power goes with so many more writes: of what was not flushed some sectors
 * are written, others not, by chance.  Everything fails until powerup.
 */
void	rump_faultdisk_cut(unsigned int after, unsigned long long seed);
void	rump_faultdisk_powerup(void);

#endif
