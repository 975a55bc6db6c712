/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records of a journal on disk.  All begin with a type and a length; they
 * are in the byte order of the machine that wrote them.
 */
#ifndef _SYS_WAPBL_REPLAY_H_
#define _SYS_WAPBL_REPLAY_H_

#include <sys/types.h>

enum {
	WAPBL_WC_HEADER = 0x5741424c,
	WAPBL_WC_INODES,
	WAPBL_WC_REVOCATIONS,
	WAPBL_WC_BLOCKS
};

/* Of every record the start. */
struct wapbl_wc_null {
	uint32_t	wc_type;
	int32_t		wc_len;
	uint8_t		wc_spare[0];
};

/* There are two of these; the one with the higher generation counts. */
struct wapbl_wc_header {
	uint32_t	wc_type;
	int32_t		wc_len;
	uint32_t	wc_checksum;
	uint32_t	wc_generation;
	int32_t		wc_fsid[2];
	uint64_t	wc_time;
	uint32_t	wc_timensec;
	uint32_t	wc_version;
	uint32_t	wc_log_dev_bshift;
	uint32_t	wc_fs_dev_bshift;
	int64_t		wc_head;
	int64_t		wc_tail;
	int64_t		wc_circ_off;
	int64_t		wc_circ_size;
	uint8_t		wc_spare[0];
};

/* Blocks whose contents follow (BLOCKS), or that do not count (REVOCATIONS). */
struct wapbl_wc_blocklist {
	uint32_t	wc_type;
	int32_t		wc_len;
	int32_t		wc_blkcount;
	int32_t		wc_unused;
	struct {
		int64_t		wc_daddr;
		int32_t		wc_unused;
		int32_t		wc_dlen;
	}		wc_blocks[0];
};

/* Inodes allocated but not in a directory. */
struct wapbl_wc_inodelist {
	uint32_t	wc_type;
	int32_t		wc_len;
	int32_t		wc_inocnt;
	int32_t		wc_clear;	/* forget earlier ones */
	struct {
		uint32_t	wc_inumber;
		uint32_t	wc_imode;
	}		wc_inodes[0];
};

#endif /* _SYS_WAPBL_REPLAY_H_ */
