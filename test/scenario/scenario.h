/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Eight threads use everything at once: scenario.c.  A worker is one thread, with
 * an lwp of its own; what it does to file systems is in names.c, to pipes and
 * kqueues in talk.c.
 */
#ifndef TEST_SCENARIO_H
#define TEST_SCENARIO_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#define THREADS		8
#define KINDS		2		/* of file systems: tmpfs, FAT */
#define DIRS		4		/* in each, d0 ... */
#define FILES		3		/* of each worker, in each */
#define FILE_MOST	20000
#define MESSAGES	100		/* from each worker to the next */

#define OTHER		"/o"		/* where mounts come and go */

/* A file that nobody else changes: what must be in it. */
struct own {
	char		path[40];
	unsigned	size;
	bool		there;
	unsigned char	bytes[FILE_MOST];
};

struct worker {
	unsigned	me;
	uint64_t	random;
	void		*thread;
	struct own	files[KINDS][FILES];
	unsigned	added[KINDS], appended[KINDS];
	int		in, out;	/* ends of pipes */
	int		kq, dir;	/* and what it watches; -1: poll(2) */
	unsigned	sent, received;
	int		line, error;	/* first thing that went wrong; errno then */
};

#define WRONG(w)	wrong((w), __LINE__)

extern const char *const kinds[KINDS];	/* where they are mounted */

/* Note that something is wrong, with errno. */
void	wrong(struct worker *w, int line);

/* A number below n. */
unsigned pick(struct worker *w, unsigned n);

/* One of the things that a worker does with files and names. */
void	names_step(struct worker *w);

/* Is all there that must be? */
void	names_verify(struct worker *w);

/* Do counters and logs have what the workers put into them? */
void	names_sums(struct worker *all);

/* Descriptors of the worker's own. */
void	talk_start(struct worker *w);

/* Send a message, take one, if that is possible without waiting. */
void	talk_step(struct worker *w);

/* Wait until all are sent and received, and close what talk_start opened. */
void	talk_end(struct worker *w);

/* Vnodes that there are. */
unsigned int rump_scenario_vnodes(void);

#endif
