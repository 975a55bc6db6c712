/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access control lists: does a list permit it?
 *
 * POSIX.1e draft 17, 23.1.5: the first class that matches decides (owner, named
 * user, groups, other); the mask limits all but owner and other; of the groups,
 * one that grants everything is enough.
 *
 * NFSv4, RFC 7530, 6.2.1: entries are looked at in order; a bit that was asked for
 * is decided by the first entry that is for this credential and names it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/acl.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/stat.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>

#include "genfs/access.h"

static accmode_t
posix_grants(acl_perm_t perm)
{

	return ((perm & ACL_READ) != 0 ? VREAD : 0) |
	    ((perm & ACL_WRITE) != 0 ? VWRITE | VAPPEND : 0) |
	    ((perm & ACL_EXECUTE) != 0 ? VEXEC : 0);
}

static int
verdict(accmode_t accmode, accmode_t granted)
{

	if ((accmode & ~granted) == 0)
		return 0;
	return (accmode & VADMIN) != 0 ? EPERM : EACCES;
}

/* The permissions of the first entry of a kind, or otherwise. */
static acl_perm_t
perm_of(const struct acl *acl, acl_tag_t tag, acl_perm_t otherwise)
{
	u_int i;

	for (i = 0; i < acl->acl_cnt; i++)
		if (acl->acl_entry[i].ae_tag == tag)
			return acl->acl_entry[i].ae_perm;
	return otherwise;
}

/* The group class.  False: the credential is in none of the groups. */
static bool
posix_groups(const struct acl *acl, kauth_cred_t cred, gid_t gid,
    acl_perm_t mask, accmode_t accmode, int *error)
{
	const struct acl_entry *ae;
	bool member = false;
	u_int i;

	*error = EACCES;
	for (i = 0; i < acl->acl_cnt; i++) {
		ae = &acl->acl_entry[i];
		if (ae->ae_tag != ACL_GROUP && ae->ae_tag != ACL_GROUP_OBJ)
			continue;
		if (!genfs_cred_in_group(cred,
		    ae->ae_tag == ACL_GROUP ? ae->ae_id : gid))
			continue;
		member = true;
		*error = verdict(accmode, posix_grants(ae->ae_perm & mask));
		if (*error == 0)
			break;
	}
	return member;
}

/*
 * As genfs_can_access, with a POSIX.1e list.
 */
