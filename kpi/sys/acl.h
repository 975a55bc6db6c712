/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access control lists, of the POSIX.1e draft and of NFSv4 (RFC 7530, 6).
 *
 * One structure serves both: a POSIX entry has a tag, an id and three bits; an
 * NFSv4 entry has finer bits, a type (allow, deny) and flags (inheritance).
 */
#ifndef _SYS_ACL_H_
#define _SYS_ACL_H_

#include <sys/types.h>
#include <sys/stat.h>

#define POSIX1E_ACL_ACCESS_EXTATTR_NAMESPACE	EXTATTR_NAMESPACE_SYSTEM
#define POSIX1E_ACL_ACCESS_EXTATTR_NAME		"posix1e.acl_access"
#define POSIX1E_ACL_DEFAULT_EXTATTR_NAMESPACE	EXTATTR_NAMESPACE_SYSTEM
#define POSIX1E_ACL_DEFAULT_EXTATTR_NAME	"posix1e.acl_default"
#define NFS4_ACL_EXTATTR_NAMESPACE		EXTATTR_NAMESPACE_SYSTEM
#define NFS4_ACL_EXTATTR_NAME			"nfs4.acl"

#define OLDACL_MAX_ENTRIES	32
#define ACL_MAX_ENTRIES		254

/* Which list of an object; which kind it is. */
typedef int		acl_type_t;
#define ACL_TYPE_ACCESS_OLD	0x00000000
#define ACL_TYPE_DEFAULT_OLD	0x00000001
#define ACL_TYPE_ACCESS		0x00000002
#define ACL_TYPE_DEFAULT	0x00000003
#define ACL_TYPE_NFS4		0x00000004

#define ACL_BRAND_UNKNOWN	0
#define ACL_BRAND_POSIX		1
#define ACL_BRAND_NFS4		2

/* Whom an entry is for. */
typedef uint32_t	acl_tag_t;
#define ACL_UNDEFINED_TAG	0x00000000
#define ACL_USER_OBJ		0x00000001
#define ACL_USER		0x00000002
#define ACL_GROUP_OBJ		0x00000004
#define ACL_GROUP		0x00000008
#define ACL_MASK		0x00000010
#define ACL_OTHER		0x00000020
#define ACL_OTHER_OBJ		ACL_OTHER
#define ACL_EVERYONE		0x00000040
#define ACL_UNDEFINED_ID	((uid_t)-1)

/* What an NFSv4 entry does. */
typedef uint16_t	acl_entry_type_t;
#define ACL_ENTRY_TYPE_ALLOW	0x0100
#define ACL_ENTRY_TYPE_DENY	0x0200
#define ACL_ENTRY_TYPE_AUDIT	0x0400
#define ACL_ENTRY_TYPE_ALARM	0x0800

/* How it is inherited. */
typedef uint16_t	acl_flag_t;
typedef uint16_t	*acl_flagset_t;
#define ACL_ENTRY_FILE_INHERIT		0x0001
#define ACL_ENTRY_DIRECTORY_INHERIT	0x0002
#define ACL_ENTRY_NO_PROPAGATE_INHERIT	0x0004
#define ACL_ENTRY_INHERIT_ONLY		0x0008
#define ACL_ENTRY_SUCCESSFUL_ACCESS	0x0010
#define ACL_ENTRY_FAILED_ACCESS		0x0020
#define ACL_ENTRY_INHERITED		0x0080
#define ACL_FLAGS_BITS \
	(ACL_ENTRY_FILE_INHERIT | ACL_ENTRY_DIRECTORY_INHERIT | \
	 ACL_ENTRY_NO_PROPAGATE_INHERIT | ACL_ENTRY_INHERIT_ONLY | \
	 ACL_ENTRY_SUCCESSFUL_ACCESS | ACL_ENTRY_FAILED_ACCESS | \
	 ACL_ENTRY_INHERITED)

/* Permissions: POSIX, */
typedef uint32_t	acl_perm_t;
typedef uint32_t	*acl_permset_t;
#define ACL_PERM_NONE		0x0000
#define ACL_EXECUTE		0x0001
#define ACL_WRITE		0x0002
#define ACL_READ		0x0004
#define ACL_PERM_BITS		(ACL_EXECUTE | ACL_WRITE | ACL_READ)
#define ACL_POSIX1E_BITS	(ACL_EXECUTE | ACL_WRITE | ACL_READ)
/* and NFSv4, where some bits mean one thing for files, one for directories. */
#define ACL_READ_DATA		0x00000008
#define ACL_LIST_DIRECTORY	0x00000008
#define ACL_WRITE_DATA		0x00000010
#define ACL_ADD_FILE		0x00000010
#define ACL_APPEND_DATA		0x00000020
#define ACL_ADD_SUBDIRECTORY	0x00000020
#define ACL_READ_NAMED_ATTRS	0x00000040
#define ACL_WRITE_NAMED_ATTRS	0x00000080
#define ACL_DELETE_CHILD	0x00000100
#define ACL_READ_ATTRIBUTES	0x00000200
#define ACL_WRITE_ATTRIBUTES	0x00000400
#define ACL_DELETE		0x00000800
#define ACL_READ_ACL		0x00001000
#define ACL_WRITE_ACL		0x00002000
#define ACL_WRITE_OWNER		0x00004000
#define ACL_SYNCHRONIZE		0x00008000

