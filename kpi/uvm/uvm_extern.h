/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual memory as the rest of the kernel sees it: page allocation, memory
 * objects, the file data path (UBC), kernel memory by the page, statistics.
 */
#ifndef _UVM_UVM_EXTERN_H_
#define _UVM_UVM_EXTERN_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/rwlock.h>
#include <uvm/uvm_param.h>
#include <uvm/uvm_prot.h>
#include <uvm/uvm_pmap.h>
#include <uvm/uvm_map.h>
#include <uvm/uvm_pglist.h>

struct buf;
struct lwp;
struct mount;
struct proc;
struct uio;
struct uvm_object;
struct uvm_page_array;
struct uvm_pagerops;
struct vm_anon;
struct vm_map;
struct vm_page;
struct vmspace;
struct vmtotal;
struct vnode;

/*
 * Mappings: protection, inheritance, advice, flags; UVM_MAPFLAG packs them.
 */
#define UVM_PROT_MASK	0x07
#define UVM_PROT_NONE	0x00
#define UVM_PROT_R	0x01
#define UVM_PROT_W	0x02
#define UVM_PROT_X	0x04
#define UVM_PROT_RW	(UVM_PROT_R | UVM_PROT_W)
#define UVM_PROT_RX	(UVM_PROT_R | UVM_PROT_X)
#define UVM_PROT_WX	(UVM_PROT_W | UVM_PROT_X)
#define UVM_PROT_RWX	(UVM_PROT_R | UVM_PROT_W | UVM_PROT_X)
#define UVM_PROT_ALL	UVM_PROT_RWX
#define UVM_PROT_READ	UVM_PROT_R
#define UVM_PROT_WRITE	UVM_PROT_W
#define UVM_PROT_EXEC	UVM_PROT_X

#define UVM_INH_MASK	0x30
#define UVM_INH_SHARE	0x00
#define UVM_INH_COPY	0x10
#define UVM_INH_NONE	0x20
#define UVM_INH_DONATE	0x30

#define UVM_ADV_MASK		0x7
#define UVM_ADV_NORMAL		0x0
#define UVM_ADV_RANDOM		0x1
#define UVM_ADV_SEQUENTIAL	0x2
#define UVM_ADV_WILLNEED	0x3
#define UVM_ADV_DONTNEED	0x4
#define UVM_ADV_NOREUSE		0x5

#define UVM_FLAG_FIXED		0x00010000
#define UVM_FLAG_OVERLAY	0x00020000
#define UVM_FLAG_NOMERGE	0x00040000
#define UVM_FLAG_COPYONW	0x00080000
#define UVM_FLAG_AMAPPAD	0x00100000
#define UVM_FLAG_TRYLOCK	0x00200000
#define UVM_FLAG_NOWAIT		0x00400000
#define UVM_FLAG_WAITVA		0x00800000
#define UVM_FLAG_VAONLY		0x02000000
#define UVM_FLAG_COLORMATCH	0x04000000
#define UVM_FLAG_UNMAP		0x08000000
#define UVM_FLAG_BITS \
	"\177\020F\0\3:\0NONE\0:\1R\0:\2W\0:\3RW\0:\4X\0:\5RX\0:\6WX\0:\7RWX\0" \
	"b\20FIXED\0b\21OVERLAY\0b\22NOMERGE\0b\23COPYONW\0b\24AMAPPAD\0" \
	"b\25TRYLOCK\0b\26NOWAIT\0b\27WAITVA\0b\31VAONLY\0" \
	"b\32COLORMATCH\0b\33UNMAP\0"

#define UVM_MAPFLAG(PROT, MAXPROT, INH, ADVICE, FLAGS)			\
	((uvm_flag_t)(PROT) | ((uvm_flag_t)(MAXPROT) << 8) |		\
	    (uvm_flag_t)(INH) | ((uvm_flag_t)(ADVICE) << 12) |		\
	    (uvm_flag_t)(FLAGS))

#define UVM_UNKNOWN_OFFSET	((voff_t)-1)

