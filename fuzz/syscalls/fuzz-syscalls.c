/* SPDX-License-Identifier: BSD-2-Clause */
/* Fuzz the system calls: an input is a script for sequence.c, each in a new kernel. */
#include "sequence.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{

	sequence_run(data, size);
	return 0;
}
