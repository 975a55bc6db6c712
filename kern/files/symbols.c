/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where kernel symbols (kern/lib/ksyms.c) come from: ELF tables that a program
 * gives the kernel, and those that the host finds in the process, at the first
 * need.  A host finds what is visible to the loader: the kernel's names if the
 * kernel is in shared libraries, none in a static program.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/ksyms.h>
#include <sys/systm.h>

#include <rump-private/kern_if.h>
#include <rump/rumpuser.h>

/* One entry of an ELF symbol table of this machine's word size. */
struct elf_sym {
#ifdef _LP64
	uint32_t	st_name;
	uint8_t		st_info;
	uint8_t		st_other;
	uint16_t	st_shndx;
	uint64_t	st_value;
	uint64_t	st_size;
#else
	uint32_t	st_name;
	uint32_t	st_value;
	uint32_t	st_size;
	uint8_t		st_info;
	uint8_t		st_other;
	uint16_t	st_shndx;
#endif
};

#define STT_FUNC	2

/* Is it a name for an address: defined, with a name inside the table? */
static bool
symbol_good(const struct elf_sym *sym, uint64_t strsize)
{

	return sym->st_shndx != 0 && sym->st_value != 0 &&
	    sym->st_name != 0 && sym->st_name < strsize;
}

/* What the source calls it. */
static const char *
plain_name(const char *name)
{
	static const char prefix[] = "rumpns_";
	size_t len = sizeof(prefix) - 1;

	return strncmp(name, prefix, len) == 0 ? name + len : name;
}

/*
 * Use the symbols of an object that is loaded in this process.  The strings
 * must stay; the table is read once.
 *
 * Returns 0 or EINVAL.
 */
int
rump_kernelfsym_load(void *symtab, uint64_t symsize, char *strtab,
    uint64_t strsize)
{
	const struct elf_sym *sym = symtab;
	size_t n = symsize / sizeof(*sym), i, good = 0;
	struct ksym *table;

	if (strsize == 0 || strtab[strsize - 1] != '\0')
		return EINVAL;
	for (i = 0; i < n; i++)
		good += symbol_good(&sym[i], strsize);
	if (good == 0)
		return 0;
	table = kmem_alloc(good * sizeof(*table), KM_SLEEP);
	for (good = i = 0; i < n; i++) {
		if (!symbol_good(&sym[i], strsize))
			continue;
		table[good++] = (struct ksym){
			.ks_name = plain_name(strtab + sym[i].st_name),
			.ks_value = sym[i].st_value,
			.ks_proc = (sym[i].st_info & 0xf) == STT_FUNC,
		};
	}
	return ksyms_table_attach("netbsd", table, good);
}

/* The host's link sets are not wanted: the kernel knows them (kern/component.c). */
static void
no_modules(const struct modinfo *const *mip, size_t n)
{
}

static void
no_component(const struct rump_component *rc)
{
}

static void
no_counter(struct evcnt *ev)
{
}

void
ksyms_host_load(void)
{

	rumpuser_dl_bootstrap(no_modules, rump_kernelfsym_load, no_component,
	    no_counter);
}
