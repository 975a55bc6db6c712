/* SPDX-License-Identifier: BSD-2-Clause */
/* drvctl(4), inside. */
#ifndef _DRVCTL_VAR_H_
#define _DRVCTL_VAR_H_

#include <sys/conf.h>

#include <prop/plistref.h>

/* event.c */
void	drvctl_events_open(void);
void	drvctl_events_close(void);
int	drvctl_event_get(struct plistref *pref, u_long cmd, int flag);
dev_type_poll(drvctl_poll);
dev_type_kqfilter(drvctl_kqfilter);

/* command.c */
int	drvctl_command(struct plistref *pref, u_long cmd);

#endif
