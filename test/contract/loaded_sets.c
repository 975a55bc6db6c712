/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A shared object as a kernel's component is one: link sets with the linker's symbols around them, and names with
 * the kernel's prefix. For loaded.c.
 */

struct modinfo {
	int number;
};

struct rump_component {
	int number;
};

struct evcnt {
	int number;
};

static const struct modinfo mods[2] = { { 1 }, { 2 } };
static const struct rump_component comps[3] = { { 10 }, { 20 }, { 30 } };
static struct evcnt counter = { 5 };

#define IN_SET(set) __attribute__((__section__("link_set_" #set), __used__))
static const void *const mod_entries[2] IN_SET(modules) = { &mods[0], &mods[1] };
static const void *const comp_entries[3] IN_SET(rump_components) = { &comps[0], &comps[1], &comps[2] };
static const void *const counter_entry IN_SET(evcnts) = &counter;

extern const void *const __start_link_set_modules[], *const __stop_link_set_modules[];
extern const void *const __start_link_set_rump_components[], *const __stop_link_set_rump_components[];
extern const void *const __start_link_set_evcnts[], *const __stop_link_set_evcnts[];

extern const void *const *const rump_test_sets[6];
const void *const *const rump_test_sets[6] = {
	__start_link_set_modules, __stop_link_set_modules, __start_link_set_rump_components,
	__stop_link_set_rump_components, __start_link_set_evcnts, __stop_link_set_evcnts,
};

extern int rumpns_variable;
int rumpns_variable = 3;

extern int unrelated_name;
int unrelated_name;

void rumpns_function(void);

void
rumpns_function(void)
{
}
