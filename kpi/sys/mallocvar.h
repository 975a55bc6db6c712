/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * malloc(9) types.  A type is a name only: it is declared, may be passed to
 * malloc and free, and has no storage.
 */
#ifndef _SYS_MALLOCVAR_H_
#define _SYS_MALLOCVAR_H_

#include <sys/types.h>
#include <sys/cdefs.h>

struct malloc_type;

#define MALLOC_DECLARE(type) \
	static struct malloc_type *const type __unused
#define MALLOC_DEFINE(type, shortdesc, longdesc)
#define MALLOC_JUSTDEFINE(type, shortdesc, longdesc)
#define MALLOC_DEFINE_LIMIT(type, shortdesc, longdesc, limit)
#define MALLOC_JUSTDEFINE_LIMIT(type, shortdesc, longdesc, limit)

#define malloc_type_attach(type)
#define malloc_type_detach(type)
#define malloc_type_setlimit(type, limit)

#endif /* _SYS_MALLOCVAR_H_ */
