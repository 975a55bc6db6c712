/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * specificdata(9): data that subsystems hang on objects of others.
 *
 * A domain is a kind of object and has keys; each object of the kind embeds a
 * reference, which points to an array of values by key, made when the first is
 * set.
 *
 * Locks: sd_lock covers a domain's keys and list of arrays, and is taken
 * before an object's specdataref_lock, which covers its array.
 */
#include <sys/param.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/specificdata.h>
#include <sys/systm.h>

struct specificdata_container {
	LIST_ENTRY(specificdata_container) sc_list;	/* sd_lock */
	specificdata_reference	*sc_ref;
	size_t			sc_nkeys;
	void			*sc_data[];
};

struct specificdata_domain {
	kmutex_t		sd_lock;
	LIST_HEAD(, specificdata_container) sd_containers;
	size_t			sd_nkeys;
	specificdata_dtor_t	*sd_dtors;	/* by key; unused_key: free */
};

static void
unused_key(void *data)
{

	panic("%s: called", __func__);
}

static size_t
container_size(size_t nkeys)
{

	return sizeof(struct specificdata_container) + nkeys * sizeof(void *);
}

specificdata_domain_t
specificdata_domain_create(void)
{
	specificdata_domain_t sd = kmem_zalloc(sizeof(*sd), KM_SLEEP);

	mutex_init(&sd->sd_lock, MUTEX_DEFAULT, IPL_NONE);
	LIST_INIT(&sd->sd_containers);
	return sd;
}

/* All objects are gone. */
void
specificdata_domain_delete(specificdata_domain_t sd)
{

	KASSERT(LIST_EMPTY(&sd->sd_containers));
	if (sd->sd_nkeys != 0)
		kmem_free(sd->sd_dtors, sd->sd_nkeys * sizeof(*sd->sd_dtors));
	mutex_destroy(&sd->sd_lock);
	kmem_free(sd, sizeof(*sd));
}

/* With sd_lock held: room for one more key. */
static void
keys_grow(specificdata_domain_t sd)
{
	size_t n = sd->sd_nkeys + 1;
	specificdata_dtor_t *dtors = kmem_zalloc(n * sizeof(*dtors), KM_SLEEP);

	if (sd->sd_nkeys != 0) {
		memcpy(dtors, sd->sd_dtors, sd->sd_nkeys * sizeof(*dtors));
		kmem_free(sd->sd_dtors, sd->sd_nkeys * sizeof(*dtors));
	}
	dtors[n - 1] = unused_key;
	sd->sd_dtors = dtors;
	sd->sd_nkeys = n;
}

/*
 * A new key; dtor (or NULL) is called for values that are not NULL when their
 * object goes away or the key does.
 */
int
specificdata_key_create(specificdata_domain_t sd, specificdata_key_t *keyp,
    specificdata_dtor_t dtor)
{
	specificdata_key_t key;

	mutex_enter(&sd->sd_lock);
	for (key = 0; key < sd->sd_nkeys; key++)
		if (sd->sd_dtors[key] == unused_key)
			break;
	if (key == sd->sd_nkeys)
		keys_grow(sd);
	sd->sd_dtors[key] = dtor;
	mutex_exit(&sd->sd_lock);
	*keyp = key;
	return 0;
}

static void *
value_take(struct specificdata_container *sc, specificdata_key_t key)
{
	void *value = key < sc->sc_nkeys ? sc->sc_data[key] : NULL;

	if (value != NULL)
		sc->sc_data[key] = NULL;
	return value;
}

/* Take a key away, with the values of all objects. */
void
specificdata_key_delete(specificdata_domain_t sd, specificdata_key_t key)
{
	struct specificdata_container *sc;
	specificdata_dtor_t dtor;
	void *value;

	mutex_enter(&sd->sd_lock);
	KASSERT(key < sd->sd_nkeys);
	dtor = sd->sd_dtors[key];
	KASSERT(dtor != unused_key);
	LIST_FOREACH(sc, &sd->sd_containers, sc_list) {
		mutex_enter(&sc->sc_ref->specdataref_lock);
		value = value_take(sc, key);
		mutex_exit(&sc->sc_ref->specdataref_lock);
		if (value != NULL && dtor != NULL)
			(*dtor)(value);
	}
	sd->sd_dtors[key] = unused_key;
	mutex_exit(&sd->sd_lock);
}

