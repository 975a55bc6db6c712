/* SPDX-License-Identifier: BSD-2-Clause */
/* Device vnodes and their driver, from inside the kernel: devopen_kernel.c. */
#include "inside.h"

int	rump_devopen_fails_last(void);
int	rump_devopen_close_alone(void);
int	rump_devopen_revoked(void);
int	rump_devopen_gone(void);
int	rump_devopen_gone_in_close(void);

static void fails_last(void) { run(rump_devopen_fails_last); }
static void close_alone(void) { run(rump_devopen_close_alone); }
static void revoked(void) { run(rump_devopen_revoked); }
static void gone(void) { run(rump_devopen_gone); }
static void gone_in_close(void) { run(rump_devopen_gone_in_close); }

T_MAIN(T(fails_last), T(close_alone), T(revoked), T(gone), T(gone_in_close))
