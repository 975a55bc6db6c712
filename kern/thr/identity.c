/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel says it is: uname(3), sysctl kern.* and hw.machine.
 * The release is that of the interfaces it offers.
 */
#include <sys/param.h>
#include <sys/systm.h>

#define RELEASE	"9.99.88"

const char ostype[] = "NetBSD";
const char osrelease[] = RELEASE;
const char kernel_ident[] = "RUMP-HAUNCH";
const char version[] = "NetBSD " RELEASE " (RUMP-HAUNCH) " MACHINE "\n";
const char copyright[] = "Copyright (c) 2026 The Haunch authors\n";
const char buildinfo[] = "";
char machine[] = MACHINE;
char machine_arch[] = MACHINE_ARCH;

size_t coherency_unit = COHERENCY_UNIT;
