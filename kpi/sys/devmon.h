/* SPDX-License-Identifier: BSD-2-Clause */
/* Events for who has /dev/drvctl open. */
#ifndef _SYS_DEVMON_H_
#define	_SYS_DEVMON_H_

#include <prop/proplib.h>

/*
 * Report an event, which gets the string `event'.  What has no listener is dropped.
 *
 * ev  given away, with 0 as the result; else it is still the caller's.
 *
 * Context: thread, may sleep.
 */
int	devmon_insert(const char *event, prop_dictionary_t ev);

#endif
