/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client of the journal: random transactions on the blocks of faultdisk, power
 * cuts, replays.  Seen by both halves of the test.
 */
#ifndef TEST_VIO_JOURNAL_CLIENT_H
#define TEST_VIO_JOURNAL_CLIENT_H

/*
 * So many power cuts; after each, replay, compare with the model, go on.
 *
 * device   path of the block device.
 * faults   some writes fail besides.
 *
 * 0, or the line that found something wrong.
 */
int	rump_journal_random(const char *device, unsigned int seed,
	    unsigned int cuts, int faults);

/* So many logs with numbers changed: replayed or refused; as above. */
int	rump_journal_damage(const char *device, unsigned int seed,
	    unsigned int rounds);

/* A limit, a refusal, a discard: each call's errors; as above. */
int	rump_journal_errors(const char *device);

/* A block that is freed and used again keeps what it got then; as above. */
int	rump_journal_revocation(const char *device);

#endif
