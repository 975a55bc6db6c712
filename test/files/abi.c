/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The structures that programs pass, as the compiler lays them out, against
 * NetBSD's own layout: sizes and offsets for amd64, and for i386 where a
 * 32-bit program is built.  And constants of which one of each kind is enough:
 * rumpdefs.h copies the kernel's.
 */
#include <stddef.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumperr.h>

#include "t.h"

#ifdef __LP64__
#define BYTES(amd64, i386)	(amd64)
#else
#define BYTES(amd64, i386)	(i386)
#endif

#if defined(__LP64__) || defined(__i386__)
#define SIZE(tag, amd64, i386) \
	_Static_assert(sizeof(struct rump_##tag) == BYTES(amd64, i386), #tag)
#define AT(tag, member, amd64, i386) \
	_Static_assert(offsetof(struct rump_##tag, member) == \
	    BYTES(amd64, i386), #tag "." #member)
#else
#define SIZE(tag, amd64, i386)
#define AT(tag, member, amd64, i386)
#endif

SIZE(timespec, 16, 12);
AT(timespec, tv_sec, 0, 0);
AT(timespec, tv_nsec, 8, 8);

SIZE(timeval, 16, 12);
AT(timeval, tv_sec, 0, 0);
AT(timeval, tv_usec, 8, 8);

SIZE(itimerval, 32, 24);
AT(itimerval, it_interval, 0, 0);
AT(itimerval, it_value, 16, 12);

SIZE(itimerspec, 32, 24);
AT(itimerspec, it_interval, 0, 0);
AT(itimerspec, it_value, 16, 12);

SIZE(stat, 152, 124);
AT(stat, st_dev, 0, 0);
AT(stat, st_mode, 8, 8);
AT(stat, st_ino, 16, 12);
AT(stat, st_nlink, 24, 20);
AT(stat, st_uid, 28, 24);
AT(stat, st_gid, 32, 28);
AT(stat, st_rdev, 40, 32);
AT(stat, st_atim, 48, 40);
AT(stat, st_mtim, 64, 52);
AT(stat, st_ctim, 80, 64);
AT(stat, st_birthtim, 96, 76);
AT(stat, st_size, 112, 88);
AT(stat, st_blocks, 120, 96);
AT(stat, st_blksize, 128, 104);
AT(stat, st_flags, 132, 108);
AT(stat, st_gen, 136, 112);

SIZE(dirent, 528, 528);
AT(dirent, d_fileno, 0, 0);
AT(dirent, d_reclen, 8, 8);
AT(dirent, d_namlen, 10, 10);
AT(dirent, d_type, 12, 12);
AT(dirent, d_name, 13, 13);

SIZE(statvfs, 3296, 3268);
AT(statvfs, f_flag, 0, 0);
AT(statvfs, f_bsize, 8, 4);
AT(statvfs, f_frsize, 16, 8);
AT(statvfs, f_iosize, 24, 12);
AT(statvfs, f_blocks, 32, 16);
AT(statvfs, f_bfree, 40, 24);
AT(statvfs, f_bavail, 48, 32);
AT(statvfs, f_bresvd, 56, 40);
AT(statvfs, f_files, 64, 48);
AT(statvfs, f_ffree, 72, 56);
AT(statvfs, f_favail, 80, 64);
AT(statvfs, f_fresvd, 88, 72);
AT(statvfs, f_syncreads, 96, 80);
AT(statvfs, f_syncwrites, 104, 88);
AT(statvfs, f_asyncreads, 112, 96);
AT(statvfs, f_asyncwrites, 120, 104);
AT(statvfs, f_fsidx, 128, 112);
AT(statvfs, f_fsid, 136, 120);
AT(statvfs, f_namemax, 144, 124);
AT(statvfs, f_owner, 152, 128);
AT(statvfs, f_fstypename, 192, 164);
AT(statvfs, f_mntonname, 224, 196);
AT(statvfs, f_mntfromname, 1248, 1220);
AT(statvfs, f_mntfromlabel, 2272, 2244);

SIZE(flock, 24, 24);
AT(flock, l_start, 0, 0);
AT(flock, l_len, 8, 8);
AT(flock, l_pid, 16, 16);
AT(flock, l_type, 20, 20);
AT(flock, l_whence, 22, 22);

SIZE(sockaddr, 16, 16);
AT(sockaddr, sa_len, 0, 0);
AT(sockaddr, sa_family, 1, 1);
AT(sockaddr, sa_data, 2, 2);

SIZE(sockaddr_storage, 128, 128);
AT(sockaddr_storage, ss_len, 0, 0);
AT(sockaddr_storage, ss_family, 1, 1);
AT(sockaddr_storage, __ss_align, 8, 8);

SIZE(sockaddr_un, 106, 106);
AT(sockaddr_un, sun_len, 0, 0);
AT(sockaddr_un, sun_family, 1, 1);
AT(sockaddr_un, sun_path, 2, 2);

SIZE(msghdr, 48, 28);
AT(msghdr, msg_name, 0, 0);
AT(msghdr, msg_namelen, 8, 4);
AT(msghdr, msg_iov, 16, 8);
AT(msghdr, msg_iovlen, 24, 12);
AT(msghdr, msg_control, 32, 16);
AT(msghdr, msg_controllen, 40, 20);
AT(msghdr, msg_flags, 44, 24);

SIZE(mmsghdr, 56, 32);
AT(mmsghdr, msg_hdr, 0, 0);
AT(mmsghdr, msg_len, 48, 28);

SIZE(cmsghdr, 12, 12);
AT(cmsghdr, cmsg_len, 0, 0);
AT(cmsghdr, cmsg_level, 4, 4);
AT(cmsghdr, cmsg_type, 8, 8);

SIZE(linger, 8, 8);
AT(linger, l_onoff, 0, 0);
AT(linger, l_linger, 4, 4);

SIZE(kevent, 40, 28);
AT(kevent, ident, 0, 0);
AT(kevent, filter, 8, 4);
AT(kevent, flags, 12, 8);
AT(kevent, fflags, 16, 12);
AT(kevent, data, 24, 16);
AT(kevent, udata, 32, 24);

SIZE(pollfd, 8, 8);
AT(pollfd, fd, 0, 0);
AT(pollfd, events, 4, 4);
AT(pollfd, revents, 6, 6);

SIZE(rlimit, 16, 16);
AT(rlimit, rlim_cur, 0, 0);
AT(rlimit, rlim_max, 8, 8);

SIZE(rusage, 144, 80);
AT(rusage, ru_utime, 0, 0);
AT(rusage, ru_stime, 16, 12);
AT(rusage, ru_maxrss, 32, 24);
AT(rusage, ru_ixrss, 40, 28);
AT(rusage, ru_idrss, 48, 32);
AT(rusage, ru_isrss, 56, 36);
AT(rusage, ru_minflt, 64, 40);
AT(rusage, ru_majflt, 72, 44);
AT(rusage, ru_nswap, 80, 48);
AT(rusage, ru_inblock, 88, 52);
AT(rusage, ru_oublock, 96, 56);
AT(rusage, ru_msgsnd, 104, 60);
AT(rusage, ru_msgrcv, 112, 64);
AT(rusage, ru_nsignals, 120, 68);
AT(rusage, ru_nvcsw, 128, 72);
AT(rusage, ru_nivcsw, 136, 76);

SIZE(modctl_load, 32, 16);
AT(modctl_load, ml_filename, 0, 0);
AT(modctl_load, ml_flags, 8, 4);
AT(modctl_load, ml_props, 16, 8);
AT(modctl_load, ml_propslen, 24, 12);

SIZE(modstat, 64, 64);
AT(modstat, ms_name, 0, 0);
AT(modstat, ms_addr, 32, 32);
AT(modstat, ms_source, 40, 40);
AT(modstat, ms_class, 44, 44);
AT(modstat, ms_size, 48, 48);
AT(modstat, ms_refcnt, 52, 52);
AT(modstat, ms_flags, 56, 56);
AT(modstat, ms_reqoffset, 60, 60);

SIZE(tmpfs_args, 40, 32);
AT(tmpfs_args, ta_version, 0, 0);
AT(tmpfs_args, ta_nodes_max, 8, 4);
AT(tmpfs_args, ta_size_max, 16, 12);
AT(tmpfs_args, ta_root_uid, 24, 20);
AT(tmpfs_args, ta_root_gid, 28, 24);
AT(tmpfs_args, ta_root_mode, 32, 28);

SIZE(iso_args, 144, 116);
AT(iso_args, fspec, 0, 0);
AT(iso_args, flags, 136, 112);

SIZE(export_args30, 128, 108);
AT(export_args30, ex_flags, 0, 0);
AT(export_args30, ex_root, 4, 4);
AT(export_args30, ex_anon, 8, 8);
AT(export_args30, ex_addr, 88, 88);
AT(export_args30, ex_addrlen, 96, 92);
AT(export_args30, ex_mask, 104, 96);
AT(export_args30, ex_masklen, 112, 100);
AT(export_args30, ex_indexfile, 120, 104);

_Static_assert(RUMP_O_CREAT == 0x200 && RUMP_O_EXCL == 0x800, "open");
_Static_assert(RUMP_ENOTSUP == 86 && RUMP_ELOOP == 62, "errno");
_Static_assert(RUMP_AT_FDCWD == -100, "*at");
_Static_assert(RUMP_F_SETLKW == 9 && RUMP_F_DUPFD_CLOEXEC == 12, "fcntl");
_Static_assert(RUMP_MNT_RDONLY == 1 && RUMP_MNT_FORCE == 0x80000, "mount");
_Static_assert(RUMP_S_IFWHT == 0160000 && RUMP_S_ISVTX == 01000, "mode");
_Static_assert(RUMP_POLLWRNORM == RUMP_POLLOUT, "poll");
_Static_assert(RUMP_SOCK_NONBLOCK == 0x20000000, "socket");
_Static_assert(RUMP_EVFILT_WRITE == 1 && RUMP_EV_EOF == 0x8000, "kevent");
_Static_assert(RUMP_FD_SETSIZE == 256 && sizeof(rump_fd_set) == 32, "select");

static void
device_numbers(void)
{
	uint64_t dev = RUMP_MAKEDEV(0x123, 0x45678);

	T_CHECK_EQ(dev, 0x45612378);
	T_CHECK_EQ(RUMP_MAJOR(dev), 0x123);
	T_CHECK_EQ(RUMP_MINOR(dev), 0x45678);
}

static void
errors_in_words(void)
{

	T_CHECK_STR(rump_strerror(0), "No error");
	T_CHECK_STR(rump_strerror(RUMP_ENOENT), "No such file or directory");
	T_CHECK_STR(rump_strerror(RUMP_EAGAIN), "Temporarily unavailable");
	T_CHECK_STR(rump_strerror(-1), "Unknown error");
	T_CHECK_STR(rump_strerror(4711), "Unknown error");
}

T_MAIN(
	T(device_numbers),
	T(errors_in_words)
)
