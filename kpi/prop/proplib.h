/* SPDX-License-Identifier: BSD-2-Clause */
/* Property containers, proplib(3): objects that programs and kernel exchange. */
#ifndef _PROPLIB_PROPLIB_H_
#define _PROPLIB_PROPLIB_H_

#include <sys/types.h>
#include <sys/inttypes.h>
#include <prop/prop_object.h>
#include <prop/prop_array.h>
#include <prop/prop_bool.h>
#include <prop/prop_data.h>
#include <prop/prop_dictionary.h>
#include <prop/prop_number.h>
#include <prop/prop_string.h>

#endif
