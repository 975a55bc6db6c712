/* SPDX-License-Identifier: BSD-2-Clause */
/* The securelevel: a number that only rises, and what each value forbids. */
#ifndef _SECMODEL_SECURELEVEL_SECURELEVEL_H_
#define _SECMODEL_SECURELEVEL_SECURELEVEL_H_

#define SECMODEL_SECURELEVEL_ID		"org.netbsd.secmodel.securelevel"
#define SECMODEL_SECURELEVEL_NAME	"Traditional NetBSD: Securelevel"

#endif
