/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Property objects with others inside: arrays and dictionaries; and iterators.
 *
 * Both are a growing array of items; a dictionary's are sorted by key, and searched by
 * halving.  A box's lock covers its items.  What is got out of a box is lent: the
 * caller knows that it stays in there.  Boxes must not contain themselves.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include "lib/prop.h"

#define ROOM_FIRST	8

struct _prop_object_iterator {
	struct prop_box	*box;
	u_int		at;
	u_int		changes;	/* of the box, when it began */
};

/* ----------------------------------------------------------------- both kinds */

/*
 * Not inline: locks are told apart by where they are made, and those of boxes, of
 * which any may be in any other, have one order, from the outside in.
 */
static __noinline struct prop_box *
box_create(prop_type_t type)
{
	struct prop_box *box = kmem_zalloc(sizeof(*box), KM_SLEEP);

	box->head = (struct prop_head){ type, 1 };
	rw_init(&box->lock);
	return box;
}

static void
item_release(struct prop_item *item)
{

	if (item->key != NULL)
		prop_object_release(item->key);
	prop_object_release(item->value);
}

void
prop_box_destroy(struct prop_box *box)
{
	u_int i;

	for (i = 0; i < box->count; i++)
		item_release(&box->items[i]);
	if (box->room != 0)
		kmem_free(box->items, box->room * sizeof(box->items[0]));
	rw_destroy(&box->lock);
	kmem_free(box, sizeof(*box));
}

static void
grow(struct prop_box *box)
{
	const u_int room = box->room == 0 ? ROOM_FIRST : box->room * 2;
	struct prop_item *items = kmem_alloc(room * sizeof(*items), KM_SLEEP);

	KASSERT(rw_write_held(&box->lock));
	if (box->room != 0) {
		memcpy(items, box->items, box->count * sizeof(*items));
		kmem_free(box->items, box->room * sizeof(*items));
	}
	box->items = items;
	box->room = room;
}

/* Put an item in before place at; its references become the box's. */
static void
insert(struct prop_box *box, u_int at, struct prop_item item)
{

	if (box->count == box->room)
		grow(box);
	memmove(&box->items[at + 1], &box->items[at],
	    (box->count - at) * sizeof(item));
	box->items[at] = item;
	box->count++;
	box->changes++;
}

/* Take an item out; the caller gets its references. */
static struct prop_item
take(struct prop_box *box, u_int at)
{
	struct prop_item item = box->items[at];

	box->count--;
	memmove(&box->items[at], &box->items[at + 1],
	    (box->count - at) * sizeof(item));
	box->changes++;
	return item;
}

/* A new object in the place of an old one. */
static prop_object_t
replace(struct prop_box *box, u_int at, prop_object_t value)
{
	prop_object_t old = box->items[at].value;

	prop_object_retain(value);
	box->items[at].value = value;
	return old;
}

static u_int
box_count(struct prop_box *box)
{
	u_int n;

	rw_enter(&box->lock, RW_READER);
	n = box->count;
	rw_exit(&box->lock);
	return n;
}

bool
prop_box_equals(struct prop_box *a, struct prop_box *b)
{
	bool same;
	u_int i;

	/* in one order, so that two who compare both ways do not meet */
	rw_enter(a < b ? &a->lock : &b->lock, RW_READER);
	rw_enter(a < b ? &b->lock : &a->lock, RW_READER);
	same = a->count == b->count;
	for (i = 0; same && i < a->count; i++)
		same = (a->items[i].key == NULL ||
		    prop_object_equals(a->items[i].key, b->items[i].key)) &&
		    prop_object_equals(a->items[i].value, b->items[i].value);
	rw_exit(&a->lock);
	rw_exit(&b->lock);
	return same;
}

static prop_object_iterator_t
iterator_create(struct prop_box *box)
{
	prop_object_iterator_t it = kmem_zalloc(sizeof(*it), KM_SLEEP);

	prop_object_retain(box);
	it->box = box;
	prop_object_iterator_reset(it);
	return it;
}

/* The next object of an array, or key of a dictionary; NULL: no more, or it changed. */
prop_object_t
prop_object_iterator_next(prop_object_iterator_t it)
{
	struct prop_box *box = it->box;
	struct prop_item *item;
	prop_object_t next = NULL;

	rw_enter(&box->lock, RW_READER);
	if (it->changes == box->changes && it->at < box->count) {
		item = &box->items[it->at++];
		next = item->key != NULL ? item->key : item->value;
	}
	rw_exit(&box->lock);
	return next;
}

void
prop_object_iterator_reset(prop_object_iterator_t it)
{

	rw_enter(&it->box->lock, RW_READER);
	it->at = 0;
	it->changes = it->box->changes;
	rw_exit(&it->box->lock);
}

void
prop_object_iterator_release(prop_object_iterator_t it)
{

	prop_object_release(it->box);
	kmem_free(it, sizeof(*it));
}

/* --------------------------------------------------------------------- arrays */

static struct prop_box *
array(prop_array_t pa)
{

	return prop_type_of(pa) == PROP_TYPE_ARRAY ? (void *)pa : NULL;
}

prop_array_t
prop_array_create(void)
{

	return (prop_array_t)box_create(PROP_TYPE_ARRAY);
}

prop_array_t
prop_array_create_with_capacity(unsigned int capacity)
{

	return prop_array_create();
}

unsigned int
prop_array_count(prop_array_t pa)
{

	return array(pa) == NULL ? 0 : box_count(array(pa));
}

prop_object_iterator_t
prop_array_iterator(prop_array_t pa)
{

	return array(pa) == NULL ? NULL : iterator_create(array(pa));
}

