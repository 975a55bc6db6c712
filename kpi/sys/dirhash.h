/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hash of a directory's entries, kept in memory by file systems whose
 * directories are lists on disk.
 *
 * All calls for one directory are made with its vnode locked exclusively, and
 * may sleep.
 */
#ifndef _SYS_DIRHASH_H_
#define _SYS_DIRHASH_H_

#include <sys/param.h>
#include <sys/dirent.h>
#include <sys/queue.h>

#ifndef DIRHASH_SIZE
#define DIRHASH_SIZE	(1024*1024)	/* bytes for all hashes together */
#endif

#define DIRHASH_HASHBITS	5
#define DIRHASH_HASHSIZE	(1 << DIRHASH_HASHBITS)
#define DIRHASH_HASHMASK	(DIRHASH_HASHSIZE - 1)

struct dirhash_entry {
	uint32_t	hashvalue;
	uint64_t	offset;		/* of the entry in the directory */
	uint32_t	d_namlen;
	uint32_t	entry_size;	/* bytes it takes there */
	LIST_ENTRY(dirhash_entry) next;
};

struct dirhash {
	uint32_t	flags;		/* DIRH_*, set by the file system */
	uint32_t	size;		/* bytes of memory */
	uint32_t	refcnt;		/* holds; 0 = may be purged */
	uint32_t	num_files;
	LIST_HEAD(, dirhash_entry) entries[DIRHASH_HASHSIZE];
	LIST_HEAD(, dirhash_entry) free_entries;
	TAILQ_ENTRY(dirhash) next;
};

#define DIRH_PURGED	0x0001	/* entries were thrown out */
#define DIRH_COMPLETE	0x0002	/* every entry is in */
#define DIRH_BROKEN	0x0004	/* do not use */
#define DIRH_COMPACTABLE 0x0008
#define DIRH_FLAGBITS	"\10\1PURGED\2COMPLETE\3BROKEN\4COMPACTABLE"

#ifdef _KERNEL
void	dirhash_init(void);
void	dirhash_get(struct dirhash **);
void	dirhash_put(struct dirhash *);
void	dirhash_purge(struct dirhash **);
void	dirhash_purge_entries(struct dirhash *);
void	dirhash_enter(struct dirhash *, struct dirent *, uint64_t, uint32_t, int);
void	dirhash_enter_freed(struct dirhash *, uint64_t, uint32_t);
void	dirhash_remove(struct dirhash *, struct dirent *dirent, uint64_t, uint32_t);
int	dirhash_lookup(struct dirhash *, const char *, int,
	    struct dirhash_entry **);
int	dirhash_lookup_freed(struct dirhash *, uint32_t, struct dirhash_entry **);
bool	dirhash_dir_isempty(struct dirhash *dirh);
#endif

#endif /* _SYS_DIRHASH_H_ */
