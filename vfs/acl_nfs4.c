/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * NFSv4 lists and permission bits (RFC 7530, 6; RFC 5661, 6).
 *
 *	acl_nfs4_check			is it a list?
 *	acl_nfs4_sync_acl_from_mode	the list that says what a mode does
 *	__acl_nfs4_sync_mode_from_acl	the mode that a list shows (6.3.2)
 *	acl_nfs4_is_trivial		does it say no more than a mode?
 *	acl_nfs4_compute_inherited_acl	of a new file (6.4.3)
 *
 * chmod(2) replaces a list: six entries at most, that decide for owner, group and
 * others as permission bits do.
 *
 *	owner@ allow	what the group's denial would take from an owner in it
 *	owner@ deny	what others may and the owner may not
 *	group@ deny	what others may and the group may not
 *	owner@, group@, everyone@ allow
 *
 * vfs/genfs/acl.c decides by a list.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/acl.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/stat.h>

#define TRIVIAL_MAX	6

#define INHERIT_FLAGS \
	(ACL_ENTRY_FILE_INHERIT | ACL_ENTRY_DIRECTORY_INHERIT | \
	 ACL_ENTRY_NO_PROPAGATE_INHERIT | ACL_ENTRY_INHERIT_ONLY)

/* What everybody, and the owner besides, may whatever the mode. */
#define EVERYONE_MAY \
	(ACL_READ_ATTRIBUTES | ACL_READ_NAMED_ATTRS | ACL_READ_ACL | \
	 ACL_SYNCHRONIZE)
#define OWNER_MAY \
	(EVERYONE_MAY | ACL_WRITE_ATTRIBUTES | ACL_WRITE_NAMED_ATTRS | \
	 ACL_WRITE_ACL | ACL_WRITE_OWNER)

static bool
entry_valid(const struct acl_entry *ae, bool dir)
{
	bool named = ae->ae_tag == ACL_USER || ae->ae_tag == ACL_GROUP;

	if (!named && ae->ae_tag != ACL_USER_OBJ &&
	    ae->ae_tag != ACL_GROUP_OBJ && ae->ae_tag != ACL_EVERYONE)
		return false;
	/* audit and alarm: nobody would do it */
	return named == (ae->ae_id != ACL_UNDEFINED_ID) &&
	    (ae->ae_perm & ~ACL_NFS4_PERM_BITS) == 0 &&
	    (ae->ae_entry_type == ACL_ENTRY_TYPE_ALLOW ||
	    ae->ae_entry_type == ACL_ENTRY_TYPE_DENY) &&
	    (ae->ae_flags & ~(ACL_ENTRY_INHERITED |
	    (dir ? INHERIT_FLAGS : 0))) == 0;
}

/*
 * Returns 0, or EINVAL: it is empty or too long, or an entry is for nobody, for
 * what is not supported, or is to be inherited from what is no directory.
 */
int
acl_nfs4_check(const struct acl *acl, int is_directory)
{
	u_int i;

	if (acl->acl_cnt == 0 || acl->acl_cnt > ACL_MAX_ENTRIES)
		return EINVAL;
	for (i = 0; i < acl->acl_cnt; i++)
		if (!entry_valid(&acl->acl_entry[i], is_directory != 0))
			return EINVAL;
	return 0;
}

static void
append(struct acl *acl, acl_tag_t tag, acl_perm_t perm, acl_entry_type_t type)
{
	struct acl_entry *ae = &acl->acl_entry[acl->acl_cnt++];

	KASSERT(acl->acl_cnt <= ACL_MAX_ENTRIES);
	*ae = (struct acl_entry){
		.ae_tag = tag,
		.ae_id = ACL_UNDEFINED_ID,
		.ae_perm = perm,
		.ae_entry_type = type,
	};
}

/* What three bits of a mode permit. */
static acl_perm_t
perms_of(mode_t bits)
{

	return ((bits & 4) != 0 ? ACL_READ_DATA : 0) |
	    ((bits & 2) != 0 ? ACL_WRITE_DATA | ACL_APPEND_DATA : 0) |
	    ((bits & 1) != 0 ? ACL_EXECUTE : 0);
}

static void
append_mode(struct acl *acl, mode_t mode)
{
	acl_perm_t owner = perms_of(mode >> 6), group = perms_of(mode >> 3);
	acl_perm_t other = perms_of(mode);
	acl_perm_t owner_deny = (group | other) & ~owner;
	acl_perm_t group_deny = other & ~group;

	if ((owner & group_deny) != 0)
		append(acl, ACL_USER_OBJ, owner & group_deny,
		    ACL_ENTRY_TYPE_ALLOW);
	if (owner_deny != 0)
		append(acl, ACL_USER_OBJ, owner_deny, ACL_ENTRY_TYPE_DENY);
	if (group_deny != 0)
		append(acl, ACL_GROUP_OBJ, group_deny, ACL_ENTRY_TYPE_DENY);
	append(acl, ACL_USER_OBJ, owner | OWNER_MAY, ACL_ENTRY_TYPE_ALLOW);
	append(acl, ACL_GROUP_OBJ, group | EVERYONE_MAY, ACL_ENTRY_TYPE_ALLOW);
	append(acl, ACL_EVERYONE, other | EVERYONE_MAY, ACL_ENTRY_TYPE_ALLOW);
}

static void
clear(struct acl *acl)
{

	memset(acl, 0, sizeof(*acl));
	acl->acl_maxcnt = ACL_MAX_ENTRIES;
}

