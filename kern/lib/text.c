/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values as text for people: bit names, sizes, dumps, names with strange
 * characters.
 *
 * Ref: snprintb(3), humanize_number(9), strvis(3).
 */

#include <sys/types.h>
#include <sys/systm.h>

/* Text made piece by piece in a buffer that may be too small. */
struct text {
	char *buf;
	size_t size;
	size_t len;			/* wanted so far */
};

static void
text_put(struct text *t, int ch)
{
	if (t->len + 1 < t->size)
		t->buf[t->len] = ch;
	t->len++;
}

static void
text_puts(struct text *t, const char *s, size_t n)
{
	while (n-- != 0)
		text_put(t, *s++);
}

static void
text_number(struct text *t, const char *fmt, uint64_t v)
{
	char number[32];

	text_puts(t, number, snprintf(number, sizeof(number), fmt, v));
}

static int
text_end(struct text *t)
{
	if (t->size != 0)
		t->buf[t->len < t->size ? t->len : t->size - 1] = '\0';
	return t->len;
}

/* Before the first name "<", then ",". */
static void
text_separate(struct text *t, bool *first)
{
	text_put(t, *first ? '<' : ',');
	*first = false;
}

/* Old formats: each name is preceded by its bit number, from 1. */
static void
bits_old(struct text *t, const char *fmt, uint64_t v)
{
	bool first = true;

	while (*fmt != '\0') {
		unsigned int bit = (unsigned char)*fmt++;
		size_t n = 0;

		while ((unsigned char)fmt[n] > ' ')
			n++;
		if (bit <= 64 && ((v >> (bit - 1)) & 1) != 0) {
			text_separate(t, &first);
			text_puts(t, fmt, n);
		}
		fmt += n;
	}
	if (!first)
		text_put(t, '>');
}

/* New formats: a letter, a bit, for fields a width, and a name to NUL. */
static void
bits_new(struct text *t, const char *fmt, uint64_t v)
{
	bool first = true, matched = false;
	uint64_t field = 0;

	while (*fmt != '\0') {
		int kind = *fmt++;
		unsigned int bit = (unsigned char)*fmt++, width = 1;
		uint64_t low = bit < 64 ? v >> bit : 0;
		size_t n;

		switch (kind) {
		case 'b':
			n = strlen(fmt);
			if ((low & 1) != 0) {
				text_separate(t, &first);
				text_puts(t, fmt, n);
			}
			fmt += n + 1;
			break;
		case 'f':
		case 'F':
			width = (unsigned char)*fmt++;
			field = width < 64 ?
			    low & (((uint64_t)1 << width) - 1) : low;
			matched = false;
			if (kind == 'F') {
				/* No name: values alone follow, to the NUL. */
				if (*fmt == '\0')
					fmt++;
				break;
			}
			n = strlen(fmt);
			text_separate(t, &first);
			text_puts(t, fmt, n);
			text_put(t, '=');
			text_number(t, field < 10 ? "%" PRIu64 : "%#" PRIx64,
			    field);
			fmt += n + 1;
			break;
		case '=':
		case ':':
			n = strlen(fmt);
			if (field == bit) {
				if (kind == '=')
					text_put(t, '=');
				else
					text_separate(t, &first);
				text_puts(t, fmt, n);
				matched = true;
			}
			fmt += n + 1;
			break;
		case '*':
			/* Like = or :, for any other value; no bit follows. */
			fmt--;
			if (*fmt == '=' || *fmt == ':')
				kind = *fmt++;
			n = strlen(fmt);
			if (!matched) {
				if (kind == ':')
					text_separate(t, &first);
				else
					text_put(t, '=');
				text_number(t, fmt, field);
			}
			fmt += n + 1;
			break;
		default:
			/* Not a format that we know: stop here. */
			fmt = "";
			break;
		}
	}
	if (!first)
		text_put(t, '>');
}

/*
 * Print v and the names of its bits: 0x9<UP,RUNNING>.
 *
 * fmt  "\177" for the new kind of format, the base (8, 10 or 16) as a byte,
 *      and names as snprintb(3) describes.
 *
 * Returns the length wanted, as snprintf.
 */
