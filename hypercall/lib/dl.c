/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Components and symbols of the program, for a kernel that asks: rumpuser_dl_bootstrap.
 *
 *   link sets   an object's arrays link_set_NAME, found by the symbols __start_ and __stop_
 *               of it: in each loaded object's dynamic symbols, and for the object that contains this
 *               library, which may export none, by references of our own, which the linker fills in.
 *               The object that contains the caller is passed over: a kernel reads its own sets itself,
 *               and NetBSD's base has an entry in them that no other module may be compared with
 *   symbols     one table of all global symbols that begin with rump, RUMP or __ in objects that contain
 *               a part of the kernel (some symbol begins with rumpns_), values absolute
 *
 * Our kernel's components register by constructors and need none of this; NetBSD's do.
 */

#include "elf.h"
#include "hyp.h"

enum set { SET_MODULES, SET_COMPONENTS, SET_EVCNTS, SETS };

static const char *const set_names[SETS] = {
	"link_set_modules", "link_set_rump_components", "link_set_evcnts"
};

/*
 * The sets of the object that contains this library. Each gets an empty part here: then the linker makes the
 * symbols for this object, even if another one exports such symbols and this has no set.
 */
__asm__(".pushsection link_set_modules,\"a\"\n.popsection\n"
    ".pushsection link_set_rump_components,\"a\"\n.popsection\n"
    ".pushsection link_set_evcnts,\"a\"\n.popsection");
#define OWN(sym) extern const void *const sym[] __attribute__((__weak__, __visibility__("hidden")))
OWN(__start_link_set_modules);
OWN(__stop_link_set_modules);
OWN(__start_link_set_rump_components);
OWN(__stop_link_set_rump_components);
OWN(__start_link_set_evcnts);
OWN(__stop_link_set_evcnts);

struct range {
	const void *const *start, *const *stop;
};

/* A loaded object. */
struct object {
	const struct elf_sym *syms;
	size_t nsyms;
	const char *strings;
	uintptr_t base;
	struct range sets[SETS];
	bool kernel;  /* contains a part of a kernel */
	bool caller;  /* contains the kernel's base */
	bool self;    /* contains this library */
	bool newer;   /* and of one that passes four arguments */
};

struct walk {
	void (*fn)(struct walk *w, struct object *ob);
	struct range own[SETS];
	rump_modinit_fn modinit;
	rump_compload_fn compload;
	rump_evcntattach_fn evattach;
	bool newer;
	size_t nsyms, strsize;  /* counted, then filled in */
	struct elf_sym *symtab;
	char *strtab;
};

/* What the last call made; a kernel keeps pointers into it. */
static struct {
	void *mem;
	size_t len;
} tables;

/* Asked of every symbol of the program and its libraries, few of which get beyond the first character. */
static bool
prefixed(const char *s, const char *prefix)
{

	while (*prefix != '\0' && *s == *prefix)
		s++, prefix++;
	return *prefix == '\0';
}

/* Number of symbols, from a GNU hash section: one more than the greatest index in a chain. */
static size_t
gnu_hash_count(const uint32_t *hash)
{
	uint32_t nbuckets = hash[0], first = hash[1], words = hash[2], max = 0;
	const uint32_t *buckets = hash + 4 + words * (sizeof(uintptr_t) / 4);
	const uint32_t *chains = buckets + nbuckets;

	for (uint32_t i = 0; i < nbuckets; i++)
		if (buckets[i] > max)
			max = buckets[i];
	if (max < first)
		return first;
	while ((chains[max - first] & 1) == 0)
		max++;
	return (size_t)max + 1;
}

/* Some loaders put addresses into the dynamic section, some leave offsets. */
static const void *
dynamic_pointer(const struct elf_dyn *dyn, uintptr_t base, uintptr_t lo, uintptr_t hi)
{

	if (dyn->d_val >= lo && dyn->d_val < hi)
		return (const void *)dyn->d_val;
	return (const void *)(base + dyn->d_val);
}

static void
object_sets(struct object *ob, const struct elf_sym *sym, const char *name)
{
	bool start = prefixed(name, "__start_link_set_");

	if (!start && !prefixed(name, "__stop_link_set_"))
		return;
	for (int set = 0; set < SETS; set++) {
		const void *const *at = (const void *const *)(ob->base + sym->st_value);

		if (strcmp(name + (start ? 8 : 7), set_names[set]) != 0)
			continue;
		if (start)
			ob->sets[set].start = at;
		else
			ob->sets[set].stop = at;
	}
}

static void
object_scan(struct object *ob)
{

	for (size_t i = 0; i < ob->nsyms; i++) {
		const struct elf_sym *sym = &ob->syms[i];
		const char *name = ob->strings + sym->st_name;

		if (prefixed(name, "rumpns_"))
			ob->kernel = true;
		if (sym->st_shndx != SHN_UNDEF)
			object_sets(ob, sym, name);
		else if (strcmp(name, "rumpuser_mutex_spin_p") == 0)
			ob->newer = true;
	}
}

static bool
inside(uintptr_t addr, uintptr_t lo, uintptr_t hi)
{

	return addr >= lo && addr < hi;
}

