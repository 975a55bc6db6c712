/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formatted text: format(), and snprintf and relatives on it.
 *
 * A conversion is read into a struct spec, its digits or string are made, and
 * emitted with padding in one place.  Conversions: d i u o x X p c s n %;
 * flags "#0- +" and space; width and precision, also as *; lengths hh h l ll q
 * j z t.  No floating point.  An unknown conversion is printed as it stands.
 *
 * Ref: C11 7.21.6.1; printf(9).
 */

#include <sys/types.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include "lib.h"

#define F_ALT	0x01			/* # */
#define F_LEFT	0x02			/* - */
#define F_PLUS	0x04			/* + */
#define F_SPACE	0x08
#define F_ZERO	0x10			/* 0 */
#define F_UPPER	0x20			/* capital digits */

struct spec {
	unsigned int flags;
	int width;			/* >= 0 */
	int precision;			/* -1: none given */
	int size;			/* sizeof the integer; -1 and -2: h, hh */
};

/* Count and pass on. */
struct output {
	struct format_sink *sink;
	int count;
};

static void
emit(struct output *out, int ch)
{
	out->sink->put(out->sink, (unsigned char)ch);
	out->count++;
}

static void
emit_fill(struct output *out, int ch, int n)
{
	while (n-- > 0)
		emit(out, ch);
}

static void
emit_text(struct output *out, const char *s, int n)
{
	while (n-- > 0)
		emit(out, *s++);
}

/* Text in a field; precision cuts it. */
static void
emit_string(struct output *out, const struct spec *sp, const char *s)
{
	int n;

	if (s == NULL)
		s = "(null)";
	n = sp->precision >= 0 ? strnlen(s, sp->precision) : strlen(s);
	if ((sp->flags & F_LEFT) == 0)
		emit_fill(out, ' ', sp->width - n);
	emit_text(out, s, n);
	if ((sp->flags & F_LEFT) != 0)
		emit_fill(out, ' ', sp->width - n);
}

/*
 * A number in a field: padding, sign or base prefix, zeroes, digits.
 *
 * sign   "-", "+", " ", "0x" or empty.
 */
static void
emit_number(struct output *out, const struct spec *sp, uint64_t v,
    unsigned int base, const char *sign)
{
	const char *set = (sp->flags & F_UPPER) != 0 ? HEXDIGITS : hexdigits;
	char digits[64 / 3 + 1];
	int n = 0, signs = strlen(sign), zeroes, field;

	for (; v != 0; v /= base)
		digits[n++] = set[v % base];
	if (sp->precision >= 0)
		zeroes = sp->precision - n;
	else
		zeroes = n == 0;
	if (base == 8 && (sp->flags & F_ALT) != 0 && zeroes <= 0)
		zeroes = 1;
	if (zeroes < 0)
		zeroes = 0;
	field = sp->width - n - zeroes - signs;
	if ((sp->flags & (F_ZERO | F_LEFT)) == F_ZERO && sp->precision < 0 &&
	    field > 0) {
		zeroes += field;
		field = 0;
	}
	if ((sp->flags & F_LEFT) == 0)
		emit_fill(out, ' ', field);
	emit_text(out, sign, signs);
	emit_fill(out, '0', zeroes);
	while (n != 0)
		emit(out, digits[--n]);
	if ((sp->flags & F_LEFT) != 0)
		emit_fill(out, ' ', field);
}

/* The va_list in a structure, so that it can be passed on by address. */
struct arguments {
	va_list ap;
};

static int64_t
take_signed(struct arguments *args, int size)
{
	switch (size) {
	case -2:
		return (signed char)va_arg(args->ap, int);
	case -1:
		return (short)va_arg(args->ap, int);
	case sizeof(int64_t):
		return va_arg(args->ap, int64_t);
	default:
		return va_arg(args->ap, int);
	}
}

static uint64_t
take_unsigned(struct arguments *args, int size)
{
	uint64_t v = take_signed(args, size);

	switch (size) {
	case -2:
		return (unsigned char)v;
	case -1:
		return (unsigned short)v;
	case sizeof(int64_t):
		return v;
	default:
		return (unsigned int)v;
	}
}

/* %n: where the count goes. */
static void
store_count(struct arguments *args, int size, int count)
{
	switch (size) {
	case -2:
		*va_arg(args->ap, signed char *) = count;
		break;
	case -1:
		*va_arg(args->ap, short *) = count;
		break;
	case sizeof(int64_t):
		*va_arg(args->ap, int64_t *) = count;
		break;
	default:
		*va_arg(args->ap, int *) = count;
		break;
	}
}

/* Digits or * at *fmt. */
static int
take_count(const char **fmt, struct arguments *args)
{
	int n = 0;

	if (**fmt == '*') {
		(*fmt)++;
		return va_arg(args->ap, int);
	}
	for (; isdigit((unsigned char)**fmt); (*fmt)++)
		n = n * 10 + (**fmt - '0');
	return n;
}

static unsigned int
flag(int ch)
{
	switch (ch) {
	case '#':
		return F_ALT;
	case '-':
		return F_LEFT;
	case '+':
		return F_PLUS;
	case ' ':
		return F_SPACE;
	case '0':
		return F_ZERO;
	default:
		return 0;
	}
}

