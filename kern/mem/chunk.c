/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory from the host.
 *
 * The host is asked for chunks of up to 4 MiB, mapped and untouched: memory
 * that no page is made of costs nothing on hosts that fill pages on demand,
 * and hosts can back an aligned chunk with large pages.  All chunks are in one
 * tree, so that an address finds its page, and so that halt can give
 * everything back.
 *
 * A chunk's page descriptors lie at its start (MEM_KERNEL) or in kernel memory
 * (MEM_OBJECT: so its runs are whole); struct mem_chunk itself comes from
 * pages that are cut up for it here.  A large allocation is a chunk without
 * descriptors.
 *
 * RUMP_MEMLIMIT limits what is mapped.  Near the limit chunks get smaller.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>
#include <rump/rumpuser.h>

#include "mem.h"

unsigned long rump_physmemlimit = RUMPMEM_UNLIMITED;

/* page_lock */
static rb_tree_t chunks;
static struct chunk_slot *slots;

/* Chunks of the kernel: descriptor 0 of each stands for its mapping. */
static struct pgflist kernel_chunks = LIST_HEAD_INITIALIZER(kernel_chunks);

/* Room for a struct mem_chunk that is not in use. */
struct chunk_slot {
	struct chunk_slot *next;
};

static int
compare_chunks(void *ctx, const void *a, const void *b)
{
	const struct mem_chunk *x = a, *y = b;

	return x->mc_base < y->mc_base ? -1 : x->mc_base > y->mc_base;
}

static int
compare_base(void *ctx, const void *a, const void *key)
{
	const struct mem_chunk *c = a;

	return c->mc_base < (const char *)key ? -1 :
	    c->mc_base > (const char *)key;
}

static const rb_tree_ops_t chunk_ops = {
	.rbto_compare_nodes = compare_chunks,
	.rbto_compare_key = compare_base,
	.rbto_node_offset = offsetof(struct mem_chunk, mc_node),
};

/* The number in a string like 64m, or SIZE_MAX if there is none. */
static size_t
parse_size(const char *s)
{
	char *end;
	uint64_t n = strtoull(s, &end, 10);
	unsigned int shift;

	switch (tolower((unsigned char)*end)) {
	case 'k':
		shift = 10;
		break;
	case 'm':
		shift = 20;
		break;
	case 'g':
		shift = 30;
		break;
	case '\0':
		shift = 0;
		break;
	default:
		return SIZE_MAX;
	}
	if (n == 0 || (*end != '\0' && end[1] != '\0') ||
	    n > SIZE_MAX >> shift)
		return SIZE_MAX;
	return n << shift;
}

void
chunks_init(void)
{
	char text[32];

	rb_tree_init(&chunks, &chunk_ops);
	if (rumpuser_getparam("RUMP_MEMLIMIT", text, sizeof(text)) != 0)
		return;
	mem_limit = parse_size(text);
	if (mem_limit == SIZE_MAX)
		printf("RUMP_MEMLIMIT: no size: %s\n", text);
	/* Less than this is no kernel. */
	if (mem_limit < 2 * MAXPHYS + MEM_MINIMUM)
		mem_limit = 2 * MAXPHYS + MEM_MINIMUM;
	mem_limit &= ~(size_t)PAGE_MASK;
	rump_physmemlimit = mem_limit;
}

/* Room for a description; slots_fill has seen to it that there is some. */
static struct mem_chunk *
slot_get(void)
{
	struct chunk_slot *s = slots;

	KASSERT(s != NULL);
	slots = s->next;
	return (struct mem_chunk *)s;
}

static void
slot_put(struct mem_chunk *c)
{
	struct chunk_slot *s = (struct chunk_slot *)c;

	s->next = slots;
	slots = s;
}

/* Cut size bytes of memory into slots. */
static void
slots_add(char *p, size_t size)
{
	for (; size >= sizeof(struct mem_chunk);
	    p += sizeof(struct mem_chunk), size -= sizeof(struct mem_chunk))
		slot_put((struct mem_chunk *)(void *)p);
}

/* Make sure that slot_get succeeds once, and one more is left. */
static bool
slots_fill(void)
{
	struct vm_page *pg;

	if (slots != NULL && slots->next != NULL)
		return true;
	pg = buddy_take(MEM_KERNEL, 0);
	if (pg == NULL && chunk_create(MEM_KERNEL, 0))
		pg = buddy_take(MEM_KERNEL, 0);
	if (pg != NULL) {
		mem_unpoison((void *)pg->phys_addr, PAGE_SIZE);
		slots_add((char *)pg->phys_addr, PAGE_SIZE);
	}
	return slots != NULL;
}

/*
 * A chunk for the kernel: its descriptors come first, in memory of its own.
 * Where there is no slot, as for the very first chunk, a page behind them becomes
 * slots; it is never free, so such a chunk stays.
 */
static bool
create_kernel(unsigned int order)
{
	struct mem_chunk map, *c;
	size_t npages = (size_t)1 << order;
	size_t meta = howmany(npages * sizeof(struct vm_page), PAGE_SIZE);
	size_t first = meta;

	if (!host_map(&map, npages << PAGE_SHIFT, npages << PAGE_SHIFT))
		return false;
	if (slots == NULL)
		slots_add(map.mc_base + (first++ << PAGE_SHIFT), PAGE_SIZE);
	c = slot_get();
	*c = map;
	c->mc_use = MEM_KERNEL;
	c->mc_npages = npages;
	c->mc_nusable = npages - meta;
	c->mc_nfree = 0;
	c->mc_pages = (struct vm_page *)(void *)c->mc_base;
	c->mc_pages[0].phys_addr = (paddr_t)c->mc_map;
	c->mc_pages[0].offset = c->mc_mapsize;
	LIST_INSERT_HEAD(&kernel_chunks, &c->mc_pages[0], pageq.list);
	rb_tree_insert_node(&chunks, c);
	mem_arenas[MEM_KERNEL].ma_npages += c->mc_nusable;
	buddy_add(c, first, npages - first, false);
	return true;
}

