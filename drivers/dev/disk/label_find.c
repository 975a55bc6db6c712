/* SPDX-License-Identifier: BSD-2-Clause */
/* BSD labels as they are on disk. */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/bswap.h>
#include <sys/errno.h>

#include "label.h"

CTASSERT(LABEL_HEAD == 148);
CTASSERT(sizeof(struct partition) == 16);

#define SWAP16(x)	((x) = bswap16(x))
#define SWAP32(x)	((x) = bswap32(x))

uint16_t
label_sum(const void *label, u_int n)
{
	size_t len = LABEL_HEAD + n * sizeof(struct partition), i;
	const uint8_t *p = label;
	uint16_t sum = 0, word;

	for (i = 0; i < len; i += sizeof(word)) {
		memcpy(&word, p + i, sizeof(word));
		sum ^= word;
	}
	return sum;
}

static void
swap_head(struct disklabel *lp)
{
	u_int i;

	SWAP32(lp->d_magic);
	SWAP16(lp->d_type);
	SWAP16(lp->d_subtype);
	SWAP32(lp->d_secsize);
	SWAP32(lp->d_nsectors);
	SWAP32(lp->d_ntracks);
	SWAP32(lp->d_ncylinders);
	SWAP32(lp->d_secpercyl);
	SWAP32(lp->d_secperunit);
	SWAP16(lp->d_sparespertrack);
	SWAP16(lp->d_sparespercyl);
	SWAP32(lp->d_acylinders);
	SWAP16(lp->d_rpm);
	SWAP16(lp->d_interleave);
	SWAP16(lp->d_trackskew);
	SWAP16(lp->d_cylskew);
	SWAP32(lp->d_headswitch);
	SWAP32(lp->d_trkseek);
	SWAP32(lp->d_flags);
	for (i = 0; i < NDDATA; i++)
		SWAP32(lp->d_drivedata[i]);
	for (i = 0; i < NSPARE; i++)
		SWAP32(lp->d_spare[i]);
	SWAP32(lp->d_magic2);
	SWAP16(lp->d_checksum);
	SWAP16(lp->d_npartitions);
	SWAP32(lp->d_bbsize);
	SWAP32(lp->d_sbsize);
}

static void
swap_partition(struct partition *p)
{

	SWAP32(p->p_size);
	SWAP32(p->p_offset);
	SWAP32(p->p_fsize);
	SWAP16(p->p_cpg);
}

/* Is there a label at p?  0, ENOENT, EINVAL. */
static int
take(const uint8_t *p, size_t len, struct disklabel_ondisk *dl)
{
	struct disklabel *lp = &dl->dl_label;
	bool swapped;
	u_int i, n;

	if (len < LABEL_HEAD)
		return ENOENT;
	memset(dl, 0, sizeof(*dl));
	memcpy(lp, p, LABEL_HEAD);
	swapped = lp->d_magic != DISKMAGIC;
	if (swapped) {
		if (bswap32(lp->d_magic) != DISKMAGIC)
			return ENOENT;
		swap_head(lp);
	}
	if (lp->d_magic2 != DISKMAGIC)
		return ENOENT;
	n = lp->d_npartitions;
	if (n > MAXMAXPARTITIONS || len < LABEL_HEAD + n *
	    sizeof(struct partition) || label_sum(p, n) != 0)
		return EINVAL;
	memcpy(dl->dl_parts, p + LABEL_HEAD, n * sizeof(dl->dl_parts[0]));
	for (i = 0; swapped && i < n; i++)
		swap_partition(&dl->dl_parts[i]);
	memcpy(lp->d_partitions, dl->dl_parts, sizeof(lp->d_partitions));
	return 0;
}

int
label_find(const uint8_t *area, size_t len, struct disklabel_ondisk *dl,
    size_t *where)
{
	int error, worst = ENOENT;
	size_t at;

	for (at = 0; at + LABEL_HEAD <= len; at += sizeof(uint32_t)) {
		error = take(area + at, len - at, dl);
		if (error == 0) {
			if (where != NULL)
				*where = at;
			return 0;
		}
		if (error == EINVAL)
			worst = EINVAL;
	}
	memset(dl, 0, sizeof(*dl));
	return worst;
}
