/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings, proplib(3). */
#ifndef _PROPLIB_PROP_STRING_H_
#define _PROPLIB_PROP_STRING_H_

#include <sys/types.h>
#include <prop/prop_object.h>

struct _prop_string;
typedef struct _prop_string *prop_string_t;

prop_string_t prop_string_create_copy(const char *);
prop_string_t prop_string_create_nocopy(const char *);
size_t	prop_string_size(prop_string_t);
const char *prop_string_value(prop_string_t);
bool prop_string_equals_string(prop_string_t, const char *);

#endif
