/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's half of prop.c: each function returns 0, or the line of the first
 * check that fails.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/ioccom.h>
#include <sys/malloc.h>
#include <sys/systm.h>

#include <prop/plistref.h>
#include <prop/proplib.h>

#include <rump-sys/kern.h>
#include "../../hypercall/rump/rumpuser.h"

#define MUST(cond)	do { if (!(cond)) return __LINE__; } while (0)
#define PASS		_IOWR('p', 1, struct plistref)

int	rump_test_prop(int (*)(void));
int	rump_test_prop_values(void);
int	rump_test_prop_arrays(void);
int	rump_test_prop_iterators(void);
int	rump_test_prop_text(void);
int	rump_test_prop_bad_text(void);
int	rump_test_prop_ioctl(void);
int	rump_test_prop_random(void);
char	*rump_test_prop_dump(void);

int
rump_test_prop(int (*test)(void))
{
	int line;

	rump_schedule();
	line = (*test)();
	rump_unschedule();
	return line;
}

/* A dictionary with something of everything. */
static prop_dictionary_t
everything(void)
{
	prop_dictionary_t pd = prop_dictionary_create();
	prop_array_t pa = prop_array_create();
	prop_dictionary_t inner = prop_dictionary_create();
	unsigned i;
	char bytes[5] = { 0, 1, (char)0xff, 'a', '\n' };
	char key[8];

	prop_dictionary_set_string(pd, "text", "a < b && \"c\" > 'd'");
	prop_dictionary_set_string_nocopy(pd, "empty", "");
	prop_dictionary_set_int64(pd, "least", INT64_MIN);
	prop_dictionary_set_uint64(pd, "most", UINT64_MAX);
	prop_dictionary_set_int32(pd, "minus", -17);
	prop_dictionary_set_bool(pd, "yes", true);
	prop_dictionary_set_bool(pd, "no & never", false);
	for (i = 0; i <= sizeof(bytes); i++) {
		snprintf(key, sizeof(key), "data%u", i);
		prop_dictionary_set_data(pd, key, bytes, i);
	}
	prop_array_add_uint32(pa, 1);
	prop_array_add_uint64(pa, 1ULL << 40);
	prop_array_add(pa, inner);
	prop_dictionary_set(pd, "list", pa);
	prop_dictionary_set_uint8(inner, "inner", 255);
	prop_object_release(inner);
	prop_object_release(pa);
	return pd;
}

int
rump_test_prop_values(void)
{
	prop_dictionary_t pd = everything();
	const char *s;
	uint64_t u64;
	int64_t i64;
	int32_t i32;
	uint32_t u32;
	uint8_t u8;
	int8_t i8;
	bool b;

	MUST(prop_dictionary_count(pd) == 14);
	MUST(prop_dictionary_get_string(pd, "text", &s) && s[2] == '<');
	MUST(!prop_dictionary_get_string(pd, "minus", &s));
	MUST(!prop_dictionary_get_string(pd, "missing", &s));
	MUST(prop_dictionary_get_int64(pd, "least", &i64) && i64 == INT64_MIN);
	MUST(!prop_dictionary_get_uint64(pd, "least", &u64));
	MUST(prop_dictionary_get_uint64(pd, "most", &u64) && u64 == UINT64_MAX);
	MUST(!prop_dictionary_get_int64(pd, "most", &i64));
	MUST(!prop_dictionary_get_uint32(pd, "most", &u32));
	MUST(prop_dictionary_get_int32(pd, "minus", &i32) && i32 == -17);
	MUST(prop_dictionary_get_int8(pd, "minus", &i8) && i8 == -17);
	MUST(!prop_dictionary_get_uint8(pd, "minus", &u8));
	MUST(prop_dictionary_get_bool(pd, "yes", &b) && b);
	MUST(prop_dictionary_get_bool(pd, "no & never", &b) && !b);
	MUST(prop_dictionary_set_uint8(pd, "minus", 200));	/* another now */
	MUST(prop_dictionary_count(pd) == 14);
	MUST(prop_dictionary_get_uint8(pd, "minus", &u8) && u8 == 200);
	MUST(!prop_dictionary_get_int8(pd, "minus", &i8));
	prop_dictionary_remove(pd, "minus");
	prop_dictionary_remove(pd, "minus");
	MUST(prop_dictionary_count(pd) == 13);
	MUST(prop_dictionary_get(pd, "minus") == NULL);
	prop_object_release(pd);
	return 0;
}