static void
object_visit(void *arg, uintptr_t base, uintptr_t lo, uintptr_t hi, const void *dynamic)
{
	struct walk *w = arg;
	struct object ob = {
		.base = base,
		.caller = inside((uintptr_t)w->modinit, lo, hi),
		.self = inside((uintptr_t)set_names, lo, hi),
	};
	const struct elf_dyn *dyn;

	if (dynamic == NULL)
		return;
	for (dyn = dynamic; dyn->d_tag != DT_NULL; dyn++) {
		const void *p = dynamic_pointer(dyn, base, lo, hi);

		if (dyn->d_tag == DT_SYMTAB)
			ob.syms = p;
		else if (dyn->d_tag == DT_STRTAB)
			ob.strings = p;
		else if (dyn->d_tag == DT_HASH)
			ob.nsyms = ((const uint32_t *)p)[1];
		else if (dyn->d_tag == DT_GNU_HASH && ob.nsyms == 0)
			ob.nsyms = gnu_hash_count(p);
	}
	if (ob.syms == NULL || ob.strings == NULL)
		return;
	object_scan(&ob);
	w->fn(w, &ob);
}

/* ── Link sets ─────────────────────────────────────────────────────────────────────────── */

static void
sets_load(struct walk *w, const struct range sets[SETS])
{
	const struct range *r = &sets[SET_MODULES];

	if (r->start != NULL && r->start < r->stop)
		w->modinit((const struct modinfo *const *)r->start, (size_t)(r->stop - r->start));
	r = &sets[SET_COMPONENTS];
	for (const void *const *p = r->start; p != NULL && p < r->stop; p++)
		w->compload(*p);
	r = &sets[SET_EVCNTS];
	if (w->evattach == NULL || !w->newer)
		return;
	for (const void *const *p = r->start; p != NULL && p < r->stop; p++)
		w->evattach((struct evcnt *)(uintptr_t)*p);
}

static void
sets_visit(struct walk *w, struct object *ob)
{

	if (!ob->caller)
		sets_load(w, ob->self ? w->own : ob->sets);
}

/* ── Symbols ───────────────────────────────────────────────────────────────────────────── */

static bool
symbol_wanted(const struct elf_sym *sym, const char *name)
{
	unsigned bind = ELF_BIND(sym->st_info), type = ELF_TYPE(sym->st_info);

	if (sym->st_shndx == SHN_UNDEF || (bind != STB_GLOBAL && bind != STB_WEAK))
		return false;
	if (type != STT_NOTYPE && type != STT_OBJECT && type != STT_FUNC)
		return false;
	return prefixed(name, "rump") || prefixed(name, "RUMP") || prefixed(name, "__");
}

static void
symbols_count(struct walk *w, struct object *ob)
{

	w->newer |= ob->newer;
	for (size_t i = 0; ob->kernel && i < ob->nsyms; i++) {
		const char *name = ob->strings + ob->syms[i].st_name;

		if (!symbol_wanted(&ob->syms[i], name))
			continue;
		w->nsyms++;
		w->strsize += strlen(name) + 1;
	}
}

static void
symbols_fill(struct walk *w, struct object *ob)
{

	for (size_t i = 0; ob->kernel && i < ob->nsyms; i++) {
		const char *name = ob->strings + ob->syms[i].st_name;
		struct elf_sym *sym;
		size_t len;

		if (!symbol_wanted(&ob->syms[i], name))
			continue;
		len = strlen(name) + 1;
		sym = &w->symtab[w->nsyms++];
		*sym = ob->syms[i];
		sym->st_value += ob->base;
		sym->st_name = (uint32_t)w->strsize;
		memcpy(w->strtab + w->strsize, name, len);
		w->strsize += len;
	}
}

static void
symbols_load(struct walk *w, rump_symload_fn symload)
{
	size_t symsize;

	w->fn = symbols_count;
	w->strsize = 1;
	core_objects(object_visit, w);
	if (w->nsyms == 0)
		return;
	symsize = w->nsyms * sizeof(struct elf_sym);
	hyp_dl_fini();
	tables.len = symsize + w->strsize;
	tables.mem = hyp_alloc(tables.len, "symbol table");
	w->symtab = tables.mem;
	w->strtab = (char *)tables.mem + symsize;
	w->nsyms = 0;
	w->strsize = 1;
	w->fn = symbols_fill;
	core_objects(object_visit, w);
	symload(w->symtab, symsize, w->strtab, w->strsize);
}

void
hyp_dl_fini(void)
{

	if (tables.mem != NULL)
		core_free(tables.mem, tables.len);
	tables.mem = NULL;
}

/* The compiler takes the two for unrelated objects, and what compares them for nonsense: hide it. */
static struct range
own_range(const void *const *start, const void *const *stop)
{

	__asm__("" : "+r" (start), "+r" (stop));
	return (struct range){ start, stop };
}

void
rumpuser_dl_bootstrap(rump_modinit_fn domodinit, rump_symload_fn symload,
    rump_compload_fn compload, rump_evcntattach_fn evattach)
{
	struct walk w = {
		.own = {
			own_range(__start_link_set_modules, __stop_link_set_modules),
			own_range(__start_link_set_rump_components, __stop_link_set_rump_components),
			own_range(__start_link_set_evcnts, __stop_link_set_evcnts),
		},
		.modinit = domodinit,
		.compload = compload,
		.newer = hyp_second_set,
	};

	symbols_load(&w, symload);
	w.evattach = w.newer ? evattach : NULL;
	w.fn = sets_visit;
	core_objects(object_visit, &w);
}