/*
 * Make the list say what a mode does.
 */
void
acl_nfs4_sync_acl_from_mode(struct acl *acl, mode_t mode, int file_owner_id)
{

	clear(acl);
	append_mode(acl, mode);
}

/* What an entry for tag, or for everyone, allows first. */
static acl_perm_t
allowed(const struct acl *acl, acl_tag_t tag)
{
	acl_perm_t allow = 0, decided = 0;
	const struct acl_entry *ae;
	u_int i;

	for (i = 0; i < acl->acl_cnt; i++) {
		ae = &acl->acl_entry[i];
		if ((ae->ae_flags & ACL_ENTRY_INHERIT_ONLY) != 0 ||
		    (ae->ae_tag != tag && ae->ae_tag != ACL_EVERYONE))
			continue;
		if (ae->ae_entry_type == ACL_ENTRY_TYPE_ALLOW)
			allow |= ae->ae_perm & ~decided;
		decided |= ae->ae_perm;
	}
	return allow;
}

static mode_t
bits_of(acl_perm_t perm)
{
	acl_perm_t write = ACL_WRITE_DATA | ACL_APPEND_DATA;

	return ((perm & ACL_READ_DATA) != 0 ? 4 : 0) |
	    ((perm & write) == write ? 2 : 0) |
	    ((perm & ACL_EXECUTE) != 0 ? 1 : 0);
}

/*
 * Set the permission bits of a mode to what the list shows; others stay.
 */
void
__acl_nfs4_sync_mode_from_acl(mode_t *mode, const struct acl *acl)
{

	*mode = (*mode & ACL_PRESERVE_MASK) |
	    bits_of(allowed(acl, ACL_USER_OBJ)) << 6 |
	    bits_of(allowed(acl, ACL_GROUP_OBJ)) << 3 |
	    bits_of(allowed(acl, ACL_EVERYONE));
}

/*
 * Is it the list of a mode, so that the mode can be stored in its place?
 */
int
acl_nfs4_is_trivial(const struct acl *acl, int file_owner_id)
{
	struct acl *plain;
	mode_t mode = 0;
	bool same;

	if (acl->acl_cnt > TRIVIAL_MAX)
		return 0;
	__acl_nfs4_sync_mode_from_acl(&mode, acl);
	plain = acl_alloc(KM_SLEEP);
	append_mode(plain, mode);
	same = plain->acl_cnt == acl->acl_cnt &&
	    memcmp(plain->acl_entry, acl->acl_entry,
	    acl->acl_cnt * sizeof(acl->acl_entry[0])) == 0;
	acl_free(plain);
	return same;
}

/* May the mode's bits of this entry's class take permissions from it? */
static acl_perm_t
limit_of(const struct acl_entry *ae, mode_t mode)
{
	int shift = ae->ae_tag == ACL_USER_OBJ ? 6 :
	    ae->ae_tag == ACL_EVERYONE ? 0 : 3;
	acl_perm_t limited = perms_of(7);

	/* only the owner changes who may what */
	if (ae->ae_tag != ACL_USER_OBJ)
		limited |= ACL_WRITE_ACL | ACL_WRITE_OWNER;
	return ~limited | perms_of(mode >> shift);
}

/* The entry that a file or directory inherits; false: none. */
static bool
inherit(const struct acl_entry *from, struct acl_entry *to, mode_t mode,
    bool dir)
{
	acl_flag_t flags = from->ae_flags;

	if ((flags & (dir ? ACL_ENTRY_FILE_INHERIT |
	    ACL_ENTRY_DIRECTORY_INHERIT : ACL_ENTRY_FILE_INHERIT)) == 0)
		return false;
	*to = *from;
	if (dir && (flags & ACL_ENTRY_DIRECTORY_INHERIT) == 0) {
		/* it is for files: a directory hands it on */
		if ((flags & ACL_ENTRY_NO_PROPAGATE_INHERIT) != 0)
			return false;
		to->ae_flags |= ACL_ENTRY_INHERIT_ONLY | ACL_ENTRY_INHERITED;
		return true;
	}
	to->ae_flags &= ~ACL_ENTRY_INHERIT_ONLY;
	if (!dir || (flags & ACL_ENTRY_NO_PROPAGATE_INHERIT) != 0)
		to->ae_flags &= ~INHERIT_FLAGS;
	to->ae_flags |= ACL_ENTRY_INHERITED;
	if (to->ae_entry_type == ACL_ENTRY_TYPE_ALLOW)
		to->ae_perm &= limit_of(to, mode);
	return true;
}

/*
 * The list of a new file or directory: what it inherits, as far as the mode that
 * was asked for permits; then what the mode says.
 *
 * child   out.  If there is no room for all, only the mode counts.
 */
void
acl_nfs4_compute_inherited_acl(const struct acl *parent, struct acl *child,
    mode_t mode, int file_owner_id, int is_directory)
{
	struct acl_entry ae;
	u_int i;

	clear(child);
	for (i = 0; i < parent->acl_cnt; i++) {
		if (!inherit(&parent->acl_entry[i], &ae, mode,
		    is_directory != 0))
			continue;
		if (child->acl_cnt == ACL_MAX_ENTRIES - TRIVIAL_MAX) {
			clear(child);
			break;
		}
		child->acl_entry[child->acl_cnt++] = ae;
	}
	append_mode(child, mode);
}
