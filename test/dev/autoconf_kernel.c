/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Autoconfiguration from inside: a bus on the mainbus, and children found on it.
 * Each function returns 0, or the line where something was wrong.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/device.h>
#include <sys/errno.h>
#include <sys/kthread.h>
#include <sys/proc.h>

#include <rump-sys/kern.h>

#include "dev/ioconf_testbus.h"

#define WANT(cond)	do { if (!(cond)) return __LINE__; } while (0)

struct softc {
	int	sc_magic;
	int	sc_deferred;
	int	sc_interrupts;
	int	sc_rooted;
};

static device_t bus;
static device_t second;		/* that a second thread detaches, too */
static bool first_came, second_came;
static int second_error;
static int detached, childdetached, match_best, refuse;
static int boot_interrupts = -1, boot_rooted = -1, boot_final, boot_leaver;

int	rump_autoconf_boot(void);
int	rump_autoconf_match(void);
int	rump_autoconf_detach(void);
int	rump_autoconf_iterate(void);
int	rump_autoconf_power(void);
int	rump_autoconf_registry(void);

static device_t	find(int slot, int bank);

static int
yes(device_t parent, cfdata_t cf, void *aux)
{

	return 1;
}

static int
best(device_t parent, cfdata_t cf, void *aux)
{

	return match_best;
}

static void
note_deferred(device_t self)
{

	((struct softc *)device_private(self))->sc_deferred++;
}

static void
note_interrupts(device_t self)
{

	((struct softc *)device_private(self))->sc_interrupts++;
}

/* A finalizer that detaches its own device. */
static int
leave(device_t self)
{

	boot_leaver++;
	(void)config_detach(self, DETACH_QUIET);
	return 0;
}

static void
note_root(device_t self)
{

	((struct softc *)device_private(self))->sc_rooted++;
}

/* Two more rounds; in the first, a child that leaves. */
static int
note_final(device_t self)
{

	if (boot_final == 0)
		(void)config_finalize_register(find(3, 0), leave);
	return ++boot_final < 3;
}

static void
attach(device_t parent, device_t self, void *aux)
{
	struct softc *sc = device_private(self);

	aprint_normal("\n");
	if (sc == NULL)
		return;
	sc->sc_magic = 4711;
	config_defer(self, note_deferred);
	config_interrupts(self, note_interrupts);
	config_mountroot(self, note_root);
}

static void
bus_attach(device_t parent, device_t self, void *aux)
{
	struct softc *sc = device_private(self);

	bus = self;
	attach(parent, self, aux);
	boot_interrupts = sc->sc_interrupts;
	boot_rooted = sc->sc_rooted;
	(void)config_finalize_register(self, note_final);
}

static int
detach(device_t self, int flags)
{

	if (second != NULL) {
		/* let it come, and wait for us */
		first_came = true;
		while (!second_came)
			kpause("detach", false, 1, NULL);
		for (int i = 0; i < 3; i++)
			kpause("detach", false, 1, NULL);
	}
	if (refuse && (flags & DETACH_FORCE) == 0)
		return EBUSY;
	detached++;
	return 0;
}

static void
child_gone(device_t self, device_t child)
{

	childdetached++;
}

CFATTACH_DECL2_NEW(tbus, sizeof(struct softc), yes, bus_attach, NULL, NULL,
    NULL, child_gone);
CFATTACH_DECL_NEW(tdev, sizeof(struct softc), yes, attach, detach, NULL);
CFATTACH_DECL_NEW(tfix, 0, yes, attach, NULL, NULL);
CFATTACH_DECL_NEW(tdev_best, sizeof(struct softc), best, attach, detach, NULL);

RUMP_COMPONENT(RUMP_COMPONENT_DEV)
{

	FLAWLESSCALL(config_init_component(cfdriver_ioconf_testbus,
	    cfattach_ioconf_testbus, cfdata_ioconf_testbus));
}

