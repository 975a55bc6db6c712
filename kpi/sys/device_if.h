/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of device structures, for headers that only pass them on. */
#ifndef _SYS_DEVICE_IF_H_
#define _SYS_DEVICE_IF_H_

#include <sys/stdint.h>

typedef struct device *device_t;
typedef struct device_lock *device_lock_t;
typedef struct device_suspensor device_suspensor_t;
typedef uint64_t devgen_t;

/* Who suspends a device: its class, its driver, its bus. */
typedef enum devact_level {
	DEVACT_LEVEL_CLASS = 0,
	DEVACT_LEVEL_DRIVER = 1,
	DEVACT_LEVEL_BUS = 2
} devact_level_t;
#define DEVACT_LEVEL_FULL	DEVACT_LEVEL_CLASS

#endif
