/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel half of small.c. */
#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/device_impl.h>
#include <sys/kauth.h>
#include <sys/kcpuset.h>
#include <sys/msgbuf.h>
#include <sys/reboot.h>
#include <sys/syslog.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <secmodel/secmodel.h>

#include "kern_test.h"

#define MUST(cond)	do { if (!(cond)) return __LINE__; } while (0)

/*
 * CPU sets beside an array of flags.
 */
#define NCPUS	MAXCPUS

struct model {
	kcpuset_t	*set;
	bool		has[NCPUS];
};

static uint32_t state;

static u_int
pick(u_int n)
{

	state = state * 1664525 + 1013904223;
	return (state >> 8) % n;
}

/* Change a, with b's help, in both worlds. */
static void
change(struct model *a, const struct model *b)
{
	u_int op = pick(9), cpu = pick(NCPUS), i;
	bool atomic = pick(2) != 0;

	switch (op) {
	case 0: case 1: case 2:
		(atomic ? kcpuset_atomic_set : kcpuset_set)(a->set, cpu);
		a->has[cpu] = true;
		return;
	case 3: case 4:
		(atomic ? kcpuset_atomic_clear : kcpuset_clear)(a->set, cpu);
		a->has[cpu] = false;
		return;
	case 5:
		(atomic ? kcpuset_atomicly_merge : kcpuset_merge)(a->set,
		    b->set);
		break;
	case 6:
		(atomic ? kcpuset_atomicly_intersect : kcpuset_intersect)(
		    a->set, b->set);
		break;
	case 7:
		(atomic ? kcpuset_atomicly_remove : kcpuset_remove)(a->set,
		    b->set);
		break;
	default:
		kcpuset_copy(a->set, b->set);
		break;
	}
	for (i = 0; i < NCPUS; i++)
		a->has[i] = op == 5 ? a->has[i] || b->has[i] :
		    op == 6 ? a->has[i] && b->has[i] :
		    op == 7 ? a->has[i] && !b->has[i] : b->has[i];
}

static int
compare(const struct model *a, const struct model *b)
{
	u_int i, count = 0, first = 0, common = 0;
	uint32_t words[NCPUS / 32];
	bool same = true, other;

	kcpuset_export_u32(a->set, words, sizeof(words));
	for (i = NCPUS; i-- > 0; ) {
		MUST(kcpuset_isset(a->set, i) == a->has[i]);
		MUST(((words[i / 32] >> i % 32) & 1) == a->has[i]);
		count += a->has[i];
		first = a->has[i] ? i + 1 : first;
		common = a->has[i] && b->has[i] ? i + 1 : common;
		same &= a->has[i] == b->has[i];
	}
	i = pick(NCPUS);
	other = count > (a->has[i] ? 1 : 0);
	MUST(kcpuset_countset(a->set) == (int)count);
	MUST(kcpuset_ffs(a->set) == first);
	MUST(kcpuset_iszero(a->set) == (count == 0));
	MUST(kcpuset_isotherset(a->set, i) == other);
	MUST(kcpuset_ffs_intersecting(a->set, b->set) == common);
	MUST(kcpuset_intersecting_p(a->set, b->set) == (common != 0));
	MUST(kcpuset_match(a->set, b->set) == same);
	return 0;
}

int
rumptest_kcpuset(void)
{
	static struct model m[2];
	kcpuset_t *clone, *unused = NULL;
	u_int step;
	int line;

	MUST(kcpuset_countset(kcpuset_attached) == ncpu);
	MUST(kcpuset_match(kcpuset_attached, kcpuset_running));
	MUST(kcpuset_isset(kcpuset_running, cpu_index(curcpu())));
	MUST(!kcpuset_isset(kcpuset_running, (cpuid_t)ncpu));

	state = 1;
	kcpuset_create(&m[0].set, true);
	kcpuset_create(&m[1].set, true);
	for (step = 0; step < 4000; step++) {
		change(&m[step % 2], &m[1 - step % 2]);
		if ((line = compare(&m[step % 2], &m[1 - step % 2])) != 0)
			return line;
	}
	kcpuset_clone(&clone, m[0].set);
	MUST(kcpuset_match(clone, m[0].set));
	kcpuset_fill(clone);
	MUST(kcpuset_countset(clone) == NCPUS);
	kcpuset_zero(clone);
	MUST(kcpuset_iszero(clone));
	kcpuset_use(clone);
	kcpuset_unuse(clone, &unused);
	MUST(unused == NULL);
	kcpuset_unuse(clone, &unused);
	MUST(unused == clone);
	kcpuset_destroy(unused);
	kcpuset_unuse(m[0].set, NULL);
	kcpuset_destroy(m[1].set);
	return 0;
}

/*
 * Rates.
 */
int
rumptest_rates(void)
{
	struct timeval last = { 0, 0 }, hour = { 3600, 0 }, none = { 0, 0 };
	int count = 0, i;

	MUST(ratecheck(&last, &hour) == 1);	/* the first one, always */
	MUST(ratecheck(&last, &hour) == 0);
	MUST(ratecheck(&last, &none) == 1);
	last.tv_sec -= 3600;
	MUST(ratecheck(&last, &hour) == 1);

	/* a second from the first one on: it may end meanwhile */
	last = none;
	MUST(ppsratecheck(&last, &count, 3) == 1 && count == 1);
	for (i = 0; i < 10 && count != 0; i++)
		if (ppsratecheck(&last, &count, 3) != 0)
			MUST(count <= 3);
	MUST(ppsratecheck(&last, &count, 0) == 0);
	MUST(ppsratecheck(&last, &count, -1) == 1);
	last.tv_sec -= 2;
	MUST(ppsratecheck(&last, &count, 1) == 1 && count == 1);
	return 0;
}

