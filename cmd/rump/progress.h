/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A progress bar on standard error while a command copies: bytes, rate, time
 * left.  It appears after a moment, at a terminal only, and not with -q.
 */
#ifndef CMD_RUMP_PROGRESS_H
#define CMD_RUMP_PROGRESS_H

#include <stdint.h>

/*
 * Begin; total(arg) is called when the bar first appears, and says how many
 * bytes there are in all, 0 if that is not known.
 */
void	progress_start(int64_t (*total)(void *arg), void *arg);
void	progress_add(int64_t bytes);
/* Take the bar off the line, before something else is printed. */
void	progress_hide(void);
void	progress_stop(void);

#endif