int
genfs_can_access_acl_posix1e(struct vnode *vp, kauth_cred_t cred, uid_t uid,
    gid_t gid, mode_t mode, struct acl *acl, accmode_t accmode)
{
	const struct acl_entry *ae;
	acl_perm_t mask;
	uid_t euid;
	int error;
	u_int i;

	if (cred == NOCRED || cred == FSCRED)
		return 0;
	/* what nobody can execute is no program */
	if ((accmode & VEXEC) != 0 && vp->v_type == VREG &&
	    (mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0)
		return EACCES;
	euid = kauth_cred_geteuid(cred);
	if (euid == uid)
		return verdict(accmode, VADMIN |
		    posix_grants(perm_of(acl, ACL_USER_OBJ, 0)));
	mask = perm_of(acl, ACL_MASK, ACL_PERM_BITS);
	for (i = 0; i < acl->acl_cnt; i++) {
		ae = &acl->acl_entry[i];
		if (ae->ae_tag == ACL_USER && ae->ae_id == euid)
			return verdict(accmode,
			    posix_grants(ae->ae_perm & mask));
	}
	if (posix_groups(acl, cred, gid, mask, accmode, &error))
		return error;
	return verdict(accmode, posix_grants(perm_of(acl, ACL_OTHER, 0)));
}

static const struct {
	accmode_t	accmode;
	acl_perm_t	perm;
} nfs4_map[] = {
	/* what is in it */
	{ VEXEC,		ACL_EXECUTE },
	{ VREAD,		ACL_READ_DATA },
	{ VAPPEND,		ACL_APPEND_DATA },
	{ VWRITE,		ACL_WRITE_DATA },
	/* that it is there */
	{ VDELETE,		ACL_DELETE },
	{ VDELETE_CHILD,	ACL_DELETE_CHILD },
	/* what is known of it, and whose it is */
	{ VREAD_ACL,		ACL_READ_ACL },
	{ VREAD_ATTRIBUTES,	ACL_READ_ATTRIBUTES },
	{ VREAD_NAMED_ATTRS,	ACL_READ_NAMED_ATTRS },
	{ VWRITE_ACL,		ACL_WRITE_ACL },
	{ VWRITE_ATTRIBUTES,	ACL_WRITE_ATTRIBUTES },
	{ VWRITE_NAMED_ATTRS,	ACL_WRITE_NAMED_ATTRS },
	{ VWRITE_OWNER,		ACL_WRITE_OWNER },
	{ VSYNCHRONIZE,		ACL_SYNCHRONIZE },
};

static acl_perm_t
nfs4_perms(accmode_t accmode)
{
	acl_perm_t perms = 0;
	u_int i;

	for (i = 0; i < __arraycount(nfs4_map); i++)
		if ((accmode & nfs4_map[i].accmode) != 0)
			perms |= nfs4_map[i].perm;
	return perms;
}

static bool
nfs4_matches(const struct acl_entry *ae, kauth_cred_t cred, uid_t uid,
    gid_t gid)
{

	switch (ae->ae_tag) {
	case ACL_USER_OBJ:
		return kauth_cred_geteuid(cred) == uid;
	case ACL_USER:
		return kauth_cred_geteuid(cred) == ae->ae_id;
	case ACL_GROUP_OBJ:
		return genfs_cred_in_group(cred, gid);
	case ACL_GROUP:
		return genfs_cred_in_group(cred, ae->ae_id);
	case ACL_EVERYONE:
		return true;
	default:
		return false;
	}
}

/*
 * Go through the list.  *left: what no entry decided.  False: something was
 * denied.
 */
static bool
nfs4_walk(const struct acl *acl, kauth_cred_t cred, uid_t uid, gid_t gid,
    acl_perm_t asked, acl_perm_t *left)
{
	const struct acl_entry *ae;
	u_int i;

	*left = asked;
	for (i = 0; i < acl->acl_cnt && *left != 0; i++) {
		ae = &acl->acl_entry[i];
		if ((ae->ae_flags & ACL_ENTRY_INHERIT_ONLY) != 0 ||
		    !nfs4_matches(ae, cred, uid, gid))
			continue;
		if (ae->ae_entry_type == ACL_ENTRY_TYPE_DENY &&
		    (ae->ae_perm & *left) != 0)
			return false;
		if (ae->ae_entry_type == ACL_ENTRY_TYPE_ALLOW)
			*left &= ~ae->ae_perm;
	}
	return true;
}

/*
 * As genfs_can_access, with an NFSv4 list.  VEXPLICIT_DENY: what no entry
 * decides is permitted.
 */
int
genfs_can_access_acl_nfs4(struct vnode *vp, kauth_cred_t cred, uid_t uid,
    gid_t gid, mode_t mode, struct acl *acl, accmode_t accmode)
{
	bool explicit_deny = (accmode & VEXPLICIT_DENY) != 0;
	bool admin = (accmode & VADMIN) != 0, owner;
	acl_perm_t asked, left;

	if (cred == NOCRED || cred == FSCRED)
		return 0;
	owner = kauth_cred_geteuid(cred) == uid;
	if (admin && !owner)
		return EPERM;
	if ((accmode & VEXEC) != 0 && vp->v_type == VREG &&
	    (mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0)
		return EACCES;
	asked = nfs4_perms(accmode);
	/* an owner can always mend the list */
	if (owner)
		asked &= ~(ACL_READ_ACL | ACL_WRITE_ACL |
		    ACL_READ_ATTRIBUTES | ACL_WRITE_ATTRIBUTES);
	if (!nfs4_walk(acl, cred, uid, gid, asked, &left))
		return admin ? EPERM : EACCES;
	if (left == 0 || explicit_deny)
		return 0;
	return admin ? EPERM : EACCES;
}