/*
 * What gets into the log.
 */
static char text[4096];

/* What was added since *from; at most the text's size. */
static const char *
added(long *from)
{
	long at = *from, n = 0;

	for (; at != msgbufp->msg_bufx && n < (long)sizeof(text) - 1; n++) {
		text[n] = msgbufp->msg_bufc[at];
		at = (at + 1) % msgbufp->msg_bufs;
	}
	text[n] = '\0';
	*from = msgbufp->msg_bufx;
	return text;
}

#define ADDS(what)	(strcmp(added(&from), (what)) == 0)

int
rumptest_log(void)
{
	struct device dev = { .dv_xname = "test0" };
	long from = msgbufp->msg_bufx;
	int howto = boothowto;

	boothowto = AB_SILENT;
	log(LOG_ERR, "one %d\n", 1);
	MUST(ADDS("<3>one 1\n"));
	addlog("two\n");
	MUST(ADDS("two\n"));
	tablefull("proc", "increase kern.maxproc");
	MUST(ADDS("<3>proc: table is full - increase kern.maxproc\n"));
	tablefull("proc", NULL);
	MUST(ADDS("<3>proc: table is full\n"));

	(void)aprint_get_error_count();
	aprint_error("e\n");
	aprint_error_dev(&dev, "d\n");
	aprint_normal("n\n");
	aprint_verbose("v\n");
	MUST(ADDS("e\ntest0: d\nn\nv\n"));
	MUST(aprint_get_error_count() == 2);
	MUST(aprint_get_error_count() == 0);
	aprint_naive("never\n");
	aprint_debug("not now\n");
	MUST(ADDS(""));
	boothowto = AB_SILENT | AB_DEBUG;
	aprint_debug_dev(&dev, "now\n");
	MUST(ADDS("test0: now\n"));
	boothowto = howto;
	return 0;
}

/*
 * A scope of its own, and several listeners.
 */
static u_int asked;

static int
answer(kauth_cred_t cred, kauth_action_t action, void *cookie, void *arg0,
    void *arg1, void *arg2, void *arg3)
{

	asked++;
	return (uintptr_t)arg0 == 1 && (uintptr_t)arg1 == 2 &&
	    (uintptr_t)arg2 == 3 && (uintptr_t)arg3 == 4 && action == 5 ?
	    (int)(intptr_t)cookie : KAUTH_RESULT_DEFER;
}

static int
ask(kauth_scope_t scope, kauth_cred_t cred)
{

	return kauth_authorize_action(scope, cred, 5, KAUTH_ARG(1),
	    KAUTH_ARG(2), KAUTH_ARG(3), KAUTH_ARG(4));
}

static kauth_listener_t
listen_to(const char *id, int verdict)
{

	return kauth_listen_scope(id, answer, (void *)(intptr_t)verdict);
}

int
rumptest_scopes(void)
{
	static const char id[] = "org.example.scope";
	kauth_cred_t root = kauth_cred_alloc();
	kauth_listener_t allow, deny, defer;
	kauth_scope_t scope;
	bool yes = false;

	MUST(listen_to(id, KAUTH_RESULT_ALLOW) == NULL);
	scope = kauth_register_scope(id, NULL, NULL);
	MUST(scope != NULL && kauth_register_scope(id, NULL, NULL) == NULL);
	/* nobody is for it: refused, root or not; the kernel itself may */
	MUST(ask(scope, root) == EPERM && ask(scope, NOCRED) == 0 &&
	    ask(scope, FSCRED) == 0);
	defer = listen_to(id, KAUTH_RESULT_DEFER);
	MUST(ask(scope, root) == EPERM);
	allow = listen_to(id, KAUTH_RESULT_ALLOW);
	MUST(ask(scope, root) == 0);
	deny = listen_to(id, KAUTH_RESULT_DENY);
	asked = 0;
	MUST(ask(scope, root) == EPERM && asked == 3);
	kauth_unlisten_scope(deny);
	MUST(ask(scope, root) == 0);
	kauth_unlisten_scope(allow);
	MUST(ask(scope, root) == EPERM);
	kauth_unlisten_scope(defer);
	kauth_deregister_scope(scope);
	scope = kauth_register_scope(id, answer,
	    (void *)(intptr_t)KAUTH_RESULT_ALLOW);
	MUST(scope != NULL && ask(scope, root) == 0);
	kauth_deregister_scope(scope);

	/* one model asks another */
	MUST(secmodel_eval("org.netbsd.secmodel.suser", "is-root", root,
	    &yes) == 0 && yes);
	kauth_cred_seteuid(root, 1);
	MUST(secmodel_eval("org.netbsd.secmodel.suser", "is-root", root,
	    &yes) == 0 && !yes);
	MUST(secmodel_eval("org.example", "is-root", root, &yes) == EINVAL);
	MUST(secmodel_eval("org.netbsd.secmodel.suser", "what", root,
	    &yes) == ENOENT);
	kauth_cred_free(root);
	return 0;
}
