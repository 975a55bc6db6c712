/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * extent(9): allocation of regions of a range of numbers, first fit, with
 * alignment, skew and boundary.  New code uses vmem(9).
 */
#ifndef _SYS_EXTENT_H_
#define _SYS_EXTENT_H_

#include <sys/types.h>
#include <sys/bitops.h>
#include <sys/condvar.h>
#include <sys/mutex.h>
#include <sys/queue.h>

struct malloc_type;

/* A region in use: [er_start, er_end]. */
struct extent_region {
	LIST_ENTRY(extent_region) er_link;
	u_long er_start;
	u_long er_end;
	int er_flags;
};

#define ER_ALLOC	0x01		/* descriptor came from memory */

struct extent {
	const char *ex_name;		/* constant */
	u_long ex_start;
	u_long ex_end;
	int ex_flags;
	kmutex_t ex_lock;		/* protects the rest */
	kcondvar_t ex_cv;
	LIST_HEAD(, extent_region) ex_regions;
	bool ex_flwanted;
};

/* An extent whose descriptors lie in storage of the caller. */
struct extent_fixed {
	struct extent fex_extent;
	LIST_HEAD(, extent_region) fex_freelist;
	void *fex_storage;
	size_t fex_storagesize;
};

#define EXF_FIXED	__BIT(0)
#define EXF_NOCOALESCE	__BIT(1)
#define EXF_EARLY	__BIT(2)
#define EXF_BITS	"\20\3EARLY\2NOCOALESCE\1FIXED"

#define EX_NOWAIT	0
#define EX_WAITOK	__BIT(0)
#define EX_FAST		__BIT(1)
#define EX_CATCH	__BIT(2)
#define EX_NOCOALESCE	__BIT(3)
#define EX_MALLOCOK	__BIT(4)
#define EX_WAITSPACE	__BIT(5)
#define EX_BOUNDZERO	__BIT(6)
#define EX_EARLY	__BIT(7)

#define EX_NOALIGN	1
#define EX_NOBOUNDARY	0

/* Bytes of storage for so many regions at the same time. */
#define EXTENT_FIXED_STORAGE_SIZE(nregions) \
	(ALIGN(sizeof(struct extent_fixed)) + \
	    ALIGN(sizeof(struct extent_region)) * (nregions))

#ifdef _KERNEL

struct extent *extent_create(const char *, u_long, u_long, void *, size_t,
	    int);
void	extent_destroy(struct extent *);
int	extent_alloc_subregion1(struct extent *, u_long, u_long, u_long,
	    u_long, u_long, u_long, int, u_long *);
int	extent_alloc_subregion(struct extent *, u_long, u_long, u_long,
	    u_long, u_long, int, u_long *);
int	extent_alloc1(struct extent *, u_long, u_long, u_long, u_long, int,
	    u_long *);
int	extent_alloc(struct extent *, u_long, u_long, u_long, int, u_long *);
int	extent_alloc_region(struct extent *, u_long, u_long, int);
int	extent_free(struct extent *, u_long, u_long, int);
void	extent_print(struct extent *);
void	extent_init(void);

#endif /* _KERNEL */
#endif /* _SYS_EXTENT_H_ */
