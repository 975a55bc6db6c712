/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of user programs: there are none here, so the types stay open. */
#ifndef _MACHINE_REG_H_
#define	_MACHINE_REG_H_

struct reg;
struct fpreg;

#endif