int
rump_test_prop_arrays(void)
{
	prop_array_t pa = prop_array_create();
	prop_string_t ps = prop_string_create_nocopy("seven");
	const char *s;
	uint32_t u32;
	unsigned i;

	for (i = 0; i < 100; i++)
		MUST(prop_array_add_uint32(pa, i));
	MUST(!prop_array_set_uint32(pa, 101, 5));
	MUST(prop_array_set_uint32(pa, 100, 100));
	MUST(prop_array_set(pa, 7, ps));
	prop_object_release(ps);
	prop_array_remove(pa, 0);
	prop_array_remove(pa, 1000);
	MUST(prop_array_count(pa) == 100);
	MUST(prop_array_get_string(pa, 6, &s) && strcmp(s, "seven") == 0);
	MUST(!prop_array_get_uint32(pa, 6, &u32));
	MUST(prop_array_get_uint32(pa, 99, &u32) && u32 == 100);
	MUST(prop_array_get(pa, 100) == NULL);
	prop_object_release(pa);
	return 0;
}

int
rump_test_prop_iterators(void)
{
	prop_dictionary_t pd = everything(), copy = prop_dictionary_copy(pd);
	prop_object_iterator_t it = prop_dictionary_iterator(pd);
	const char *name, *last = "";
	prop_object_t key;
	unsigned n = 0;

	while ((key = prop_object_iterator_next(it)) != NULL) {
		name = prop_dictionary_keysym_value(key);
		MUST(prop_object_type(key) == PROP_TYPE_DICT_KEYSYM);
		MUST(strcmp(last, name) < 0);		/* in order */
		MUST(prop_dictionary_get_keysym(pd, key) ==
		    prop_dictionary_get(pd, name));
		last = name;
		n++;
	}
	MUST(n == prop_dictionary_count(pd));
	MUST(prop_object_equals(pd, copy));
	prop_object_iterator_reset(it);
	MUST(prop_object_iterator_next(it) != NULL);
	prop_dictionary_set_bool(pd, "another", true);
	MUST(prop_object_iterator_next(it) == NULL);	/* it changed */
	MUST(!prop_object_equals(pd, copy));
	prop_object_release(pd);	/* the iterator still has it */
	prop_object_iterator_reset(it);
	MUST(prop_object_iterator_next(it) != NULL);
	prop_object_iterator_release(it);
	prop_object_release(copy);
	return 0;
}

int
rump_test_prop_text(void)
{
	prop_dictionary_t pd = everything(), back;
	char *text = prop_dictionary_externalize(pd), *again;

	MUST(text != NULL);
	back = prop_dictionary_internalize(text);
	MUST(back != NULL && prop_object_equals(pd, back));
	again = prop_dictionary_externalize(back);
	MUST(strcmp(text, again) == 0);
	free(text, M_TEMP);
	free(again, M_TEMP);
	prop_object_release(pd);
	prop_object_release(back);
	back = prop_dictionary_internalize("<!-- x --><plist version='1'>\n"
	    "<!-- <dict> --> <dict ><key>a</key><true/></dict></plist>");
	MUST(back == NULL);				/* not our tag */
	back = prop_dictionary_internalize("<?xml?><!DOCTYPE plist><plist>"
	    "<dict><!-- y --><key>a</key> <data> QU\n JD </data>"
	    "<key>b</key><integer>0xFF</integer></dict></plist>\n");
	MUST(back != NULL && prop_dictionary_count(back) == 2);
	prop_object_release(back);
	return 0;
}

