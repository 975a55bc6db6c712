/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Partition tables: what is on a disk, read through a function.
 *
 * A table is untrusted.  Whatever it says, reading it ends: counts are bounded,
 * a chain is followed at most PTABLE_CHAIN steps and never twice through one
 * place.  An entry that does not begin within the disk is left out, one that
 * ends beyond it is cut.
 */
#ifndef _DRIVERS_DEV_DISK_PTABLE_H_
#define _DRIVERS_DEV_DISK_PTABLE_H_

#include <sys/types.h>

#define PTABLE_CHAIN	256	/* logical partitions, at most */
#define PTABLE_MOST	4096	/* partitions, at most */

/*
 * Where it is read from.
 *
 * ps_read  read len bytes at byte offset; both are multiples of ps_secsize.
 *          0 or an errno; may sleep.
 */
struct ptable_source {
	int		(*ps_read)(void *cookie, uint64_t offset, void *buf,
			    size_t len);
	void		*ps_cookie;
	uint32_t	ps_secsize;	/* a power of two >= 512 */
	uint64_t	ps_size;	/* bytes */
};

enum ptable_scheme { PTABLE_MBR, PTABLE_GPT, PTABLE_BSD };

#define PART_EXTENDED	0x1	/* MBR: holds the logical ones */
#define PART_BACKUP	0x2	/* GPT: from the second copy */
#define PART_ACTIVE	0x4	/* MBR: boot this */
#define PART_NESTED	0x8	/* BSD, in an MBR partition */

struct part {
	enum ptable_scheme pa_scheme;
	uint32_t	pa_number;	/* from 1, as people count them */
	uint32_t	pa_parent;	/* PART_NESTED: of the MBR partition */
	uint32_t	pa_flags;
	uint64_t	pa_offset;	/* bytes */
	uint64_t	pa_size;	/* bytes, > 0 */
	const char	*pa_ptype;	/* DKW_PTYPE_*; "": unknown */
	uint8_t		pa_fstype;	/* FS_* */
	char		pa_type[40];	/* as the table has it */
	char		pa_uuid[40];	/* GPT: of the partition */
	char		pa_name[112];	/* GPT, UTF-8 */
};

struct ptable {
	struct part	*pt_parts;
	u_int		pt_count;
	u_int		pt_space;
};

/*
 * Read the tables of a disk.
 *
 * pt      out: its partitions, in the order of the table; pt_count 0 if the
 *         disk has none.  To be given back with ptable_fini, after an error too.
 *
 * Returns 0; EINVAL: there is a table, and no copy of it is sound; or the
 * error of ps_read.
 * Context: thread, may sleep.
 * Ref:     UEFI Specification 2.10, 5; disklabel(5).
 */
int	ptable_read(const struct ptable_source *ps, struct ptable *pt);
void	ptable_fini(struct ptable *pt);

/*
 * The readers of each scheme.
 *
 * ENOENT: no such table here.
 */
int	ptable_gpt(const struct ptable_source *ps, struct ptable *pt);
int	ptable_mbr(const struct ptable_source *ps, struct ptable *pt);

/*
 * A BSD label.
 *
 * begin, size  bytes: the MBR partition that holds it, or the disk.
 * parent       its number, or 0.
 * ptype        its MBR type, or 0: FreeBSD's offsets count from its start.
 */
int	ptable_bsd(const struct ptable_source *ps, uint64_t begin,
	    uint64_t size, uint32_t parent, uint8_t mbrtype, struct ptable *pt);

/* Does the MBR say that this is a GPT disk (yes), or is there none (maybe)? */
enum gpt_hint { GPT_NO, GPT_MAYBE, GPT_YES };
int	mbr_gpt_hint(const struct ptable_source *ps, enum gpt_hint *hint);

/*
 * An entry to be filled, cleared but for offset and size, which are cut to the
 * disk; NULL: it is not within the disk, or there are too many.
 *
 * first, count  in units of unit bytes.
 */
struct part *ptable_add(const struct ptable_source *ps, struct ptable *pt,
	    uint64_t first, uint64_t count, uint32_t unit);

/* Read len bytes, which need not be whole sectors, at any offset. */
int	ptable_pread(const struct ptable_source *ps, uint64_t offset, void *buf,
	    size_t len);

/* What kind of file system a type stands for. */
struct parttype {
	const char	*pt_ptype;
	uint8_t		pt_fstype;
};
struct parttype parttype_mbr(uint8_t type);
struct parttype parttype_bsd(uint8_t fstype);
struct parttype parttype_gpt(const uint8_t guid[16]);

/* A GUID as it is on disk, in text of 36 characters. */
void	guid_format(const uint8_t guid[16], char text[37]);

#endif
