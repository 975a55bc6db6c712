/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Moving data along a uio, and making uios for programs that call vnode
 * operations directly (rump_uio_*).
 *
 * Each step takes the largest piece that the first vector holds, copies it in
 * the direction of the uio, and advances vector, offset and residue by just
 * that: after an error the uio says how far the copy got.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/uio.h>

#include <rump/rump.h>
#include <rump-private/kern_if.h>

void
uio_setup_sysspace(struct uio *uio)
{

	uio->uio_vmspace = vmspace_kernel();
}

/* Bytes of the first vector that a step of at most n takes; empty ones go. */
static size_t
step_length(struct uio *uio, size_t n)
{

	while (uio->uio_iovcnt > 0 && uio->uio_iov->iov_len == 0) {
		uio->uio_iov++;
		uio->uio_iovcnt--;
	}
	KASSERTMSG(uio->uio_iovcnt > 0, "uio %p: residue %zu, no vectors", uio,
	    uio->uio_resid);
	return MIN(n, uio->uio_iov->iov_len);
}

static void
step(struct uio *uio, size_t len)
{
	struct iovec *iov = uio->uio_iov;

	iov->iov_base = (char *)iov->iov_base + len;
	iov->iov_len -= len;
	uio->uio_resid -= len;
	uio->uio_offset += len;
}

int
uiomove(void *buf, size_t n, struct uio *uio)
{
	struct vmspace *vm = uio->uio_vmspace;
	char *cp = buf;
	size_t len;
	int error;

	n = MIN(n, uio->uio_resid);
	for (; n > 0; n -= len, cp += len) {
		len = step_length(uio, n);
		if (uio->uio_rw == UIO_READ)
			error = copyout_vmspace(vm, cp, uio->uio_iov->iov_base,
			    len);
		else
			error = copyin_vmspace(vm, uio->uio_iov->iov_base, cp,
			    len);
		if (error != 0)
			return error;
		step(uio, len);
	}
	return 0;
}

int
uiopeek(void *buf, size_t n, struct uio *uio)
{
	struct vmspace *vm = uio->uio_vmspace;
	struct iovec *iov = uio->uio_iov;
	char *cp = buf;
	size_t len;
	int error = 0;

	n = MIN(n, uio->uio_resid);
	for (; n > 0 && error == 0; n -= len, cp += len, iov++) {
		len = MIN(n, iov->iov_len);
		if (uio->uio_rw == UIO_READ)
			error = copyout_vmspace(vm, cp, iov->iov_base, len);
		else
			error = copyin_vmspace(vm, iov->iov_base, cp, len);
	}
	return error;
}

void
uioskip(size_t n, struct uio *uio)
{
	size_t len;

	KASSERT(n <= uio->uio_resid);
	for (; n > 0; n -= len) {
		len = step_length(uio, n);
		step(uio, len);
	}
}

int
uiomove_frombuf(void *buf, size_t buflen, struct uio *uio)
{
	size_t offset;

	if (uio->uio_offset < 0)
		return EINVAL;
	if ((uint64_t)uio->uio_offset >= buflen)
		return 0;
	offset = uio->uio_offset;
	return uiomove((char *)buf + offset, buflen - offset, uio);
}

int
ureadc(int c, struct uio *uio)
{
	char ch = c;

	KASSERT(uio->uio_rw == UIO_READ);
	KASSERT(uio->uio_resid > 0);
	return uiomove(&ch, 1, uio);
}

/*
 * For programs: a uio over one buffer of their own process.
 */
struct rump_uio {
	struct uio	ru_uio;
	struct iovec	ru_iov;
};

struct uio *
rump_uio_setup(void *buf, size_t bufsize, off_t offset, enum rump_uiorw rw)
{
	struct rump_uio *ru = kmem_zalloc(sizeof(*ru), KM_SLEEP);
	struct uio *uio = &ru->ru_uio;

	ru->ru_iov.iov_base = buf;
	ru->ru_iov.iov_len = bufsize;
	uio->uio_iov = &ru->ru_iov;
	uio->uio_iovcnt = 1;
	uio->uio_offset = offset;
	uio->uio_resid = bufsize;
	uio->uio_rw = rw == RUMPUIO_READ ? UIO_READ : UIO_WRITE;
	uio->uio_vmspace = vmspace_kernel();
	return uio;
}

size_t
rump_uio_getresid(struct uio *uio)
{

	return uio->uio_resid;
}

off_t
rump_uio_getoff(struct uio *uio)
{

	return uio->uio_offset;
}

size_t
rump_uio_free(struct uio *uio)
{
	size_t resid = uio->uio_resid;

	kmem_free(uio, sizeof(struct rump_uio));
	return resid;
}
