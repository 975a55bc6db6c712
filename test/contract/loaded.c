/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * rumpuser_dl_bootstrap: link sets and symbols of a shared object, loaded_sets.c. This program, which calls as a
 * kernel does, has a set, too: a kernel knows its own, and is not told of them.
 */

#include "kernel.h"

#include <elf.h>
#include <string.h>

#if UINTPTR_MAX > 0xffffffff
typedef Elf64_Sym Sym;
#else
typedef Elf32_Sym Sym;
#endif

struct modinfo {
	int number;
};

struct rump_component {
	int number;
};

struct evcnt {
	int number;
};

static const struct modinfo own = { 1000 };
static const void *const own_entry __attribute__((__section__("link_set_modules"), __used__)) = &own;

extern int rumpns_variable;
extern const void *const *const rump_test_sets[6];
void rumpns_function(void);

static int nmods, ncomps, nevents, nsyms, bad;
static bool saw_variable, saw_function, saw_public, saw_unrelated;

static void
on_modules(const struct modinfo *const *mi, size_t n)
{

	for (size_t i = 0; i < n; i++)
		nmods += mi[i]->number;
}

static void
on_component(const struct rump_component *rc)
{

	ncomps += rc->number;
}

static void
on_event(struct evcnt *ev)
{

	nevents += ev->number;
}

static int
on_symbols(void *symtab, uint64_t symsize, char *strtab, uint64_t strsize)
{
	const Sym *sym = symtab;

	nsyms = (int)(symsize / sizeof(*sym));
	for (int i = 0; i < nsyms; i++, sym++) {
		const char *name = strtab + sym->st_name;

		if (sym->st_name >= strsize || strnlen(name, strsize - sym->st_name) == strsize - sym->st_name)
			bad++;
		else if (strcmp(name, "rumpns_variable") == 0)
			saw_variable = (void *)(uintptr_t)sym->st_value == &rumpns_variable;
		else if (strcmp(name, "rumpns_function") == 0)
			saw_function = (void (*)(void))(uintptr_t)sym->st_value == rumpns_function;
		else if (strcmp(name, "rump_test_sets") == 0)
			saw_public = (const void *)(uintptr_t)sym->st_value == rump_test_sets;
		else if (strcmp(name, "unrelated_name") == 0)
			saw_unrelated = true;
	}
	return 0;
}

static void
link_sets_and_symbols(void)
{

	for (int boot = 1; boot <= 2; boot++) {
		kernel_boot(1);
		nmods = ncomps = nevents = nsyms = bad = 0;
		saw_variable = saw_function = saw_public = saw_unrelated = false;
		rumpuser_dl_bootstrap(on_modules, on_symbols, on_component, on_event);
		T_CHECK_EQ(nmods, 3);
		T_CHECK_EQ(ncomps, 60);
		T_CHECK_EQ(nevents, 5);
		T_CHECK(nsyms > 0);
		T_CHECK_EQ(bad, 0);
		T_CHECK(saw_variable);
		T_CHECK(saw_function);
		T_CHECK(saw_public);
		T_CHECK(!saw_unrelated);
		kernel_halt();
	}
}

/*
 * The fourth argument is looked at only if the caller is known to pass it. Without the second set, an object with
 * part of a kernel would have to refer to rumpuser_mutex_spin_p, and none does.
 */
static void
old_callers(void)
{
	static const struct rumpuser_hyperup none;

	T_CHECK_EQ(rumpuser_init(RUMPUSER_VERSION, &none), 0);
	ncomps = nevents = 0;
	rumpuser_dl_bootstrap(on_modules, on_symbols, on_component, (rump_evcntattach_fn)(uintptr_t)1);
	T_CHECK_EQ(ncomps, 60);
	T_CHECK_EQ(nevents, 0);
}

T_MAIN(T(link_sets_and_symbols), T(old_callers))
