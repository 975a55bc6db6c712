/* SPDX-License-Identifier: BSD-2-Clause */
/* Integer types of given width, from the compiler's own predefined names. */
#ifndef _MACHINE_INT_TYPES_H_
#define _MACHINE_INT_TYPES_H_

typedef __INT8_TYPE__	__int8_t;
typedef __UINT8_TYPE__	__uint8_t;
typedef __INT16_TYPE__	__int16_t;
typedef __UINT16_TYPE__	__uint16_t;
typedef __INT32_TYPE__	__int32_t;
typedef __UINT32_TYPE__	__uint32_t;
typedef __INT64_TYPE__	__int64_t;
typedef __UINT64_TYPE__	__uint64_t;
typedef __INTPTR_TYPE__	__intptr_t;
typedef __UINTPTR_TYPE__	__uintptr_t;

#endif
