/* SPDX-License-Identifier: BSD-2-Clause */
/* C11 7.8: conversion letters for the types of sys/stdint.h. */
#ifndef _SYS_INTTYPES_H_
#define _SYS_INTTYPES_H_

#include <sys/stdint.h>

#if __SIZEOF_LONG__ == 8
#define __PRI64	"l"
#else
#define __PRI64	"ll"
#endif
#if __SIZEOF_POINTER__ == __SIZEOF_LONG__ && __SIZEOF_LONG__ == 8
#define __PRIPTR	"l"
#else
#define __PRIPTR	""
#endif

#define PRId8	"d"
#define PRIi8	"i"
#define PRIo8	"o"
#define PRIu8	"u"
#define PRIx8	"x"
#define PRIX8	"X"
#define PRId16	"d"
#define PRIi16	"i"
#define PRIo16	"o"
#define PRIu16	"u"
#define PRIx16	"x"
#define PRIX16	"X"
#define PRId32	"d"
#define PRIi32	"i"
#define PRIo32	"o"
#define PRIu32	"u"
#define PRIx32	"x"
#define PRIX32	"X"
#define PRId64	__PRI64 "d"
#define PRIi64	__PRI64 "i"
#define PRIo64	__PRI64 "o"
#define PRIu64	__PRI64 "u"
#define PRIx64	__PRI64 "x"
#define PRIX64	__PRI64 "X"
#define PRIdMAX	__PRI64 "d"
#define PRIiMAX	__PRI64 "i"
#define PRIoMAX	__PRI64 "o"
#define PRIuMAX	__PRI64 "u"
#define PRIxMAX	__PRI64 "x"
#define PRIXMAX	__PRI64 "X"
#define PRIdPTR	__PRIPTR "d"
#define PRIiPTR	__PRIPTR "i"
#define PRIoPTR	__PRIPTR "o"
#define PRIuPTR	__PRIPTR "u"
#define PRIxPTR	__PRIPTR "x"
#define PRIXPTR	__PRIPTR "X"

#endif
