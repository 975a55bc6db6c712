/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies between the kernel and processes.
 *
 *   copyin, copyout, copyinstr, copyoutstr     curproc's memory
 *   copyin_vmspace, copyin_proc, copyin_pid …  another's
 *   ioctl_copyin, ioctl_copyout                whoever made the ioctl
 *   ufetch_*, ustore_*, ucas_*                 one word
 *
 * A program in this process passes plain pointers.  NULL is answered with
 * EFAULT; any other bad pointer is the program's own fault and faults in its
 * process.  Memory of remote clients is reached through usermem_remote, which
 * may sleep; so may therefore everything here.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/ioctl.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump-private/usermem.h>
#include <rump-sys/kern.h>

#include "files/usermem.h"

const struct usermem_ops *usermem_remote;

bool
usermem_local(const struct vmspace *vm)
{

	return vm == vmspace_kernel() || vm == rump_vmspace_local;
}

static struct vmspace *
curvm(void)
{

	return curproc->p_vmspace;
}

int
copyin_vmspace(struct vmspace *vm, const void *uaddr, void *kaddr, size_t len)
{

	if (len == 0)
		return 0;
	if (__predict_false(!usermem_local(vm))) {
		return usermem_remote == NULL ? EFAULT :
		    usermem_remote->um_copyin(vm, uaddr, kaddr, len);
	}
	if (__predict_false(uaddr == NULL && vm != vmspace_kernel()))
		return EFAULT;
	memcpy(kaddr, uaddr, len);
	return 0;
}

int
copyout_vmspace(struct vmspace *vm, const void *kaddr, void *uaddr, size_t len)
{

	if (len == 0)
		return 0;
	if (__predict_false(!usermem_local(vm))) {
		return usermem_remote == NULL ? EFAULT :
		    usermem_remote->um_copyout(vm, kaddr, uaddr, len);
	}
	if (__predict_false(uaddr == NULL && vm != vmspace_kernel()))
		return EFAULT;
	memcpy(uaddr, kaddr, len);
	return 0;
}

/*
 * NULL is refused before the process is looked at: it is nobody's memory, and
 * these may then be asked without an lwp.
 */
int
copyin(const void *uaddr, void *kaddr, size_t len)
{

	if (__predict_false(uaddr == NULL && len != 0))
		return EFAULT;
	return copyin_vmspace(curvm(), uaddr, kaddr, len);
}

int
copyout(const void *kaddr, void *uaddr, size_t len)
{

	if (__predict_false(uaddr == NULL && len != 0))
		return EFAULT;
	return copyout_vmspace(curvm(), kaddr, uaddr, len);
}

int
kcopy(const void *src, void *dst, size_t len)
{

	memcpy(dst, src, len);
	return 0;
}

int
copystr(const void *src, void *dst, size_t max, size_t *donep)
{
	size_t len = strnlen(src, max);
	bool fits = len < max;

	if (fits)
		len++;
	memcpy(dst, src, len);
	if (donep != NULL)
		*donep = len;
	return fits ? 0 : ENAMETOOLONG;
}

int
copyinstr(const void *uaddr, void *kaddr, size_t max, size_t *donep)
{
	struct vmspace *vm;
	int error;

	if (__predict_false(uaddr == NULL))
		return EFAULT;
	vm = curvm();
	if (__predict_false(!usermem_local(vm))) {
		if (usermem_remote == NULL)
			return EFAULT;
		error = usermem_remote->um_copyinstr(vm, uaddr, kaddr, &max);
		if (donep != NULL)
			*donep = max;
		return error;
	}
	return copystr(uaddr, kaddr, max, donep);
}

int
copyoutstr(const void *kaddr, void *uaddr, size_t max, size_t *donep)
{
	struct vmspace *vm;
	int error;

	if (__predict_false(uaddr == NULL))
		return EFAULT;
	vm = curvm();
	if (__predict_false(!usermem_local(vm))) {
		if (usermem_remote == NULL)
			return EFAULT;
		error = usermem_remote->um_copyoutstr(vm, kaddr, uaddr, &max);
		if (donep != NULL)
			*donep = max;
		return error;
	}
	return copystr(kaddr, uaddr, max, donep);
}

int
copyin_proc(struct proc *p, const void *uaddr, void *kaddr, size_t len)
{

	return copyin_vmspace(p->p_vmspace, uaddr, kaddr, len);
}

int
copyout_proc(struct proc *p, const void *kaddr, void *uaddr, size_t len)
{

	return copyout_vmspace(p->p_vmspace, kaddr, uaddr, len);
}

/* The address space of pid, which the caller keeps from ending. */
static struct vmspace *
pid_vmspace(pid_t pid)
{
	struct vmspace *vm = NULL;
	struct proc *p;

	mutex_enter(&proc_lock);
	p = proc_find(pid);
	if (p != NULL)
		vm = p->p_vmspace;
	mutex_exit(&proc_lock);
	return vm;
}

