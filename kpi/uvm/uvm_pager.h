/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pagers: where an object's pages come from and go to.
 *
 * pgo_get and pgo_put are entered with the object's lock held; which of them
 * release it, and when, is the contract of VOP_GETPAGES and VOP_PUTPAGES.
 */
#ifndef _UVM_UVM_PAGER_H_
#define _UVM_UVM_PAGER_H_

#include <sys/types.h>
#include <uvm/uvm_param.h>
#include <uvm/uvm_prot.h>

struct uvm_faultinfo;
struct uvm_object;
struct vm_page;

struct uvm_pagerops {
	void (*pgo_init)(void);
	void (*pgo_reference)(struct uvm_object *);
	void (*pgo_detach)(struct uvm_object *);
	int (*pgo_fault)(struct uvm_faultinfo *, vaddr_t, struct vm_page **,
	    int, int, vm_prot_t, int);
	int (*pgo_get)(struct uvm_object *, voff_t, struct vm_page **, int *,
	    int, vm_prot_t, int, int);
	int (*pgo_put)(struct uvm_object *, voff_t, voff_t, int);
	void (*pgo_markdirty)(struct uvm_object *);
};

/* Flags of pgo_get and pgo_put. */
#define PGO_CLEANIT	0x00000001	/* write dirty pages */
#define PGO_SYNCIO	0x00000002	/* wait for the I/O */
#define PGO_DEACTIVATE	0x00000004	/* make pages inactive */
#define PGO_FREE	0x00000008	/* free pages */
#define PGO_ALLPAGES	0x00000010	/* the whole object */
#define PGO_JOURNALLOCKED 0x00000020	/* caller is in a journal transaction */
#define PGO_LOCKED	0x00000040	/* only what is there; keep the lock */
#define PGO_BUSYFAIL	0x00000080	/* fail rather than wait for a busy page */
#define PGO_OVERWRITE	0x00000200	/* pages will be written wholly */
#define PGO_PASTEOF	0x00000400	/* allow pages past the end of file */
#define PGO_NOBLOCKALLOC 0x00000800	/* backing storage is allocated already */
#define PGO_NOTIMESTAMP	0x00001000	/* do not mark access or change */
#define PGO_RECLAIM	0x00002000	/* object is being reclaimed */
#define PGO_GLOCKHELD	0x00004000	/* genfs node lock is held */
#define PGO_LAZY	0x00008000	/* caller is the syncer */

/* A slot of the page array that is to be left alone. */
#define PGO_DONTCARE	((struct vm_page *)-1L)

#ifdef _KERNEL

/* Flags of uvm_pagermapin. */
#define UVMPAGER_MAPIN_WRITE	0x00	/* device reads the pages */
#define UVMPAGER_MAPIN_WAITOK	0x01	/* may sleep: does not fail */
#define UVMPAGER_MAPIN_READ	0x02	/* device fills the pages */

void	uvm_pager_init(void);
vaddr_t	uvm_pagermapin(struct vm_page **, int, int);
void	uvm_pagermapout(vaddr_t, int);
struct vm_page *uvm_pageratop(vaddr_t);

#endif /* _KERNEL */
#endif /* _UVM_UVM_PAGER_H_ */
