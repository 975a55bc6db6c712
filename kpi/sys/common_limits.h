/* SPDX-License-Identifier: BSD-2-Clause */
#include <machine/limits.h>
#include <sys/syslimits.h>
