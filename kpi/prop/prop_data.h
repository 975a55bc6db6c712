/* SPDX-License-Identifier: BSD-2-Clause */
/* Opaque bytes, proplib(3). */
#ifndef _PROPLIB_PROP_DATA_H_
#define _PROPLIB_PROP_DATA_H_

#include <sys/types.h>
#include <prop/prop_object.h>

struct _prop_data;
typedef struct _prop_data *prop_data_t;

prop_data_t prop_data_create_copy(const void *, size_t);
prop_data_t prop_data_create_nocopy(const void *, size_t);
size_t prop_data_size(prop_data_t);
const void *prop_data_value(prop_data_t);

#endif
