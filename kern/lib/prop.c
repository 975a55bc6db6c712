/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Property objects, proplib(3): references, comparison, and those without others inside:
 * booleans, numbers, strings, data.  Arrays and dictionaries are in propbox.c, their form
 * as text in proplist.c.
 *
 * These objects are constant, so they need no lock; the last reference frees them.  The
 * two booleans exist once and stay.  Getting an object out of another lends it, putting it
 * in takes a reference.  Nothing here fails for want of memory: it waits.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include "lib/prop.h"

static struct _prop_bool yes = { { PROP_TYPE_BOOL, 1 }, true };
static struct _prop_bool no = { { PROP_TYPE_BOOL, 1 }, false };

void
prop_object_retain(prop_object_t po)
{
	struct prop_head *head = po;

	if (head->type != PROP_TYPE_BOOL)
		atomic_inc_uint(&head->refs);
}

static void
object_free(struct prop_head *head)
{

	switch (head->type) {
	case PROP_TYPE_NUMBER:
		kmem_free(head, sizeof(struct _prop_number));
		break;
	case PROP_TYPE_STRING:
	case PROP_TYPE_DATA:
	case PROP_TYPE_DICT_KEYSYM:
		kmem_free(head, ((struct prop_bytes *)head)->allocated);
		break;
	case PROP_TYPE_ARRAY:
	case PROP_TYPE_DICTIONARY:
		prop_box_destroy((struct prop_box *)head);
		break;
	default:
		panic("prop_object_release: no object at %p", head);
	}
}

void
prop_object_release(prop_object_t po)
{
	struct prop_head *head = po;

	if (head->type == PROP_TYPE_BOOL)
		return;
	KASSERT(head->refs > 0);
	membar_exit();
	if (atomic_dec_uint_nv(&head->refs) == 0) {
		membar_enter();
		object_free(head);
	}
}

prop_type_t
prop_object_type(prop_object_t po)
{

	return prop_type_of(po);
}

bool
prop_object_equals(prop_object_t a, prop_object_t b)
{
	const struct _prop_number *m = a, *n = b;
	const struct prop_bytes *s = a, *t = b;

	if (a == b)
		return true;
	if (prop_type_of(a) != prop_type_of(b))
		return false;
	switch (prop_type_of(a)) {
	case PROP_TYPE_NUMBER:
		return m->value == n->value && m->negative == n->negative;
	case PROP_TYPE_STRING:
	case PROP_TYPE_DATA:
	case PROP_TYPE_DICT_KEYSYM:
		return s->len == t->len && memcmp(s->bytes, t->bytes, s->len) == 0;
	case PROP_TYPE_ARRAY:
	case PROP_TYPE_DICTIONARY:
		return prop_box_equals(a, b);
	default:
		return false;
	}
}

/* ---------------------------------------------------------- booleans, numbers */

prop_bool_t
prop_bool_create(bool value)
{

	return value ? &yes : &no;
}

prop_bool_t
prop_bool_copy(prop_bool_t pb)
{

	return pb;
}

bool
prop_bool_true(prop_bool_t pb)
{

	return prop_type_of(pb) == PROP_TYPE_BOOL && pb->value;
}

bool
prop_bool_value(prop_bool_t pb)
{

	return prop_bool_true(pb);
}

static prop_number_t
number_create(uint64_t value, bool negative)
{
	prop_number_t pn = kmem_alloc(sizeof(*pn), KM_SLEEP);

	*pn = (struct _prop_number){ { PROP_TYPE_NUMBER, 1 }, negative, value };
	return pn;
}

prop_number_t
prop_number_create_signed(intmax_t value)
{

	return number_create((uint64_t)value, value < 0);
}

prop_number_t
prop_number_create_unsigned(uintmax_t value)
{

	return number_create(value, false);
}

intmax_t
prop_number_signed_value(prop_number_t pn)
{

	return prop_type_of(pn) == PROP_TYPE_NUMBER ? (intmax_t)pn->value : 0;
}

uintmax_t
prop_number_unsigned_value(prop_number_t pn)
{

	return prop_type_of(pn) == PROP_TYPE_NUMBER ? pn->value : 0;
}

/* --------------------------------------------------------------- strings, data */

/* A copy of len bytes, with a NUL behind. */
struct prop_bytes *
prop_bytes_create(prop_type_t type, const void *bytes, size_t len)
{
	const size_t size = sizeof(struct prop_bytes) + len + 1;
	struct prop_bytes *b = kmem_alloc(size, KM_SLEEP);

	b->head = (struct prop_head){ type, 1 };
	b->len = len;
	b->allocated = size;
	memcpy(b->own, bytes, len);
	b->own[len] = '\0';
	b->bytes = b->own;
	return b;
}

/* The caller's bytes themselves, which stay. */
static struct prop_bytes *
bytes_borrow(prop_type_t type, const void *bytes, size_t len)
{
	struct prop_bytes *b = kmem_alloc(sizeof(*b), KM_SLEEP);

	b->head = (struct prop_head){ type, 1 };
	b->len = len;
	b->allocated = sizeof(*b);
	b->bytes = bytes;
	return b;
}

prop_string_t
prop_string_create_copy(const char *s)
{

	return (prop_string_t)prop_bytes_create(PROP_TYPE_STRING, s, strlen(s));
}

prop_string_t
prop_string_create_nocopy(const char *s)
{

	return (prop_string_t)bytes_borrow(PROP_TYPE_STRING, s, strlen(s));
}

size_t
prop_string_size(prop_string_t ps)
{

	return prop_type_of(ps) == PROP_TYPE_STRING ?
	    ((struct prop_bytes *)ps)->len : 0;
}

const char *
prop_string_value(prop_string_t ps)
{

	return prop_type_of(ps) == PROP_TYPE_STRING ?
	    ((struct prop_bytes *)ps)->bytes : NULL;
}

bool
prop_string_equals_string(prop_string_t ps, const char *s)
{
	const char *value = prop_string_value(ps);

	return value != NULL && strcmp(value, s) == 0;
}

prop_data_t
prop_data_create_copy(const void *bytes, size_t len)
{

	return (prop_data_t)prop_bytes_create(PROP_TYPE_DATA, bytes, len);
}

prop_data_t
prop_data_create_nocopy(const void *bytes, size_t len)
{

	return (prop_data_t)bytes_borrow(PROP_TYPE_DATA, bytes, len);
}

size_t
prop_data_size(prop_data_t pd)
{

	return prop_type_of(pd) == PROP_TYPE_DATA ?
	    ((struct prop_bytes *)pd)->len : 0;
}

const void *
prop_data_value(prop_data_t pd)
{

	return prop_data_size(pd) != 0 ? ((struct prop_bytes *)pd)->bytes : NULL;
}
