/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random system calls, in a new kernel for each sequence: the scripts of
 * fuzz/syscalls, from a seed.  Arguments: how many, and the seed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../../fuzz/syscalls/sequence.h"

#define SEQUENCES	300
#define LENGTH		2400

int
main(int argc, char **argv)
{
	static uint8_t script[LENGTH];
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 0) : SEQUENCES;
	unsigned long first = argc > 2 ? strtoul(argv[2], NULL, 0) : 1, seed;
	uint64_t state;
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (seed = first; seed < first + n; seed++) {
		state = seed * 0x9e3779b97f4a7c15;
		for (i = 0; i < LENGTH; i++) {
			state = state * 6364136223846793005 + 1442695040888963407;
			script[i] = (uint8_t)(state >> 33);
		}
		if (getenv("SEQUENCE_VERBOSE") != NULL)
			fprintf(stderr, "# seed %lu\n", seed);
		sequence_run(script, LENGTH);
	}
	printf("ok 1 - sequences\n1..1\n");
	return 0;
}
