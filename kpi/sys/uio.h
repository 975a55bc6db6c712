/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scatter/gather transfers between the kernel and someone's memory.
 *
 * A uio says where (a vector of addresses, and whose address space), which
 * way, from which file offset, and how much is left.  uiomove and its
 * relatives copy and advance it, also when they fail half way.
 */
#ifndef _SYS_UIO_H_
#define _SYS_UIO_H_

#include <sys/types.h>

struct iovec {
	void	*iov_base;
	size_t	iov_len;
};

enum uio_rw {
	UIO_READ,
	UIO_WRITE,
};
enum uio_seg {
	UIO_USERSPACE,
	UIO_SYSSPACE,
};

#define UIO_MAXIOV	0x400

#ifdef _KERNEL

struct vmspace;
struct lwp;

struct uio {
	struct iovec	*uio_iov;	/* first vector not used up */
	int		uio_iovcnt;
	off_t		uio_offset;
	size_t		uio_resid;	/* bytes left */
	enum uio_rw	uio_rw;
	struct vmspace	*uio_vmspace;	/* whose addresses */
};

/* Vectors that a system call keeps on its stack. */
#define UIO_SMALLIOV	0x8

#define UIO_SETUP_SYSSPACE(uio)	uio_setup_sysspace(uio)

/*
 * Say that the vectors of *uio are kernel addresses.
 * Context: any.
 */
void	uio_setup_sysspace(struct uio *);

/*
 * Copy up to n bytes between kernel memory buf and the place that *uio
 * describes, in its direction, and advance *uio.
 *
 * Returns 0 or EFAULT; *uio says how far it went in either case.
 * Context: thread, may sleep (a remote process's memory).
 */
int	uiomove(void *buf, size_t n, struct uio *uio);

/*
 * The same for an object whose whole content is buf[0..buflen): uio_offset
 * selects the part.  EINVAL for a negative offset, nothing past the end.
 */
int	uiomove_frombuf(void *buf, size_t buflen, struct uio *uio);

/* Like uiomove, without advancing *uio. */
int	uiopeek(void *buf, size_t n, struct uio *uio);

/* Advance *uio by n bytes, n <= uio_resid. */
void	uioskip(size_t n, struct uio *uio);

/* Give one character to a reader: 0 or EFAULT. */
int	ureadc(int c, struct uio *uio);

#endif /* _KERNEL */
#endif /* _SYS_UIO_H_ */
