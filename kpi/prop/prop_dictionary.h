/* SPDX-License-Identifier: BSD-2-Clause */
/* Dictionaries: objects by name, proplib(3). */
#ifndef _PROPLIB_PROP_DICTIONARY_H_
#define _PROPLIB_PROP_DICTIONARY_H_

#include <sys/types.h>
#include <prop/prop_object.h>
#include <prop/prop_array.h>

struct plistref;
struct _prop_dictionary;
struct _prop_dict_keysym;
typedef struct _prop_dictionary *prop_dictionary_t;
typedef struct _prop_dict_keysym *prop_dictionary_keysym_t;


prop_dictionary_t prop_dictionary_create_with_capacity(unsigned int);
prop_dictionary_t prop_dictionary_copy(prop_dictionary_t);
unsigned int prop_dictionary_count(prop_dictionary_t);
void	prop_dictionary_remove(prop_dictionary_t, const char *);
prop_object_iterator_t prop_dictionary_iterator(prop_dictionary_t);
prop_object_t prop_dictionary_get_keysym(prop_dictionary_t,
    prop_dictionary_keysym_t);
const char *prop_dictionary_keysym_value(prop_dictionary_keysym_t);
bool	prop_dictionary_get_bool(prop_dictionary_t, const char *, bool *);
bool	prop_dictionary_get_int8(prop_dictionary_t, const char *, int8_t *);
bool	prop_dictionary_get_int16(prop_dictionary_t, const char *, int16_t *);
bool	prop_dictionary_get_int32(prop_dictionary_t, const char *, int32_t *);
bool	prop_dictionary_get_int64(prop_dictionary_t, const char *, int64_t *);
bool	prop_dictionary_set_bool(prop_dictionary_t, const char *, bool);
bool	prop_dictionary_set_int8(prop_dictionary_t, const char *, int8_t);
bool	prop_dictionary_set_int16(prop_dictionary_t, const char *, int16_t);
bool	prop_dictionary_set_int64(prop_dictionary_t, const char *, int64_t);
int prop_dictionary_copyin_ioctl(const struct plistref *, const u_long,
    prop_dictionary_t *);
int prop_dictionary_copyout_ioctl(struct plistref *, const u_long,
    prop_dictionary_t);
prop_dictionary_t prop_dictionary_create(void);
char *prop_dictionary_externalize(prop_dictionary_t);
prop_object_t prop_dictionary_get(prop_dictionary_t, const char *);
bool prop_dictionary_get_data(prop_dictionary_t, const char *, const void **,
    size_t *);
bool prop_dictionary_get_int(prop_dictionary_t, const char *, int *);
bool prop_dictionary_get_string(prop_dictionary_t, const char *,
    const char **cpp);
bool prop_dictionary_get_uint16(prop_dictionary_t, const char *, uint16_t *);
bool prop_dictionary_get_uint32(prop_dictionary_t, const char *, uint32_t *);
bool prop_dictionary_get_uint64(prop_dictionary_t, const char *, uint64_t *);
bool prop_dictionary_get_uint8(prop_dictionary_t, const char *, uint8_t *);
prop_dictionary_t prop_dictionary_internalize(const char *);
bool prop_dictionary_set(prop_dictionary_t, const char *, prop_object_t);
bool prop_dictionary_set_data(prop_dictionary_t, const char *, const void *,
    size_t);
bool prop_dictionary_set_int(prop_dictionary_t, const char *, int);
bool prop_dictionary_set_int32(prop_dictionary_t, const char *, int32_t);
bool prop_dictionary_set_string(prop_dictionary_t, const char *, const char *);
bool prop_dictionary_set_string_nocopy(prop_dictionary_t, const char *,
    const char *);
bool prop_dictionary_set_uint16(prop_dictionary_t, const char *, uint16_t);
bool prop_dictionary_set_uint32(prop_dictionary_t, const char *, uint32_t);
bool prop_dictionary_set_uint64(prop_dictionary_t, const char *, uint64_t);
bool prop_dictionary_set_uint8(prop_dictionary_t, const char *, uint8_t);

#endif