int
specificdata_init(specificdata_domain_t sd, specificdata_reference *ref)
{

	ref->specdataref_container = NULL;
	mutex_init(&ref->specdataref_lock, MUTEX_DEFAULT, IPL_NONE);
	return 0;
}

/* The object goes away: nobody else uses its reference any more. */
void
specificdata_fini(specificdata_domain_t sd, specificdata_reference *ref)
{
	struct specificdata_container *sc = ref->specdataref_container;

	mutex_destroy(&ref->specdataref_lock);
	if (sc == NULL)
		return;
	ref->specdataref_container = NULL;
	mutex_enter(&sd->sd_lock);
	LIST_REMOVE(sc, sc_list);
	for (specificdata_key_t key = 0; key < sc->sc_nkeys; key++) {
		specificdata_dtor_t dtor = sd->sd_dtors[key];
		void *value = value_take(sc, key);

		if (value == NULL || dtor == NULL)
			continue;
		mutex_exit(&sd->sd_lock);
		(*dtor)(value);
		mutex_enter(&sd->sd_lock);
	}
	mutex_exit(&sd->sd_lock);
	kmem_free(sc, container_size(sc->sc_nkeys));
}

void *
specificdata_getspecific_unlocked(specificdata_domain_t sd, specificdata_reference *ref,
    specificdata_key_t key)
{
	struct specificdata_container *sc = ref->specdataref_container;

	return sc != NULL && key < sc->sc_nkeys ? sc->sc_data[key] : NULL;
}

void *
specificdata_getspecific(specificdata_domain_t sd, specificdata_reference *ref,
    specificdata_key_t key)
{
	void *value;

	mutex_enter(&ref->specdataref_lock);
	value = specificdata_getspecific_unlocked(sd, ref, key);
	mutex_exit(&ref->specdataref_lock);
	return value;
}

/* 0 if the object's array has room for the key; ENOENT else. */
static int
value_set(specificdata_reference *ref, specificdata_key_t key, void *value)
{
	struct specificdata_container *sc;
	int error = ENOENT;

	mutex_enter(&ref->specdataref_lock);
	sc = ref->specdataref_container;
	if (sc != NULL && key < sc->sc_nkeys) {
		sc->sc_data[key] = value;
		error = 0;
	}
	mutex_exit(&ref->specdataref_lock);
	return error;
}

/* Replace the object's array by one for all keys of now. */
static void
container_grow(specificdata_domain_t sd, specificdata_reference *ref)
{
	struct specificdata_container *sc, *old;

	mutex_enter(&sd->sd_lock);
	sc = kmem_zalloc(container_size(sd->sd_nkeys), KM_SLEEP);
	sc->sc_nkeys = sd->sd_nkeys;
	sc->sc_ref = ref;
	mutex_enter(&ref->specdataref_lock);
	old = ref->specdataref_container;
	if (old != NULL) {
		memcpy(sc->sc_data, old->sc_data, old->sc_nkeys * sizeof(void *));
		LIST_REMOVE(old, sc_list);
	}
	LIST_INSERT_HEAD(&sd->sd_containers, sc, sc_list);
	ref->specdataref_container = sc;
	mutex_exit(&ref->specdataref_lock);
	mutex_exit(&sd->sd_lock);
	if (old != NULL)
		kmem_free(old, container_size(old->sc_nkeys));
}

/* Context: thread, may sleep. */
void
specificdata_setspecific(specificdata_domain_t sd, specificdata_reference *ref,
    specificdata_key_t key, void *value)
{

	while (value_set(ref, key, value) != 0)
		container_grow(sd, ref);
}

/* The same without sleeping: EAGAIN if it would need memory. */
int
specificdata_setspecific_nowait(specificdata_domain_t sd, specificdata_reference *ref,
    specificdata_key_t key, void *value)
{

	return value_set(ref, key, value) == 0 ? 0 : EAGAIN;
}
