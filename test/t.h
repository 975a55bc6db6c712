/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Test programs: cases, checks, skips; results as TAP on the console.
 *
 *	static void
 *	empty_dir(void)
 *	{
 *		T_ASSERT_EQ(rump_sys_mkdir("/d", 0777), 0);
 *		T_CHECK_ERR(rump_sys_rmdir("/nonexistent"), RUMP_ENOENT);
 *	}
 *	T_MAIN(T(empty_dir))
 *
 * T_CHECK* note a failure and go on, T_ASSERT* also leave the function they
 * stand in (which returns void); t_skip() ends a case as not applicable.
 * Arguments of the program name the cases to run; none means all.  Exit status
 * 0 if no case failed.
 *
 * Freestanding: output goes through the hypercall rumpuser_putchar(), or
 * through putchar() where T_STDIO is defined (programs without a kernel).
 */
#ifndef TEST_T_H
#define TEST_T_H

#include <stddef.h>
#include <stdint.h>

struct t_case {
	const char	*tc_name;
	void		(*tc_run)(void);
};

static struct {
	unsigned	failures;	/* in the case that runs */
	const char	*skip;		/* reason, or NULL */
} t_state __attribute__((__unused__));

#define T_FUNC	static __attribute__((__unused__))

#ifdef T_STDIO
#include <stdio.h>
#define t_putc(c)	((void)putchar(c))
#define t_flush()	((void)fflush(stdout))
#else
void	rumpuser_putchar(int);
#define t_putc(c)	rumpuser_putchar(c)
#define t_flush()	((void)0)
#endif

T_FUNC void
t_puts(const char *s)
{

	while (*s != '\0')
		t_putc(*s++);
}

T_FUNC void
t_putnum(long long v)
{
	char digits[24], *p = digits + sizeof(digits);
	unsigned long long u = v < 0 ? 0 - (unsigned long long)v : (unsigned long long)v;

	*--p = '\0';
	do {
		*--p = (char)('0' + u % 10);
	} while ((u /= 10) != 0);
	if (v < 0)
		*--p = '-';
	t_puts(p);
}

/* A number below n, and the generator's next state: the same sequence on every machine. */
T_FUNC unsigned
t_random(uint64_t *state, unsigned n)
{

	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*state >> 33) % n;
}

/* A diagnostic line, "# file:line: what". */
T_FUNC void
t_where(const char *file, int line, const char *what)
{

	t_puts("# ");
	t_puts(file);
	t_putc(':');
	t_putnum(line);
	t_puts(": ");
	t_puts(what);
}

T_FUNC int
t_check(int ok, const char *file, int line, const char *what)
{

	if (!ok) {
		t_state.failures++;
		t_where(file, line, what);
		t_putc('\n');
	}
	return ok;
}

T_FUNC int
t_check_eq(long long got, long long want, const char *file, int line,
    const char *what)
{

	if (got == want)
		return 1;
	t_state.failures++;
	t_where(file, line, what);
	t_puts(": got ");
	t_putnum(got);
	t_puts(", want ");
	t_putnum(want);
	t_putc('\n');
	return 0;
}

T_FUNC int
t_streq(const char *a, const char *b)
{

	while (*a != '\0' && *a == *b)
		a++, b++;
	return *a == *b;
}

T_FUNC int
t_check_str(const char *got, const char *want, const char *file, int line,
    const char *what)
{

	if (got != NULL && t_streq(got, want))
		return 1;
	t_state.failures++;
	t_where(file, line, what);
	t_puts(": got \"");
	t_puts(got != NULL ? got : "(null)");
	t_puts("\", want \"");
	t_puts(want);
	t_puts("\"\n");
	return 0;
}

#define T_CHECK(cond)	t_check(!!(cond), __FILE__, __LINE__, #cond)
#define T_CHECK_EQ(got, want) \
	t_check_eq((long long)(got), (long long)(want), __FILE__, __LINE__, #got)
#define T_CHECK_STR(got, want) \
	t_check_str((got), (want), __FILE__, __LINE__, #got)
#define T_ASSERT(cond)		do { if (!T_CHECK(cond)) return; } while (0)
#define T_ASSERT_EQ(got, want)	do { if (!T_CHECK_EQ(got, want)) return; } while (0)

/* expr fails with -1 and the given errno (the program includes <errno.h>). */
#define T_CHECK_ERR(expr, err) do { \
	errno = 0; \
	T_CHECK_EQ(expr, -1); \
	t_check_eq(errno, (err), __FILE__, __LINE__, "errno of " #expr); \
} while (0)

/* The case does not apply here; return from it afterwards. */
T_FUNC void
t_skip(const char *reason)
{

	t_state.skip = reason;
}

T_FUNC int
t_selected(const char *name, int argc, char **argv)
{

	for (int i = 1; i < argc; i++)
		if (t_streq(argv[i], name))
			return 1;
	return argc <= 1;
}

T_FUNC int
t_run(const struct t_case *tc, unsigned number)
{

	t_state.failures = 0;
	t_state.skip = NULL;
	tc->tc_run();
	t_puts(t_state.failures != 0 ? "not ok " : "ok ");
	t_putnum(number);
	t_puts(" - ");
	t_puts(tc->tc_name);
	if (t_state.skip != NULL && t_state.failures == 0) {
		t_puts(" # SKIP ");
		t_puts(t_state.skip);
	}
	t_putc('\n');
	t_flush();
	return t_state.failures != 0;
}

T_FUNC int
t_main(const struct t_case *cases, unsigned n, int argc, char **argv)
{
	unsigned number = 0, failed = 0;

	for (unsigned i = 0; i < n; i++)
		if (t_selected(cases[i].tc_name, argc, argv))
			failed += (unsigned)t_run(&cases[i], ++number);
	t_puts("1..");
	t_putnum(number);
	t_putc('\n');
	t_flush();
	return failed != 0;
}

#define T(name)	{ #name, name }
#define T_MAIN(...) \
int \
main(int argc, char **argv) \
{ \
	static const struct t_case cases[] = { __VA_ARGS__ }; \
 \
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv); \
}

#endif