/* Kernel memory: kind and manner of uvm_km_alloc. */
#define UVM_KMF_WIRED		0x1	/* memory */
#define UVM_KMF_PAGEABLE	0x2	/* the same here */
#define UVM_KMF_VAONLY		0x4	/* addresses only: refused */
#define UVM_KMF_TYPEMASK \
	(UVM_KMF_VAONLY | UVM_KMF_PAGEABLE | UVM_KMF_WIRED)
#define UVM_KMF_CANFAIL		0x8
#define UVM_KMF_ZERO		0x10
#define UVM_KMF_EXEC		0x20
#define UVM_KMF_TRYLOCK		UVM_FLAG_TRYLOCK
#define UVM_KMF_NOWAIT		UVM_FLAG_NOWAIT
#define UVM_KMF_WAITVA		UVM_FLAG_WAITVA
#define UVM_KMF_COLORMATCH	UVM_FLAG_COLORMATCH

/* Pages: flags and strategies of uvm_pagealloc. */
#define UVM_PGA_USERESERVE	0x0001	/* may draw on the reserve */
#define UVM_PGA_ZERO		0x0002	/* clear it, valid then */
#define UVM_PGA_STRAT_NORMAL	0
#define UVM_PGA_STRAT_ONLY	1
#define UVM_PGA_STRAT_FALLBACK	2
#define UVM_PGA_STRAT_NUMA	3

/* uvn_findpages. */
#define UFP_ALL		0x00	/* every page, allocated if need be */
#define UFP_NOWAIT	0x01	/* do not wait for busy pages */
#define UFP_NOALLOC	0x02	/* do not allocate */
#define UFP_NOCACHE	0x04	/* stop at pages that exist */
#define UFP_NORDONLY	0x08	/* stop at read-only pages */
#define UFP_DIRTYONLY	0x10	/* stop at clean pages */
#define UFP_BACKWARD	0x20	/* towards lower offsets */
#define UFP_NOBUSY	0x40	/* do not make pages busy */

/* ubc_uiomove and relatives. */
#define UBC_READ	0x001
#define UBC_WRITE	0x002
#define UBC_FAULTBUSY	0x004	/* whole new pages: keep them busy, do not read */
#define UBC_ISMAPPED	0x008	/* object may be mapped by users */
#define UBC_UNMAP	0x010	/* do not keep the window */
#define UBC_PARTIALOK	0x100	/* stop at the first error */
#define UBC_MAX_PAGES	8
#define UBC_VNODE_FLAGS(vp) \
	(((vp)->v_vflag & VV_MAPPED) != 0 ? UBC_ISMAPPED : 0)

#define UVM_LK_ENTER	0x1
#define UVM_LK_EXIT	0x2
#define UVM_EMAP_INACTIVE	0
#define UVM_COREDUMP_STACK	0x01

/* A parameter in per cent, kept as a fraction of UVM_PCTPARAM_SCALE. */
struct uvm_pctparam {
	int pct_pct;
	int pct_scaled;
	int (*pct_check)(struct uvm_pctparam *, int);
};
#define UVM_PCTPARAM_SHIFT	8
#define UVM_PCTPARAM_SCALE	(1 << UVM_PCTPARAM_SHIFT)
#define UVM_PCTPARAM_APPLY(pct, x) \
	(((x) * (pct)->pct_scaled) >> UVM_PCTPARAM_SHIFT)

/*
 * Statistics and parameters.  uvmexp is the kernel's; uvmexp_sysctl is what
 * sysctl vm.uvmexp2 passes.
 */
