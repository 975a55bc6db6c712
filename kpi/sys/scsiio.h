/* SPDX-License-Identifier: BSD-2-Clause */
/* ioctls of SCSI devices and buses.  Exact layouts. */
#ifndef _SYS_SCSIIO_H_
#define	_SYS_SCSIIO_H_

#include <sys/types.h>
#include <sys/ioccom.h>

/* A command passed through to a device */
#define	SENSEBUFLEN	48

typedef struct scsireq {
	u_long		flags;
	u_long		timeout;
	u_char		cmd[16];
	u_char		cmdlen;
	void		*databuf;
	u_long		datalen;
	u_long		datalen_used;
	u_char		sense[SENSEBUFLEN];
	u_char		senselen;
	u_char		senselen_used;
	u_char		status;
	u_char		retsts;
	int		error;
} scsireq_t;

/* flags */
#define	SCCMD_READ	1
#define	SCCMD_WRITE	2
#define	SCCMD_IOV	4
#define	SCCMD_ESCAPE	16
#define	SCCMD_TARGET	32

/* retsts */
#define	SCCMD_OK	0
#define	SCCMD_TIMEOUT	1
#define	SCCMD_BUSY	2
#define	SCCMD_SENSE	3
#define	SCCMD_UNKNOWN	4

/* Where a device is.  The first is how it was before there was ATAPI. */
struct oscsi_addr {
	int		scbus;
	int		target;
	int		lun;
};

struct _atapi {
	int		atbus;
	int		drive;
};

struct scsi_addr {
	int		type;
	union {
		struct oscsi_addr	scsi;
		struct _atapi	atapi;
	} addr;
};

/* type */
#define	TYPE_SCSI	0
#define	TYPE_ATAPI	1

/* Of the device. */
#define	SCIOCCOMMAND	_IOWR('Q', 1, scsireq_t)
#define	SCIOCDEBUG	_IOW('Q', 2, int)
/* its argument */
#define	SC_DB_CMDS	1
#define	SC_DB_FLOW	2
#define	SC_DB_FLOW2	4
#define	SC_DB_DMA	8
#define	SCIOCIDENTIFY	_IOR('Q', 4, struct scsi_addr)
#define	OSCIOCIDENTIFY	_IOR('Q', 4, struct oscsi_addr)
#define	SCIOCDECONFIG	_IO('Q', 5)
#define	SCIOCRECONFIG	_IO('Q', 6)
#define	SCIOCRESET	_IO('Q', 7)

/* Of the bus. */
struct scbusioscan_args {
	int		sa_target;
	int		sa_lun;
};

struct scbusiodetach_args {
	int		sa_target;
	int		sa_lun;
};

struct scbusaccel_args {
	int		sa_target;
	int		sa_lun;
	int		sa_flags;
};

/* sa_flags */
#define	SC_ACCEL_SYNC	1
#define	SC_ACCEL_WIDE	2
#define	SC_ACCEL_TAGS	4

#define	SCBUSIOSCAN	_IOW('U', 0, struct scbusioscan_args)
#define	SCBUSIORESET	_IO('U', 1)
#define	SCBUSIODETACH	_IOW('U', 2, struct scbusiodetach_args)
#define	SCBUSACCEL	_IOW('U', 2, struct scbusaccel_args)
#define	SCBUSIOLLSCAN	_IO('U', 3)

#endif /* !_SYS_SCSIIO_H_ */
