/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events of the machine (a lid that closes, a key for the volume), and its names;
 * and the events of autoconfiguration itself.
 *
 * Who asks is called for the events of a device, or of all; from the thread that
 * brings the event.  Devices that come and go are reported to one listener, which
 * a component (drvctl) may be.
 */
#include "config.h"

#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kmem.h>

#include <prop/proplib.h>

struct listener {
	TAILQ_ENTRY(listener) li_entry;
	device_t	li_dev;
	pmf_generic_event_t li_event;
	void		(*li_func)(device_t);
	bool		li_global;
};
static TAILQ_HEAD(, listener) listeners = TAILQ_HEAD_INITIALIZER(listeners);

struct name {
	TAILQ_ENTRY(name) na_entry;
	char		*na_key;
	char		*na_value;
};
static TAILQ_HEAD(, name) names = TAILQ_HEAD_INITIALIZER(names);

/* global: also when the event is not of dev.  Returns true. */
bool
pmf_event_register(device_t dev, pmf_generic_event_t event,
    void (*func)(device_t), bool global)
{
	struct listener *li = kmem_zalloc(sizeof(*li), KM_SLEEP);

	li->li_dev = dev;
	li->li_event = event;
	li->li_func = func;
	li->li_global = global;
	mutex_enter(&config_lock);
	TAILQ_INSERT_TAIL(&listeners, li, li_entry);
	mutex_exit(&config_lock);
	return true;
}

void
pmf_event_deregister(device_t dev, pmf_generic_event_t event,
    void (*func)(device_t), bool global)
{
	struct listener *li;

	mutex_enter(&config_lock);
	TAILQ_FOREACH(li, &listeners, li_entry)
		if (li->li_dev == dev && li->li_event == event &&
		    li->li_func == func && li->li_global == global)
			break;
	if (li == NULL)
		panic("pmf_event_deregister: no such listener");
	TAILQ_REMOVE(&listeners, li, li_entry);
	mutex_exit(&config_lock);
	kmem_free(li, sizeof(*li));
}

/* The n-th listener to an event of dev, NULL for the system's. */
static bool
listener(device_t dev, pmf_generic_event_t event, u_int n,
    struct listener *copy)
{
	struct listener *li;

	mutex_enter(&config_lock);
	TAILQ_FOREACH(li, &listeners, li_entry)
		if (li->li_event == event && (li->li_dev == dev ||
		    li->li_global) && n-- == 0)
			break;
	if (li != NULL)
		*copy = *li;
	mutex_exit(&config_lock);
	return li != NULL;
}

/* Returns true. */
bool
pmf_event_inject(device_t dev, pmf_generic_event_t event)
{
	struct listener li;
	u_int n;

	for (n = 0; listener(dev, event, n, &li); n++)
		(*li.li_func)(li.li_dev);
	return true;
}

/* --------------------------------------------------- devices that come and go */

int (*devmon_insert_vec)(const char *, prop_dictionary_t);

void
config_report(device_t dev, const char *event)
{
	int (*insert)(const char *, prop_dictionary_t) =
	    atomic_load_relaxed(&devmon_insert_vec);
	prop_dictionary_t ev;

	if (insert == NULL)
		return;
	ev = prop_dictionary_create();
	(void)prop_dictionary_set_string(ev, "device", dev->dv_xname);
	(void)prop_dictionary_set_string(ev, "parent", dev->dv_parent != NULL ?
	    dev->dv_parent->dv_xname : "root");
	if ((*insert)(event, ev) != 0)
		prop_object_release(ev);
}

/* ------------------------------------------------------ the machine's names */

static struct name *
find(const char *key)
{
	struct name *na;

	KASSERT(mutex_owned(&config_lock));
	TAILQ_FOREACH(na, &names, na_entry)
		if (strcmp(na->na_key, key) == 0)
			return na;
	return NULL;
}

/* Name something of the machine, once: false if it is named. */
bool
pmf_set_platform(const char *key, const char *value)
{
	struct name *na = kmem_zalloc(sizeof(*na), KM_SLEEP);
	bool known;

	na->na_key = kmem_strdupsize(key, NULL, KM_SLEEP);
	na->na_value = kmem_strdupsize(value, NULL, KM_SLEEP);
	mutex_enter(&config_lock);
	known = find(key) != NULL;
	if (!known)
		TAILQ_INSERT_TAIL(&names, na, na_entry);
	mutex_exit(&config_lock);
	if (known) {
		kmem_strfree(na->na_key);
		kmem_strfree(na->na_value);
		kmem_free(na, sizeof(*na));
	}
	return !known;
}

const char *
pmf_get_platform(const char *key)
{
	struct name *na;

	mutex_enter(&config_lock);
	na = find(key);
	mutex_exit(&config_lock);
	return na != NULL ? na->na_value : NULL;
}
