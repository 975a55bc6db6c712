/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses and options of local sockets. */
#ifndef _SYS_UN_H_
#define _SYS_UN_H_

#include <sys/ansi.h>
#include <sys/featuretest.h>
#include <sys/types.h>
#include <sys/socket.h>

struct sockaddr_un {
	uint8_t		sun_len;
	sa_family_t	sun_family;
	char		sun_path[104];
};
#define SUN_LEN(su) \
	(sizeof(*(su)) - sizeof((su)->sun_path) + strlen((su)->sun_path))

/* Options at the level of local sockets; LOCAL_PEEREID returns an unpcbid. */
#define SOL_LOCAL	0
#define LOCAL_OCREDS	1
#define LOCAL_CONNWAIT	2
#define LOCAL_PEEREID	3
#define LOCAL_CREDS	4
struct unpcbid {
	pid_t unp_pid;
	uid_t unp_euid;
	gid_t unp_egid;
};

#ifdef _KERNEL
struct lwp;
struct mbuf;
struct socket;
struct sockopt;
struct unpcb;

int	unp_connect(struct socket *, struct sockaddr *, struct lwp *);
int unp_connect2(struct socket *, struct socket *);
void	unp_dispose(struct mbuf *);
int	unp_externalize(struct mbuf *, struct lwp *, int);
void	unp_init(void);
void	unp_thread_kick(void);
extern const struct pr_usrreqs unp_usrreqs;
int	uipc_ctloutput(int, struct socket *, struct sockopt *);
#endif

#endif /* _SYS_UN_H_ */
