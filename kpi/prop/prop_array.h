/* SPDX-License-Identifier: BSD-2-Clause */
/* Arrays of objects, proplib(3). */
#ifndef _PROPLIB_PROP_ARRAY_H_
#define _PROPLIB_PROP_ARRAY_H_

#include <sys/types.h>
#include <prop/prop_object.h>

struct _prop_array;
typedef struct _prop_array *prop_array_t;

prop_array_t prop_array_create_with_capacity(unsigned int);
prop_object_t prop_array_get(prop_array_t, unsigned int);
void	prop_array_remove(prop_array_t, unsigned int);
bool prop_array_add(prop_array_t, prop_object_t);
bool prop_array_add_uint32(prop_array_t, uint32_t);
bool prop_array_add_uint64(prop_array_t, uint64_t);
unsigned int prop_array_count(prop_array_t);
prop_array_t prop_array_create(void);
bool prop_array_get_string(prop_array_t, unsigned int, const char **);
bool prop_array_get_uint32(prop_array_t, unsigned int, uint32_t *);
bool prop_array_get_uint64(prop_array_t, unsigned int, uint64_t *);
prop_object_iterator_t prop_array_iterator(prop_array_t);
bool prop_array_set(prop_array_t, unsigned int, prop_object_t);
bool prop_array_set_uint32(prop_array_t, unsigned int, uint32_t);

#endif
