/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals that ask the program to end. */
#include <signal.h>
#include <string.h>

#include "fs.h"

static volatile sig_atomic_t caught;

static void
note(int sig)
{

	caught = sig;
}

/*
 * A write to a closed pipe, or beyond a limit of the host, is an error of that
 * write: what was begun in the image must still be ended.
 */
void
interrupt_catch(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sigemptyset(&sa.sa_mask);
	sa.sa_flags = SA_RESTART;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct sigaction old;

		/* nohup, and the shell's background jobs, ignore some */
		if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN)
			continue;
		sa.sa_handler = note;
		sigaction(ends[i], &sa, NULL);
	}
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
	sigaction(SIGXFSZ, &sa, NULL);
}

bool
interrupted(void)
{

	return caught != 0;
}

bool
interrupt_is(int sig)
{

	return caught == sig;
}

void
interrupt_clear(void)
{

	caught = 0;
}

void
interrupt_resume(void)
{
	int sig = caught;

	if (sig == 0)
		return;
	signal(sig, SIG_DFL);
	raise(sig);
}
