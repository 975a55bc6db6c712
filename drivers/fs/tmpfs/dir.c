/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Directories.
 *
 * The entries of a directory are in two structures:
 *	- a tree ordered by a number that each entry gets when it comes, and that
 *	  no other entry of the directory ever has.  It is readdir's cookie: a
 *	  listing goes on behind the last entry it gave, whatever came or went;
 *	- once there are more than a few, a hash table of the names, which grows
 *	  and shrinks with the directory.
 * So looking up, adding and removing take about as long in a directory of a
 * million entries as in one of ten.
 *
 * "." and ".." are not entries.  A directory knows its parent.
 */

#include "tmpfs.h"

#include <sys/hash.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#define TABLE_NONE	8		/* so many entries need no table */
#define TABLE_MIN	32		/* chains */

#define FIRST_SEQ	2		/* 0 and 1 are "." and ".." in readdir */

static signed int
compare_entries(void *context, const void *a, const void *b)
{
	const struct tmpfs_dirent *x = a, *y = b;

	return x->td_seq < y->td_seq ? -1 : x->td_seq > y->td_seq;
}

static signed int
compare_seq(void *context, const void *a, const void *key)
{
	const struct tmpfs_dirent *x = a;
	const uint64_t seq = *(const uint64_t *)key;

	return x->td_seq < seq ? -1 : x->td_seq > seq;
}

static const rb_tree_ops_t order_ops = {
	.rbto_compare_nodes = compare_entries,
	.rbto_compare_key = compare_seq,
	.rbto_node_offset = offsetof(struct tmpfs_dirent, td_order)
};

void
tmpfs_dir_init(struct tmpfs_node *dir)
{
	struct tmpfs_directory *di = &dir->tn_dir;

	rb_tree_init(&di->di_order, &order_ops);
	di->di_next_seq = FIRST_SEQ;
}

/* ---------------------------------------------------------- table of names */

static inline uint32_t
name_hash(const struct tmpfs_mount *tm, const char *name, size_t len)
{

	return hash32_buf(name, len, tm->tm_seed);
}

static inline struct tmpfs_dirent **
chain_of(struct tmpfs_directory *di, uint32_t hash)
{

	return &di->di_table[hash & di->di_mask];
}

static void
table_free(struct tmpfs_mount *tm, struct tmpfs_directory *di)
{

	if (di->di_table == NULL)
		return;
	tmpfs_free(tm, di->di_table,
	    ((size_t)di->di_mask + 1) * sizeof(*di->di_table));
	di->di_table = NULL;
}

/*
 * Give the directory a table with that many chains; 0 = none.  Without memory
 * it keeps the one it has, and is slower.
 */
static void
table_resize(struct tmpfs_mount *tm, struct tmpfs_directory *di, size_t chains)
{
	struct tmpfs_dirent **table, **chain, *de;
	const size_t bytes = chains * sizeof(*table);

	if (chains == 0) {
		table_free(tm, di);
		return;
	}
	table = tmpfs_alloc(tm, bytes);
	if (table == NULL)
		return;
	memset(table, 0, bytes);
	table_free(tm, di);
	di->di_table = table;
	di->di_mask = chains - 1;
	RB_TREE_FOREACH(de, &di->di_order) {
		chain = chain_of(di, de->td_hash);
		de->td_chain = *chain;
		*chain = de;
	}
}

/* An entry was added to the tree: have it in the table, too. */
static void
table_insert(struct tmpfs_mount *tm, struct tmpfs_directory *di,
    struct tmpfs_dirent *de)
{
	struct tmpfs_dirent **chain;

	if (di->di_table == NULL) {
		if (di->di_entries > TABLE_NONE)
			table_resize(tm, di, TABLE_MIN);
		return;
	}
	chain = chain_of(di, de->td_hash);
	de->td_chain = *chain;
	*chain = de;
	if (di->di_entries / 2 > di->di_mask)
		table_resize(tm, di, ((size_t)di->di_mask + 1) * 4);
}

static void
table_remove(struct tmpfs_mount *tm, struct tmpfs_directory *di,
    struct tmpfs_dirent *de)
{
	struct tmpfs_dirent **link;

	if (di->di_table == NULL)
		return;
	link = chain_of(di, de->td_hash);
	while (*link != de) {
		KASSERT(*link != NULL);
		link = &(*link)->td_chain;
	}
	*link = de->td_chain;
	if (di->di_entries <= TABLE_NONE / 2)
		table_resize(tm, di, 0);
	else if (di->di_mask >= TABLE_MIN && di->di_entries < di->di_mask / 8)
		table_resize(tm, di, ((size_t)di->di_mask + 1) / 4);
}

static inline bool
is_name(const struct tmpfs_dirent *de, uint32_t hash, const char *name,
    size_t len)
{

	return de->td_hash == hash && de->td_namelen == len &&
	    memcmp(de->td_name, name, len) == 0;
}

