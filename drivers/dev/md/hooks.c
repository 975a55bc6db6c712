/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * md(4): a medium that comes with the kernel.  md_root_setconf tells where it is,
 * before the first open; it becomes unit 0.
 */
#include <sys/param.h>
#include <sys/systm.h>

#include <dev/md.h>

int md_is_root;
static struct md_conf root = { .md_type = MD_UNCONFIGURED };

/* size  bytes; memory stays in place. */
void
md_root_setconf(char *addr, size_t size)
{

	md_is_root = 1;
	root.md_type = MD_KMEM_FIXED;
	root.md_addr = addr;
	root.md_size = rounddown2(size, DEV_BSIZE);
}

/* A unit is made. */
void
md_attach_hook(int unit, struct md_conf *conf)
{

	if (unit == 0 && root.md_type != MD_UNCONFIGURED)
		*conf = root;
}

/* A unit without medium is opened. */
void
md_open_hook(int unit, struct md_conf *conf)
{

	md_attach_hook(unit, conf);
}
