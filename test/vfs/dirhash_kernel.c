/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A directory here is an array of slots, as a list on disk would be: a slot has
 * a name, or had one, and never moves.  See dirhash.h.
 *
 * Names are made of two pairs of letters which many hashes do not tell apart
 * (b1 and aR are the same to "times 33"), so that look-ups have to choose.
 */
#include <sys/param.h>
#include <sys/dirent.h>
#include <sys/dirhash.h>
#include <sys/kmem.h>
#include <sys/pool.h>
#include <sys/systm.h>

#include "dirhash.h"

#define SLOTS		300
#define NAME_PAIRS	8
#define SLOT_BYTES	64	/* distance of slots */
#define LEAST		16	/* bytes that a slot may have, LEAST..SLOT_BYTES */

#define CHECK(cond)	do { if (!(cond)) return __LINE__; } while (0)

struct slot {
	char		name[2 * NAME_PAIRS + 1];	/* empty: room */
	uint32_t	size;
	unsigned	seen;
};

struct dir {
	struct dirhash	*hash;
	unsigned	slots;		/* that were ever used */
	struct slot	slot[SLOTS];
};

struct world {
	uint32_t	random;
	unsigned long	collisions, emptied;
	struct dir	dir[DIRHASH_DIRS];
};

static uint32_t
any(struct world *w, uint32_t below)
{

	w->random = w->random * 1664525 + 1013904223;
	return (w->random >> 8) % below;
}

static void
any_name(struct world *w, char *name)
{
	uint32_t bits = any(w, 1 << NAME_PAIRS);
	unsigned i, pairs = 1 + any(w, NAME_PAIRS);

	if (any(w, 50) == 0) {
		strlcpy(name, "..", 3);
		return;
	}
	for (i = 0; i < pairs; i++)
		memcpy(name + 2 * i, (bits >> i & 1) != 0 ? "b1" : "aR", 2);
	name[2 * pairs] = '\0';
}

static struct dirent *
dirent_of(const char *name, struct dirent *d)
{

	memset(d, 0, sizeof(*d));
	d->d_namlen = (uint16_t)strlen(name);
	memcpy(d->d_name, name, d->d_namlen);
	/* what follows a name is no part of it */
	d->d_name[d->d_namlen] = 'x';
	return d;
}

static struct slot *
model_find(struct dir *dir, const char *name)
{
	unsigned i;

	for (i = 0; i < dir->slots; i++)
		if (strcmp(dir->slot[i].name, name) == 0)
			return &dir->slot[i];
	return NULL;
}

static bool
model_empty(const struct dir *dir)
{
	unsigned i;

	for (i = 0; i < dir->slots; i++)
		if (dir->slot[i].name[0] != '\0' &&
		    strcmp(dir->slot[i].name, "..") != 0)
			return false;
	return true;
}

static uint64_t
offset_of(const struct dir *dir, const struct slot *s)
{

	return (uint64_t)(s - dir->slot) * SLOT_BYTES;
}

/* The slot that an entry tells of; NULL if it tells nonsense. */
static struct slot *
slot_of(struct dir *dir, const struct dirhash_entry *e)
{
	struct slot *s;

	if (e->offset % SLOT_BYTES != 0 ||
	    e->offset / SLOT_BYTES >= dir->slots)
		return NULL;
	s = &dir->slot[e->offset / SLOT_BYTES];
	return s->size == e->entry_size ? s : NULL;
}

/* Hold a directory as a file system does: read it if need be. */
static void
hold(struct world *w, struct dir *dir)
{
	struct dirent d;
	struct slot *s;
	unsigned i;

	dirhash_get(&dir->hash);
	if ((dir->hash->flags & DIRH_COMPLETE) != 0)
		return;
	if ((dir->hash->flags & DIRH_PURGED) != 0)
		w->emptied++;
	dirhash_purge_entries(dir->hash);
	for (i = 0; i < dir->slots; i++) {
		s = &dir->slot[i];
		if (s->name[0] != '\0')
			dirhash_enter(dir->hash, dirent_of(s->name, &d),
			    offset_of(dir, s), s->size, 0);
		else
			dirhash_enter_freed(dir->hash, offset_of(dir, s),
			    s->size);
	}
	dir->hash->flags |= DIRH_COMPLETE;
}

