/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_MODULES_H
#define FUZZ_MODULES_H

/* Do what a script says, in a kernel that was just booted.  Panics when a rule is broken. */
void	rump_fuzz_modules(const unsigned char *script, unsigned long len);

#endif
