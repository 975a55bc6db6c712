/* SPDX-License-Identifier: BSD-2-Clause */
/* Booleans, proplib(3). */
#ifndef _PROPLIB_PROP_BOOL_H_
#define _PROPLIB_PROP_BOOL_H_

#include <sys/types.h>
#include <prop/prop_object.h>

struct _prop_bool;
typedef struct _prop_bool *prop_bool_t;

prop_bool_t prop_bool_create(bool);
prop_bool_t prop_bool_copy(prop_bool_t);
bool	prop_bool_true(prop_bool_t);
bool	prop_bool_value(prop_bool_t);


#endif