int
copyin_pid(pid_t pid, const void *uaddr, void *kaddr, size_t len)
{
	struct vmspace *vm = pid_vmspace(pid);

	return vm == NULL ? ESRCH : copyin_vmspace(vm, uaddr, kaddr, len);
}

/* The memory that an ioctl's pointers mean: its caller's, or the kernel's. */
static struct vmspace *
ioctl_vm(int ioctlflags)
{

	return (ioctlflags & FKIOCTL) != 0 ? vmspace_kernel() : curvm();
}

int
ioctl_copyout(int ioctlflags, const void *src, void *dst, size_t len)
{

	return copyout_vmspace(ioctl_vm(ioctlflags), src, dst, len);
}

int
ioctl_copyin(int ioctlflags, const void *src, void *dst, size_t len)
{

	return copyin_vmspace(ioctl_vm(ioctlflags), src, dst, len);
}

/*
 * Words.  A remote client's are copied as bytes: the client does not see a
 * half written word, since its server copies a word at once.
 */
int
ufetch_8(const uint8_t *uaddr, uint8_t *valp)
{

	return copyin(uaddr, valp, sizeof(*valp));
}

int
ufetch_16(const uint16_t *uaddr, uint16_t *valp)
{

	return copyin(uaddr, valp, sizeof(*valp));
}

int
ufetch_32(const uint32_t *uaddr, uint32_t *valp)
{

	return copyin(uaddr, valp, sizeof(*valp));
}

#ifdef _LP64
int
ufetch_64(const uint64_t *uaddr, uint64_t *valp)
{

	return copyin(uaddr, valp, sizeof(*valp));
}

int
ustore_64(uint64_t *uaddr, uint64_t val)
{

	return copyout(&val, uaddr, sizeof(val));
}
#endif

int
ufetch_char(const unsigned char *uaddr, unsigned char *valp)
{

	return copyin(uaddr, valp, sizeof(*valp));
}

int
ufetch_short(const unsigned short *uaddr, unsigned short *valp)
{

	return copyin(uaddr, valp, sizeof(*valp));
}

int
ufetch_int(const unsigned int *uaddr, unsigned int *valp)
{

	return copyin(uaddr, valp, sizeof(*valp));
}

int
ufetch_long(const unsigned long *uaddr, unsigned long *valp)
{

	return copyin(uaddr, valp, sizeof(*valp));
}

int
ufetch_ptr(const void **uaddr, void **valp)
{

	return copyin(uaddr, valp, sizeof(*valp));
}

int
ustore_8(uint8_t *uaddr, uint8_t val)
{

	return copyout(&val, uaddr, sizeof(val));
}

int
ustore_16(uint16_t *uaddr, uint16_t val)
{

	return copyout(&val, uaddr, sizeof(val));
}

int
ustore_32(uint32_t *uaddr, uint32_t val)
{

	return copyout(&val, uaddr, sizeof(val));
}

int
ustore_char(unsigned char *uaddr, unsigned char val)
{

	return copyout(&val, uaddr, sizeof(val));
}

int
ustore_short(unsigned short *uaddr, unsigned short val)
{

	return copyout(&val, uaddr, sizeof(val));
}

int
ustore_int(unsigned int *uaddr, unsigned int val)
{

	return copyout(&val, uaddr, sizeof(val));
}

int
ustore_long(unsigned long *uaddr, unsigned long val)
{

	return copyout(&val, uaddr, sizeof(val));
}

int
ustore_ptr(void **uaddr, void *val)
{

	return copyout(&val, uaddr, sizeof(val));
}

/* Compare and swap works where the word can be addressed: in this process. */
static int
ucas_check(volatile const void *uaddr)
{

	return usermem_local(curvm()) && uaddr != NULL ? 0 : EFAULT;
}

int
ucas_32(volatile uint32_t *uaddr, uint32_t old, uint32_t new, uint32_t *ret)
{
	int error = ucas_check(uaddr);

	if (error == 0)
		*ret = atomic_cas_32(uaddr, old, new);
	return error;
}

int
ucas_int(volatile unsigned int *uaddr, unsigned int old, unsigned int new,
    unsigned int *ret)
{
	int error = ucas_check(uaddr);

	if (error == 0)
		*ret = atomic_cas_uint(uaddr, old, new);
	return error;
}

int
ucas_ptr(volatile void *uaddr, void *old, void *new, void *ret)
{
	int error = ucas_check(uaddr);

	if (error == 0)
		*(void **)ret = atomic_cas_ptr(uaddr, old, new);
	return error;
}

#ifdef _LP64
int
ucas_64(volatile uint64_t *uaddr, uint64_t old, uint64_t new, uint64_t *ret)
{
	int error = ucas_check(uaddr);

	if (error == 0)
		*ret = atomic_cas_64(uaddr, old, new);
	return error;
}
#endif
