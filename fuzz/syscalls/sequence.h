/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls by a script of bytes: see sequence.c. */
#ifndef FUZZ_SYSCALLS_SEQUENCE_H
#define FUZZ_SYSCALLS_SEQUENCE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Boot a kernel, make the calls that the script says, halt it.
 *
 * Aborts when a kernel misbehaves: a result that the call cannot have, an errno that
 * does not exist, a halt that fails.
 */
void	sequence_run(const uint8_t *script, size_t len);

#endif
