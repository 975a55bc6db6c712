/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of /dev/drvctl, drvctl(4).  Names are NUL-terminated: a driver's and a unit's. */
#ifndef _SYS_DRVCTLIO_H_
#define	_SYS_DRVCTLIO_H_

#include <sys/ioccom.h>
#include <sys/types.h>

#include <prop/proplib.h>

#define	DRVCTLDEV	"/dev/drvctl"

/* The tree. */
struct devlistargs {
	char		l_devname[16];		/* empty: the roots */
	char		(*l_childname)[16];
	size_t		l_children;		/* in: room; out: how many there are */
};
struct devdetachargs {
	char		devname[16];
};
struct devrescanargs {
	char		busname[16];
	char		ifattr[16];		/* empty: the bus has one only */
	unsigned int	numlocators;
	int		*locators;
};
#define	DRVLISTDEV	_IOWR('D', 127, struct devlistargs)
#define	DRVDETACHDEV	_IOW('D', 123, struct devdetachargs)
#define	DRVRESCANBUS	_IOW('D', 124, struct devrescanargs)

/* Power. */
enum devpmflags {
	DEVPM_F_SUBTREE = 0x1
};
struct devpmargs {
	char		devname[16];
	uint32_t	flags;			/* DEVPM_F_* */
};
#define	DRVSUSPENDDEV	_IOW('D', 129, struct devpmargs)
#define	DRVRESUMEDEV	_IOW('D', 126, struct devpmargs)

/* Dictionaries: a command and its answer; the next event. */
#define	DRVCTLCOMMAND	_IOWR('D', 125, struct plistref)
#define	DRVGETEVENT	_IOR('D', 128, struct plistref)

#endif
