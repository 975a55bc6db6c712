/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists for both halves of the test of access control lists. */
#ifndef TEST_VFS_ACL_H
#define TEST_VFS_ACL_H

#define ACL_TEST_ENTRIES	12
#define ACL_TEST_GROUPS		4

/* As in <sys/acl.h>: ACL_USER_OBJ 1 ... ACL_OTHER 0x20; read 4, write 2, execute 1. */
struct acl_test_list {
	unsigned	n;
	struct { unsigned tag, perm, id; } entry[ACL_TEST_ENTRIES];
};

struct acl_test_cred {
	unsigned	uid, gid, ngroups, groups[ACL_TEST_GROUPS];
};

/* Is it a list? 0 or an errno. */
int	rump_acl_check(const struct acl_test_list *list);

/* The mode that it shows; that of a new file made with mode below such a default. */
unsigned rump_acl_mode(const struct acl_test_list *list);
unsigned rump_acl_new_mode(const struct acl_test_list *list, unsigned mode);

/* Permission bits that it gives, for a file of uid's and gid's. */
unsigned rump_acl_access(const struct acl_test_list *list, unsigned uid, unsigned gid,
	    const struct acl_test_cred *cred);

/*
 * The NFSv4 list of a mode: permission bits that it gives; the mode that it shows; is it
 * trivial, and one that says more not?
 */
unsigned rump_acl_nfs4_access(unsigned mode, unsigned uid, unsigned gid,
	    const struct acl_test_cred *cred);
unsigned rump_acl_nfs4_mode(unsigned mode);
int	rump_acl_nfs4_trivial(unsigned mode);

/* Of a directory's list of mode 0777 and one entry that files inherit, denying others. */
unsigned rump_acl_nfs4_inherited(unsigned mode, unsigned deny, const struct acl_test_cred *cred,
	    unsigned uid, unsigned gid);

#endif
