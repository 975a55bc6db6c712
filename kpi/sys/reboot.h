/* SPDX-License-Identifier: BSD-2-Clause */
/* Flags of boot and reboot. */
#ifndef _SYS_REBOOT_H_
#define _SYS_REBOOT_H_

/* reboot(2), and boothowto. */
#define RB_AUTOBOOT	0
#define RB_ASKNAME	0x00000001
#define RB_SINGLE	0x00000002
#define RB_NOSYNC	0x00000004
#define RB_HALT		0x00000008
#define RB_POWERDOWN	(RB_HALT | 0x800)
#define RB_INITNAME	0x00000010
#define RB_KDB		0x00000040
#define RB_RDONLY	0x00000080
#define RB_DUMP		0x00000100
#define RB_MINIROOT	0x00000200
#define RB_STRING	0x00000400
#define RB_USERCONF	0x00001000
#define RB_MD1		0x10000000
#define RB_MD2		0x20000000
#define RB_MD3		0x40000000
#define RB_MD4		0x80000000

/* How much autoconfiguration tells. */
#define AB_NORMAL	0x00000000
#define AB_QUIET	0x00010000
#define AB_VERBOSE	0x00020000
#define AB_SILENT	0x00040000
#define AB_DEBUG	0x00080000

/* A boot device in a word. */
#define B_TYPESHIFT	0
#define B_TYPEMASK	0xff
#define B_PARTITIONSHIFT	8
#define B_PARTITIONMASK	0xff
#define B_UNITSHIFT	16
#define B_UNITMASK	0xf
#define B_CONTROLLERSHIFT	20
#define B_CONTROLLERMASK	0xf
#define B_ADAPTORSHIFT	24
#define B_ADAPTORMASK	0xf
#define B_MAGICMASK	0xf0000000
#define B_DEVMAGIC	0xa0000000

#ifdef _KERNEL
extern int	boothowto;
void	kern_reboot(int howto, char *bootstr) __attribute__((__noreturn__));
void	cpu_reboot(int howto, char *bootstr) __attribute__((__noreturn__));
#endif

#endif
