/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The journal (WAPBL): transactions are there whole or not at all, whenever the
 * power goes, and in whatever order the disk wrote what was not flushed.
 */
#include <stdlib.h>

#include "faultboot.h"
#include "journal_client.h"

static void
set_up(void)
{
	static int done;

	if (done++)
		return;
	boot_with_faultdisk("/disk");
}

/* JOURNAL_CUTS, SEED: for longer runs, and others. */
static void
cuts(unsigned int seed, int faults)
{
	const char *s = getenv("JOURNAL_CUTS"), *other = getenv("SEED");
	int line;

	set_up();
	rump_schedule();
	line = rump_journal_random("/disk",
	    other != NULL ? (unsigned int)atoi(other) : seed,
	    s != NULL ? (unsigned int)atoi(s) : 40, faults);
	rump_unschedule();
	T_CHECK_EQ(line, 0);
}

static void
calls(void)
{
	int line;

	set_up();
	rump_schedule();
	line = rump_journal_errors("/disk");
	rump_unschedule();
	T_CHECK_EQ(line, 0);
}

static void
power_cuts(void)
{

	cuts(1, 0);
}

static void
power_cuts_and_errors(void)
{

	cuts(2, 1);
}

static void
revocation(void)
{
	int line;

	set_up();
	rump_schedule();
	line = rump_journal_revocation("/disk");
	rump_unschedule();
	T_CHECK_EQ(line, 0);
}

static void
damaged(void)
{
	int line;

	set_up();
	rump_schedule();
	line = rump_journal_damage("/disk", 3, 2000);
	rump_unschedule();
	T_CHECK_EQ(line, 0);
}

T_MAIN(T(calls), T(revocation), T(power_cuts), T(power_cuts_and_errors), T(damaged))
