/* SPDX-License-Identifier: BSD-2-Clause */
/* POSIX terminal modes. */
#ifndef _SYS_TERMIOS_H_
#define _SYS_TERMIOS_H_

#include <sys/ansi.h>
#include <sys/cdefs.h>
#include <sys/featuretest.h>

/* Special characters: places in c_cc. */
#define VEOF		0
#define VEOL		1
#define VEOL2		2
#define VERASE		3
#define VWERASE		4
#define VKILL		5
#define VREPRINT	6
#define VINTR		8
#define VQUIT		9
#define VSUSP		10
#define VDSUSP		11
#define VSTART		12
#define VSTOP		13
#define VLNEXT		14
#define VDISCARD	15
#define VMIN		16
#define VTIME		17
#define VSTATUS		18
#define NCCS		20
#define _POSIX_VDISABLE	((unsigned char)'\377')
#define CCEQ(val, c)	((c) == (val) && (val) != _POSIX_VDISABLE)

typedef unsigned int	tcflag_t;
typedef unsigned char	cc_t;
typedef unsigned int	speed_t;

struct termios {
	tcflag_t	c_iflag;
	tcflag_t	c_oflag;
	tcflag_t	c_cflag;
	tcflag_t	c_lflag;
	cc_t		c_cc[NCCS];
	int		c_ispeed;
	int		c_ospeed;
};

/* Input. */
#define IGNBRK	0x1U
#define BRKINT	0x2U
#define IGNPAR	0x4U
#define PARMRK	0x8U
#define INPCK	0x10U
#define ISTRIP	0x20U
#define INLCR	0x40U
#define IGNCR	0x80U
#define ICRNL	0x100U
#define IXON	0x200U
#define IXOFF	0x400U
#define IXANY	0x800U
#define IMAXBEL	0x2000U
/* Output. */
#define OPOST	0x1U
#define ONLCR	0x2U
#define OXTABS	0x4U
#define ONOEOT	0x8U
#define OCRNL	0x10U
#define ONOCR	0x20U
#define ONLRET	0x40U
/* Control. */
#define CS5		0x0U
#define CIGNORE		0x1U
#define CS6		0x100U
#define CS7		0x200U
#define CSIZE		0x300U
#define CS8		0x300U
#define CSTOPB		0x400U
#define CREAD		0x800U
#define PARENB		0x1000U
#define PARODD		0x2000U
#define HUPCL		0x4000U
#define CLOCAL		0x8000U
#define CRTSCTS		0x10000U
#define CRTS_IFLOW	CRTSCTS
#define CCTS_OFLOW	CRTSCTS
#define CDTRCTS		0x20000U
#define MDMBUF		0x100000U
#define CHWFLOW		0x130000U
/* Local. */
#define ECHOKE		0x1U
#define ECHOE		0x2U
#define ECHOK		0x4U
#define ECHO		0x8U
#define ECHONL		0x10U
#define ECHOPRT		0x20U
#define ECHOCTL		0x40U
#define ISIG		0x80U
#define ICANON		0x100U
#define ALTWERASE	0x200U
#define IEXTEN		0x400U
#define EXTPROC		0x800U
#define TOSTOP		0x400000U
#define FLUSHO		0x800000U
#define NOKERNINFO	0x2000000U
#define PENDIN		0x20000000U
#define NOFLSH		0x80000000U
/* tcsetattr, tcflush, tcflow. */
#define TCSANOW		0x0
#define TCSADRAIN	0x1
#define TCSAFLUSH	0x2
#define TCSASOFT	0x10
#define TCIFLUSH	1
#define TCOFLUSH	2
#define TCIOFLUSH	3
#define TCOOFF	1
#define TCOON	2
#define TCIOFF	3
#define TCION	4
/* Speeds. */
#define B0		0U
#define B50		50U
#define B75		75U
#define B110		110U
#define B134		134U
#define B150		150U
#define B200		200U
#define B300		300U
#define B600		600U
#define B1200		1200U
#define B1800		1800U
#define B2400		2400U
#define B4800		4800U
#define B7200		7200U
#define B9600		9600U
#define B14400		14400U
#define B19200		19200U
#define EXTA		19200U
#define B28800		28800U
#define B38400		38400U
#define EXTB		38400U
#define B57600		57600U
#define B76800		76800U
#define B115200		115200U
#define B230400		230400U
#define B460800		460800U
#define B500000		500000U
#define B921600		921600U
#define B1000000	1000000U
#define B1500000	1500000U
#define B2000000	2000000U
#define B2500000	2500000U
#define B3000000	3000000U
#define B3500000	3500000U
#define B4000000	4000000U

#include <sys/ttydefaults.h>

#endif /* _SYS_TERMIOS_H_ */
