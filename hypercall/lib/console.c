/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Console output: characters collected into lines, and a small printf.
 *
 * The line buffer has a lock of its own. The flush before the end of the program does not insist on it:
 * the thread that holds it may be the one that failed.
 */

#include "hyp.h"
#include "wait.h"

static struct {
	struct guard lock;
	size_t len;
	char line[256];
} console;

static void
line_write(void)
{

	if (console.len != 0)
		core_console_write(console.line, console.len);
	console.len = 0;
}

void
rumpuser_putchar(int ch)
{

	guard_take(&console.lock);
	console.line[console.len++] = (char)ch;
	if (ch == '\n' || console.len == sizeof(console.line))
		line_write();
	guard_exit(&console.lock);
}

void
hyp_console_flush(void)
{

	for (int tries = 0; tries < 1000; tries++) {
		if (guard_tryenter(&console.lock)) {
			line_write();
			guard_exit(&console.lock);
			return;
		}
		core_yield();
	}
}

/* ── printf ────────────────────────────────────────────────────────────────────────────── */

struct out {
	size_t len;
	char buf[256];
};

struct spec {
	bool left, zero, plus, space, alt;
	int width, precision;  /* precision < 0: none given */
	int size;              /* of the argument: sizeof, for integers */
};

static void
out_flush(struct out *o)
{

	if (o->len != 0)
		core_console_write(o->buf, o->len);
	o->len = 0;
}

static void
out_char(struct out *o, char c)
{

	o->buf[o->len++] = c;
	if (o->len == sizeof(o->buf))
		out_flush(o);
}

static void
out_fill(struct out *o, char c, int n)
{

	while (n-- > 0)
		out_char(o, c);
}

/* prefix and body of len bytes, padded to the width; zeros stand between the two. */
static void
out_padded(struct out *o, const struct spec *sp, const char *prefix, int zeros, const char *body,
    int len)
{
	int pad = sp->width - (int)strlen(prefix) - zeros - len;

	if (!sp->left)
		out_fill(o, ' ', pad);
	while (*prefix != '\0')
		out_char(o, *prefix++);
	out_fill(o, '0', zeros);
	for (int i = 0; i < len; i++)
		out_char(o, body[i]);
	if (sp->left)
		out_fill(o, ' ', pad);
}

static void
out_integer(struct out *o, const struct spec *sp, uint64_t v, unsigned base, bool upper,
    const char *prefix)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char buf[24], *p = buf + sizeof(buf);
	int len, zeros;

	for (; v != 0; v /= base)
		*--p = digits[v % base];
	len = (int)(buf + sizeof(buf) - p);
	zeros = (sp->precision < 0 ? 1 : sp->precision) - len;
	if (sp->precision < 0 && sp->zero && !sp->left &&
	    sp->width - (int)strlen(prefix) - len > zeros)
		zeros = sp->width - (int)strlen(prefix) - len;
	out_padded(o, sp, prefix, zeros > 0 ? zeros : 0, p, len);
}

static void
out_string(struct out *o, const struct spec *sp, const char *s)
{
	int len = 0;

	if (s == NULL)
		s = "(null)";
	while ((sp->precision < 0 || len < sp->precision) && s[len] != '\0')
		len++;
	out_padded(o, sp, "", 0, s, len);
}

static const char *
parse_flags(const char *p, struct spec *sp)
{

	for (;; p++) {
		switch (*p) {
		case '-': sp->left = true; break;
		case '0': sp->zero = true; break;
		case '+': sp->plus = true; break;
		case ' ': sp->space = true; break;
		case '#': sp->alt = true; break;
		default: return p;
		}
	}
}

static const char *
parse_number(const char *p, int *n, va_list *ap)
{

	if (*p == '*') {
		*n = va_arg(*ap, int);
		return p + 1;
	}
	for (*n = 0; *p >= '0' && *p <= '9'; p++)
		*n = *n * 10 + (*p - '0');
	return p;
}