struct uvmexp {
	/* Sizes and counts of pages. */
	int pagesize, pagemask, pageshift, npages, free, paging, wired;
	int ncolors, colormask, zeropages;
	/* Reserves and uses. */
	int reserve_pagedaemon, reserve_kernel;
	unsigned int anonpages, filepages, execpages;
	/* Targets of the page daemon. */
	int freemin, freetarg, wiredmax;
	/* Swap (none). */
	int nswapdev, swpages, swpgavail, swpginuse, swpgonly, nswget;
	/* Events. */
	int faults, traps, intrs, swtch, softs, syscalls, pageins, _unused1;
	int _unused2, pgswapin, pgswapout, forks, forks_ppwait;
	int forks_sharevm, pga_zerohit, pga_zeromiss, zeroaborts, colorhit;
	int colormiss, cpuhit, cpumiss;
	/* Faults. */
	int fltnoram, fltnoanon, fltpgwait, fltpgrele, fltrelck, fltrelckok;
	int fltanget, fltanretry, fltamcopy, fltnamap, fltnomap, fltlget;
	int fltget, flt_anon, flt_acow, flt_obj, flt_prcopy, flt_przero;
	/* Page daemon. */
	int pdwoke, pdrevs, _unused3, pdfreed, pdscans, pdanscan, pdobscan;
	int pdreact, pdbusy, pdpageouts, pdpending, pddeact, pdreanon;
	int pdrefile, pdreexec;
	/* Others. */
	int bootpages;
};

struct uvmexp_sysctl {
	/* Sizes and counts of pages. */
	int64_t pagesize, pagemask, pageshift, npages, free, active;
	int64_t inactive, paging, wired, zeropages;
	/* Reserves and uses. */
	int64_t reserve_pagedaemon, reserve_kernel;
	/* Targets of the page daemon. */
	int64_t freemin, freetarg, inactarg, wiredmax;
	/* Swap (none). */
	int64_t nswapdev, swpages, swpginuse, swpgonly, nswget, unused1;
	int64_t cpuhit, cpumiss;
	/* Events. */
	int64_t faults, traps, intrs, swtch, softs, syscalls, pageins;
	int64_t swapins, swapouts, pgswapin, pgswapout, forks, forks_ppwait;
	int64_t forks_sharevm, pga_zerohit, pga_zeromiss, zeroaborts;
	/* Faults. */
	int64_t fltnoram, fltnoanon, fltpgwait, fltpgrele, fltrelck;
	int64_t fltrelckok, fltanget, fltanretry, fltamcopy, fltnamap;
	int64_t fltnomap, fltlget, fltget, flt_anon, flt_acow, flt_obj;
	int64_t flt_prcopy, flt_przero;
	/* Page daemon. */
	int64_t pdwoke, pdrevs, unused4, pdfreed, pdscans, pdanscan;
	int64_t pdobscan, pdreact, pdbusy, pdpageouts, pdpending, pddeact;
	int64_t anonpages, filepages, execpages, colorhit, colormiss;
	int64_t ncolors;
	/* Others. */
	int64_t bootpages, poolpages, countsyncone, countsyncall;
	/* Dirtiness of pages. */
	int64_t anonunknown, anonclean, anondirty, fileunknown, fileclean;
	int64_t filedirty, fltup, fltnoup;
};

#ifdef _KERNEL

extern struct uvmexp uvmexp;
extern struct vm_map *kernel_map;
extern struct vm_map *phys_map;
extern int nkmempages;

/* An address space.  Local programs share one, each remote client has its own. */
struct vmspace {
	struct vm_map vm_map;
	volatile int vm_refcnt;
	void *vm_shm;
	segsz_t vm_rssize, vm_rssmax;
	segsz_t vm_tsize, vm_dsize, vm_ssize, vm_issize;
	void *vm_taddr, *vm_daddr, *vm_maxsaddr, *vm_minsaddr;
	size_t vm_aslr_delta_mmap;
};

#define VMSPACE_IS_KERNEL_P(vm)	VM_MAP_IS_KERNEL(&(vm)->vm_map)

struct vmspace *uvmspace_alloc(vaddr_t, vaddr_t, bool);
void	uvmspace_init(struct vmspace *, struct pmap *, vaddr_t, vaddr_t, bool);
void	uvmspace_addref(struct vmspace *);
void	uvmspace_free(struct vmspace *);

/* Pages.  (uvm_page.h has the rest.) */
struct vm_page *uvm_pagealloc_strat(struct uvm_object *, voff_t,
	    struct vm_anon *, int, int, int);
#define uvm_pagealloc(obj, off, anon, flags) \
	uvm_pagealloc_strat((obj), (off), (anon), (flags), \
	    UVM_PGA_STRAT_NORMAL, 0)