/* What happened at boot, and when. */
int
rump_autoconf_boot(void)
{
	struct softc *sc;

	WANT(bus != NULL);
	sc = device_private(bus);
	WANT(strcmp(device_xname(bus), "tbus0") == 0);
	WANT(strcmp(device_xname(device_parent(bus)), "mainbus0") == 0);
	WANT(device_is_a(bus, "tbus") && device_class(bus) == DV_DULL);
	WANT(sc->sc_magic == 4711 && sc->sc_deferred == 1);
	/* interrupts worked when it attached, the root was there later */
	WANT(boot_interrupts == 1 && sc->sc_interrupts == 1);
	WANT(boot_rooted == 0 && sc->sc_rooted == 1);
	WANT(boot_final == 3 && boot_leaver == 1 && detached == 1);
	WANT(device_lookup(&tbus_cd, 0) == bus);
	WANT(device_lookup(&tbus_cd, 1) == NULL);
	WANT(device_lookup(&tbus_cd, -1) == NULL);
	WANT(device_lookup(&tbus_cd, 1 << 30) == NULL);
	WANT(device_lookup_private(&tbus_cd, 0) == sc);
	return 0;
}

static device_t
find(int slot, int bank)
{
	const int locs[] = { slot, bank };

	return config_found(bus, NULL, NULL, CFARGS(
	    .submatch = config_stdsubmatch, .iattr = "tslot",
	    .locators = locs));
}

static void
detach_second(void *arg)
{

	while (!first_came)
		kpause("second", false, 1, NULL);
	second_came = true;
	second_error = config_detach(second, DETACH_QUIET);
	kthread_exit(0);
}

/* Two detach a device at once: one does, the other hears that it is gone. */
static int
detach_twice(void)
{
	struct lwp *l;

	WANT((second = find(3, 0)) != NULL);
	WANT(kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN, NULL,
	    detach_second, NULL, &l, "second") == 0);
	WANT(config_detach(second, DETACH_QUIET) == 0);
	(void)kthread_join(l);
	WANT(second_error == ENXIO);
	second = NULL;
	return 0;
}

int
rump_autoconf_match(void)
{
	device_t a, b;

	/* slot 3 is wanted, bank left at its default: any */
	WANT(find(4, 0) == NULL);
	WANT((a = find(3, 0)) != NULL);
	WANT((b = find(3, 55)) != NULL);
	WANT(strcmp(device_xname(a), "tdev0") == 0);
	WANT(strcmp(device_xname(b), "tdev1") == 0 && device_unit(b) == 1);
	WANT(device_locator(b, 0) == 3 && device_locator(b, 1) == 55);
	WANT(device_parent(a) == bus);
	WANT(device_attached_to_iattr(a, "tslot"));
	WANT(config_detach(a, DETACH_QUIET) == 0);
	/* the lowest free unit again */
	WANT((a = find(3, 1)) != NULL && device_unit(a) == 0);
	WANT(config_detach(a, DETACH_QUIET) == 0);
	WANT(config_detach(b, DETACH_QUIET) == 0);
	return 0;
}

int
rump_autoconf_detach(void)
{
	device_t a;

	WANT(detach_twice() == 0);
	detached = childdetached = 0;
	/* a fixed unit, once; its driver cannot be detached */
	WANT((a = find(1, 9)) != NULL);
	WANT(strcmp(device_xname(a), "tfix5") == 0);
	WANT(device_cfdata(a)->cf_flags == 0x20);
	WANT(device_private(a) == NULL);
	WANT(find(1, 9) == NULL);
	WANT(config_detach(a, 0) == EOPNOTSUPP);
	WANT((a = find(3, 0)) != NULL);
	refuse = 1;
	WANT(config_detach(a, 0) == EBUSY && device_is_active(a));
	WANT(device_lookup(&tdev_cd, 0) == a);
	WANT(config_detach(a, DETACH_SHUTDOWN) == EOPNOTSUPP);
	WANT(config_detach(a, DETACH_FORCE | DETACH_QUIET) == 0);
	refuse = 0;
	WANT(detached == 1 && childdetached == 1);
	WANT(device_lookup(&tdev_cd, 0) == NULL);
	return 0;
}

