/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's half of inside.c: operations of tmpfs that no system call asks
 * for by itself.  Each function returns 0, or the line of the check that failed.
 */
#include <sys/param.h>
#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/statvfs.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <uvm/uvm.h>

#include <rump-sys/kern.h>

#define MUST(cond)	do { if (!(cond)) return __LINE__; } while (0)

int	rump_test_pages(void);
int	rump_test_holes(void);
int	rump_test_no_space(void);
int	rump_test_whiteouts(void);
int	rump_test_cookies(void);
int	rump_test_run(int (*)(void));

int
rump_test_run(int (*test)(void))
{
	int line;

	rump_schedule();
	line = (*test)();
	rump_unschedule();
	return line;
}

static struct vnode *
vnode_of_path(const char *path)
{
	struct vnode *vp;

	return namei_simple_kernel(path, NSM_FOLLOW_NOEMULROOT, &vp) == 0 ?
	    vp : NULL;
}

/* Blocks in use on the mount of vp. */
static uint64_t
used(struct vnode *vp)
{
	struct statvfs *sb = malloc(sizeof(*sb), M_TEMP, M_WAITOK);
	uint64_t blocks;

	(void)VFS_STATVFS(vp->v_mount, sb);
	blocks = sb->f_blocks - sb->f_bfree;
	free(sb, M_TEMP);
	return blocks;
}

/* ------------------------------------------------------------------- pages */

static int
get(struct vnode *vp, voff_t off, struct vm_page **pgs, int *count,
    vm_prot_t access, int flags)
{

	memset(pgs, 0, *count * sizeof(*pgs));
	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	return VOP_GETPAGES(vp, off, pgs, count, 0, access, UVM_ADV_NORMAL,
	    flags);
}

static void
give_back(struct vnode *vp, struct vm_page **pgs, int count)
{

	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	uvm_page_unbusy(pgs, count);
	rw_exit(vp->v_uobj.vmobjlock);
}

static char *
memory_of(struct vm_page *pg)
{

	return (char *)(uintptr_t)VM_PAGE_TO_PHYS(pg);
}

/* The pages that GETPAGES hands out are those that read and write use. */
int
rump_test_pages(void)
{
	struct vnode *vp = vnode_of_path("/t/pages");
	struct vm_page *pgs[4];
	char byte = 0;
	int count = 4;

	MUST(vp != NULL);
	MUST(get(vp, 0, pgs, &count, VM_PROT_READ | VM_PROT_WRITE,
	    PGO_SYNCIO | PGO_ALLPAGES) == 0);
	MUST(count == 3 && pgs[0] != NULL && pgs[2] != NULL);
	MUST(memory_of(pgs[1])[5] == 'x');
	memory_of(pgs[1])[5] = 'y';
	give_back(vp, pgs, count);
	MUST(vn_rdwr(UIO_READ, vp, &byte, 1, PAGE_SIZE + 5, UIO_SYSSPACE, 0,
	    NOCRED, NULL, curlwp) == 0 && byte == 'y');

	/* Resident ones without waiting, not busy. */
	count = 1;
	rw_enter(vp->v_uobj.vmobjlock, RW_READER);
	MUST(VOP_GETPAGES(vp, 0, pgs, &count, 0, VM_PROT_READ, UVM_ADV_NORMAL,
	    PGO_LOCKED) == 0);
	MUST((pgs[0]->flags & PG_BUSY) == 0);
	rw_exit(vp->v_uobj.vmobjlock);

	/* Behind the end. */
	count = 1;
	MUST(get(vp, 4 * PAGE_SIZE, pgs, &count, VM_PROT_READ, PGO_SYNCIO) ==
	    EINVAL);

	/* Nothing is ever written back or dropped. */
	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	MUST(VOP_PUTPAGES(vp, 0, 0, PGO_ALLPAGES | PGO_CLEANIT | PGO_FREE |
	    PGO_SYNCIO) == 0);
	MUST(vn_rdwr(UIO_READ, vp, &byte, 1, PAGE_SIZE + 5, UIO_SYSSPACE, 0,
	    NOCRED, NULL, curlwp) == 0 && byte == 'y');
	vrele(vp);
	return 0;
}

/* A hole that is asked for becomes a page of zeroes, and is charged. */
int
rump_test_holes(void)
{
	struct vnode *vp = vnode_of_path("/t/hole");
	struct vm_page *pg;
	uint64_t before;
	int count = 1;

	MUST(vp != NULL);
	before = used(vp);
	rw_enter(vp->v_uobj.vmobjlock, RW_READER);
	MUST(VOP_GETPAGES(vp, 8 * PAGE_SIZE, &pg, &count, 0, VM_PROT_READ,
	    UVM_ADV_NORMAL, PGO_LOCKED) == EBUSY);
	rw_exit(vp->v_uobj.vmobjlock);
	MUST(used(vp) == before);
	MUST(get(vp, 8 * PAGE_SIZE, &pg, &count, VM_PROT_WRITE, PGO_SYNCIO) == 0);
	MUST(count == 1 && memory_of(pg)[0] == 0 &&
	    memory_of(pg)[PAGE_SIZE - 1] == 0);
	give_back(vp, &pg, 1);
	MUST(used(vp) == before + 1);
	vrele(vp);
	return 0;
}