/* Length modifiers. */
static int
take_size(const char **fmt)
{
	const char *f = *fmt;
	int size = sizeof(int);

	switch (*f) {
	case 'h':
		size = *++f == 'h' ? (f++, -2) : -1;
		break;
	case 'l':
		size = *++f == 'l' ? (f++, sizeof(long long)) : sizeof(long);
		break;
	case 'q':
	case 'j':
		f++;
		size = sizeof(intmax_t);
		break;
	case 'z':
	case 't':
		f++;
		size = sizeof(size_t);
		break;
	default:
		break;
	}
	*fmt = f;
	return size;
}

static void
take_spec(const char **fmt, struct arguments *args, struct spec *sp)
{
	unsigned int f;

	*sp = (struct spec){ .precision = -1 };
	for (; (f = flag(**fmt)) != 0; (*fmt)++)
		sp->flags |= f;
	sp->width = take_count(fmt, args);
	if (sp->width < 0) {
		sp->flags |= F_LEFT;
		sp->width = -sp->width;
	}
	if (**fmt == '.') {
		(*fmt)++;
		sp->precision = take_count(fmt, args);
	}
	sp->size = take_size(fmt);
}

static void
convert_signed(struct output *out, const struct spec *sp, int64_t v)
{
	const char *sign = "";

	if (v < 0)
		sign = "-";
	else if ((sp->flags & F_PLUS) != 0)
		sign = "+";
	else if ((sp->flags & F_SPACE) != 0)
		sign = " ";
	emit_number(out, sp, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, sign);
}

static void
convert_hex(struct output *out, struct spec *sp, uint64_t v, bool upper)
{
	const char *sign = "";

	if ((sp->flags & F_ALT) != 0 && v != 0)
		sign = upper ? "0X" : "0x";
	if (upper)
		sp->flags |= F_UPPER;
	emit_number(out, sp, v, 16, sign);
}

/* One conversion; fmt is behind the %.  Returns what is behind it. */
static const char *
convert(struct output *out, const char *fmt, struct arguments *args)
{
	const char *start = fmt - 1;
	struct spec spec;
	char one;

	take_spec(&fmt, args, &spec);
	switch (*fmt) {
	case 'd':
	case 'i':
		convert_signed(out, &spec, take_signed(args, spec.size));
		break;
	case 'u':
		emit_number(out, &spec, take_unsigned(args, spec.size), 10, "");
		break;
	case 'o':
		emit_number(out, &spec, take_unsigned(args, spec.size), 8, "");
		break;
	case 'x':
	case 'X':
		convert_hex(out, &spec, take_unsigned(args, spec.size),
		    *fmt == 'X');
		break;
	case 'p':
		spec.flags |= F_ALT;
		convert_hex(out, &spec, (uintptr_t)va_arg(args->ap, void *),
		    false);
		break;
	case 'c':
		one = (char)va_arg(args->ap, int);
		if ((spec.flags & F_LEFT) == 0)
			emit_fill(out, ' ', spec.width - 1);
		emit(out, one);
		if ((spec.flags & F_LEFT) != 0)
			emit_fill(out, ' ', spec.width - 1);
		break;
	case 's':
		emit_string(out, &spec, va_arg(args->ap, char *));
		break;
	case 'n':
		store_count(args, spec.size, out->count);
		break;
	case '%':
		emit(out, '%');
		break;
	case '\0':
		emit_text(out, start, fmt - start);
		return fmt;
	default:
		emit_text(out, start, fmt + 1 - start);
		break;
	}
	return fmt + 1;
}

int
format(struct format_sink *sink, const char *fmt, va_list ap)
{
	struct output out = { sink, 0 };
	struct arguments args;

	va_copy(args.ap, ap);
	while (*fmt != '\0') {
		if (*fmt != '%')
			emit(&out, *fmt++);
		else
			fmt = convert(&out, fmt + 1, &args);
	}
	va_end(args.ap);
	return out.count;
}

/* A sink that fills a buffer and forgets the rest. */
struct buffer_sink {
	struct format_sink sink;
	char *next, *end;		/* end: room for the NUL */
};

static void
buffer_put(struct format_sink *sink, int ch)
{
	struct buffer_sink *b = container_of(sink, struct buffer_sink, sink);

	if (b->next < b->end)
		*b->next++ = ch;
}

/* Returns the length wanted; buf, if size is not 0, ends in NUL. */
int
vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct buffer_sink b = { { buffer_put }, buf, buf };
	int n;

	if (size != 0)
		b.end = buf + size - 1;
	n = format(&b.sink, fmt, ap);
	if (size != 0)
		*b.next = '\0';
	return n;
}

int
snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

/*
 * Format into memory, to be freed by kmem_free of the returned length + 1.
 *
 * Context: may sleep.
 */
int
vasprintf(char **bufp, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	*bufp = kmem_alloc(n + 1, KM_SLEEP);
	return vsnprintf(*bufp, n + 1, fmt, ap);
}
