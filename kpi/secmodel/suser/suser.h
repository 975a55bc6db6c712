/* SPDX-License-Identifier: BSD-2-Clause */
/* The traditional superuser: effective uid 0 may do what listeners ask about. */
#ifndef _SECMODEL_SUSER_SUSER_H_
#define _SECMODEL_SUSER_SUSER_H_

#define SECMODEL_SUSER_ID	"org.netbsd.secmodel.suser"
#define SECMODEL_SUSER_NAME	"Traditional NetBSD: Superuser"

#endif
