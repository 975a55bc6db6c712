/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets: addresses, types, options, messages. */
#ifndef _SYS_SOCKET_H_
#define _SYS_SOCKET_H_

#include <sys/featuretest.h>
#include <sys/ansi.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/sigtypes.h>

typedef __sa_family_t	sa_family_t;
#define sa_family_t	__sa_family_t
typedef __socklen_t	socklen_t;
#define socklen_t	__socklen_t

/* Types of sockets, and flags that socket(2) takes with them. */
#define SOCK_STREAM	1
#define SOCK_DGRAM	2
#define SOCK_RAW	3
#define SOCK_RDM	4
#define SOCK_SEQPACKET	5
#define SOCK_CONN_DGRAM	6
#define SOCK_DCCP	SOCK_CONN_DGRAM
#define SOCK_DCCP	SOCK_CONN_DGRAM
#define SOCK_CLOEXEC	0x10000000
#define SOCK_NONBLOCK	0x20000000
#define SOCK_NOSIGPIPE	0x40000000
#define SOCK_FLAGS_MASK	0xf0000000U

/* Address families: AF_ of addresses, PF_ of protocols. */
#define AF_UNSPEC	0
#define AF_LOCAL	1
#define AF_INET		2
#define AF_IMPLINK	3
#define AF_PUP		4
#define AF_CHAOS	5
#define AF_NS		6
#define AF_ISO		7
#define AF_ECMA		8
#define AF_DATAKIT	9
#define AF_CCITT	10
#define AF_SNA		11
#define AF_DECnet	12
#define AF_DLI		13
#define AF_LAT		14
#define AF_HYLINK	15
#define AF_APPLETALK	16
#define AF_OROUTE	17
#define AF_LINK		18
#define AF_COIP		20
#define AF_CNT		21
#define AF_IPX		23
#define AF_INET6	24
#define AF_ISDN		26
#define AF_NATM		27
#define AF_ARP		28
#define AF_BLUETOOTH	31
#define AF_IEEE80211	32
#define AF_MPLS		33
#define AF_ROUTE	34
#define AF_CAN		35
#define AF_ETHER	36
#define AF_MAX		37
#define AF_UNIX	AF_LOCAL
#define AF_OSI	AF_ISO
#define AF_E164	AF_ISDN
#define pseudo_AF_XTP		19
#define pseudo_AF_RTIP		22
#define pseudo_AF_PIP		25
#define pseudo_AF_KEY		29
#define pseudo_AF_HDRCMPLT	30
#define PF_APPLETALK	AF_APPLETALK
#define PF_ARP	AF_ARP
#define PF_BLUETOOTH	AF_BLUETOOTH
#define PF_CAN	AF_CAN
#define PF_CCITT	AF_CCITT
#define PF_CHAOS	AF_CHAOS
#define PF_CNT	AF_CNT
#define PF_COIP	AF_COIP
#define PF_DATAKIT	AF_DATAKIT
#define PF_DECnet	AF_DECnet
#define PF_DLI	AF_DLI
#define PF_E164	AF_E164
#define PF_ECMA	AF_ECMA
#define PF_ETHER	AF_ETHER
#define PF_HYLINK	AF_HYLINK
#define PF_IMPLINK	AF_IMPLINK
#define PF_INET	AF_INET
#define PF_INET6	AF_INET6
#define PF_IPX	AF_IPX
#define PF_ISDN	AF_ISDN
#define PF_ISO	AF_ISO
#define PF_KEY	pseudo_AF_KEY
#define PF_LAT	AF_LAT
#define PF_LINK	AF_LINK
#define PF_LOCAL	AF_LOCAL
#define PF_MAX	AF_MAX
#define PF_MPLS	AF_MPLS
#define PF_NATM	AF_NATM
#define PF_NS	AF_NS
#define PF_OROUTE	AF_OROUTE
#define PF_OSI	AF_ISO
#define PF_PIP	pseudo_AF_PIP
#define PF_PUP	AF_PUP
#define PF_ROUTE	AF_ROUTE
#define PF_RTIP	pseudo_AF_RTIP
#define PF_SNA	AF_SNA
#define PF_UNIX	PF_LOCAL
#define PF_UNSPEC	AF_UNSPEC
#define PF_XTP	pseudo_AF_XTP

/* Addresses; sockaddr_storage holds any. */
struct sockaddr {
	uint8_t sa_len;
	sa_family_t sa_family;
	char sa_data[14];
};
struct sockaddr_storage {
	uint8_t		ss_len;
	sa_family_t	ss_family;
	char		__ss_pad1[6];
	int64_t		__ss_align;
	char		__ss_pad2[112];
};
#define sstosa(__ss)	((struct sockaddr *)(__ss))
#define sstocsa(__ss)	((const struct sockaddr *)(__ss))
#define _SS_MAXSIZE	128
#define _SS_ALIGNSIZE	(sizeof(int64_t))

struct sockproto {
	u_short	sp_family;
	u_short	sp_protocol;
};

