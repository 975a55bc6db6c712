/* SPDX-License-Identifier: BSD-2-Clause */
/* Integers, proplib(3). */
#ifndef _PROPLIB_PROP_NUMBER_H_
#define _PROPLIB_PROP_NUMBER_H_

#include <sys/types.h>
#include <prop/prop_object.h>

struct _prop_number;
typedef struct _prop_number *prop_number_t;

prop_number_t prop_number_create_signed(intmax_t);
prop_number_t prop_number_create_unsigned(uintmax_t);
uintmax_t prop_number_unsigned_value(prop_number_t);
intmax_t prop_number_signed_value(prop_number_t);

#endif
