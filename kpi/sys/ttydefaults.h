/* SPDX-License-Identifier: BSD-2-Clause */
/* Modes and characters of a terminal that nobody has set up. */
#ifndef _SYS_TTYDEFAULTS_H_
#define _SYS_TTYDEFAULTS_H_

#define TTYDEF_IFLAG	(BRKINT | ICRNL | IMAXBEL | IXON | IXANY)
#define TTYDEF_OFLAG	(OPOST | ONLCR | OXTABS)
#define TTYDEF_LFLAG	(ECHO | ICANON | ISIG | IEXTEN | ECHOE | ECHOKE | ECHOCTL)
#define TTYDEF_CFLAG	(CREAD | CS8 | HUPCL)
#define TTYDEF_SPEED	B9600
#define CTRL(x)		((x) & 037)
#define CTIME		0
#define CMIN		1
#define CINTR		3
#define CEOF		4
#define CEOT		CEOF
#define CDISCARD	15
#define CFLUSH		CDISCARD
#define CSTART		17
#define CREPRINT	18
#define CRPRNT		CREPRINT
#define CSTOP		19
#define CSTATUS		20
#define CKILL		21
#define CLNEXT		22
#define CWERASE		23
#define CDSUSP		25
#define CSUSP		26
#define CQUIT		28
#define CERASE		127
#define CBRK		CEOL
#define CEOL		255U

#endif /* _SYS_TTYDEFAULTS_H_ */
