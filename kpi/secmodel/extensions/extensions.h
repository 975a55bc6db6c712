/* SPDX-License-Identifier: BSD-2-Clause */
/* What users may do, or not see, beyond the traditional model. */
#ifndef _SECMODEL_EXTENSIONS_EXTENSIONS_H_
#define _SECMODEL_EXTENSIONS_EXTENSIONS_H_

#define SECMODEL_EXTENSIONS_ID		"org.netbsd.secmodel.extensions"
#define SECMODEL_EXTENSIONS_NAME	"Traditional NetBSD: Extensions"

#endif