/* The mount is full: no page for the asking. */
int
rump_test_no_space(void)
{
	struct vnode *vp = vnode_of_path("/t/hole");
	struct vm_page *pg;
	int count = 1;

	MUST(vp != NULL);
	MUST(get(vp, 16 * PAGE_SIZE, &pg, &count, VM_PROT_WRITE, PGO_SYNCIO) ==
	    ENOSPC);
	vrele(vp);
	return 0;
}

/* --------------------------------------------------------------- whiteouts */

static struct componentname
component(uint32_t op, uint32_t flags, const char *name)
{
	struct componentname cn = {
		.cn_nameiop = op, .cn_flags = flags | ISLASTCN,
		.cn_cred = kauth_cred_get(), .cn_nameptr = name,
		.cn_namelen = strlen(name)
	};

	return cn;
}

/* Look a name up as an operation does; the directory is locked. */
static int
look(struct vnode *dvp, struct componentname *cn, struct vnode **vpp)
{

	return VOP_LOOKUP(dvp, vpp, cn);
}

int
rump_test_whiteouts(void)
{
	struct vnode *dvp = vnode_of_path("/t"), *vp;
	struct componentname cn;
	struct vattr va;

	MUST(dvp != NULL);
	vn_lock(dvp, LK_EXCLUSIVE | LK_RETRY);
	cn = component(CREATE, 0, "gone");
	MUST(VOP_WHITEOUT(dvp, &cn, LOOKUP) == 0);
	MUST(VOP_WHITEOUT(dvp, &cn, CREATE) == 0);
	MUST(VOP_WHITEOUT(dvp, &cn, CREATE) == EEXIST);

	/* It is no file, and says so. */
	cn = component(LOOKUP, 0, "gone");
	MUST(look(dvp, &cn, &vp) == ENOENT && vp == NULL);
	MUST((cn.cn_flags & ISWHITEOUT) != 0);

	/* A directory that takes its place hides what is below. */
	cn = component(CREATE, DOWHITEOUT, "gone");
	MUST(look(dvp, &cn, &vp) == EJUSTRETURN);
	vattr_null(&va);
	va.va_type = VDIR;
	va.va_mode = 0755;
	MUST(VOP_MKDIR(dvp, &vp, &cn, &va) == 0);
	vn_lock(vp, LK_SHARED | LK_RETRY);
	MUST(VOP_GETATTR(vp, &va, NOCRED) == 0);
	MUST((va.va_flags & UF_OPAQUE) != 0);
	VOP_UNLOCK(vp);

	/* Removed with a whiteout left, then without. */
	cn = component(DELETE, DOWHITEOUT, "gone");
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	MUST(VOP_RMDIR(dvp, vp, &cn) == 0);
	cn = component(LOOKUP, 0, "gone");
	MUST(look(dvp, &cn, &vp) == ENOENT && (cn.cn_flags & ISWHITEOUT) != 0);
	cn = component(DELETE, DOWHITEOUT, "gone");
	MUST(VOP_WHITEOUT(dvp, &cn, DELETE) == 0);
	cn = component(LOOKUP, 0, "gone");
	MUST(look(dvp, &cn, &vp) == ENOENT && (cn.cn_flags & ISWHITEOUT) == 0);
	VOP_UNLOCK(dvp);
	vrele(dvp);
	return 0;
}

/* ----------------------------------------------------------------- cookies */

/* Each cookie leads to the entry after the one it came with. */
int
rump_test_cookies(void)
{
	struct vnode *vp = vnode_of_path("/t");
	static char all[4096], rest[4096];
	struct iovec iov;
	struct uio uio;
	off_t *cookies;
	size_t at = 0, len;
	int ncookies, eof, i;

	MUST(vp != NULL);
	vn_lock(vp, LK_SHARED | LK_RETRY);
	memset(&uio, 0, sizeof(uio));
	UIO_SETUP_SYSSPACE(&uio);
	uio.uio_iov = &iov;
	uio.uio_rw = UIO_READ;
#define READ(buf, from, cookiesp) \
	(iov.iov_base = (buf), iov.iov_len = sizeof(buf), uio.uio_iovcnt = 1, \
	    uio.uio_offset = (from), uio.uio_resid = sizeof(buf), \
	    VOP_READDIR(vp, &uio, NOCRED, &eof, (cookiesp), \
	    (cookiesp) != NULL ? &ncookies : NULL))
	MUST(READ(all, 0, &cookies) == 0 && eof);
	len = sizeof(all) - uio.uio_resid;
	MUST(ncookies > 4 && uio.uio_offset == cookies[ncookies - 1]);
	for (i = 0; i < ncookies; i++) {
		at += ((struct dirent *)(all + at))->d_reclen;
		MUST(READ(rest, cookies[i], (off_t **)NULL) == 0 && eof);
		MUST(sizeof(rest) - uio.uio_resid == len - at);
		MUST(memcmp(rest, all + at, len - at) == 0);
	}
	MUST(at == len);
	free(cookies, M_TEMP);
	VOP_UNLOCK(vp);
	vrele(vp);
	return 0;
}
