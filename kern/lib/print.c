/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages: printf, log, aprint and relatives.
 *
 * Each message is formatted once and every byte goes where the flags say: the
 * console (a hypercall per byte), the message buffer (msgbuf.c).  One lock
 * keeps messages of several CPUs apart; panic takes no notice of it, so that a
 * panic while printing is still seen.
 *
 * What is meant for terminals is in ttymsg.c; one may have the console's messages.
 *
 * Ref: printf(9), log(9), aprint(9).
 */

#include <sys/types.h>
#include <sys/device_impl.h>
#include <sys/kprintf.h>
#include <sys/msgbuf.h>
#include <sys/mutex.h>
#include <sys/reboot.h>
#include <sys/syslog.h>
#include <sys/systm.h>

#include <rump-private/log.h>
#include <rump-private/ttymsg.h>
#include <rump/rumpuser.h>

#include "lib.h"

const char hexdigits[] = "0123456789abcdef";
const char HEXDIGITS[] = "0123456789ABCDEF";

/* Serialises output; the rest of this group is protected by it. */
static kmutex_t print_lock;
static int error_count;			/* aprint_error messages so far */

static bool print_locks;		/* print_lock is there: set at boot */
static volatile int log_readers;	/* atomic enough: a hint */

struct print_sink {
	struct format_sink sink;
	int flags;
};

void
kprintf_init(void)
{
	mutex_init(&print_lock, MUTEX_DEFAULT, IPL_HIGH);
	print_locks = true;
}

void
kprintf_lock(void)
{
	if (print_locks && panicstr == NULL)
		mutex_enter(&print_lock);
}

void
kprintf_unlock(void)
{
	/* A panic may have begun while the lock was held. */
	if (print_locks && mutex_owned(&print_lock))
		mutex_exit(&print_lock);
}

void
putchar(int ch, int flags, struct tty *tp)
{
	if ((flags & TOCONS) != 0 && ch != '\0' && !constty_put(ch))
		rumpuser_putchar(ch);
	if ((flags & TOLOG) != 0)
		logputchar(ch);
}

static void
print_put(struct format_sink *sink, int ch)
{
	struct print_sink *p = container_of(sink, struct print_sink, sink);

	putchar(ch, p->flags, NULL);
}

int
kprintf(const char *fmt, int flags, void *vp, char *buf, va_list ap)
{
	struct print_sink p = { { print_put }, flags };

	if ((flags & TOBUFONLY) != 0)
		return vsnprintf(buf, vp != NULL ? (char *)vp - buf : SIZE_MAX,
		    fmt, ap);
	return format(&p.sink, fmt, ap);
}

/* One message. */
static void __printflike(2, 0)
print(int flags, const char *fmt, va_list ap)
{
	kprintf_lock();
	kprintf(fmt, flags, NULL, NULL, ap);
	kprintf_unlock();
	if ((flags & TOLOG) != 0)
		logwakeup();
}

/* Run BODY with ap set to the arguments behind fmt. */
#define WITH_ARGUMENTS(body)						\
do {									\
	va_list ap;							\
									\
	va_start(ap, fmt);						\
	body;								\
	va_end(ap);							\
} while (0)

void
vprintf(const char *fmt, va_list ap)
{
	print(TOCONS | TOLOG, fmt, ap);
}

void
printf(const char *fmt, ...)
{
	WITH_ARGUMENTS(print(TOCONS | TOLOG, fmt, ap));
}

void
printf_nolog(const char *fmt, ...)
{
	WITH_ARGUMENTS(print(TOCONS, fmt, ap));
}

void
printf_tolog(const char *fmt, ...)
{
	WITH_ARGUMENTS(print(TOLOG, fmt, ap));
}

void
printf_nostamp(const char *fmt, ...)
{
	WITH_ARGUMENTS(print(TOCONS | TOLOG, fmt, ap));
}

void
device_printf(device_t dev, const char *fmt, ...)
{
	printf("%s: ", dev->dv_xname);
	WITH_ARGUMENTS(print(TOCONS | TOLOG, fmt, ap));
}

void
tablefull(const char *table, const char *hint)
{
	log(LOG_ERR, "%s: table is full%s%s\n", table,
	    hint != NULL ? " - " : "", hint != NULL ? hint : "");
}

/*
 * log(9).
 */

void
log_reader_attach(void)
{
	log_readers++;
}

void
log_reader_detach(void)
{
	log_readers--;
}