struct tmpfs_dirent *
tmpfs_dir_find(struct tmpfs_mount *tm, struct tmpfs_node *dir,
    const char *name, size_t len)
{
	struct tmpfs_directory *di = &dir->tn_dir;
	const uint32_t hash = name_hash(tm, name, len);
	struct tmpfs_dirent *de;

	KASSERT(dir->tn_type == VDIR);
	if (di->di_table != NULL) {
		for (de = *chain_of(di, hash); de != NULL; de = de->td_chain) {
			if (is_name(de, hash, name, len))
				break;
		}
		return de;
	}
	RB_TREE_FOREACH(de, &di->di_order) {
		if (is_name(de, hash, name, len))
			break;
	}
	return de;
}

/* ----------------------------------------------------------------- entries */

static inline size_t
dirent_bytes(size_t namelen)
{

	return offsetof(struct tmpfs_dirent, td_name) + namelen;
}

struct tmpfs_dirent *
tmpfs_dirent_create(struct tmpfs_mount *tm, const char *name, size_t len)
{
	struct tmpfs_dirent *de;

	KASSERT(len <= KERNEL_NAME_MAX);
	de = tmpfs_alloc(tm, dirent_bytes(len));
	if (de == NULL)
		return NULL;
	de->td_node = NULL;
	de->td_chain = NULL;
	de->td_seq = 0;
	de->td_hash = name_hash(tm, name, len);
	de->td_namelen = len;
	memcpy(de->td_name, name, len);
	return de;
}

void
tmpfs_dirent_destroy(struct tmpfs_mount *tm, struct tmpfs_dirent *de)
{

	tmpfs_free(tm, de, dirent_bytes(de->td_namelen));
}

/* What stat(2) tells as the size of a directory. */
static void
set_size(struct tmpfs_node *dir)
{

	dir->tn_size = ((uint64_t)dir->tn_dir.di_entries + 2) *
	    dirent_bytes(0);
}

void
tmpfs_dir_insert(struct tmpfs_mount *tm, struct tmpfs_node *dir,
    struct tmpfs_dirent *de, struct tmpfs_node *node)
{
	struct tmpfs_directory *di = &dir->tn_dir;

	KASSERT(dir->tn_type == VDIR);
	de->td_node = node;
	de->td_seq = di->di_next_seq++;
	rb_tree_insert_node(&di->di_order, de);
	di->di_entries++;
	if (node == NULL)
		di->di_whiteouts++;
	table_insert(tm, di, de);
	set_size(dir);
}

void
tmpfs_dir_remove(struct tmpfs_mount *tm, struct tmpfs_node *dir,
    struct tmpfs_dirent *de)
{
	struct tmpfs_directory *di = &dir->tn_dir;

	KASSERT(dir->tn_type == VDIR);
	rb_tree_remove_node(&di->di_order, de);
	di->di_entries--;
	if (de->td_node == NULL)
		di->di_whiteouts--;
	table_remove(tm, di, de);
	set_size(dir);
}

void
tmpfs_dir_replace(struct tmpfs_node *dir, struct tmpfs_dirent *de,
    struct tmpfs_node *node)
{
	struct tmpfs_directory *di = &dir->tn_dir;

	di->di_whiteouts += (node == NULL) - (de->td_node == NULL);
	de->td_node = node;
}

bool
tmpfs_dir_empty(const struct tmpfs_node *dir)
{

	return dir->tn_dir.di_entries == dir->tn_dir.di_whiteouts;
}

void
tmpfs_dir_clear(struct tmpfs_mount *tm, struct tmpfs_node *dir)
{
	struct tmpfs_directory *di = &dir->tn_dir;
	struct tmpfs_dirent *de;

	table_free(tm, di);
	while ((de = RB_TREE_MIN(&di->di_order)) != NULL) {
		rb_tree_remove_node(&di->di_order, de);
		tmpfs_dirent_destroy(tm, de);
	}
	di->di_entries = di->di_whiteouts = 0;
	set_size(dir);
}

struct tmpfs_dirent *
tmpfs_dir_from(struct tmpfs_node *dir, uint64_t seq)
{

	return rb_tree_find_node_geq(&dir->tn_dir.di_order, &seq);
}

struct tmpfs_dirent *
tmpfs_dir_next(struct tmpfs_node *dir, struct tmpfs_dirent *de)
{

	return RB_TREE_NEXT(&dir->tn_dir.di_order, de);
}

/* ------------------------------------------------------------------ parent */

uint64_t
tmpfs_dir_parent(struct tmpfs_mount *tm, struct tmpfs_node *dir)
{
	uint64_t id;

	mutex_enter(&tm->tm_lock);
	id = dir->tn_dir.di_parent != NULL ? dir->tn_dir.di_parent->tn_id : 0;
	mutex_exit(&tm->tm_lock);
	return id;
}

/* A parent is not freed before its children have been told (parent NULL). */
void
tmpfs_dir_set_parent(struct tmpfs_mount *tm, struct tmpfs_node *dir,
    struct tmpfs_node *parent)
{

	mutex_enter(&tm->tm_lock);
	dir->tn_dir.di_parent = parent;
	mutex_exit(&tm->tm_lock);
}
