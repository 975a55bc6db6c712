/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Universally unique identifiers.
 *
 *   uuidgen                    new ones, of random numbers (version 4)
 *   uuid_dec_le _be _enc_…     16 bytes, as disks and the wire have them
 *   uuid_snprintf, uuid_printf   text of 36 characters
 *
 * In memory the first three fields are numbers of the machine's order.
 *
 * Ref: RFC 4122, 4.1.2 (be) and 4.4; UEFI Specification 2.10, A (le).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/cprng.h>
#include <sys/endian.h>
#include <sys/uuid.h>

#define FORMAT	"%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x"
#define FIELDS(u)							\
	(u)->time_low, (u)->time_mid, (u)->time_hi_and_version,		\
	(u)->clock_seq_hi_and_reserved, (u)->clock_seq_low,		\
	(u)->node[0], (u)->node[1], (u)->node[2], (u)->node[3],		\
	(u)->node[4], (u)->node[5]

#define AT_MID	4	/* bytes, where fields are */
#define AT_HIGH	6
#define AT_REST	8	/* single bytes, in one order everywhere */

CTASSERT(sizeof(struct uuid) == 16);
CTASSERT(offsetof(struct uuid, clock_seq_hi_and_reserved) == AT_REST);

void
uuid_init(void)
{

}

/*
 * Make count new ones.
 *
 * Returns 0.
 */
int
uuidgen(struct uuid *store, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		(void)cprng_strong(kern_cprng, &store[i], sizeof(store[i]), 0);
		store[i].time_hi_and_version &= 0x0fff;
		store[i].time_hi_and_version |= 4 << 12;
		store[i].clock_seq_hi_and_reserved &= 0x3f;
		store[i].clock_seq_hi_and_reserved |= 0x80;
	}
	return 0;
}

/* Returns what snprintf returns: 36, however little room there was. */
int
uuid_snprintf(char *buf, size_t room, const struct uuid *uuid)
{

	return snprintf(buf, room, FORMAT, FIELDS(uuid));
}

int
uuid_printf(const struct uuid *uuid)
{

	printf(FORMAT, FIELDS(uuid));
	return 0;
}

void
uuid_dec_le(const void *bytes, struct uuid *uuid)
{
	const uint8_t *p = bytes;

	memcpy(uuid, p, sizeof(*uuid));
	uuid->time_low = le32dec(p);
	uuid->time_mid = le16dec(p + AT_MID);
	uuid->time_hi_and_version = le16dec(p + AT_HIGH);
}

void
uuid_dec_be(const void *bytes, struct uuid *uuid)
{
	const uint8_t *p = bytes;

	memcpy(uuid, p, sizeof(*uuid));
	uuid->time_low = be32dec(p);
	uuid->time_mid = be16dec(p + AT_MID);
	uuid->time_hi_and_version = be16dec(p + AT_HIGH);
}

void
uuid_enc_le(void *bytes, const struct uuid *uuid)
{
	uint8_t *p = bytes;

	memcpy(p, uuid, sizeof(*uuid));
	le32enc(p, uuid->time_low);
	le16enc(p + AT_MID, uuid->time_mid);
	le16enc(p + AT_HIGH, uuid->time_hi_and_version);
}

void
uuid_enc_be(void *bytes, const struct uuid *uuid)
{
	uint8_t *p = bytes;

	memcpy(p, uuid, sizeof(*uuid));
	be32enc(p, uuid->time_low);
	be16enc(p + AT_MID, uuid->time_mid);
	be16enc(p + AT_HIGH, uuid->time_hi_and_version);
}