int	uvm_pglistalloc(psize_t, paddr_t, paddr_t, paddr_t, paddr_t,
	    struct pglist *, int, int);
void	uvm_pglistfree(struct pglist *);
int	uvm_availmem(bool);
void	uvm_estimatepageable(int *, int *);
void	uvm_wait(const char *);
void	uvm_kick_pdaemon(void);
void	uvm_pageout_start(int);
void	uvm_pageout_done(int);
void	uvm_init(void);
void	uvm_update_uvmexp(void);

/* Objects. */
void	uvm_obj_init(struct uvm_object *, const struct uvm_pagerops *, bool,
	    u_int);
void	uvm_obj_setlock(struct uvm_object *, krwlock_t *);
void	uvm_obj_destroy(struct uvm_object *, bool);
int	uvm_obj_wirepages(struct uvm_object *, off_t, off_t, struct pglist *);
void	uvm_obj_unwirepages(struct uvm_object *, off_t, off_t);
bool	uvm_obj_clean_p(struct uvm_object *);
bool	uvm_obj_nowriteback_p(struct uvm_object *);
bool	uvm_obj_page_dirty_p(struct vm_page *);
void	uvm_obj_page_set_dirty(struct vm_page *);
void	uvm_obj_page_clear_dirty(struct vm_page *);
bool	uvm_obj_page_writeback_p(struct vm_page *);
void	uvm_obj_page_set_writeback(struct vm_page *);
void	uvm_obj_page_clear_writeback(struct vm_page *);

/* Anonymous objects. */
struct uvm_object *uao_create(voff_t, int);
void	uao_detach(struct uvm_object *);
void	uao_reference(struct uvm_object *);
void	uao_set_pgfl(struct uvm_object *, int);

/* File data (vfs). */
void	ubc_init(void);
int	ubc_uiomove(struct uvm_object *, struct uio *, vsize_t, int, int);
void	ubc_zerorange(struct uvm_object *, off_t, size_t, int);
void	ubc_purge(struct uvm_object *);
void	uvm_vnp_setsize(struct vnode *, voff_t);
void	uvm_vnp_setwritesize(struct vnode *, voff_t);
int	uvn_findpages(struct uvm_object *, voff_t, unsigned int *,
	    struct vm_page **, struct uvm_page_array *, unsigned int);
bool	uvn_text_p(struct uvm_object *);
bool	uvn_needs_writefault_p(struct uvm_object *);
bool	uvn_clean_p(struct uvm_object *);
void	uvm_aio_aiodone(struct buf *);
void	uvm_aio_aiodone_pages(struct vm_page **, int, bool, int);

/* Kernel memory by the page. */
vaddr_t	uvm_km_alloc(struct vm_map *, vsize_t, vsize_t, uvm_flag_t);
void	uvm_km_free(struct vm_map *, vaddr_t, vsize_t, uvm_flag_t);
struct vm_map *uvm_km_suballoc(struct vm_map *, vaddr_t *, vaddr_t *, vsize_t,
	    int, bool, struct vm_map *);
bool	uvm_kernacc(void *, size_t, vm_prot_t);

/* Maps: requests that need an MMU are refused. */
int	uvm_map(struct vm_map *, vaddr_t *, vsize_t, struct uvm_object *,
	    voff_t, vsize_t, uvm_flag_t);
int	uvm_map_pageable(struct vm_map *, vaddr_t, vaddr_t, bool, int);
int	uvm_map_protect(struct vm_map *, vaddr_t, vaddr_t, vm_prot_t, bool);
int	uvm_vslock(struct vmspace *, void *, size_t, vm_prot_t);
void	uvm_vsunlock(struct vmspace *, void *, size_t);
int	uvm_io(struct vm_map *, struct uio *, int);

/* The rest of what this header brings to those who include it alone. */
#include <sys/lock.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/vmem.h>
#include <sys/vmmeter.h>
#include <uvm/uvm_pager.h>
#include <uvm/uvm_physseg.h>

#endif /* _KERNEL */
#endif /* _UVM_UVM_EXTERN_H_ */
