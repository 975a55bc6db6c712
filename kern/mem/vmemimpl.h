/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of vmem(9) arenas, for vmem.c and vmemarena.c. */
#ifndef _KERN_MEM_VMEMIMPL_H_
#define _KERN_MEM_VMEMIMPL_H_

#include <sys/param.h>
#include <sys/bitops.h>
#include <sys/condvar.h>
#include <sys/mutex.h>
#include <sys/pool.h>
#include <sys/queue.h>
#include <sys/vmem.h>

#define VMEM_ORDERS		(sizeof(vmem_size_t) * NBBY)
#define VMEM_HASH_MIN	16
#define VMEM_QCACHES		16
#define VMEM_NAME_SIZE	16

enum tag_type { TAG_SPAN, TAG_SPAN_STATIC, TAG_FREE, TAG_BUSY };

struct tag {
	TAILQ_ENTRY(tag) t_seg;		/* all of the arena */
	LIST_ENTRY(tag) t_list;		/* free list, hash chain, or a list
					 * of tags that are not in use */
	vmem_addr_t t_start;
	vmem_size_t t_size;
	enum tag_type t_type;
};

LIST_HEAD(tag_list, tag);
TAILQ_HEAD(tag_tailq, tag);

/* A quantum cache: segments of one size. */
struct qcache {
	struct pool_cache *qc_cache;
	struct pool_allocator qc_allocator;
	vmem_t *qc_vmem;
	char qc_name[VMEM_NAME_SIZE + 8];
};

struct vmem {
	/* Constant. */
	char vm_name[VMEM_NAME_SIZE];
	vmem_size_t vm_quantum;		/* power of two */
	unsigned int vm_shift;
	vmem_import_t *vm_import;
	vmem_ximport_t *vm_ximport;
	vmem_release_t *vm_release;
	vmem_t *vm_source;
	vmem_size_t vm_qcache_max;
	struct qcache *vm_qcaches;	/* for 1, 2 … quanta; NULL: none */
	bool vm_allocated;
	LIST_ENTRY(vmem) vm_all;	/* arenas_lock */

	kmutex_t vm_lock;		/* protects what follows */
	kcondvar_t vm_cv;		/* something was freed or added */
	struct tag_tailq vm_segs;
	struct tag_list vm_free[VMEM_ORDERS];
	uint64_t vm_orders;		/* bit per list that is not empty */
	struct tag_list *vm_hash;
	unsigned long vm_hashmask;
	unsigned long vm_nbusy;
	vmem_size_t vm_size, vm_inuse;
	struct tag_list vm_hash0[VMEM_HASH_MIN];
};

/* vmem.c: the tags of all arenas; the table of an arena that is going. */
extern struct pool vmem_tags;
void	vmem_hash_free(vmem_t *, struct tag_list *, unsigned long mask);

#endif /* _KERN_MEM_VMEMIMPL_H_ */