prop_object_t
prop_array_get(prop_array_t pa, unsigned int at)
{
	struct prop_box *box = array(pa);
	prop_object_t po;

	if (box == NULL)
		return NULL;
	rw_enter(&box->lock, RW_READER);
	po = at < box->count ? box->items[at].value : NULL;
	rw_exit(&box->lock);
	return po;
}

/* Put po at a place that exists, or at the end. */
bool
prop_array_set(prop_array_t pa, unsigned int at, prop_object_t po)
{
	struct prop_box *box = array(pa);
	prop_object_t old = NULL;
	bool fits;

	if (box == NULL || po == NULL)
		return false;
	rw_enter(&box->lock, RW_WRITER);
	fits = at <= box->count;
	if (at < box->count) {
		old = replace(box, at, po);
	} else if (fits) {
		prop_object_retain(po);
		insert(box, at, (struct prop_item){ NULL, po });
	}
	rw_exit(&box->lock);
	if (old != NULL)
		prop_object_release(old);
	return fits;
}

bool
prop_array_add(prop_array_t pa, prop_object_t po)
{
	struct prop_box *box = array(pa);

	if (box == NULL || po == NULL)
		return false;
	prop_object_retain(po);
	rw_enter(&box->lock, RW_WRITER);
	insert(box, box->count, (struct prop_item){ NULL, po });
	rw_exit(&box->lock);
	return true;
}

void
prop_array_remove(prop_array_t pa, unsigned int at)
{
	struct prop_box *box = array(pa);
	struct prop_item item = { NULL, NULL };

	if (box == NULL)
		return;
	rw_enter(&box->lock, RW_WRITER);
	if (at < box->count)
		item = take(box, at);
	rw_exit(&box->lock);
	if (item.value != NULL)
		item_release(&item);
}

/* --------------------------------------------------------------- dictionaries */

static struct prop_box *
dictionary(prop_dictionary_t pd)
{

	return prop_type_of(pd) == PROP_TYPE_DICTIONARY ? (void *)pd : NULL;
}

prop_dictionary_t
prop_dictionary_create(void)
{

	return (prop_dictionary_t)box_create(PROP_TYPE_DICTIONARY);
}

prop_dictionary_t
prop_dictionary_create_with_capacity(unsigned int capacity)
{

	return prop_dictionary_create();
}

/* Another dictionary of the same objects. */
prop_dictionary_t
prop_dictionary_copy(prop_dictionary_t pd)
{
	struct prop_box *from = dictionary(pd), *to;
	struct prop_item *item;
	u_int i;

	if (from == NULL)
		return NULL;
	to = box_create(PROP_TYPE_DICTIONARY);
	rw_enter(&from->lock, RW_READER);
	rw_enter(&to->lock, RW_WRITER);
	for (i = 0; i < from->count; i++) {
		item = &from->items[i];
		prop_object_retain(item->key);
		prop_object_retain(item->value);
		insert(to, i, *item);
	}
	rw_exit(&to->lock);
	rw_exit(&from->lock);
	return (prop_dictionary_t)to;
}

unsigned int
prop_dictionary_count(prop_dictionary_t pd)
{

	return dictionary(pd) == NULL ? 0 : box_count(dictionary(pd));
}

prop_object_iterator_t
prop_dictionary_iterator(prop_dictionary_t pd)
{

	return dictionary(pd) == NULL ? NULL : iterator_create(dictionary(pd));
}

/* Where key is, or would be; whether it is there. */
static bool
search(const struct prop_box *box, const char *key, u_int *at)
{
	u_int low = 0, high = box->count, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(key, box->items[middle].key->bytes);
		if (order == 0) {
			*at = middle;
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	*at = low;
	return false;
}

prop_object_t
prop_dictionary_get(prop_dictionary_t pd, const char *key)
{
	struct prop_box *box = dictionary(pd);
	prop_object_t po;
	u_int at;

	if (box == NULL)
		return NULL;
	rw_enter(&box->lock, RW_READER);
	po = search(box, key, &at) ? box->items[at].value : NULL;
	rw_exit(&box->lock);
	return po;
}

bool
prop_dictionary_set(prop_dictionary_t pd, const char *key, prop_object_t po)
{
	struct prop_box *box = dictionary(pd);
	prop_object_t old = NULL;
	u_int at;

	if (box == NULL || po == NULL)
		return false;
	rw_enter(&box->lock, RW_WRITER);
	if (search(box, key, &at)) {
		old = replace(box, at, po);
	} else {
		prop_object_retain(po);
		insert(box, at, (struct prop_item){ prop_bytes_create(
		    PROP_TYPE_DICT_KEYSYM, key, strlen(key)), po });
	}
	rw_exit(&box->lock);
	if (old != NULL)
		prop_object_release(old);
	return true;
}

void
prop_dictionary_remove(prop_dictionary_t pd, const char *key)
{
	struct prop_box *box = dictionary(pd);
	struct prop_item item = { NULL, NULL };
	u_int at;

	if (box == NULL)
		return;
	rw_enter(&box->lock, RW_WRITER);
	if (search(box, key, &at))
		item = take(box, at);
	rw_exit(&box->lock);
	if (item.value != NULL)
		item_release(&item);
}

const char *
prop_dictionary_keysym_value(prop_dictionary_keysym_t key)
{

	return prop_type_of(key) == PROP_TYPE_DICT_KEYSYM ?
	    ((struct prop_bytes *)key)->bytes : NULL;
}

prop_object_t
prop_dictionary_get_keysym(prop_dictionary_t pd, prop_dictionary_keysym_t key)
{
	const char *name = prop_dictionary_keysym_value(key);

	return name == NULL ? NULL : prop_dictionary_get(pd, name);
}
