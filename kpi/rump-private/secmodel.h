/* SPDX-License-Identifier: BSD-2-Clause */
/* Switches of the security model extensions: security.models.* of sysctl. */
#ifndef _RUMP_PRIVATE_SECMODEL_H_
#define _RUMP_PRIVATE_SECMODEL_H_

#include <sys/sysctl.h>

/*
 * Make security.models.OF.NAME, which is 0 or 1.
 *
 * handler  of a switch that permits something: sysctl_secmodel_permission,
 *          which does not set it to 1 above securelevel 0
 * where    the value
 */
void	sysctl_secmodel_switch(struct sysctllog **clog, const char *of,
	    const char *name, const char *what, sysctlfn handler, int *where);
int	sysctl_secmodel_permission(SYSCTLFN_PROTO);

#endif
