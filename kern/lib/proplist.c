/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Property dictionaries as text, and through ioctls.
 *
 *   prop_dictionary_externalize, _internalize        text in kernel memory
 *   prop_dictionary_copyin_ioctl, _copyout_ioctl     text in a program's
 *
 * The text is an XML property list: an element <plist> with one <dict> in it.
 *
 *   <dict>  <key>NAME</key> VALUE …     <array>  VALUE …
 *   <true/>  <false/>  <integer>17</integer>  (also 0x11)
 *   <string>…</string>  <data>BASE64</data>
 *
 * Written: unsigned numbers that are set as such in hexadecimal when they need more than
 * 63 bits, else decimal; & < > in text as entities.  Read: comments, the document type and
 * processing instructions are passed over; what is not of this form is no dictionary at all.
 *
 * Ref: property list(5); XML 1.0; RFC 4648 base64.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/ioccom.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <prop/plistref.h>
#include <rump-sys/kern.h>
#include <rump/rumpuser.h>

#include "lib/prop.h"

#define DEPTH_MAX	32		/* boxes in boxes */
#define TEXT_MAX	(128 * 1024)	/* bytes that a program may pass in */

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE plist PUBLIC \"-//Apple Computer//DTD PLIST 1.0//EN\" "
    "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
    "<plist version=\"1.0\">\n";
static const char tail[] = "</plist>\n";

