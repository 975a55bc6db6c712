/* SPDX-License-Identifier: BSD-2-Clause */
/* Access control lists, in the kernel; see acl.h. */
#include <sys/param.h>
#include <sys/acl.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>

#include "acl.h"

static struct acl *
list_make(const struct acl_test_list *list)
{
	struct acl *acl = acl_alloc(KM_SLEEP);
	u_int i;

	acl->acl_cnt = list->n;
	for (i = 0; i < list->n; i++) {
		acl->acl_entry[i].ae_tag = list->entry[i].tag;
		acl->acl_entry[i].ae_id = list->entry[i].id;
		acl->acl_entry[i].ae_perm = list->entry[i].perm;
	}
	return acl;
}

int
rump_acl_check(const struct acl_test_list *list)
{
	struct acl *acl = list_make(list);
	int error = acl_posix1e_check(acl);

	acl_free(acl);
	return error;
}

unsigned
rump_acl_mode(const struct acl_test_list *list)
{
	struct acl *acl = list_make(list);
	mode_t mode = acl_posix1e_acl_to_mode(acl);

	acl_free(acl);
	return mode;
}

unsigned
rump_acl_new_mode(const struct acl_test_list *list, unsigned mode)
{
	struct acl *acl = list_make(list);
	mode_t made = acl_posix1e_newfilemode(mode, acl);

	acl_free(acl);
	return made;
}

static kauth_cred_t
cred_make(const struct acl_test_cred *tc)
{
	kauth_cred_t cred = kauth_cred_alloc();
	gid_t groups[ACL_TEST_GROUPS];
	u_int i;

	for (i = 0; i < tc->ngroups; i++)
		groups[i] = tc->groups[i];
	kauth_cred_seteuid(cred, tc->uid);
	kauth_cred_setegid(cred, tc->gid);
	if (kauth_cred_setgroups(cred, groups, tc->ngroups, (uid_t)-1,
	    UIO_SYSSPACE) != 0)
		panic("groups");
	return cred;
}

typedef int decide_t(struct vnode *, kauth_cred_t, uid_t, gid_t, mode_t,
    struct acl *, accmode_t);

/* A directory is asked for: of files nobody may execute what nobody can. */
static unsigned
granted(decide_t *decide, struct acl *acl, mode_t mode, unsigned uid,
    unsigned gid, const struct acl_test_cred *tc)
{
	static const struct { accmode_t accmode; unsigned bit; } asks[] = {
		{ VREAD, 4 }, { VWRITE, 2 }, { VEXEC, 1 },
	};
	kauth_cred_t cred = cred_make(tc);
	struct vnode dir = { .v_type = VDIR };
	unsigned bits = 0, i;

	for (i = 0; i < __arraycount(asks); i++) {
		if ((*decide)(&dir, cred, uid, gid, mode, acl,
		    asks[i].accmode) == 0)
			bits |= asks[i].bit;
	}
	kauth_cred_free(cred);
	return bits;
}

unsigned
rump_acl_access(const struct acl_test_list *list, unsigned uid, unsigned gid,
    const struct acl_test_cred *cred)
{
	struct acl *acl = list_make(list);
	unsigned bits = granted(genfs_can_access_acl_posix1e, acl,
	    acl_posix1e_acl_to_mode(acl), uid, gid, cred);

	acl_free(acl);
	return bits;
}

unsigned
rump_acl_nfs4_access(unsigned mode, unsigned uid, unsigned gid,
    const struct acl_test_cred *cred)
{
	struct acl *acl = acl_alloc(KM_SLEEP);
	unsigned bits;

	acl_nfs4_sync_acl_from_mode(acl, mode, uid);
	bits = acl_nfs4_check(acl, 1) != 0 ? ~0u :
	    granted(genfs_can_access_acl_nfs4, acl, mode, uid, gid, cred);
	acl_free(acl);
	return bits;
}

unsigned
rump_acl_nfs4_mode(unsigned mode)
{
	struct acl *acl = acl_alloc(KM_SLEEP);
	mode_t shown = S_ISVTX;			/* stays */

	acl_nfs4_sync_acl_from_mode(acl, mode, 0);
	__acl_nfs4_sync_mode_from_acl(&shown, acl);
	acl_free(acl);
	return shown;
}

int
rump_acl_nfs4_trivial(unsigned mode)
{
	struct acl *acl = acl_alloc(KM_SLEEP);
	int plain, more;

	acl_nfs4_sync_acl_from_mode(acl, mode, 0);
	plain = acl_nfs4_is_trivial(acl, 0);
	acl->acl_entry[0].ae_perm ^= ACL_DELETE;
	more = acl_nfs4_is_trivial(acl, 0);
	acl_free(acl);
	return plain && !more;
}

unsigned
rump_acl_nfs4_inherited(unsigned mode, unsigned deny,
    const struct acl_test_cred *cred, unsigned uid, unsigned gid)
{
	struct acl *parent = acl_alloc(KM_SLEEP), *child = acl_alloc(KM_SLEEP);
	unsigned bits;

	acl_nfs4_sync_acl_from_mode(parent, 0777, uid);
	parent->acl_entry[parent->acl_cnt++] = (struct acl_entry){
		.ae_tag = ACL_EVERYONE, .ae_id = ACL_UNDEFINED_ID,
		.ae_perm = ((deny & 4) != 0 ? ACL_READ_DATA : 0) |
		    ((deny & 2) != 0 ? ACL_WRITE_DATA | ACL_APPEND_DATA : 0) |
		    ((deny & 1) != 0 ? ACL_EXECUTE : 0),
		.ae_entry_type = ACL_ENTRY_TYPE_DENY,
		.ae_flags = ACL_ENTRY_FILE_INHERIT | ACL_ENTRY_INHERIT_ONLY,
	};
	acl_nfs4_compute_inherited_acl(parent, child, mode, uid, 0);
	bits = acl_nfs4_check(parent, 1) != 0 || acl_nfs4_check(child, 0) != 0 ?
	    ~0u : granted(genfs_can_access_acl_nfs4, child, mode, uid, gid, cred);
	acl_free(parent);
	acl_free(child);
	return bits;
}
