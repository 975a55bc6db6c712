/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * NetBSD's errno and signal numbers, for the library's side of the interface.
 *
 *   NB_ERRNO_LIST(X)    X(name, number) for each errno; NB_name is the number
 *   NB_SIGNAL_LIST(X)   the same for signals
 *
 * errno.c turns the lists into translation tables, with the host's values of the same names.
 * Ref: errno(2), signal(7) of NetBSD.
 */

#ifndef HYPERCALL_LIB_NBERRNO_H
#define HYPERCALL_LIB_NBERRNO_H

#define NB_ERRNO_LIST(X)                                                                       \
	X(EPERM, 1) X(ENOENT, 2) X(ESRCH, 3) X(EINTR, 4) X(EIO, 5) X(ENXIO, 6) X(E2BIG, 7)     \
	X(ENOEXEC, 8) X(EBADF, 9) X(ECHILD, 10) X(EDEADLK, 11) X(ENOMEM, 12) X(EACCES, 13)     \
	X(EFAULT, 14) X(ENOTBLK, 15) X(EBUSY, 16) X(EEXIST, 17) X(EXDEV, 18) X(ENODEV, 19)     \
	X(ENOTDIR, 20) X(EISDIR, 21) X(EINVAL, 22) X(ENFILE, 23) X(EMFILE, 24) X(ENOTTY, 25)   \
	X(ETXTBSY, 26) X(EFBIG, 27) X(ENOSPC, 28) X(ESPIPE, 29) X(EROFS, 30) X(EMLINK, 31)     \
	X(EPIPE, 32) X(EDOM, 33) X(ERANGE, 34) X(EAGAIN, 35) X(EINPROGRESS, 36)                \
	X(EALREADY, 37) X(ENOTSOCK, 38) X(EDESTADDRREQ, 39) X(EMSGSIZE, 40) X(EPROTOTYPE, 41)  \
	X(ENOPROTOOPT, 42) X(EPROTONOSUPPORT, 43) X(ESOCKTNOSUPPORT, 44) X(EOPNOTSUPP, 45)     \
	X(EPFNOSUPPORT, 46) X(EAFNOSUPPORT, 47) X(EADDRINUSE, 48) X(EADDRNOTAVAIL, 49)         \
	X(ENETDOWN, 50) X(ENETUNREACH, 51) X(ENETRESET, 52) X(ECONNABORTED, 53)                \
	X(ECONNRESET, 54) X(ENOBUFS, 55) X(EISCONN, 56) X(ENOTCONN, 57) X(ESHUTDOWN, 58)       \
	X(ETOOMANYREFS, 59) X(ETIMEDOUT, 60) X(ECONNREFUSED, 61) X(ELOOP, 62)                  \
	X(ENAMETOOLONG, 63) X(EHOSTDOWN, 64) X(EHOSTUNREACH, 65) X(ENOTEMPTY, 66)              \
	X(EPROCLIM, 67) X(EUSERS, 68) X(EDQUOT, 69) X(ESTALE, 70) X(EREMOTE, 71)               \
	X(EBADRPC, 72) X(ERPCMISMATCH, 73) X(EPROGUNAVAIL, 74) X(EPROGMISMATCH, 75)            \
	X(EPROCUNAVAIL, 76) X(ENOLCK, 77) X(ENOSYS, 78) X(EFTYPE, 79) X(EAUTH, 80)             \
	X(ENEEDAUTH, 81) X(EIDRM, 82) X(ENOMSG, 83) X(EOVERFLOW, 84) X(EILSEQ, 85)             \
	X(ENOTSUP, 86) X(ECANCELED, 87) X(EBADMSG, 88) X(ENODATA, 89) X(ENOSR, 90)             \
	X(ENOSTR, 91) X(ETIME, 92) X(ENOATTR, 93) X(EMULTIHOP, 94) X(ENOLINK, 95)              \
	X(EPROTO, 96) X(EOWNERDEAD, 97) X(ENOTRECOVERABLE, 98)

#define NB_SIGNAL_LIST(X)                                                                      \
	X(SIGHUP, 1) X(SIGINT, 2) X(SIGQUIT, 3) X(SIGILL, 4) X(SIGTRAP, 5) X(SIGABRT, 6)       \
	X(SIGEMT, 7) X(SIGFPE, 8) X(SIGKILL, 9) X(SIGBUS, 10) X(SIGSEGV, 11) X(SIGSYS, 12)     \
	X(SIGPIPE, 13) X(SIGALRM, 14) X(SIGTERM, 15) X(SIGURG, 16) X(SIGSTOP, 17)              \
	X(SIGTSTP, 18) X(SIGCONT, 19) X(SIGCHLD, 20) X(SIGTTIN, 21) X(SIGTTOU, 22)             \
	X(SIGIO, 23) X(SIGXCPU, 24) X(SIGXFSZ, 25) X(SIGVTALRM, 26) X(SIGPROF, 27)             \
	X(SIGWINCH, 28) X(SIGINFO, 29) X(SIGUSR1, 30) X(SIGUSR2, 31) X(SIGPWR, 32)

enum nb_errno {
#define NB_ERRNO_VALUE(name, number) NB_##name = number,
	NB_ERRNO_LIST(NB_ERRNO_VALUE)
#undef NB_ERRNO_VALUE
};

enum nb_signal {
#define NB_SIGNAL_VALUE(name, number) NB_##name = number,
	NB_SIGNAL_LIST(NB_SIGNAL_VALUE)
#undef NB_SIGNAL_VALUE
};

#endif
