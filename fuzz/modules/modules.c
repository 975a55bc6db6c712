/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modules that are added, started, required, held, stopped and taken away, by a script.
 *
 * Which modules there are, what each requires (itself and rings included), for which
 * kernel it was made and which of its starts and stops fail is part of the script.  The
 * rules are looked at from inside the modules' command functions: one runs only while all
 * that it requires run, is started once and stopped once, and is not stopped while it is
 * required or held.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/module.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>

#include "modules.h"

#define MODULES		6
#define STEPS_MOST	300

static const u_char *script;
static size_t left;

static char names[MODULES][4] = { "m0", "m1", "m2", "m3", "m4", "m5" };
static char required[MODULES][64];
static u_int needs[MODULES];		/* a bit for each that is required */
static u_int fails[MODULES];		/* starts, stops that fail yet; 4 bits each */
static bool running[MODULES], added[MODULES];
static u_int held[MODULES];
static specificdata_key_t key;		/* of a module's own name */

static u_int
pick(u_int n)
{

	if (left == 0)
		return 0;
	left--;
	return *script++ % n;
}

static bool
fail(u_int k, int shift)
{

	if ((fails[k] >> shift & 15) == 0)
		return false;
	fails[k] -= 1U << shift;
	return true;
}

static int
command(u_int k, modcmd_t cmd)
{
	u_int i;

	switch (cmd) {
	case MODULE_CMD_INIT:
		if (running[k])
			panic("%s is started twice", names[k]);
		for (i = 0; i < MODULES; i++) {
			if ((needs[k] >> i & 1) != 0 && !running[i])
				panic("%s is started before %s", names[k], names[i]);
		}
		running[k] = !fail(k, 0);
		return running[k] ? 0 : EIO;
	case MODULE_CMD_FINI:
		if (!running[k] || held[k] != 0)
			panic("%s is stopped, running %d, held %u", names[k],
			    running[k], held[k]);
		for (i = 0; i < MODULES; i++) {
			if ((needs[i] >> k & 1) != 0 && running[i])
				panic("%s is stopped before %s", names[k], names[i]);
		}
		running[k] = fail(k, 4);
		return running[k] ? EBUSY : 0;
	default:
		return ENOTTY;
	}
}

#define COMMAND(k) \
static int \
command##k(modcmd_t cmd, void *arg) \
{ \
 \
	return command(k, cmd); \
}
COMMAND(0)
COMMAND(1)
COMMAND(2)
COMMAND(3)
COMMAND(4)
COMMAND(5)

static struct modinfo infos[MODULES] = {
	{ .mi_modcmd = command0 }, { .mi_modcmd = command1 }, { .mi_modcmd = command2 },
	{ .mi_modcmd = command3 }, { .mi_modcmd = command4 }, { .mi_modcmd = command5 },
};

/* What the modules are. */
static void
describe(void)
{
	static const char *const odd[] = { "", ",", "m9", "m0,,m1", "a name that is much too long for any module" };
	u_int k, i;

	for (k = 0; k < MODULES; k++) {
		infos[k].mi_version = pick(16) == 0 ? pick(256) : __NetBSD_Version__;
		infos[k].mi_class = (modclass_t)(pick(4) == 0 ? pick(9) : MODULE_CLASS_MISC);
		infos[k].mi_name = names[k];
		fails[k] = pick(4) == 0 ? pick(256) : 0;
		needs[k] = pick(2) == 0 ? 0 : pick(1U << MODULES) & pick(1U << MODULES);
		required[k][0] = '\0';
		for (i = 0; i < MODULES; i++) {
			if ((needs[k] >> i & 1) == 0)
				continue;
			if (required[k][0] != '\0')
				strlcat(required[k], ",", sizeof(required[k]));
			strlcat(required[k], names[i], sizeof(required[k]));
		}
		infos[k].mi_required = required[k];
		if (needs[k] == 0)
			infos[k].mi_required = pick(8) == 0 ? odd[pick(__arraycount(odd))] : NULL;
	}
}