/* Look a name up, and compare with the model. */
static int
check_lookup(struct world *w, struct dir *dir, const char *name)
{
	struct dirhash_entry *e = NULL;
	struct slot *found = NULL, *s;
	unsigned candidates = 0;

	while (dirhash_lookup(dir->hash, name, (int)strlen(name), &e)) {
		CHECK(e != NULL);
		CHECK(candidates++ < SLOTS);
		CHECK((s = slot_of(dir, e)) != NULL);
		CHECK(e->d_namlen == strlen(name));
		CHECK(strlen(s->name) == strlen(name));
		if (strcmp(s->name, name) == 0) {
			CHECK(found == NULL);
			found = s;
		}
	}
	CHECK(e == NULL);
	w->collisions += candidates > 1;
	CHECK(found == model_find(dir, name));
	return 0;
}

/* Room of a size: exactly the model's slots without a name. */
static int
check_freed(struct dir *dir, uint32_t size)
{
	struct dirhash_entry *e = NULL;
	struct slot *s;
	unsigned i;

	for (i = 0; i < dir->slots; i++)
		dir->slot[i].seen = 0;
	while (dirhash_lookup_freed(dir->hash, size, &e)) {
		CHECK((s = slot_of(dir, e)) != NULL);
		CHECK(s->name[0] == '\0' && s->size >= size);
		CHECK(s->seen++ == 0);
	}
	CHECK(e == NULL);
	for (i = 0; i < dir->slots; i++) {
		s = &dir->slot[i];
		CHECK(s->seen == (s->name[0] == '\0' && s->size >= size));
	}
	return 0;
}

/* Make a name, in room that the hash offers or at the end. */
static int
create(struct world *w, struct dir *dir, const char *name)
{
	uint32_t size = LEAST + any(w, SLOT_BYTES - LEAST + 1);
	struct dirhash_entry *e = NULL;
	struct dirent d;
	struct slot *s;

	if (dirhash_lookup_freed(dir->hash, size, &e)) {
		CHECK((s = slot_of(dir, e)) != NULL);
		CHECK(s->name[0] == '\0' && s->size >= size);
	} else {
		if (dir->slots == SLOTS)
			return 0;
		s = &dir->slot[dir->slots++];
	}
	s->size = size;
	strlcpy(s->name, name, sizeof(s->name));
	dirhash_enter(dir->hash, dirent_of(name, &d), offset_of(dir, s), size,
	    1);
	return 0;
}

static void
delete(struct dir *dir, struct slot *s)
{
	struct dirent d;

	dirhash_remove(dir->hash, dirent_of(s->name, &d), offset_of(dir, s),
	    s->size);
	s->name[0] = '\0';
}

/* What is known is entered again: nothing changes. */
static void
again(struct dir *dir, struct slot *s)
{
	struct dirent d;

	if (s->name[0] != '\0')
		dirhash_enter(dir->hash, dirent_of(s->name, &d),
		    offset_of(dir, s), s->size, 1);
	else
		dirhash_enter_freed(dir->hash, offset_of(dir, s), s->size);
}

static int
check_all(struct world *w, struct dir *dir)
{
	unsigned i;
	int line;

	for (i = 0; i < dir->slots; i++)
		if (dir->slot[i].name[0] != '\0' &&
		    (line = check_lookup(w, dir, dir->slot[i].name)) != 0)
			return line;
	return check_freed(dir, 0);
}

/* One operation on a directory that is held. */
static int
operation(struct world *w, struct dir *dir)
{
	char name[2 * NAME_PAIRS + 1];
	struct slot *s;
	int line;

	any_name(w, name);
	if ((line = check_lookup(w, dir, name)) != 0)
		return line;
	CHECK(dirhash_dir_isempty(dir->hash) == model_empty(dir));
	s = model_find(dir, name);
	switch (any(w, 64)) {
	case 0:
		return check_all(w, dir);
	case 1:
		dirhash_purge_entries(dir->hash);
		dirhash_put(dir->hash);
		hold(w, dir);
		return 0;
	case 2:
	case 3:
		return check_freed(dir, any(w, SLOT_BYTES));
	case 4:
		if (dir->slots != 0)
			again(dir, &dir->slot[any(w, dir->slots)]);
		return 0;
	default:
		if (s == NULL)
			return create(w, dir, name);
		delete(dir, s);
		return 0;
	}
}

