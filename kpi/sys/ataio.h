/* SPDX-License-Identifier: BSD-2-Clause */
/* ioctls of ATA devices and buses.  Exact layouts. */
#ifndef _SYS_ATAIO_H_
#define	_SYS_ATAIO_H_

#include <sys/types.h>
#include <sys/ioccom.h>

/* A command passed through to a device. */
typedef struct atareq {
	u_long		flags;
	u_char		command;
	u_char		features;
	u_char		sec_count;
	u_char		sec_num;
	u_char		head;
	u_short		cylinder;
	void		*databuf;
	u_long		datalen;
	int		timeout;
	u_char		retsts;
	u_char		error;
} atareq_t;

/* flags */
#define	ATACMD_READ	1
#define	ATACMD_WRITE	2
#define	ATACMD_READREG	4
#define	ATACMD_LBA	8

/* retsts */
#define	ATACMD_OK	0
#define	ATACMD_TIMEOUT	1
#define	ATACMD_ERROR	2
#define	ATACMD_DF	3

/* Of the device */
#define	ATAIOCCOMMAND	_IOWR('Q', 8, atareq_t)

/* Of the bus. */
struct atabusioscan_args {
	int		at_dev;
};

struct atabusiodetach_args {
	int		at_dev;
};

#define	ATABUSIOSCAN	_IOW('A', 50, struct atabusioscan_args)
#define	ATABUSIORESET	_IO('A', 51)
#define	ATABUSIODETACH	_IOW('A', 52, struct atabusiodetach_args)

#endif /* !_SYS_ATAIO_H_ */