static unsigned int
descriptor_pages(size_t npages)
{
	return howmany(npages * sizeof(struct vm_page), PAGE_SIZE);
}

/*
 * Kernel memory for the descriptors of so many pages, and back.  Their size
 * need not be a power of two: what a block has too much stays free.
 */
static struct vm_page *
descriptors_get(size_t npages)
{
	unsigned int used = descriptor_pages(npages);
	unsigned int order = used > 1 ? ilog2(used - 1) + 1 : 0;
	struct vm_page *pg = buddy_take(MEM_KERNEL, order);

	if (pg == NULL && chunk_create(MEM_KERNEL, order + 1))
		pg = buddy_take(MEM_KERNEL, order);
	if (pg == NULL)
		return NULL;
	if (used < 1u << order)
		buddy_add(pg->chunk, pg + used - pg->chunk->mc_pages,
		    (1u << order) - used, true);
	mem_unpoison((void *)pg->phys_addr, ptoa((size_t)used));
	memset((void *)pg->phys_addr, 0, npages * sizeof(struct vm_page));
	return (struct vm_page *)pg->phys_addr;
}

static void
descriptors_put(struct vm_page *descriptors, size_t npages)
{
	struct mem_chunk *c = chunk_find(descriptors);

	buddy_add(c, ((char *)descriptors - c->mc_base) >> PAGE_SHIFT,
	    descriptor_pages(npages), false);
}

static bool
create_object(unsigned int order)
{
	struct mem_chunk *c;
	size_t npages = (size_t)1 << order;

	if (!slots_fill())
		return false;
	c = slot_get();
	if (!host_map(c, npages << PAGE_SHIFT, npages << PAGE_SHIFT))
		goto undo_slot;
	c->mc_use = MEM_OBJECT;
	c->mc_npages = c->mc_nusable = npages;
	c->mc_nfree = 0;
	c->mc_pages = descriptors_get(npages);
	if (c->mc_pages == NULL)
		goto undo_map;
	rb_tree_insert_node(&chunks, c);
	mem_arenas[MEM_OBJECT].ma_npages += npages;
	buddy_add(c, 0, npages, false);
	return true;

undo_map:
	host_unmap(c);
undo_slot:
	slot_put(c);
	return false;
}

bool
chunk_possible(size_t npages)
{
	return mem_mapped < mem_limit &&
	    npages <= (mem_limit - mem_mapped) >> PAGE_SHIFT;
}

bool
chunk_create(enum mem_use use, unsigned int order)
{
	bool (*create)(unsigned int) =
	    use == MEM_KERNEL ? create_kernel : create_object;
	unsigned int o = use == MEM_KERNEL ? mem_order_kernel : mem_order_object;
	/* Descriptors of less than a page's worth would be waste. */
	unsigned int least = MAX(order, MIN(mem_order_object, PAGE_SHIFT -
	    ilog2(sizeof(struct vm_page))));

	if (use == MEM_KERNEL)
		least = MAX(order + 1, least);
	else if (mem_arenas[use].ma_npages >= 1u << mem_order_object)
		o = mem_order_object_many;
	for (o = MAX(o, least); o >= least; o--) {
		if (create(o))
			return true;
	}
	return false;
}

void
chunk_destroy(struct mem_chunk *c)
{
	rb_tree_remove_node(&chunks, c);
	buddy_remove_chunk(c);
	if (c->mc_use == MEM_OBJECT)
		descriptors_put(c->mc_pages, c->mc_npages);
	else
		LIST_REMOVE(&c->mc_pages[0], pageq.list);
	host_unmap(c);
	slot_put(c);
}

void *
chunk_large_alloc(size_t size, size_t align)
{
	struct mem_chunk *c;

	if (!slots_fill())
		return NULL;
	c = slot_get();
	if (!host_map(c, size, align)) {
		slot_put(c);
		return NULL;
	}
	c->mc_use = MEM_KERNEL;
	c->mc_npages = c->mc_nusable = size >> PAGE_SHIFT;
	c->mc_nfree = 0;
	c->mc_pages = NULL;
	rb_tree_insert_node(&chunks, c);
	return c->mc_base;
}

void
chunk_large_free(struct mem_chunk *c)
{
	KASSERT(c->mc_pages == NULL);
	rb_tree_remove_node(&chunks, c);
	host_unmap(c);
	slot_put(c);
}

struct mem_chunk *
chunk_find(const void *va)
{
	struct mem_chunk *c = rb_tree_find_node_leq(&chunks, va);

	if (c == NULL || (size_t)((const char *)va - c->mc_base) >=
	    (size_t)c->mc_npages << PAGE_SHIFT)
		return NULL;
	return c;
}

/*
 * What describes chunks lies in chunks of the kernel, so those go last; they
 * are found by their list, which lies in each itself.
 */
void
chunks_fini(void)
{
	struct mem_chunk *c;
	struct vm_page *pg;

	RB_TREE_FOREACH(c, &chunks) {
		if (c->mc_use == MEM_OBJECT || c->mc_pages == NULL)
			host_unmap(c);
	}
	while ((pg = LIST_FIRST(&kernel_chunks)) != NULL) {
		struct mem_chunk last = {
			.mc_map = (void *)pg->phys_addr,
			.mc_mapsize = pg->offset,
		};

		LIST_REMOVE(pg, pageq.list);
		host_unmap(&last);
	}
}
