/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access control lists in memory, and what the POSIX.1e draft 17 says of them.
 *
 *	acl_alloc, acl_free		room for a list
 *	acl_copy_*			from and to the form that older disks have
 *	acl_posix1e_check		is it a list? (23.1.5, acl_valid)
 *	acl_posix1e_mode_to_*		what permission bits say
 *	acl_posix1e_acl_to_mode		the bits that a list shows
 *	acl_posix1e_newfilemode		of a file made under a default list
 *
 * vfs/genfs/acl.c decides by a list; vfs/acl_nfs4.c is the other kind.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/acl.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/stat.h>

/*
 * flags   of kmem_alloc.
 *
 * Returns an empty list with room for ACL_MAX_ENTRIES; NULL with KM_NOSLEEP.
 */
struct acl *
acl_alloc(int flags)
{
	struct acl *acl = kmem_zalloc(sizeof(*acl), flags);

	if (acl != NULL)
		acl->acl_maxcnt = ACL_MAX_ENTRIES;
	return acl;
}

void
acl_free(struct acl *acl)
{

	kmem_free(acl, sizeof(*acl));
}

/*
 * Returns 0, or EINVAL: source has an impossible count.
 */
int
acl_copy_oldacl_into_acl(const struct oldacl *source, struct acl *dest)
{
	const struct oldacl_entry *from = source->acl_entry, *end;
	struct acl_entry *to = dest->acl_entry;

	if ((u_int)source->acl_cnt > OLDACL_MAX_ENTRIES)
		return EINVAL;
	*dest = (struct acl){ .acl_maxcnt = ACL_MAX_ENTRIES };
	for (end = from + source->acl_cnt; from < end; from++)
		*to++ = (struct acl_entry){
			.ae_tag = from->ae_tag, .ae_id = from->ae_id,
			.ae_perm = from->ae_perm,
		};
	dest->acl_cnt = source->acl_cnt;
	return 0;
}

/*
 * Returns 0, or EINVAL: source has more entries than dest has room.
 */
int
acl_copy_acl_into_oldacl(const struct acl *source, struct oldacl *dest)
{
	const struct acl_entry *from;

	*dest = (struct oldacl){ .acl_cnt = 0 };
	if (source->acl_cnt > OLDACL_MAX_ENTRIES)
		return EINVAL;
	while (dest->acl_cnt < (int)source->acl_cnt) {
		from = &source->acl_entry[dest->acl_cnt];
		dest->acl_entry[dest->acl_cnt++] = (struct oldacl_entry){
			.ae_tag = from->ae_tag, .ae_id = from->ae_id,
			.ae_perm = from->ae_perm,
		};
	}
	return 0;
}

static const struct acl_entry *
find(const struct acl *acl, acl_tag_t tag)
{
	u_int i;

	for (i = 0; i < acl->acl_cnt; i++)
		if (acl->acl_entry[i].ae_tag == tag)
			return &acl->acl_entry[i];
	return NULL;
}

static u_int
count(const struct acl *acl, acl_tag_t tag)
{
	u_int i, n = 0;

	for (i = 0; i < acl->acl_cnt; i++)
		n += acl->acl_entry[i].ae_tag == tag;
	return n;
}

/* Is there an entry for the same user or group before entry i? */
static bool
repeated(const struct acl *acl, u_int i)
{
	const struct acl_entry *ae = &acl->acl_entry[i];
	u_int j;

	for (j = 0; j < i; j++)
		if (acl->acl_entry[j].ae_tag == ae->ae_tag &&
		    acl->acl_entry[j].ae_id == ae->ae_id)
			return true;
	return false;
}

/*
 * Is it a complete list?  One entry for the owner, the group and others each; a
 * mask, once, if users or groups are named; each of these once.
 *
 * acl     ids of entries that name nobody become ACL_UNDEFINED_ID.
 *
 * Returns 0 or EINVAL.
 */
int
acl_posix1e_check(struct acl *acl)
{
	struct acl_entry *ae;
	bool named = false;
	u_int i, masks;

	if (acl->acl_cnt > ACL_MAX_ENTRIES)
		return EINVAL;
	for (i = 0; i < acl->acl_cnt; i++) {
		ae = &acl->acl_entry[i];
		if ((ae->ae_perm & ~ACL_PERM_BITS) != 0)
			return EINVAL;
		switch (ae->ae_tag) {
		case ACL_USER_OBJ:
		case ACL_GROUP_OBJ:
		case ACL_OTHER:
		case ACL_MASK:
			ae->ae_id = ACL_UNDEFINED_ID;
			break;
		case ACL_USER:
		case ACL_GROUP:
			if (ae->ae_id == ACL_UNDEFINED_ID || repeated(acl, i))
				return EINVAL;
			named = true;
			break;
		default:
			return EINVAL;
		}
	}
	masks = count(acl, ACL_MASK);
	return count(acl, ACL_USER_OBJ) == 1 &&
	    count(acl, ACL_GROUP_OBJ) == 1 && count(acl, ACL_OTHER) == 1 &&
	    masks <= 1 && (!named || masks == 1) ? 0 : EINVAL;
}

/* The place of a tag's three bits among those of a mode. */
static int
shift_of(acl_tag_t tag)
{

	switch (tag) {
	case ACL_USER_OBJ:
		return 6;
	case ACL_GROUP_OBJ:
	case ACL_MASK:
		return 3;
	case ACL_OTHER:
		return 0;
	}
	panic("acl: permission bits have none for tag %#x", tag);
}

/*
 * What a mode permits.
 *
 * tag     ACL_USER_OBJ, ACL_GROUP_OBJ, ACL_MASK or ACL_OTHER.
 */
acl_perm_t
acl_posix1e_mode_to_perm(acl_tag_t tag, mode_t mode)
{

	/* read, write, execute are 4, 2, 1 in both */
	return (mode >> shift_of(tag)) & ACL_PERM_BITS;
}

struct acl_entry
acl_posix1e_mode_to_entry(acl_tag_t tag, uid_t uid, gid_t gid, mode_t mode)
{
	struct acl_entry ae = {
		.ae_tag = tag,
		.ae_id = tag == ACL_USER_OBJ ? uid :
		    tag == ACL_GROUP_OBJ ? gid : ACL_UNDEFINED_ID,
		.ae_perm = acl_posix1e_mode_to_perm(tag, mode),
	};

	return ae;
}

static mode_t
mode_of(const struct acl_entry *ae)
{

	return ae == NULL ? 0 :
	    (mode_t)((ae->ae_perm & ACL_PERM_BITS) << shift_of(ae->ae_tag));
}

mode_t
acl_posix1e_perms_to_mode(struct acl_entry *user_obj,
    struct acl_entry *group_obj, struct acl_entry *other)
{

	return mode_of(user_obj) | mode_of(group_obj) | mode_of(other);
}

/*
 * The mode that a list shows: the group's bits are the mask, if there is one
 * (23.5.1).
 */
mode_t
acl_posix1e_acl_to_mode(struct acl *acl)
{
	const struct acl_entry *mask = find(acl, ACL_MASK);

	return mode_of(find(acl, ACL_USER_OBJ)) |
	    mode_of(mask != NULL ? mask : find(acl, ACL_GROUP_OBJ)) |
	    mode_of(find(acl, ACL_OTHER));
}

/*
 * The mode of a new file: what is asked for and the directory's default list
 * permits (23.5.1; the umask has no part in it).
 */
mode_t
acl_posix1e_newfilemode(mode_t cmode, struct acl *dacl)
{

	return cmode & (ACL_PRESERVE_MASK | acl_posix1e_acl_to_mode(dacl));
}