int
snprintb(char *buf, size_t size, const char *fmt, uint64_t v)
{
	struct text t = { buf, size };
	bool new_format = *fmt == '\177';

	if (new_format)
		fmt++;
	switch (*fmt++) {
	case 8:
		text_number(&t, "%#" PRIo64, v);
		break;
	case 10:
		text_number(&t, "%" PRIu64, v);
		break;
	case 16:
		text_number(&t, v != 0 ? "%#" PRIx64 : "0x%" PRIx64, v);
		break;
	default:
		return -1;
	}
	if (v != 0 || new_format)
		(new_format ? bits_new : bits_old)(&t, fmt, v);
	return text_end(&t);
}

/*
 * Print a number of bytes with up to len - 1 characters, by a unit of powers of
 * divisor if need be: "512 KB".
 *
 * Returns the length wanted, or -1 if size is too small for any number.
 */
int
humanize_number(char *buf, size_t size, uint64_t bytes, const char *suffix,
    int divisor)
{
	static const char prefixes[] = " KMGTPE";
	size_t room, units = 0;
	uint64_t limit = 1, left = bytes;

	/* What is left for digits: not blank, prefix, suffix and NUL. */
	if (size < 3 + strlen(suffix) + 1) {
		if (size != 0)
			buf[0] = '\0';
		return -1;
	}
	for (room = size - strlen(suffix) - 3; room != 0 && limit < UINT64_MAX / 10;
	    room--)
		limit *= 10;
	for (; left >= limit && prefixes[units + 1] != '\0'; units++)
		left = (left + divisor / 2) / divisor;
	if (units == 0)
		return snprintf(buf, size, "%" PRIu64 "%s%s", left,
		    *suffix != '\0' ? " " : "", suffix);
	return snprintf(buf, size, "%" PRIu64 " %c%s", left, prefixes[units],
	    suffix);
}

/* humanize_number of bytes, by powers of 1024; "512 bytes" where it fits. */
int
format_bytes(char *buf, size_t size, uint64_t bytes)
{
	static const char unit[] = " bytes";

	if (bytes < 1024 && size > 4 + sizeof(unit))
		return snprintf(buf, size, "%d%s", (int)bytes, unit);
	return humanize_number(buf, size, bytes, "B", 1024);
}

/* Print a dump, 16 bytes a line, by a function like printf. */
void
hexdump(void (*pr)(const char *, ...), const char *title, const void *data,
    size_t len)
{
	const uint8_t *p = data;
	size_t line, i;

	if (title != NULL)
		pr("%s:\n", title);
	for (line = 0; line < len; line += 16) {
		size_t n = len - line < 16 ? len - line : 16;

		pr("%04zx:", line);
		for (i = 0; i < 16; i++) {
			if (i < n)
				pr(" %02x", p[line + i]);
			else
				pr("   ");
		}
		pr("  ");
		for (i = 0; i < n; i++)
			pr("%c", isprint(p[line + i]) ? p[line + i] : '.');
		pr("\n");
	}
}

/* One byte, so that it shows. */
static void
text_visible(struct text *t, unsigned int c)
{
	int shift;

	if (isprint(c)) {
		if (c == '\\')
			text_put(t, c);
		text_put(t, c);
		return;
	}
	text_put(t, '\\');
	for (shift = 6; shift >= 0; shift -= 3)
		text_put(t, hexdigits[c >> shift & 7]);
}

/*
 * Copy srclen bytes as text that shows on any terminal: what does not print
 * becomes \ooo.
 *
 * flags  VIS_TRIM: without blanks at either end; VIS_SAFE: as they are;
 *        VIS_OCTAL: as a matter of course.
 *
 * Returns the length of the result, or -1 if dst was too small.
 */
int
strnvisx(char *dst, size_t size, const char *src, size_t srclen, int flags)
{
	struct text t = { dst, size };
	size_t i;

	if ((flags & VIS_TRIM) != 0) {
		while (srclen != 0 && isspace((unsigned char)*src)) {
			src++;
			srclen--;
		}
		while (srclen != 0 &&
		    (isspace((unsigned char)src[srclen - 1]) ||
		    src[srclen - 1] == '\0'))
			srclen--;
	}
	for (i = 0; i < srclen; i++)
		text_visible(&t, (unsigned char)src[i]);
	text_end(&t);
	return t.len < size ? (int)t.len : -1;
}