/* The priority, as readers of the log expect it before a message. */
void
klogpri(int level)
{
	char text[16];
	const char *s;

	snprintf(text, sizeof(text), "<%d>", level);
	for (s = text; *s != '\0'; s++)
		logputchar(*s);
}

void
logpri(int level)
{
	kprintf_lock();
	klogpri(level);
	kprintf_unlock();
}

void
vlog(int level, const char *fmt, va_list ap)
{
	int flags = log_readers == 0 ? TOLOG | TOCONS : TOLOG;

	kprintf_lock();
	if (level >= 0)
		klogpri(level);
	kprintf(fmt, flags, NULL, NULL, ap);
	kprintf_unlock();
	logwakeup();
}

void
log(int level, const char *fmt, ...)
{
	WITH_ARGUMENTS(vlog(level, fmt, ap));
}

void
addlog(const char *fmt, ...)
{
	WITH_ARGUMENTS(vlog(LOG_PRINTF, fmt, ap));
}

/*
 * aprint(9).
 */

/* Where a message of this level goes, by what the user asked for at boot. */
static int
aprint_flags(enum aprint_level level)
{
	bool quiet = (boothowto & (AB_QUIET | AB_SILENT)) != 0;
	bool silent = (boothowto & AB_SILENT) != 0;

	switch (level) {
	case APRINT_ERROR:
		return TOLOG | (silent ? 0 : TOCONS);
	case APRINT_NORMAL:
		return TOLOG | (quiet ? 0 : TOCONS);
	case APRINT_NAIVE:
		return quiet && !silent ? TOCONS : 0;
	case APRINT_VERBOSE:
		return TOLOG | ((boothowto & AB_VERBOSE) != 0 ? TOCONS : 0);
	default:
		return (boothowto & AB_DEBUG) != 0 ? TOLOG | TOCONS : 0;
	}
}

void
aprint_prefixed(enum aprint_level level, const char *prefix, const char *fmt,
    va_list ap)
{
	int flags = aprint_flags(level);
	const char *s;

	kprintf_lock();
	if (level == APRINT_ERROR)
		error_count++;
	if (prefix != NULL) {
		for (s = prefix; *s != '\0'; s++)
			putchar(*s, flags, NULL);
		putchar(':', flags, NULL);
		putchar(' ', flags, NULL);
	}
	kprintf(fmt, flags, NULL, NULL, ap);
	kprintf_unlock();
	if ((flags & TOLOG) != 0)
		logwakeup();
}

/* Errors printed since the last call. */
int
aprint_get_error_count(void)
{
	int n;

	kprintf_lock();
	n = error_count;
	error_count = 0;
	kprintf_unlock();
	return n;
}

void
aprint_error(const char *fmt, ...)
{
	WITH_ARGUMENTS(aprint_prefixed(APRINT_ERROR, NULL, fmt, ap));
}

void
aprint_normal(const char *fmt, ...)
{
	WITH_ARGUMENTS(aprint_prefixed(APRINT_NORMAL, NULL, fmt, ap));
}

void
aprint_naive(const char *fmt, ...)
{
	WITH_ARGUMENTS(aprint_prefixed(APRINT_NAIVE, NULL, fmt, ap));
}

void
aprint_verbose(const char *fmt, ...)
{
	WITH_ARGUMENTS(aprint_prefixed(APRINT_VERBOSE, NULL, fmt, ap));
}

void
aprint_debug(const char *fmt, ...)
{
	WITH_ARGUMENTS(aprint_prefixed(APRINT_DEBUG, NULL, fmt, ap));
}

void
aprint_error_dev(device_t dv, const char *fmt, ...)
{
	WITH_ARGUMENTS(aprint_prefixed(APRINT_ERROR, dv->dv_xname, fmt, ap));
}

void
aprint_normal_dev(device_t dv, const char *fmt, ...)
{
	WITH_ARGUMENTS(aprint_prefixed(APRINT_NORMAL, dv->dv_xname, fmt, ap));
}

void
aprint_naive_dev(device_t dv, const char *fmt, ...)
{
	WITH_ARGUMENTS(aprint_prefixed(APRINT_NAIVE, dv->dv_xname, fmt, ap));
}

void
aprint_verbose_dev(device_t dv, const char *fmt, ...)
{
	WITH_ARGUMENTS(aprint_prefixed(APRINT_VERBOSE, dv->dv_xname, fmt,
	    ap));
}

void
aprint_debug_dev(device_t dv, const char *fmt, ...)
{
	WITH_ARGUMENTS(aprint_prefixed(APRINT_DEBUG, dv->dv_xname, fmt, ap));
}