static void
add(u_int k)
{
	modinfo_t *const list[] = { &infos[k], &infos[(k + 1) % MODULES] };
	const size_t n = 1 + pick(2);
	const bool start = pick(2);
	const int error = module_builtin_add(list, n, start);
	u_int i, at;

	for (i = 0; i < n; i++) {
		at = (k + i) % MODULES;
		if (added[at] && error == 0)
			panic("%s is added twice", names[at]);
		if (error == 0)
			added[at] = true;
		/* one that failed and those behind it are forgotten; those before stay */
		else if (running[at])
			added[at] = true;
		if (error == 0 && start && !running[at])
			panic("%s was not started", names[at]);
	}
}

static void
take_away(u_int k)
{
	const int error = module_builtin_remove(&infos[k], pick(2));

	if (error != 0)
		return;
	if (!added[k] || running[k])
		panic("%s is taken away, added %d, running %d", names[k], added[k], running[k]);
	added[k] = false;
}

static void
hold(u_int k)
{
	module_t *mod;

	kernconfig_lock();
	mod = module_lookup(names[k]);
	if ((mod != NULL) != running[k])
		panic("%s is found %d, running %d", names[k], mod != NULL, running[k]);
	if (mod != NULL && held[k] < 3) {
		module_hold(mod);
		held[k]++;
	} else if (mod != NULL) {
		module_rele(mod);
		held[k]--;
	}
	kernconfig_unlock();
}

static void
let_go(u_int k)
{
	module_t *mod;

	kernconfig_lock();
	mod = module_lookup(names[k]);
	if (held[k] != 0) {
		module_rele(mod);
		held[k]--;
	}
	kernconfig_unlock();
}

/* What a program and a driver do else: others' data, who may load nothing, a class at a time. */
static void
other(u_int k)
{
	kauth_cred_t mine = curlwp->l_cred;
	module_t *mod;

	switch (pick(4)) {
	case 0:
		module_init_class((modclass_t)pick(9));
		break;
	case 1:
		/* nobody in particular */
		curlwp->l_cred = kauth_cred_alloc();
		kauth_cred_seteuid(curlwp->l_cred, 1);
		if (module_load(names[k], 0, NULL, MODULE_CLASS_ANY) == 0 || module_unload(names[k]) == 0)
			panic("%s: anybody may", names[k]);
		kauth_cred_free(curlwp->l_cred);
		curlwp->l_cred = mine;
		break;
	case 2:
		module_autoload_on = pick(2);
		module_verbose_on = pick(2);
		break;
	default:
		kernconfig_lock();
		if ((mod = module_lookup(names[k])) != NULL) {
			if (strcmp(module_name(mod), names[k]) != 0 || module_kernel() == mod)
				panic("%s is another", names[k]);
			if (module_getspecific(mod, key) != NULL && module_getspecific(mod, key) != names[k])
				panic("%s has another's data", names[k]);
			module_setspecific(mod, key, names[k]);
		}
		kernconfig_unlock();
	}
}

static void
step(void)
{
	const u_int k = pick(MODULES);
	int error;

	switch (pick(10)) {
	case 9:
		other(k);
		break;
	case 0:
	case 1:
		add(k);
		break;
	case 2:
		take_away(k);
		break;
	case 3:
	case 4:
		error = module_load(names[k], pick(2) ? MODCTL_LOAD_FORCE : 0, NULL,
		    (modclass_t)(pick(4) == 0 ? pick(9) : MODULE_CLASS_ANY));
		if (error == 0 && !running[k])
			panic("%s is loaded, and does not run", names[k]);
		break;
	case 5:
		(void)module_autoload(names[k], (modclass_t)(pick(4) == 0 ? pick(9) : MODULE_CLASS_ANY));
		break;
	case 6:
		error = module_unload(names[k]);
		if (error == 0 && running[k])
			panic("%s is unloaded, and runs", names[k]);
		break;
	case 7:
		hold(k);
		break;
	default:
		let_go(k);
		break;
	}
}

void
rump_fuzz_modules(const unsigned char *bytes, unsigned long len)
{
	u_int n;

	script = bytes;
	left = len;
	describe();
	(void)module_specific_key_create(&key, NULL);
	for (n = 0; n < STEPS_MOST && left > 0; n++)
		step();
	module_specific_key_delete(key);
}
