/* SPDX-License-Identifier: BSD-2-Clause */
/* rnd(4): what ioctl on the random devices passes. */
#ifndef _SYS_RNDIO_H_
#define _SYS_RNDIO_H_

#include <sys/types.h>
#include <sys/ioccom.h>

/* State of the entropy pool, in bits but for poolsize (words). */
typedef struct {
	uint32_t poolsize;
	uint32_t threshold;
	uint32_t maxentropy;
	uint32_t added;
	uint32_t curentropy;
	uint32_t removed;
	uint32_t discarded;
	uint32_t generated;
} rndpoolstat_t;

/* One source, and with what is known of its estimator. */
typedef struct {
	char name[16];
	uint32_t total;
	uint32_t type;
	uint32_t flags;
} rndsource_t;

typedef struct {
	rndsource_t rt;
	uint32_t dt_samples;
	uint32_t dt_total;
	uint32_t dv_samples;
	uint32_t dv_total;
} rndsource_est_t;

#define RND_FLAG_NO_ESTIMATE	0x00000100
#define RND_FLAG_NO_COLLECT	0x00000200
#define RND_FLAG_FAST		0x00000400
#define RND_FLAG_HASCB		0x00000800
#define RND_FLAG_COLLECT_TIME	0x00001000
#define RND_FLAG_COLLECT_VALUE	0x00002000
#define RND_FLAG_ESTIMATE_TIME	0x00004000
#define RND_FLAG_ESTIMATE_VALUE	0x00008000
#define RND_FLAG_HASENABLE	0x00010000
#define RND_FLAG_DEFAULT \
	(RND_FLAG_COLLECT_VALUE | RND_FLAG_COLLECT_TIME | \
	    RND_FLAG_ESTIMATE_TIME)

#define RND_TYPE_UNKNOWN	0
#define RND_TYPE_DISK		1
#define RND_TYPE_NET		2
#define RND_TYPE_TAPE		3
#define RND_TYPE_TTY		4
#define RND_TYPE_RNG		5
#define RND_TYPE_SKEW		6
#define RND_TYPE_ENV		7
#define RND_TYPE_VM		8
#define RND_TYPE_POWER		9
#define RND_TYPE_MAX		9

#define RND_MAXSTATCOUNT	10

/* In: start, count.  Out: as many sources from start on, count of them. */
typedef struct {
	uint32_t start;
	uint32_t count;
	rndsource_t source[RND_MAXSTATCOUNT];
} rndstat_t;

typedef struct {
	uint32_t start;
	uint32_t count;
	rndsource_est_t source[RND_MAXSTATCOUNT];
} rndstat_est_t;

/* In: name.  Out: the source of that name. */
typedef struct {
	char name[16];
	rndsource_t source;
} rndstat_name_t;

typedef struct {
	char name[16];
	rndsource_est_t source;
} rndstat_est_name_t;

/* Change the flags in mask of the source name, or of all sources of type. */
typedef struct {
	char name[16];
	uint32_t type;			/* 0xff: go by name */
	uint32_t flags;
	uint32_t mask;
} rndctl_t;

#define RND_SAVEWORDS		128

typedef struct {
	uint32_t len;
	uint32_t entropy;
	u_char data[RND_SAVEWORDS * sizeof(uint32_t)];
} rnddata_t;

/* A seed file. */
typedef struct {
	uint32_t entropy;
	uint8_t data[RND_SAVEWORDS * sizeof(uint32_t)];
	uint8_t digest[20];
} rndsave_t;

#define RNDGETENTCNT	_IOR('R', 101, uint32_t)
#define RNDGETSRCNUM	_IOWR('R', 102, rndstat_t)
#define RNDGETSRCNAME	_IOWR('R', 103, rndstat_name_t)
#define RNDCTL		_IOW('R', 104, rndctl_t)
#define RNDADDDATA	_IOW('R', 105, rnddata_t)
#define RNDGETPOOLSTAT	_IOR('R', 106, rndpoolstat_t)
#define RNDGETESTNUM	_IOWR('R', 107, rndstat_est_t)
#define RNDGETESTNAME	_IOWR('R', 108, rndstat_est_name_t)

#endif /* _SYS_RNDIO_H_ */
