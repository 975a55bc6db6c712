/* SPDX-License-Identifier: BSD-2-Clause */
/* Property objects: what prop.c, propbox.c and proplist.c share. */
#ifndef _LIB_PROP_H_
#define _LIB_PROP_H_

#include <sys/types.h>
#include <sys/rwlock.h>
#include <prop/proplib.h>

/* What every object begins with. */
struct prop_head {
	prop_type_t	type;
	u_int		refs;		/* atomic */
};

struct _prop_bool {
	struct prop_head head;
	bool		value;
};

struct _prop_number {
	struct prop_head head;
	bool		negative;	/* value is to be read as signed */
	uint64_t	value;
};

/* Strings, data, and the names in dictionaries. */
struct prop_bytes {
	struct prop_head head;
	size_t		len;		/* a string's NUL is behind */
	size_t		allocated;	/* of the structure, own bytes included */
	const char	*bytes;
	char		own[];
};

struct prop_item {
	struct prop_bytes *key;		/* dictionaries: sorted by it */
	prop_object_t	value;
};

/* Arrays and dictionaries. */
struct prop_box {
	struct prop_head head;
	krwlock_t	lock;		/* for the rest */
	struct prop_item *items;
	u_int		count, room;
	u_int		changes;	/* iterators see whether it changed */
};

struct prop_bytes *prop_bytes_create(prop_type_t, const void *, size_t);
void	prop_box_destroy(struct prop_box *);
bool	prop_box_equals(struct prop_box *, struct prop_box *);

static inline prop_type_t
prop_type_of(prop_object_t po)
{

	return po == NULL ? PROP_TYPE_UNKNOWN : ((struct prop_head *)po)->type;
}

#endif