int
rump_test_prop_bad_text(void)
{
	static const char *const bad[] = {
		"", "<", "<plist", "<plist>", "<plist><dict>", "<plist><dict/>",
		"<plist><array/></plist>", "<plist><dict/></plist>x", "<!--",
		"<plist><dict></array></plist>",
		"<plist><dict><key>a</dict></plist>",
		"<plist><dict><key>a</key></dict></plist>",
		"<plist><dict><key>a</key><string>&x;</string></dict></plist>",
		"<plist><dict><key>a</key><integer></integer></dict></plist>",
		"<plist><dict><key>a</key><integer>0x</integer></dict></plist>",
		"<plist><dict><key>a</key><integer>18446744073709551616</integer>"
		    "</dict></plist>",
		"<plist><dict><key>a</key><integer>-9223372036854775809</integer>"
		    "</dict></plist>",
		"<plist><dict><key>a</key><data>A</data></dict></plist>",
		"<plist><dict><key>a</key><data>A*==</data></dict></plist>",
		"<plist><dict><key>a</key><data>====</data></dict></plist>",
	};
	static char deep[4000];
	prop_dictionary_t pd;
	char *text;
	size_t i, len;

	for (i = 0; i < __arraycount(bad); i++)
		MUST(prop_dictionary_internalize(bad[i]) == NULL);
	strlcpy(deep, "<plist><dict><key>a</key>", sizeof(deep));
	for (i = 0; i < 300; i++)
		strlcat(deep, "<array>", sizeof(deep));
	MUST(prop_dictionary_internalize(deep) == NULL);
	/* each beginning of a good text is bad */
	pd = everything();
	text = prop_dictionary_externalize(pd);
	prop_object_release(pd);
	for (len = strlen(text) - 2; len > 0; len--) {
		text[len] = '\0';
		MUST(prop_dictionary_internalize(text) == NULL);
	}
	free(text, M_TEMP);
	return 0;
}

int
rump_test_prop_ioctl(void)
{
	prop_dictionary_t pd = everything(), back = NULL;
	struct plistref pref = { NULL, 0 };
	void *mapped;
	size_t size;

	MUST(prop_dictionary_copyout_ioctl(&pref, _IO('p', 1), pd) == EINVAL);
	MUST(prop_dictionary_copyout_ioctl(&pref, PASS, pd) == 0);
	mapped = pref.pref_plist;
	size = round_page(pref.pref_len);
	MUST(((char *)pref.pref_plist)[pref.pref_len - 1] == '\0');
	MUST(prop_dictionary_copyin_ioctl(&pref, PASS, &back) == 0);
	MUST(prop_object_equals(pd, back));
	prop_object_release(back);
	MUST(prop_dictionary_copyin_ioctl(&pref, _IO('p', 1), &back) == EINVAL);
	pref.pref_len -= 10;
	MUST(prop_dictionary_copyin_ioctl(&pref, PASS, &back) == EIO);
	pref.pref_len = (size_t)-1;
	MUST(prop_dictionary_copyin_ioctl(&pref, PASS, &back) == E2BIG);
	pref = (struct plistref){ NULL, 10 };
	MUST(prop_dictionary_copyin_ioctl(&pref, PASS, &back) == EFAULT);
	rumpuser_unmap(mapped, size);	/* as the program would */
	prop_object_release(pd);
	return 0;
}

/* A text with bytes changed is read or refused, and what is read can be written. */
int
rump_test_prop_random(void)
{
	prop_dictionary_t pd = everything(), back;
	char *text = prop_dictionary_externalize(pd), *bent, *again;
	const size_t len = strlen(text);
	uint64_t seed = 7;
	unsigned i, j, n;

	prop_object_release(pd);
	bent = malloc(len + 1, M_TEMP, M_WAITOK);
	for (i = 0; i < 3000; i++) {
		memcpy(bent, text, len + 1);
		n = i % 4 + 1;
		for (j = 0; j < n; j++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			bent[(seed >> 33) % len] = i % 2 ? (char)(seed >> 20) :
			    text[(seed >> 13) % len];
		}
		if ((back = prop_dictionary_internalize(bent)) == NULL)
			continue;
		again = prop_dictionary_externalize(back);
		MUST(again != NULL);
		free(again, M_TEMP);
		prop_object_release(back);
	}
	free(bent, M_TEMP);
	free(text, M_TEMP);
	return 0;
}

char *
rump_test_prop_dump(void)
{
	prop_dictionary_t pd;
	char *text;

	rump_schedule();
	pd = everything();
	text = prop_dictionary_externalize(pd);
	prop_object_release(pd);
	rump_unschedule();
	return text;
}
