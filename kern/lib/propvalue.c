/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values in and out of property arrays and dictionaries, without the objects around them.
 *
 * A number is got only if the type can hold it, so the functions per type are alike but
 * for their bounds: SIGNED and UNSIGNED make them (prop_dictionary_get_int8 …).  What is put
 * in is copied; a string that is got is the object's own.
 */
#include <sys/param.h>
#include <sys/systm.h>

#include "lib/prop.h"

/* Put an object that was made for it into a dictionary. */
static bool
put(prop_dictionary_t pd, const char *key, prop_object_t po)
{
	bool good = prop_dictionary_set(pd, key, po);

	prop_object_release(po);
	return good;
}

static bool
get_signed(prop_object_t po, int64_t low, int64_t high, int64_t *value)
{
	const struct _prop_number *pn = po;

	if (prop_type_of(po) != PROP_TYPE_NUMBER)
		return false;
	*value = (int64_t)pn->value;
	return pn->negative == (*value < 0) && *value >= low && *value <= high;
}

static bool
get_unsigned(prop_object_t po, uint64_t high, uint64_t *value)
{
	const struct _prop_number *pn = po;

	if (prop_type_of(po) != PROP_TYPE_NUMBER || pn->negative)
		return false;
	*value = pn->value;
	return *value <= high;
}

#define SIGNED(name, type, low, high) \
bool \
prop_dictionary_get_##name(prop_dictionary_t pd, const char *key, type *value) \
{ \
	int64_t wide; \
\
	if (!get_signed(prop_dictionary_get(pd, key), low, high, &wide)) \
		return false; \
	*value = (type)wide; \
	return true; \
} \
\
bool \
prop_dictionary_set_##name(prop_dictionary_t pd, const char *key, type value) \
{ \
\
	return put(pd, key, prop_number_create_signed(value)); \
}

#define UNSIGNED(name, type, high) \
bool \
prop_dictionary_get_##name(prop_dictionary_t pd, const char *key, type *value) \
{ \
	uint64_t wide; \
\
	if (!get_unsigned(prop_dictionary_get(pd, key), high, &wide)) \
		return false; \
	*value = (type)wide; \
	return true; \
} \
\
bool \
prop_dictionary_set_##name(prop_dictionary_t pd, const char *key, type value) \
{ \
\
	return put(pd, key, prop_number_create_unsigned(value)); \
}

SIGNED(int, int, INT_MIN, INT_MAX)
SIGNED(int8, int8_t, INT8_MIN, INT8_MAX)
SIGNED(int16, int16_t, INT16_MIN, INT16_MAX)
SIGNED(int32, int32_t, INT32_MIN, INT32_MAX)
SIGNED(int64, int64_t, INT64_MIN, INT64_MAX)
UNSIGNED(uint8, uint8_t, UINT8_MAX)
UNSIGNED(uint16, uint16_t, UINT16_MAX)
UNSIGNED(uint32, uint32_t, UINT32_MAX)
UNSIGNED(uint64, uint64_t, UINT64_MAX)

bool
prop_dictionary_get_bool(prop_dictionary_t pd, const char *key, bool *value)
{
	prop_object_t po = prop_dictionary_get(pd, key);

	if (prop_type_of(po) != PROP_TYPE_BOOL)
		return false;
	*value = prop_bool_true(po);
	return true;
}

bool
prop_dictionary_set_bool(prop_dictionary_t pd, const char *key, bool value)
{

	return prop_dictionary_set(pd, key, prop_bool_create(value));
}

bool
prop_dictionary_get_string(prop_dictionary_t pd, const char *key,
    const char **value)
{
	prop_object_t po = prop_dictionary_get(pd, key);

	if (prop_type_of(po) != PROP_TYPE_STRING)
		return false;
	*value = prop_string_value(po);
	return true;
}

bool
prop_dictionary_set_string(prop_dictionary_t pd, const char *key,
    const char *value)
{

	return put(pd, key, prop_string_create_copy(value));
}

/* The text stays where it is as long as the dictionary or a copy has it. */
bool
prop_dictionary_set_string_nocopy(prop_dictionary_t pd, const char *key,
    const char *value)
{

	return put(pd, key, prop_string_create_nocopy(value));
}

bool
prop_dictionary_get_data(prop_dictionary_t pd, const char *key,
    const void **value, size_t *len)
{
	prop_object_t po = prop_dictionary_get(pd, key);

	if (prop_type_of(po) != PROP_TYPE_DATA)
		return false;
	*value = prop_data_value(po);
	*len = prop_data_size(po);
	return true;
}

bool
prop_dictionary_set_data(prop_dictionary_t pd, const char *key,
    const void *value, size_t len)
{

	return put(pd, key, prop_data_create_copy(value, len));
}

/* --------------------------------------------------------------------- arrays */

bool
prop_array_get_uint32(prop_array_t pa, unsigned int at, uint32_t *value)
{
	uint64_t wide;

	if (!get_unsigned(prop_array_get(pa, at), UINT32_MAX, &wide))
		return false;
	*value = (uint32_t)wide;
	return true;
}

bool
prop_array_get_uint64(prop_array_t pa, unsigned int at, uint64_t *value)
{

	return get_unsigned(prop_array_get(pa, at), UINT64_MAX, value);
}

bool
prop_array_get_string(prop_array_t pa, unsigned int at, const char **value)
{
	prop_object_t po = prop_array_get(pa, at);

	if (prop_type_of(po) != PROP_TYPE_STRING)
		return false;
	*value = prop_string_value(po);
	return true;
}

static bool
add(prop_array_t pa, uint64_t value)
{
	prop_number_t pn = prop_number_create_unsigned(value);
	bool good = prop_array_add(pa, pn);

	prop_object_release(pn);
	return good;
}

bool
prop_array_add_uint32(prop_array_t pa, uint32_t value)
{

	return add(pa, value);
}

bool
prop_array_add_uint64(prop_array_t pa, uint64_t value)
{

	return add(pa, value);
}

bool
prop_array_set_uint32(prop_array_t pa, unsigned int at, uint32_t value)
{
	prop_number_t pn = prop_number_create_unsigned(value);
	bool good = prop_array_set(pa, at, pn);

	prop_object_release(pn);
	return good;
}