static const char *
parse_size(const char *p, struct spec *sp)
{

	sp->size = sizeof(int);
	switch (*p) {
	case 'h':
		sp->size = p[1] == 'h' ? sizeof(char) : sizeof(short);
		return p + (p[1] == 'h' ? 2 : 1);
	case 'l':
		sp->size = p[1] == 'l' ? sizeof(long long) : sizeof(long);
		return p + (p[1] == 'l' ? 2 : 1);
	case 'j':
		sp->size = sizeof(intmax_t);
		return p + 1;
	case 'z':
	case 't':
		sp->size = sizeof(size_t);
		return p + 1;
	default:
		return p;
	}
}

static const char *
parse_spec(const char *p, struct spec *sp, va_list *ap)
{

	*sp = (struct spec){ .precision = -1 };
	p = parse_number(parse_flags(p, sp), &sp->width, ap);
	if (sp->width < 0) {
		sp->left = true;
		sp->width = -sp->width;
	}
	if (*p == '.')
		p = parse_number(p + 1, &sp->precision, ap);
	return parse_size(p, sp);
}

static int64_t
arg_signed(const struct spec *sp, va_list *ap)
{
	int64_t v = sp->size > (int)sizeof(int) ?
	    (sp->size == sizeof(long) ? va_arg(*ap, long) : va_arg(*ap, long long)) :
	    va_arg(*ap, int);

	return sp->size == sizeof(char) ? (signed char)v : sp->size == sizeof(short) ? (short)v : v;
}

static uint64_t
arg_unsigned(const struct spec *sp, va_list *ap)
{
	uint64_t v = (uint64_t)arg_signed(sp, ap);

	return sp->size >= 8 ? v : v & (((uint64_t)1 << sp->size * 8) - 1);
}

static void
out_signed(struct out *o, const struct spec *sp, int64_t v)
{
	const char *prefix = v < 0 ? "-" : sp->plus ? "+" : sp->space ? " " : "";

	out_integer(o, sp, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, 10, false, prefix);
}

static void
out_conversion(struct out *o, const struct spec *sp, char conversion, va_list *ap)
{
	uint64_t v;
	char c;

	switch (conversion) {
	case 'd':
	case 'i':
		out_signed(o, sp, arg_signed(sp, ap));
		break;
	case 'u':
		out_integer(o, sp, arg_unsigned(sp, ap), 10, false, "");
		break;
	case 'o':
		out_integer(o, sp, arg_unsigned(sp, ap), 8, false, sp->alt ? "0" : "");
		break;
	case 'x':
	case 'X':
		v = arg_unsigned(sp, ap);
		out_integer(o, sp, v, 16, conversion == 'X',
		    !sp->alt || v == 0 ? "" : conversion == 'x' ? "0x" : "0X");
		break;
	case 'p':
		out_integer(o, sp, (uintptr_t)va_arg(*ap, void *), 16, false, "0x");
		break;
	case 'c':
		c = (char)va_arg(*ap, int);
		out_padded(o, sp, "", 0, &c, 1);
		break;
	case 's':
		out_string(o, sp, va_arg(*ap, const char *));
		break;
	default:
		out_char(o, '%');
		if (conversion != '%')
			out_char(o, conversion);
	}
}

void
hyp_vprintf(const char *fmt, va_list ap0)
{
	struct out o = { .len = 0 };
	struct spec sp;
	va_list ap;

	hyp_console_flush();
	va_copy(ap, ap0);
	for (const char *p = fmt; *p != '\0'; p++) {
		if (*p != '%') {
			out_char(&o, *p);
			continue;
		}
		p = parse_spec(p + 1, &sp, &ap);
		if (*p == '\0')
			break;
		out_conversion(&o, &sp, *p, &ap);
	}
	va_end(ap);
	out_flush(&o);
}

void
rumpuser_dprintf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	hyp_vprintf(fmt, ap);
	va_end(ap);
}

void
rumpuser2_backtrace(void)
{

	hyp_console_flush();
	core_backtrace();
}
