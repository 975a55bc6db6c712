/* SPDX-License-Identifier: BSD-2-Clause */
/* What each user consumes, over all processes. */
#ifndef _SYS_UIDINFO_H_
#define _SYS_UIDINFO_H_

#include <sys/types.h>
#include <sys/queue.h>

struct uidinfo {
	SLIST_ENTRY(uidinfo) ui_hash;	/* never leaves the table */
	uid_t		ui_uid;
	/* Changed atomically. */
	u_long		ui_proccnt;
	u_long		ui_lwpcnt;
	u_long		ui_lockcnt;	/* record locks */
	u_long		ui_semcnt;
	u_long		ui_sbsize;	/* socket buffers, bytes */
};

#ifdef _KERNEL
void	uid_init(void);
struct uidinfo *uid_find(uid_t);
int	chgproccnt(uid_t, int);
int	chglwpcnt(uid_t, int);
int	chgsemcnt(uid_t, int);
int	chgsbsize(struct uidinfo *, u_long *, u_long, rlim_t);
#endif

#endif /* _SYS_UIDINFO_H_ */
