/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A module, and a component, for modules.c to load.  By the build:
 *
 *   NAME       of the module           VERSION   of NetBSD that it is made for
 *   REQUIRED   what it requires        FAILS     so many starts fail, with EIO
 *   STATE      it has data, a sysctl node, a counter and components
 *   PROPS      its node is the number "answer" of its properties
 *   SYMBOLS    it starts if it finds the kernel's symbols
 *   FACTION    the library says that it has a faction
 */
#include <sys/param.h>
#include <sys/evcnt.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/ksyms.h>
#include <sys/module.h>
#include <sys/sysctl.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>

#ifndef VERSION
#define VERSION __NetBSD_Version__
#endif
#ifndef REQUIRED
#define REQUIRED NULL
#endif
#ifndef FAILS
#define FAILS 0
#endif

static int starts;
static int fails = FAILS;

#ifdef PROPS
static int answer = -1;

SYSCTL_SETUP(sysctl_kern_loaded, "kern.loaded")
{

	sysctl_createv(clog, 0, NULL, NULL, CTLFLAG_READONLY, CTLTYPE_INT,
	    "loaded", NULL, NULL, 0, &answer, 0, CTL_KERN, CTL_CREATE, CTL_EOL);
}
#endif

/* 0 if what the module is made for is there. */
static int
look(prop_dictionary_t props)
{
#ifdef PROPS
	prop_object_t number = props == NULL ? NULL :
	    prop_dictionary_get(props, "answer");

	if (number != NULL)
		answer = (int)prop_number_signed_value(number);
#endif
#ifdef SYMBOLS
	const char *mod, *name;
	unsigned long value;

	if (!ksyms_available() ||
	    ksyms_getval("netbsd", "kmem_alloc", &value, KSYMS_PROC) != 0 ||
	    value != (uintptr_t)kmem_alloc ||
	    ksyms_getval(NULL, "cold", &value, KSYMS_ANY) != 0 ||
	    value != (uintptr_t)&cold ||
	    ksyms_getval(NULL, "cold", &value, KSYMS_PROC) != ENOENT ||
	    ksyms_getval("netbsd", "nosuch", &value, KSYMS_ANY) != ENOENT ||
	    ksyms_getname(&mod, &name, (vaddr_t)kmem_alloc + 1,
	    KSYMS_EXACT) != ENOENT ||
	    ksyms_getname(&mod, &name, (vaddr_t)kmem_alloc + 1,
	    KSYMS_PROC) != 0 || strcmp(name, "kmem_alloc") != 0 ||
	    strcmp(mod, "netbsd") != 0)
		return ESRCH;
#endif
	return 0;
}

static int
loaded_modcmd(modcmd_t cmd, void *arg)
{

	switch (cmd) {
	case MODULE_CMD_INIT:
		if (fails > 0) {
			fails--;
			return EIO;
		}
		starts++;
		return look(arg);
	case MODULE_CMD_FINI:
		return starts > 0 ? 0 : EBUSY;
	default:
		return ENOTTY;
	}
}

static const modinfo_t loaded_modinfo = {
	.mi_version = VERSION,
	.mi_class = MODULE_CLASS_MISC,
	.mi_modcmd = loaded_modcmd,
	.mi_name = NAME,
	.mi_required = REQUIRED,
};
__link_set_add_rodata(modules, loaded_modinfo);

#ifdef STATE
/* 17 when nothing of it has run; each component adds a digit. */
static int order = 17;
static int zero;
static struct evcnt counter = EVCNT_INITIALIZER(EVCNT_TYPE_MISC, NULL,
    "loaded", "counter");
EVCNT_ATTACH_STATIC(counter);

SYSCTL_SETUP(sysctl_kern_loaded, "kern.loaded")
{

	sysctl_createv(clog, 0, NULL, NULL, CTLFLAG_READONLY, CTLTYPE_INT,
	    "loaded", NULL, NULL, 0, &order, 0, CTL_KERN, CTL_CREATE, CTL_EOL);
}

RUMP_COMPONENT(RUMP_COMPONENT_POSTINIT)
{

	order = order * 10 + 2 + zero++;
}

RUMP_COMPONENT(RUMP_COMPONENT_KERN)
{

	order = order * 10 + 1 + zero++;
	counter.ev_count++;
}

/* No network is there: what would start then never does. */
RUMP_COMPONENT(RUMP_COMPONENT_NET)
{

	order = -1;
}
#endif

#ifdef FACTION
RUMP_COMPONENT(RUMP__FACTION_NET)
{

	panic("a faction that came late is started");
}
#endif