/* Now and then the file system forgets a directory, or it is removed. */
static void
forget(struct world *w, struct dir *dir)
{

	dirhash_purge(&dir->hash);
	dirhash_purge(&dir->hash);
	if (any(w, 4) == 0)
		dir->slots = 0;
}

int
rump_dirhash_operations(void *arg, unsigned int count)
{
	struct world *w = arg;
	struct dir *dir;
	unsigned n;
	int line;

	while (count != 0) {
		dir = &w->dir[any(w, DIRHASH_DIRS)];
		hold(w, dir);
		for (n = 1 + any(w, 30), line = 0; n != 0 && count != 0; n--) {
			count--;
			if ((line = operation(w, dir)) != 0)
				return line;
		}
		dirhash_put(dir->hash);
		if (any(w, 40) == 0)
			forget(w, dir);
	}
	return 0;
}

/* One directory is held, twice; the others are not. */
int
rump_dirhash_drained(void *arg)
{
	struct world *w = arg;
	unsigned i;
	int line;

	for (i = 0; i < DIRHASH_DIRS; i++) {
		hold(w, &w->dir[i]);
		CHECK(create(w, &w->dir[i], "..") == 0);
		if (i != 0)
			dirhash_put(w->dir[i].hash);
	}
	dirhash_get(&w->dir[0].hash);
	dirhash_put(w->dir[0].hash);
	rump_dirhash_pressure();
	CHECK((w->dir[0].hash->flags & DIRH_COMPLETE) != 0);
	line = check_freed(&w->dir[0], 0);
	dirhash_put(w->dir[0].hash);
	for (i = 1; i < DIRHASH_DIRS; i++)
		CHECK((w->dir[i].hash->flags & DIRH_COMPLETE) == 0);
	return line;
}

int
rump_dirhash_refilled(void)
{
	struct dirhash *hash = NULL;
	struct dirhash_entry *e = NULL;
	struct dirent d;

	dirhash_get(&hash);
	CHECK((hash->flags & (DIRH_COMPLETE | DIRH_BROKEN)) == 0);
	dirhash_enter(hash, dirent_of("known", &d), 0, 32, 0);
	dirhash_enter(hash, &d, 0, 32, 0);
	hash->flags |= DIRH_COMPLETE;
	dirhash_enter(hash, dirent_of("other", &d), 32, 32, 0);
	CHECK(!dirhash_lookup(hash, "other", 5, &e) && e == NULL);
	CHECK(dirhash_lookup(hash, "known", 5, &e) && e->offset == 0);
	CHECK(!dirhash_lookup(hash, "known", 5, &e));
	/* a name takes the room where it is */
	dirhash_enter_freed(hash, 32, 40);
	dirhash_enter(hash, &d, 32, 32, 1);
	CHECK(!dirhash_lookup_freed(hash, 0, &e) && e == NULL);
	dirhash_put(hash);
	dirhash_purge(&hash);
	CHECK(hash == NULL);
	return 0;
}

void *
rump_dirhash_begin(unsigned int seed)
{
	struct world *w = kmem_zalloc(sizeof(*w), KM_SLEEP);

	w->random = seed;
	return w;
}

void
rump_dirhash_end(void *arg)
{
	struct world *w = arg;
	unsigned i;

	for (i = 0; i < DIRHASH_DIRS; i++)
		dirhash_purge(&w->dir[i].hash);
	kmem_free(w, sizeof(*w));
}

unsigned long
rump_dirhash_collisions(void *arg)
{

	return ((struct world *)arg)->collisions;
}

unsigned long
rump_dirhash_emptied(void *arg)
{

	return ((struct world *)arg)->emptied;
}

void
rump_dirhash_pressure(void)
{

	(void)pool_drain(NULL);
}