/* Level of the options below, and of control messages. */
#define SOL_SOCKET	0xffff
#define SO_DEBUG	0x1
#define SO_ACCEPTCONN	0x2
#define SO_REUSEADDR	0x4
#define SO_KEEPALIVE	0x8
#define SO_DONTROUTE	0x10
#define SO_BROADCAST	0x20
#define SO_USELOOPBACK	0x40
#define SO_LINGER	0x80
#define SO_OOBINLINE	0x100
#define SO_REUSEPORT	0x200
#define SO_NOSIGPIPE	0x800
#define SO_ACCEPTFILTER	0x1000
#define SO_TIMESTAMP	0x2000
#define SO_RERROR	0x4000
#define SO_SNDBUF	4097
#define SO_RCVBUF	4098
#define SO_SNDLOWAT	4099
#define SO_RCVLOWAT	4100
#define SO_ERROR	4103
#define SO_TYPE		4104
#define SO_OVERFLOWED	4105
#define SO_NOHEADER	4106
#define SO_SNDTIMEO	4107
#define SO_RCVTIMEO	4108
#define SO_DEFOPTS \
	(SO_DEBUG | SO_REUSEADDR | SO_KEEPALIVE | SO_DONTROUTE | \
	 SO_BROADCAST | SO_USELOOPBACK | SO_LINGER | SO_OOBINLINE | \
	 SO_REUSEPORT | SO_NOSIGPIPE | SO_TIMESTAMP | SO_RERROR)
#define __SO_OPTION_BITS \
	"\20\1SO_DEBUG\2SO_ACCEPTCONN\3SO_REUSEADDR\4SO_KEEPALIVE" \
	"\5SO_DONTROUTE\6SO_BROADCAST\7SO_USELOOPBACK\10SO_LINGER" \
	"\11SO_OOBINLINE\12SO_REUSEPORT\14SO_NOSIGPIPE\15SO_ACCEPTFILTER" \
	"\16SO_TIMESTAMP\17SO_RERROR"

struct linger {
	int l_onoff;
	int l_linger;
};
struct accept_filter_arg {
	char af_name[16];
	char af_arg[240];
};

#define SOMAXCONN	0x80
#define SHUT_RD		0
#define SHUT_WR		1
#define SHUT_RDWR	2

/* Messages. */
struct msghdr {
	void *msg_name;
	socklen_t msg_namelen;
	struct iovec *msg_iov;
	int msg_iovlen;
	void *msg_control;
	socklen_t msg_controllen;
	int msg_flags;
};
struct mmsghdr {
	struct msghdr msg_hdr;
	unsigned int msg_len;
};
#define MSG_OOB			0x1
#define MSG_PEEK		0x2
#define MSG_DONTROUTE		0x4
#define MSG_EOR			0x8
#define MSG_TRUNC		0x10
#define MSG_CTRUNC		0x20
#define MSG_WAITALL		0x40
#define MSG_DONTWAIT		0x80
#define MSG_BCAST		0x100
#define MSG_MCAST		0x200
#define MSG_NOSIGNAL		0x400
#define MSG_CMSG_CLOEXEC	0x800
#define MSG_NBIO		0x1000
#define MSG_WAITFORONE		0x2000
#define MSG_NOTIFICATION	0x4000
/* Within the kernel. */
#define MSG_USERFLAGS	0xffffff
#define MSG_NAMEMBUF	0x1000000
#define MSG_CONTROLMBUF	0x2000000
#define MSG_IOVUSRSPACE	0x4000000
#define MSG_LENUSRSPACE	0x8000000

/* Control messages: a header, then data, each aligned. */
struct cmsghdr {
	socklen_t cmsg_len;
	int cmsg_level;
	int cmsg_type;
};
#define __CMSG_ALIGN(n)	(((n) + __ALIGNBYTES) & ~__ALIGNBYTES)
#define __CMSG_ASIZE	__CMSG_ALIGN(sizeof(struct cmsghdr))
#define CMSG_ALIGN(n)	__CMSG_ALIGN(n)
#define CMSG_SPACE(l)	(__CMSG_ASIZE + __CMSG_ALIGN(l))
#define CMSG_LEN(l)	(__CMSG_ASIZE + (l))
#define CMSG_DATA(cmsg)	((u_char *)(void *)(cmsg) + __CMSG_ASIZE)
#define __CMSG_END(mhdr) \
	((char *)(mhdr)->msg_control + (mhdr)->msg_controllen)
#define __CMSG_AFTER(cmsg) \
	((char *)(void *)(cmsg) + __CMSG_ALIGN((cmsg)->cmsg_len))
#define CMSG_FIRSTHDR(mhdr) \
	((mhdr)->msg_controllen < sizeof(struct cmsghdr) ? \
	    (struct cmsghdr *)0 : (struct cmsghdr *)(mhdr)->msg_control)
