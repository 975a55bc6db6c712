/* SPDX-License-Identifier: BSD-2-Clause */
/* Named event counters, listed by rump_printevcnts and sysctl. */
#ifndef _SYS_EVCNT_H_
#define _SYS_EVCNT_H_

#include <sys/types.h>
#include <sys/cdefs.h>
#include <sys/queue.h>

struct evcnt {
	uint64_t	ev_count;	/* the owner adds to it */
	TAILQ_ENTRY(evcnt) ev_list;	/* evcnt's lock */
	unsigned char	ev_type;
	unsigned char	ev_grouplen;	/* without the NUL */
	unsigned char	ev_namelen;
	char		ev_pad1;
	const struct evcnt *ev_parent;
	const char	*ev_group;
	const char	*ev_name;
};
TAILQ_HEAD(evcntlist, evcnt);

#define EVCNT_STRING_MAX	255

#define EVCNT_TYPE_ANY		(-1)
#define EVCNT_TYPE_MISC		0
#define EVCNT_TYPE_INTR		1
#define EVCNT_TYPE_TRAP		2

#define EVCNT_INITIALIZER(type, parent, group, name) {			\
	.ev_type = (type), .ev_parent = (parent),			\
	.ev_group = (group), .ev_name = (name),				\
}

#ifdef _KERNEL

/* Attach a static counter, or element n of an array of them, at boot. */
#define EVCNT_ATTACH_STATIC(ev)						\
	__link_set_add_data(evcnts, ev)
#define EVCNT_ATTACH_STATIC2(ev, n)					\
	static void const *const __CONCAT(__link_set_evcnts_sym_##ev, n)\
	    __section("link_set_evcnts") __used = &(ev)[n]

void	evcnt_init(void);
void	evcnt_attach_static(struct evcnt *);
void	evcnt_attach_dynamic(struct evcnt *, int type, const struct evcnt *parent,
	    const char *group, const char *name);
void	evcnt_attach_dynamic_nozero(struct evcnt *, int type,
	    const struct evcnt *parent, const char *group, const char *name);
void	evcnt_detach(struct evcnt *);

#endif
#endif