int
rump_autoconf_iterate(void)
{
	device_t dev[4], d;
	deviter_t di, dj;
	int i, n = 0, depth = -1;

	for (i = 0; i < 4; i++)
		WANT((dev[i] = find(3, i)) != NULL);
	/* devices go while two iterators are on their way */
	(void)deviter_first(&dj, 0);
	for (d = deviter_first(&di, DEVITER_F_RW); d != NULL;
	    d = deviter_next(&di)) {
		if (!device_is_a(d, "tdev"))
			continue;
		n++;
		if (n == 1)
			WANT(config_detach(dev[2], DETACH_QUIET) == 0);
		WANT(config_detach(d, DETACH_QUIET) == 0);
	}
	WANT(n == 3);
	while ((d = deviter_next(&dj)) != NULL)
		WANT(!device_is_a(d, "tdev"));
	deviter_release(&di);
	deviter_release(&dj);
	WANT((dev[0] = find(3, 0)) != NULL);
	for (d = deviter_first(&di, DEVITER_F_ROOT_FIRST); d != NULL;
	    d = deviter_next(&di)) {
		i = device_parent(d) == NULL ? 0 : device_parent(d) == bus ?
		    2 : 1;
		WANT(i >= depth);
		depth = i;
	}
	deviter_release(&di);
	WANT(depth == 2);
	d = deviter_first(&di, DEVITER_F_LEAVES_FIRST);
	WANT(device_parent(d) == bus);
	deviter_release(&di);
	WANT(config_detach_children(bus, DETACH_QUIET) == 0);
	WANT(device_lookup(&tdev_cd, 0) == NULL);
	WANT(find(1, 9) != NULL);
	WANT(config_detach_children(bus, DETACH_QUIET) == EOPNOTSUPP);
	return 0;
}

static char trace[32];
static int ntrace;

static bool
suspend(device_t dev, const pmf_qual_t *qual)
{

	trace[ntrace++] = dev == bus ? 'S' : 's';
	return true;
}

static bool
resume(device_t dev, const pmf_qual_t *qual)
{

	trace[ntrace++] = dev == bus ? 'R' : 'r';
	return true;
}

int
rump_autoconf_power(void)
{
	device_t a;

	WANT((a = find(3, 0)) != NULL);
	WANT(!pmf_device_suspend(a, PMF_Q_NONE));
	WANT(pmf_device_register(bus, suspend, resume));
	WANT(pmf_device_register(a, suspend, resume));
	WANT(pmf_device_recursive_suspend(bus, PMF_Q_NONE));
	WANT(!device_has_power(a) && !device_has_power(bus));
	WANT(pmf_device_suspend(a, PMF_Q_NONE));	/* it is */
	WANT(pmf_device_recursive_resume(a, PMF_Q_NONE));
	WANT(strcmp(trace, "sSRr") == 0);
	WANT(device_has_power(a) && device_has_power(bus));
	pmf_device_deregister(a);
	pmf_device_deregister(bus);
	WANT(config_detach(a, DETACH_QUIET) == 0);
	return 0;
}

int
rump_autoconf_registry(void)
{
	static struct cfdriver other = { .cd_name = "tdev" };
	static struct cfdriver fresh = { .cd_name = "fresh" };
	static struct cfattach ca = { .ca_name = "tdev", .ca_match = yes };
	static struct cfattach twice = { .ca_name = "fresh" };
	static struct cfdriver *const drivers[] = { &fresh, &other, NULL };
	static struct cfattach *const list[] = { &twice, &twice, NULL };
	static struct cfdriver *const one[] = { &fresh, NULL };
	static const struct cfattachinit init[] = {
		{ "fresh", list }, { NULL, NULL }
	};
	device_t a;

	WANT(config_cfdriver_attach(&other) == EEXIST);
	WANT(config_cfdriver_detach(&other) == ESRCH);
	WANT(config_cfattach_attach("tdev", &ca) == EEXIST);
	WANT(config_cfattach_attach("none", &ca) == ESRCH);
	WANT(config_cfattach_detach("tdev", &ca) == ESRCH);
	WANT((a = find(3, 0)) != NULL);
	WANT(config_cfattach_detach("tdev", &tdev_ca) == EBUSY);
	WANT(config_cfdriver_detach(&tdev_cd) == EBUSY);
	/* all or nothing */
	WANT(config_init_component(drivers, NULL, NULL) == EEXIST);
	WANT(config_cfdriver_lookup("fresh") == NULL);
	WANT(config_init_component(one, init, NULL) == EEXIST);
	WANT(config_cfdriver_lookup("fresh") == NULL);
	WANT(config_init_component(one, NULL, NULL) == 0);
	WANT(config_fini_component(one, NULL, NULL) == 0);
	/* detaching a table detaches what it configures */
	detached = 0;
	WANT(config_cfdata_detach(cfdata_ioconf_testbus) == EOPNOTSUPP);
	return 0;
}