#define CMSG_NXTHDR(mhdr, cmsg) \
	(__CMSG_AFTER(cmsg) + __CMSG_ASIZE > __CMSG_END(mhdr) ? \
	    (struct cmsghdr *)0 : (struct cmsghdr *)(void *)__CMSG_AFTER(cmsg))
#define CCMSG_DATA(cmsg) \
	((const u_char *)(const void *)(cmsg) + __CMSG_ASIZE)
#define SCM_RIGHTS	0x1
#define SCM_TIMESTAMP	0x8
#define SCM_CREDS	0x10

/* Credentials of a peer. */
struct sockcred {
	pid_t sc_pid;
	uid_t sc_uid;
	uid_t sc_euid;
	gid_t sc_gid;
	gid_t sc_egid;
	int sc_ngroups;
	gid_t sc_groups[1];
};
#define SOCKCREDSIZE(ngrps) \
	(sizeof(struct sockcred) + \
	 sizeof(gid_t) * ((ngrps) > 0 ? (ngrps) - 1 : 0))

/* net.route, and the lists of protocol control blocks. */
#define NET_RT_DUMP		1
#define NET_RT_FLAGS		2
#define NET_RT_OOOIFLIST	3
#define NET_RT_OOIFLIST		4
#define NET_RT_OIFLIST		5
#define NET_RT_IFLIST		6
#define NET_RT_MAXID	7
#define PCB_ALL		0
#define PCB_SLOP	20
struct kinfo_pcb {
	uint64_t ki_pcbaddr;
	uint64_t ki_ppcbaddr;
	uint64_t ki_sockaddr;
	uint32_t ki_family;
	uint32_t ki_type;
	uint32_t ki_protocol;
	uint32_t ki_pflags;
	uint32_t ki_sostate;
	uint32_t ki_prstate;
	int32_t ki_tstate;
	uint32_t ki_tflags;
	uint64_t ki_rcvq;
	uint64_t ki_sndq;
	union {
		struct sockaddr _kis_src;
		char _kis_pad[264];
	} ki_s;
	union {
		struct sockaddr _kid_dst;
		char _kid_pad[264];
	} ki_d;
	uint64_t ki_inode;
	uint64_t ki_vnode;
	uint64_t ki_conn;
	uint64_t ki_refs;
	uint64_t ki_nextref;
};
#define ki_dpad	ki_d._kid_pad
#define ki_dst	ki_d._kid_dst
#define ki_spad	ki_s._kis_pad
#define ki_src	ki_s._kis_src

#ifdef _KERNEL

/* An address of any length a system call may pass. */
struct sockaddr_big {
	union {
		struct {
			uint8_t		sb_len;
			sa_family_t	sb_family;
			char		sb_data[254];
		};
		uint64_t	dummy;
	};
};

struct mbuf;

/* Addresses on the heap, compared and printed by their domain. */
struct sockaddr *sockaddr_alloc(sa_family_t, socklen_t, int);
const struct sockaddr *sockaddr_any(const struct sockaddr *);
const struct sockaddr *sockaddr_any_by_family(sa_family_t);
const void *sockaddr_anyaddr(const struct sockaddr *, socklen_t *);
int sockaddr_cmp(const struct sockaddr *, const struct sockaddr *);
const void *sockaddr_const_addr(const struct sockaddr *, socklen_t *);
struct sockaddr *sockaddr_copy(struct sockaddr *, socklen_t,
    const struct sockaddr *);
struct sockaddr *sockaddr_dup(const struct sockaddr *, int);
struct sockaddr *sockaddr_externalize(struct sockaddr *, socklen_t,
    const struct sockaddr *);
int sockaddr_format(const struct sockaddr *, char *, size_t);
void sockaddr_free(struct sockaddr *);
socklen_t sockaddr_getsize_by_family(sa_family_t);
static __inline socklen_t
sockaddr_getlen(const struct sockaddr *sa)
{

	return sa->sa_len;
}

#else

int	accept(int, struct sockaddr *, socklen_t *);
int	bind(int, const struct sockaddr *, socklen_t);
int	connect(int, const struct sockaddr *, socklen_t);
int	getpeername(int, struct sockaddr *, socklen_t *);
int	getsockname(int, struct sockaddr *, socklen_t *);
int	getsockopt(int, int, int, void *, socklen_t *);
int	listen(int, int);
int	paccept(int, struct sockaddr *, socklen_t *, const sigset_t *, int);
ssize_t	recv(int, void *, size_t, int);
ssize_t	recvfrom(int, void *, size_t, int, struct sockaddr *, socklen_t *);
ssize_t	recvmsg(int, struct msghdr *, int);
ssize_t	send(int, const void *, size_t, int);
ssize_t	sendto(int, const void *, size_t, int, const struct sockaddr *,
	    socklen_t);
ssize_t	sendmsg(int, const struct msghdr *, int);
int	setsockopt(int, int, int, const void *, socklen_t);
int	shutdown(int, int);
int	sockatmark(int);
int	socket(int, int, int);
int	socketpair(int, int, int, int *);

#endif /* _KERNEL */
#endif /* _SYS_SOCKET_H_ */
