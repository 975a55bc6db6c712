/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How <rump/rump_syscalls.h> names structures and functions.
 *
 * A program of the host passes the kernel's structures under the names of
 * <rump/rumpdefs.h> (struct rump_stat ...).  A program that brings the kernel's
 * own headers defines RUMP_KERNEL_TYPES and passes struct stat.
 */
#ifndef _RUMP_RUMP_SYSTYPES_H_
#define _RUMP_RUMP_SYSTYPES_H_

#include <sys/types.h>
#include <stddef.h>
#include <stdint.h>

#ifdef RUMP_KERNEL_TYPES
#define RUMP_TAG(tag)	tag
#define RUMP_TYPE(type)	type
#else
#include <rump/rumpdefs.h>
#define RUMP_TAG(tag)	rump_##tag
#define RUMP_TYPE(type)	rump_##type
#endif

/* The name that the linker sees. */
#define RUMP_LINK_STRING(name)	#name
#define RUMP_LINK(name)		__asm__(RUMP_LINK_STRING(name))

struct iovec;

#endif