static const char base64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const struct {
	char		c;
	const char	*name;
} entities[] = {
	{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" },
	{ '\'', "&apos;" },
};

/* -------------------------------------------------------------------- writing */

/* Text that grows; or, with no memory, only its length. */
struct text {
	char	*at;
	size_t	len;
};

static void write_object(struct text *, prop_object_t, u_int);

static void
write_bytes(struct text *t, const char *s, size_t n)
{

	if (t->at != NULL)
		memcpy(t->at + t->len, s, n);
	t->len += n;
}

static void
write_string(struct text *t, const char *s)
{

	write_bytes(t, s, strlen(s));
}

static void
write_tabs(struct text *t, u_int depth)
{

	while (depth-- > 0)
		write_bytes(t, "\t", 1);
}

static void
write_escaped(struct text *t, const char *s)
{
	u_int i;

	for (; *s != '\0'; s++) {
		for (i = 0; i < 3 && entities[i].c != *s; i++)
			continue;
		if (i < 3)
			write_string(t, entities[i].name);
		else
			write_bytes(t, s, 1);
	}
}

static void
write_element(struct text *t, const char *name, const char *contents)
{

	write_string(t, "<");
	write_string(t, name);
	write_string(t, ">");
	write_escaped(t, contents);
	write_string(t, "</");
	write_string(t, name);
	write_string(t, ">\n");
}

static void
write_number(struct text *t, const struct _prop_number *pn)
{
	char digits[32];

	if (!pn->negative && pn->value > INT64_MAX)
		snprintf(digits, sizeof(digits), "0x%" PRIx64, pn->value);
	else
		snprintf(digits, sizeof(digits), "%" PRId64, (int64_t)pn->value);
	write_element(t, "integer", digits);
}

static void
write_data(struct text *t, const struct prop_bytes *b)
{
	const uint8_t *s = (const uint8_t *)b->bytes;
	size_t i, left;
	uint32_t w;
	char four[4];

	write_string(t, "<data>");
	for (i = 0; i < b->len; i += 3) {
		left = b->len - i;
		w = (uint32_t)s[i] << 16 | (left > 1 ? s[i + 1] << 8 : 0) |
		    (left > 2 ? s[i + 2] : 0);
		four[0] = base64[w >> 18];
		four[1] = base64[w >> 12 & 63];
		four[2] = left > 1 ? base64[w >> 6 & 63] : '=';
		four[3] = left > 2 ? base64[w & 63] : '=';
		write_bytes(t, four, 4);
	}
	write_string(t, "</data>\n");
}

static void
write_box(struct text *t, struct prop_box *box, const char *name, u_int depth)
{
	u_int i;

	write_string(t, "<");
	write_string(t, name);
	write_string(t, ">\n");
	rw_enter(&box->lock, RW_READER);
	for (i = 0; i < box->count; i++) {
		if (box->items[i].key != NULL) {
			write_tabs(t, depth + 1);
			write_element(t, "key", box->items[i].key->bytes);
		}
		write_object(t, box->items[i].value, depth + 1);
	}
	rw_exit(&box->lock);
	write_tabs(t, depth);
	write_string(t, "</");
	write_string(t, name);
	write_string(t, ">\n");
}

static void
write_object(struct text *t, prop_object_t po, u_int depth)
{

	write_tabs(t, depth);
	switch (prop_type_of(po)) {
	case PROP_TYPE_BOOL:
		write_string(t, prop_bool_true(po) ? "<true/>\n" : "<false/>\n");
		break;
	case PROP_TYPE_NUMBER:
		write_number(t, po);
		break;
	case PROP_TYPE_STRING:
		write_element(t, "string", prop_string_value(po));
		break;
	case PROP_TYPE_DATA:
		write_data(t, po);
		break;
	case PROP_TYPE_ARRAY:
		write_box(t, po, "array", depth);
		break;
	default:
		write_box(t, po, "dict", depth);
		break;
	}
}

static void
write_all(struct text *t, prop_dictionary_t pd)
{

	write_string(t, head);
	write_object(t, pd, 0);
	write_string(t, tail);
	write_bytes(t, "", 1);
}

/*
 * A dictionary as text, for free(text, M_TEMP).
 *
 * NULL: pd is not a dictionary.
 */
char *
prop_dictionary_externalize(prop_dictionary_t pd)
{
	struct text t = { NULL, 0 };
	prop_dictionary_t copy;
	size_t len;

	if (prop_type_of(pd) != PROP_TYPE_DICTIONARY)
		return NULL;
	copy = prop_dictionary_copy(pd);	/* two passes over the same */
	write_all(&t, copy);
	len = t.len;
	t.at = malloc(len, M_TEMP, M_WAITOK);
	t.len = 0;
	write_all(&t, copy);
	KASSERT(t.len == len);
	prop_object_release(copy);
	return t.at;
}

/* -------------------------------------------------------------------- reading */

/* Where the reader is; NUL ends the text. */
struct reader {
	const char	*at;
	u_int		depth;
};

static prop_object_t read_object(struct reader *);

/* Past white space, comments and declarations; false: one that does not end. */
static bool
skip(struct reader *r)
{
	const char *end;

	for (;;) {
		while (*r->at == ' ' || (*r->at >= '\t' && *r->at <= '\r'))
			r->at++;
		if (strncmp(r->at, "<!--", 4) == 0)
			end = strstr(r->at, "-->");
		else if (r->at[0] == '<' && (r->at[1] == '!' || r->at[1] == '?'))
			end = strchr(r->at, '>');
		else
			return true;
		if (end == NULL)
			return false;
		r->at = strchr(end, '>') + 1;
	}
}

/* Is this next (after what is skipped)?  Then go past it. */
static bool
next_is(struct reader *r, const char *s)
{
	const size_t n = strlen(s);

	if (!skip(r) || strncmp(r->at, s, n) != 0)
		return false;
	r->at += n;
	return true;
}

/*
 * Text up to the end tag, which is passed, with entities resolved.
 *
 * Returns kmem of *size bytes, NUL behind it, or NULL.
 */
static char *
read_text(struct reader *r, const char *end, size_t *size)
{
	const char *stop = strchr(r->at, '<'), *s;
	char *text, *out;
	u_int i;

	if (stop == NULL || strncmp(stop, end, strlen(end)) != 0)
		return NULL;
	*size = stop - r->at + 1;
	out = text = kmem_zalloc(*size, KM_SLEEP);
	for (s = r->at; s < stop; ) {
		for (i = 0; *s == '&' && i < __arraycount(entities); i++)
			if (strncmp(s, entities[i].name,
			    strlen(entities[i].name)) == 0)
				break;
		if (*s == '&' && i == __arraycount(entities)) {
			kmem_free(text, *size);
			return NULL;
		}
		*out++ = *s == '&' ? entities[i].c : *s;
		s += *s == '&' ? strlen(entities[i].name) : 1;
	}
	r->at = stop + strlen(end);
	return text;
}

static prop_object_t
read_string(struct reader *r)
{
	prop_object_t po;
	size_t size;
	char *text = read_text(r, "</string>", &size);

	if (text == NULL)
		return NULL;
	po = prop_string_create_copy(text);
	kmem_free(text, size);
	return po;
}

static bool
digit_of(char c, u_int base, u_int *digit)
{

	if (c >= '0' && c <= '9')
		*digit = c - '0';
	else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		*digit = (c | 0x20) - 'a' + 10;
	else
		return false;
	return *digit < base;
}

/* Decimal or hexadecimal; what does not fit 64 bits is none. */
static prop_object_t
read_integer(struct reader *r)
{
	const bool negative = *r->at == '-';
	const char *s = r->at + negative;
	u_int base = 10, digit;
	uint64_t value = 0;

	if (s[0] == '0' && (s[1] | 0x20) == 'x') {
		base = 16;
		s += 2;
	}
	if (!digit_of(*s, base, &digit))
		return NULL;
	for (; digit_of(*s, base, &digit); s++) {
		if (value > (UINT64_MAX - digit) / base)
			return NULL;
		value = value * base + digit;
	}
	if (negative && value > (uint64_t)INT64_MAX + 1)
		return NULL;
	if (strncmp(s, "</integer>", 10) != 0)
		return NULL;
	r->at = s + 10;
	return negative ? prop_number_create_signed((int64_t)(0 - value)) :
	    prop_number_create_unsigned(value);
}

/* Decode base64 in place; its length, or -1. */
static ssize_t
decode(char *text)
{
	const char *s, *place;
	size_t n = 0, bits = 0, digits = 0, fill = 0;
	uint32_t w = 0;

	for (s = text; *s != '\0'; s++) {
		if (*s == ' ' || (*s >= '\t' && *s <= '\r'))
			continue;
		digits++;
		if (*s == '=') {
			fill++;
			continue;
		}
		if (fill != 0 || (place = strchr(base64, *s)) == NULL)
			return -1;
		w = w << 6 | (uint32_t)(place - base64);
		if ((bits += 6) >= 8) {
			bits -= 8;
			text[n++] = (char)(w >> bits);
		}
	}
	return digits % 4 != 0 || fill > 2 ? -1 : (ssize_t)n;
}

static prop_object_t
read_data(struct reader *r)
{
	prop_object_t po = NULL;
	size_t size;
	ssize_t len;
	char *text = read_text(r, "</data>", &size);

	if (text == NULL)
		return NULL;
	if ((len = decode(text)) >= 0)
		po = prop_data_create_copy(text, len);
	kmem_free(text, size);
	return po;
}

static bool
read_item(struct reader *r, prop_object_t box)
{
	prop_object_t po;
	size_t size = 0;
	char *key = NULL;
	bool good;

	if (prop_type_of(box) == PROP_TYPE_DICTIONARY &&
	    (!next_is(r, "<key>") ||
	    (key = read_text(r, "</key>", &size)) == NULL))
		return false;
	po = read_object(r);
	good = po != NULL && (key == NULL ? prop_array_add(box, po) :
	    prop_dictionary_set(box, key, po));
	if (po != NULL)
		prop_object_release(po);
	if (key != NULL)
		kmem_free(key, size);
	return good;
}

/* What is in box, up to the end tag. */
static prop_object_t
read_box(struct reader *r, prop_object_t box, const char *end)
{
	bool good = r->depth++ < DEPTH_MAX;

	while (good && !next_is(r, end))
		good = read_item(r, box);
	r->depth--;
	if (good)
		return box;
	prop_object_release(box);
	return NULL;
}

static prop_object_t
read_object(struct reader *r)
{

	if (next_is(r, "<dict>"))
		return read_box(r, prop_dictionary_create(), "</dict>");
	if (next_is(r, "<dict/>"))
		return prop_dictionary_create();
	if (next_is(r, "<array>"))
		return read_box(r, prop_array_create(), "</array>");
	if (next_is(r, "<array/>"))
		return prop_array_create();
	if (next_is(r, "<string>"))
		return read_string(r);
	if (next_is(r, "<string/>"))
		return prop_string_create_copy("");
	if (next_is(r, "<integer>"))
		return read_integer(r);
	if (next_is(r, "<data>"))
		return read_data(r);
	if (next_is(r, "<data/>"))
		return prop_data_create_copy("", 0);
	if (next_is(r, "<true/>"))
		return prop_bool_create(true);
	if (next_is(r, "<false/>"))
		return prop_bool_create(false);
	return NULL;
}

/* A dictionary from text; NULL: it is none. */
prop_dictionary_t
prop_dictionary_internalize(const char *text)
{
	struct reader r = { text, 0 };
	prop_object_t po;
	const char *end;

	if (!next_is(&r, "<plist") || (end = strchr(r.at, '>')) == NULL)
		return NULL;
	r.at = end + 1;
	if ((po = read_object(&r)) == NULL)
		return NULL;
	if (prop_type_of(po) == PROP_TYPE_DICTIONARY && next_is(&r, "</plist>") &&
	    skip(&r) && *r.at == '\0')
		return po;
	prop_object_release(po);
	return NULL;
}

/* --------------------------------------------------------------------- ioctls */

/*
 * The dictionary that a program passes in.
 *
 * Returns 0, E2BIG (too long), EINVAL (not an ioctl that passes one in), EIO (not a
 * dictionary), EFAULT.
 */
int
prop_dictionary_copyin_ioctl(const struct plistref *pref, const u_long cmd,
    prop_dictionary_t *pdp)
{
	const size_t len = pref->pref_len;
	char *text;
	int error;

	if ((cmd & IOC_IN) == 0)
		return EINVAL;
	if (len >= TEXT_MAX)
		return E2BIG;
	text = kmem_zalloc(len + 1, KM_SLEEP);
	error = copyin(pref->pref_plist, text, len);
	if (error == 0 && (*pdp = prop_dictionary_internalize(text)) == NULL)
		error = EIO;
	kmem_free(text, len + 1);
	return error;
}

/* Fresh memory in the program that calls, for it to unmap. */
static int
program_memory(size_t len, void **addr)
{

	if (!RUMP_LOCALPROC_P(curproc))
		return rump_sysproxy_anonmmap(curproc->p_vmspace, len, addr);
	return rumpuser_anonmmap(NULL, len, 0, 0, addr);
}

/*
 * Give a dictionary to a program: in memory that is mapped for it, whose address and
 * length (with the NUL) go into pref, which the ioctl copies out.
 *
 * Returns 0, EINVAL (not an ioctl that passes one out), ENOMEM, EFAULT.
 */
int
prop_dictionary_copyout_ioctl(struct plistref *pref, const u_long cmd,
    prop_dictionary_t pd)
{
	void *addr = NULL;
	char *text;
	size_t size;
	int error;

	if ((cmd & IOC_OUT) == 0 ||
	    (text = prop_dictionary_externalize(pd)) == NULL)
		return EINVAL;
	size = strlen(text) + 1;
	error = program_memory(round_page(size), &addr);
	if (error == 0)
		error = copyout(text, addr, size);
	if (error == 0) {
		pref->pref_plist = addr;
		pref->pref_len = size;
	}
	free(text, M_TEMP);
	return error;
}
