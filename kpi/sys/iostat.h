/* SPDX-License-Identifier: BSD-2-Clause */
/* I/O statistics of disks, tapes and network file systems. */
#ifndef _SYS_IOSTAT_H_
#define	_SYS_IOSTAT_H_

#include <sys/time.h>
#include <sys/queue.h>

/* io_type */
#define	IOSTAT_DISK	0
#define	IOSTAT_TAPE	1
#define	IOSTAT_NFS	2

#define	IOSTATNAMELEN	16

/* hw.iostats: an array of these, one for each name.  Exact layout. */
struct io_sysctl {
	char		name[IOSTATNAMELEN];
	int32_t		busy;
	int32_t		type;
	u_int64_t	xfer;
	u_int64_t	seek;
	u_int64_t	bytes;
	u_int32_t	attachtime_sec;
	u_int32_t	attachtime_usec;
	u_int32_t	timestamp_sec;
	u_int32_t	timestamp_usec;
	u_int32_t	time_sec;
	u_int32_t	time_usec;
	u_int64_t	rxfer;
	u_int64_t	rbytes;
	u_int64_t	wxfer;
	u_int64_t	wbytes;
	u_int32_t	wait_sec;
	u_int32_t	wait_usec;
	u_int32_t	waitsum_sec;
	u_int32_t	waitsum_usec;
	u_int32_t	busysum_sec;
	u_int32_t	busysum_usec;
};

struct io_stats {
	char		io_name[IOSTATNAMELEN];
	void		*io_parent;	/* what is counted */
	int		io_type;	/* IOSTAT_* */
	int		io_busy;	/* transfers under way */
	int		io_wait;	/* transfers queued */

	u_int64_t	io_rxfer;
	u_int64_t	io_wxfer;
	u_int64_t	io_seek;
	u_int64_t	io_rbytes;
	u_int64_t	io_wbytes;

	struct timeval	io_attachtime;
	struct timeval	io_timestamp;	/* of the last change of io_busy */
	struct timeval	io_busystamp;
	struct timeval	io_waitstamp;
	struct timeval	io_busysum;	/* sum of busy * time */
	struct timeval	io_waitsum;
	struct timeval	io_busytime;
	struct timeval	io_waittime;
	TAILQ_ENTRY(io_stats) io_link;
};
TAILQ_HEAD(iostatlist_head, io_stats);

#ifdef _KERNEL
void	iostat_init(void);
struct io_stats *iostat_alloc(int32_t type, void *parent, const char *name);
void	iostat_free(struct io_stats *stats);
void	iostat_rename(struct io_stats *stats, const char *name);
struct io_stats *iostat_find(const char *name);
void	iostat_wait(struct io_stats *stats);
void	iostat_busy(struct io_stats *stats);
void	iostat_unbusy(struct io_stats *stats, long bcount, int read);
bool	iostat_isbusy(struct io_stats *stats);
void	iostat_seek(struct io_stats *stats);
#endif

#endif /* !_SYS_IOSTAT_H_ */