#define ACL_READ_SET \
	(ACL_READ_DATA | ACL_READ_NAMED_ATTRS | ACL_READ_ATTRIBUTES | ACL_READ_ACL)
#define ACL_WRITE_SET \
	(ACL_WRITE_DATA | ACL_APPEND_DATA | ACL_WRITE_NAMED_ATTRS | \
	 ACL_WRITE_ATTRIBUTES)
#define ACL_FULL_SET \
	(ACL_EXECUTE | ACL_READ_SET | ACL_WRITE_SET | ACL_DELETE_CHILD | \
	 ACL_DELETE | ACL_WRITE_ACL | ACL_WRITE_OWNER | ACL_SYNCHRONIZE)
#define ACL_MODIFY_SET	(ACL_FULL_SET & ~(ACL_WRITE_ACL | ACL_WRITE_OWNER))
#define ACL_NFS4_PERM_BITS	ACL_FULL_SET

/* Mode bits that a list replaces, and those it leaves. */
#define ACL_OVERRIDE_MASK	(S_IRWXU | S_IRWXG | S_IRWXO)
#define ACL_PRESERVE_MASK	(~ACL_OVERRIDE_MASK)

/* For programs that walk and print lists. */
#define ACL_FIRST_ENTRY		0
#define ACL_NEXT_ENTRY		1
#define ACL_TEXT_VERBOSE	0x01
#define ACL_TEXT_NUMERIC_IDS	0x02
#define ACL_TEXT_APPEND_ID	0x04

struct acl_entry {
	acl_tag_t		ae_tag;
	uid_t			ae_id;
	acl_perm_t		ae_perm;
	acl_entry_type_t	ae_entry_type;	/* NFSv4 */
	acl_flag_t		ae_flags;	/* NFSv4 */
};
typedef struct acl_entry *acl_entry_t;

struct acl {
	unsigned int		acl_maxcnt;	/* room */
	unsigned int		acl_cnt;	/* used */
	int			acl_spare[4];
	struct acl_entry	acl_entry[ACL_MAX_ENTRIES];
};
typedef struct acl_t_struct *acl_t;

/* As they were before there were NFSv4 lists; still on disks. */
typedef int		oldacl_tag_t;
typedef mode_t		oldacl_perm_t;
struct oldacl_entry {
	oldacl_tag_t	ae_tag;
	uid_t		ae_id;
	oldacl_perm_t	ae_perm;
};
typedef struct oldacl_entry *oldacl_entry_t;
struct oldacl {
	int			acl_cnt;
	struct oldacl_entry	acl_entry[OLDACL_MAX_ENTRIES];
};

#ifdef _KERNEL
struct acl	*acl_alloc(int flags);
void		acl_free(struct acl *aclp);
int		acl_copy_oldacl_into_acl(const struct oldacl *source,
		    struct acl *dest);
int		acl_copy_acl_into_oldacl(const struct acl *source,
		    struct oldacl *dest);

int		acl_posix1e_check(struct acl *acl);
acl_perm_t	acl_posix1e_mode_to_perm(acl_tag_t tag, mode_t mode);
mode_t		acl_posix1e_acl_to_mode(struct acl *acl);
mode_t		acl_posix1e_newfilemode(mode_t cmode, struct acl *dacl);
struct acl_entry acl_posix1e_mode_to_entry(acl_tag_t tag, uid_t uid, gid_t gid,
		    mode_t mode);
mode_t		acl_posix1e_perms_to_mode(struct acl_entry *user_obj,
		    struct acl_entry *group_obj, struct acl_entry *other);

int		acl_nfs4_check(const struct acl *aclp, int is_directory);
int		acl_nfs4_is_trivial(const struct acl *aclp, int file_owner_id);
void		acl_nfs4_compute_inherited_acl(const struct acl *parent_aclp,
		    struct acl *child_aclp, mode_t mode, int file_owner_id,
		    int is_directory);
void		acl_nfs4_sync_acl_from_mode(struct acl *aclp, mode_t mode,
		    int file_owner_id);
void		__acl_nfs4_sync_mode_from_acl(mode_t *mode,
		    const struct acl *aclp);
#endif /* _KERNEL */

#endif /* _SYS_ACL_H_ */
