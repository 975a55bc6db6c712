/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pseudo terminals, pty(4): which there are.
 *
 *   pty_makedev, pty_isfree     for who shows them: ptyfs
 *
 * A pair has a control side (ptc.c), which stands where hardware would be, and a slave
 * side (pts.c), a terminal.  Pairs are numbered.  One is made when it is first opened,
 * or asked for by /dev/ptm (ptm.c), and stays for good: closed, it is free for the next.
 * How many there may be is sysctl kern.maxptys.
 *
 * Locks: table_lock for the table; what it points to does not go.  tty_lock for a pair.
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/pty.h>
#include <sys/stat.h>
#include <sys/sysctl.h>
#include <sys/select.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>
#include <rump-sys/vfs.h>

#include "pty_var.h"
#include "tty_var.h"

#define PTYS_MOST	992		/* unless kern.maxptys says otherwise */
#define PTYS_LIMIT	32768		/* what that may say */
#define GROWTH		16

static kmutex_t table_lock;
static struct pty **table;		/* table_lock: npty of them, or NULL */
int npty;				/* table_lock; only grows */
static int most = PTYS_MOST;
static devmajor_t control_major = NODEVMAJOR, slave_major = NODEVMAJOR;

/* The device of a side: 'p' control, 't' slave; NODEV if there is no such. */
dev_t
pty_makedev(char side, int unit)
{

	if (side == 'p')
		return makedev(control_major, unit);
	return side == 't' ? makedev(slave_major, unit) : NODEV;
}

static struct pty *
create(int unit)
{
	struct pty *pt = kmem_zalloc(sizeof(*pt), KM_SLEEP);

	pt->pt_unit = unit;
	pt->pt_tty = tty_alloc();
	pt->pt_tty->t_dev = pty_makedev('t', unit);
	pt->pt_tty->t_sc = pt;
	cv_init(&pt->pt_readable, "ptcin");
	selinit(&pt->pt_rsel);
	selinit(&pt->pt_wsel);
	tty_attach(pt->pt_tty);
	return pt;
}

/* Make the table reach to unit. */
static void
grow(int unit)
{
	const int n = roundup(unit + 1, GROWTH);
	struct pty **new;

	KASSERT(mutex_owned(&table_lock));
	new = kmem_zalloc((size_t)n * sizeof(*new), KM_SLEEP);
	if (npty > 0) {
		memcpy(new, table, (size_t)npty * sizeof(*new));
		kmem_free(table, (size_t)npty * sizeof(*table));
	}
	table = new;
	npty = n;
}

struct pty *
pty_find(dev_t dev)
{
	const int unit = (int)minor(dev);
	struct pty *pt;

	mutex_enter(&table_lock);
	pt = unit >= 0 && unit < npty ? table[unit] : NULL;
	mutex_exit(&table_lock);
	return pt;
}

struct pty *
pty_get(dev_t dev)
{
	const int unit = (int)minor(dev);
	struct pty *pt = NULL;

	mutex_enter(&table_lock);
	if (unit >= 0 && unit < most) {
		if (unit >= npty)
			grow(unit);
		if (table[unit] == NULL)
			table[unit] = create(unit);
		pt = table[unit];
	}
	mutex_exit(&table_lock);
	return pt;
}

/*
 * Is the control side of a pair closed?
 *
 * lock    take the lock; without, what it says is only a hint.
 */
int
pty_isfree(int unit, int lock)
{
	struct pty *pt = pty_find(pty_makedev('p', unit));
	int isfree;

	if (pt == NULL)
		return 1;
	if (lock)
		mutex_enter(&tty_lock);
	isfree = !pt->pt_control;
	if (lock)
		mutex_exit(&tty_lock);
	return isfree;
}

static int
sysctl_most(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	int error, new = most;

	node.sysctl_data = &new;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error != 0 || newp == NULL)
		return error;
	mutex_enter(&table_lock);
	if (new < npty || new > PTYS_LIMIT)
		error = EINVAL;
	else
		most = new;
	mutex_exit(&table_lock);
	return error;
}

SYSCTL_SETUP(pty_sysctl, "pseudo terminals")
{

	sysctl_createv(clog, 0, NULL, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_INT, "maxptys",
	    SYSCTL_DESCR("how many pseudo terminals there may be"),
	    sysctl_most, 0, NULL, 0, CTL_KERN, KERN_MAXPTYS, CTL_EOL);
}

/* The names that pty(4) has had since there were pairs; 16 of them are there. */
static void
make_nodes(void)
{
	char name[] = "/dev/?tyX?";
	static const char bank[] = "p";
	int i;

	for (i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "/dev/%cty%s", "pt"[i], bank);
		FLAWLESSCALL(rump_vfs_makedevnodes(S_IFCHR, name, '0',
		    i == 0 ? control_major : slave_major, 0, 10));
		FLAWLESSCALL(rump_vfs_makedevnodes(S_IFCHR, name, 'a',
		    i == 0 ? control_major : slave_major, 10, 6));
	}
}

void
pty_init(void)
{

	mutex_init(&table_lock, MUTEX_DEFAULT, IPL_NONE);
	/* drivers that list pairs rely on npty > 0 */
	mutex_enter(&table_lock);
	grow(0);
	mutex_exit(&table_lock);
	FLAWLESSCALL(devsw_attach("ptc", NULL, NULL, &ptc_cdevsw,
	    &control_major));
	FLAWLESSCALL(devsw_attach("pts", NULL, NULL, &pts_cdevsw,
	    &slave_major));
	make_nodes();
}

RUMP_COMPONENT(RUMP_COMPONENT_KERN_VFS)
{

	tty_init();
	ctty_init();
	pty_init();
	ptm_init();
}
