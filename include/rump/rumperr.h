/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rump kernel's errors in words.  They are the kernel's numbers, which the
 * host's strerror does not know.
 */
#ifndef _RUMP_RUMPERR_H_
#define _RUMP_RUMPERR_H_

#include <rump/rumpdefs.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A message for an errno of the rump kernel; never NULL, not to be freed. */
static __inline const char *
rump_strerror(int error)
{

	switch (error) {
	case 0:
		return "No error";
	case RUMP_EPERM:
		return "Operation not permitted";
	case RUMP_ENOENT:
		return "No such file or directory";
	case RUMP_ESRCH:
		return "No such process";
	case RUMP_EINTR:
		return "Interrupted by a signal";
	case RUMP_EIO:
		return "Input/output error";
	case RUMP_ENXIO:
		return "No such device or address";
	case RUMP_E2BIG:
		return "Argument list too long";
	case RUMP_ENOEXEC:
		return "Not an executable";
	case RUMP_EBADF:
		return "Bad file descriptor";
	case RUMP_ECHILD:
		return "No child processes";
	case RUMP_EDEADLK:
		return "Deadlock avoided";
	case RUMP_ENOMEM:
		return "Out of memory";
	case RUMP_EACCES:
		return "Permission denied";
	case RUMP_EFAULT:
		return "Bad address";
	case RUMP_ENOTBLK:
		return "Not a block device";
	case RUMP_EBUSY:
		return "Device or resource busy";
	case RUMP_EEXIST:
		return "File exists";
	case RUMP_EXDEV:
		return "Link across devices";
	case RUMP_ENODEV:
		return "Not supported by the device";
	case RUMP_ENOTDIR:
		return "Not a directory";
	case RUMP_EISDIR:
		return "Is a directory";
	case RUMP_EINVAL:
		return "Invalid argument";
	case RUMP_ENFILE:
		return "Too many open files in the system";
	case RUMP_EMFILE:
		return "Too many open files";
	case RUMP_ENOTTY:
		return "Inappropriate ioctl for the device";
	case RUMP_ETXTBSY:
		return "Text file busy";
	case RUMP_EFBIG:
		return "File too large";
	case RUMP_ENOSPC:
		return "No space left on device";
	case RUMP_ESPIPE:
		return "Illegal seek";
	case RUMP_EROFS:
		return "Read-only file system";
	case RUMP_EMLINK:
		return "Too many links";
	case RUMP_EPIPE:
		return "Broken pipe";
	case RUMP_EDOM:
		return "Argument out of domain";
	case RUMP_ERANGE:
		return "Result out of range";
	case RUMP_EAGAIN:
		return "Temporarily unavailable";
	case RUMP_EINPROGRESS:
		return "Operation in progress";
	case RUMP_EALREADY:
		return "Operation already in progress";
	case RUMP_ENOTSOCK:
		return "Not a socket";
	case RUMP_EDESTADDRREQ:
		return "Destination address required";
	case RUMP_EMSGSIZE:
		return "Message too long";
	case RUMP_EPROTOTYPE:
		return "Wrong protocol for the socket's type";
	case RUMP_ENOPROTOOPT:
		return "Protocol option not available";
	case RUMP_EPROTONOSUPPORT:
		return "Protocol not supported";
	case RUMP_ESOCKTNOSUPPORT:
		return "Socket type not supported";
	case RUMP_EOPNOTSUPP:
		return "Operation not supported";
	case RUMP_EPFNOSUPPORT:
		return "Protocol family not supported";
	case RUMP_EAFNOSUPPORT:
		return "Address family not supported by the protocol";
	case RUMP_EADDRINUSE:
		return "Address in use";
	case RUMP_EADDRNOTAVAIL:
		return "Address not available";
	case RUMP_ENETDOWN:
		return "Network is down";
	case RUMP_ENETUNREACH:
		return "Network unreachable";
	case RUMP_ENETRESET:
		return "Connection dropped by the network";
	case RUMP_ECONNABORTED:
		return "Connection aborted";
	case RUMP_ECONNRESET:
		return "Connection reset by peer";
	case RUMP_ENOBUFS:
		return "No buffer space";
	case RUMP_EISCONN:
		return "Already connected";
	case RUMP_ENOTCONN:
		return "Not connected";
	case RUMP_ESHUTDOWN:
		return "Cannot send after shutdown";
	case RUMP_ETOOMANYREFS:
		return "Too many references";
	case RUMP_ETIMEDOUT:
		return "Timed out";
	case RUMP_ECONNREFUSED:
		return "Connection refused";
	case RUMP_ELOOP:
		return "Too many symbolic links";
	case RUMP_ENAMETOOLONG:
		return "File name too long";
	case RUMP_EHOSTDOWN:
		return "Host is down";
	case RUMP_EHOSTUNREACH:
		return "Host unreachable";
	case RUMP_ENOTEMPTY:
		return "Directory not empty";
	case RUMP_EPROCLIM:
		return "Too many processes";
	case RUMP_EUSERS:
		return "Too many users";
	case RUMP_EDQUOT:
		return "Quota exceeded";
	case RUMP_ESTALE:
		return "Stale file handle";
	case RUMP_EREMOTE:
		return "Too many levels of remote in path";
	case RUMP_EBADRPC:
		return "Bad RPC structure";
	case RUMP_ERPCMISMATCH:
		return "Wrong RPC version";
	case RUMP_EPROGUNAVAIL:
		return "RPC program not available";
	case RUMP_EPROGMISMATCH:
		return "Wrong RPC program version";
	case RUMP_EPROCUNAVAIL:
		return "Bad RPC procedure";
	case RUMP_ENOLCK:
		return "No locks available";
	case RUMP_ENOSYS:
		return "System call not available";
	case RUMP_EFTYPE:
		return "Wrong file type or format";
	case RUMP_EAUTH:
		return "Authentication error";
	case RUMP_ENEEDAUTH:
		return "Needs authentication";
	case RUMP_EIDRM:
		return "Identifier removed";
	case RUMP_ENOMSG:
		return "No message of that type";
	case RUMP_EOVERFLOW:
		return "Value too large for its type";
	case RUMP_EILSEQ:
		return "Illegal byte sequence";
	case RUMP_ENOTSUP:
		return "Not supported";
	case RUMP_ECANCELED:
		return "Canceled";
	case RUMP_EBADMSG:
		return "Bad or corrupt message";
	case RUMP_ENODATA:
		return "No message available";
	case RUMP_ENOSR:
		return "No stream resources";
	case RUMP_ENOSTR:
		return "Not a stream";
	case RUMP_ETIME:
		return "Stream ioctl timed out";
	case RUMP_ENOATTR:
		return "Attribute not found";
	case RUMP_EMULTIHOP:
		return "Multihop attempted";
	case RUMP_ENOLINK:
		return "Link has been severed";
	case RUMP_EPROTO:
		return "Protocol error";
	default:
		return "Unknown error";
	}
}

#ifdef __cplusplus
}
#endif

#endif /* _RUMP_RUMPERR_H_ */
