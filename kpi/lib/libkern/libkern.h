/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The library within the kernel: strings, numbers, sorting, checksums,
 * assertions.  Usually reached through <sys/systm.h>.
 */
#ifndef _LIB_LIBKERN_LIBKERN_H_
#define _LIB_LIBKERN_LIBKERN_H_

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/inttypes.h>
#include <sys/null.h>

struct disklabel;

/*
 * Smaller, larger, absolute.  The letters name the type: i int, l long,
 * ui unsigned int, ul unsigned long; arguments of other types are cut.
 */
#define LIBKERN_MINMAX(prefix, type)					\
static __inline __unused type						\
prefix##min(type a, type b)						\
{									\
	return b < a ? b : a;						\
}									\
static __inline __unused type						\
prefix##max(type a, type b)						\
{									\
	return b > a ? b : a;						\
}
LIBKERN_MINMAX(i, int)
LIBKERN_MINMAX(l, long)
LIBKERN_MINMAX(ui, u_int)
LIBKERN_MINMAX(ul, u_long)
#undef LIBKERN_MINMAX

static __inline __unused int
abs(int j)
{
	return j >= 0 ? j : -j;
}

static __inline __unused long
labs(long j)
{
	return j >= 0 ? j : -j;
}

static __inline __unused long long
llabs(long long j)
{
	return j >= 0 ? j : -j;
}

/* Classes of ASCII characters. */
static __inline __unused int
isspace(int ch)
{
	return ch == ' ' || (unsigned int)ch - '\t' < 5;
}

static __inline __unused int
isascii(int ch)
{
	return (ch & ~0x7f) == 0;
}

static __inline __unused int
isupper(int ch)
{
	return (unsigned int)ch - 'A' < 26;
}

static __inline __unused int
islower(int ch)
{
	return (unsigned int)ch - 'a' < 26;
}

static __inline __unused int
isalpha(int ch)
{
	return ((unsigned int)ch | 0x20) - 'a' < 26;
}

static __inline __unused int
isdigit(int ch)
{
	return (unsigned int)ch - '0' < 10;
}

static __inline __unused int
isalnum(int ch)
{
	return isalpha(ch) || isdigit(ch);
}

static __inline __unused int
isxdigit(int ch)
{
	return isdigit(ch) || ((unsigned int)ch | 0x20) - 'a' < 6;
}

static __inline __unused int
isprint(int ch)
{
	return (unsigned int)ch - 0x20 < 0x5f;
}

static __inline __unused int
isgraph(int ch)
{
	return (unsigned int)ch - 0x21 < 0x5e;
}

static __inline __unused int
iscntrl(int ch)
{
	return (unsigned int)ch < 0x20 || ch == 0x7f;
}

static __inline __unused int
ispunct(int ch)
{
	return isgraph(ch) && !isalnum(ch);
}

static __inline __unused int
toupper(int ch)
{
	return islower(ch) ? ch - ('a' - 'A') : ch;
}

static __inline __unused int
tolower(int ch)
{
	return isupper(ch) ? ch + ('a' - 'A') : ch;
}

/*
 * Assertions.  KASSERT is compiled with DIAGNOSTIC, KDASSERT with DEBUG; a
 * false one prints and panics.  CTASSERT is the compiler's to check.
 */
#define LIBKERN_ASSERT(kind, e)						\
	(__predict_true((e) ? 1 : 0) ? (void)0 :			\
	    kern_assert("%sassertion \"%s\" failed: file \"%s\", line %d",	\
	    kind, #e, __FILE__, __LINE__))
#define LIBKERN_ASSERTMSG(kind, e, msg, ...)				\
	(__predict_true((e) ? 1 : 0) ? (void)0 :			\
	    kern_assert("%sassertion \"%s\" failed: file \"%s\", line %d: " \
	    msg, kind, #e, __FILE__, __LINE__, ## __VA_ARGS__))

#ifdef DIAGNOSTIC
#define KASSERT(e)			LIBKERN_ASSERT("kernel diagnostic ", e)
#define KASSERTMSG(e, msg, ...) \
	LIBKERN_ASSERTMSG("kernel diagnostic ", e, msg, ## __VA_ARGS__)
#define _DIAGASSERT(e)			LIBKERN_ASSERT("kernel diagnostic ", e)
#else
#define KASSERT(e)			((void)0)
#define KASSERTMSG(e, msg, ...)		((void)0)
#define _DIAGASSERT(e)			((void)0)
#endif

#ifdef DEBUG
#define KDASSERT(e)			LIBKERN_ASSERT("kernel debugging ", e)
#define KDASSERTMSG(e, msg, ...) \
	LIBKERN_ASSERTMSG("kernel debugging ", e, msg, ## __VA_ARGS__)
#else
#define KDASSERT(e)			((void)0)
#define KDASSERTMSG(e, msg, ...)	((void)0)
#endif

#ifndef assert
#ifdef NDEBUG
#define assert(e)			((void)0)
#else
#define assert(e)			LIBKERN_ASSERT("", e)
#endif
#endif

#ifndef CTASSERT
#define CTASSERT(x)			__CTASSERT(x)
#endif
#define CTASSERT_SIGNED(x)		__CTASSERT(((__typeof__(x))-1) < 0)
#define CTASSERT_UNSIGNED(x)		__CTASSERT(((__typeof__(x))-1) >= 0)

void	kern_assert(const char *, ...) __printflike(1, 2);

/*
 * Layout.
 */
#ifndef offsetof
#define offsetof(type, member)	__builtin_offsetof(type, member)
#endif

/* The structure whose member FIELD PTR points to; checks the type of PTR. */
#define container_of(PTR, TYPE, FIELD)					\
	((TYPE *)(void *)((char *)__UNCONST(PTR) - offsetof(TYPE, FIELD) + \
	    0 * sizeof((PTR) - &((TYPE *)0)->FIELD)))

/*
 * Bytes.
 */
void	*memcpy(void *, const void *, size_t);
void	*memmove(void *, const void *, size_t);
void	*memset(void *, int, size_t);
int	 memcmp(const void *, const void *, size_t);
void	*memchr(const void *, int, size_t);
void	*memrchr(const void *, int, size_t);
void	*memmem(const void *, size_t, const void *, size_t);
void	*explicit_memset(void *, int, size_t);
int	 consttime_memequal(const void *, const void *, size_t);

#define memcpy(d, s, l)		__builtin_memcpy((d), (s), (l))
#define memmove(d, s, l)	__builtin_memmove((d), (s), (l))
#define memset(d, v, l)		__builtin_memset((d), (v), (l))
#define memcmp(a, b, l)		__builtin_memcmp((a), (b), (l))

/*
 * Strings.
 */
size_t	 strlen(const char *);
size_t	 strnlen(const char *, size_t);
char	*strcpy(char *, const char *);
char	*strncpy(char *, const char *, size_t);
char	*strcat(char *, const char *);
char	*strncat(char *, const char *, size_t);
size_t	 strlcpy(char *, const char *, size_t);
size_t	 strlcat(char *, const char *, size_t);
int	 strcmp(const char *, const char *);
int	 strncmp(const char *, const char *, size_t);
int	 strcasecmp(const char *, const char *);
int	 strncasecmp(const char *, const char *, size_t);
char	*strchr(const char *, int);
char	*strrchr(const char *, int);
char	*strstr(const char *, const char *);
char	*strnstr(const char *, const char *, size_t);
char	*strpbrk(const char *, const char *);
char	*strsep(char **, const char *);
size_t	 strspn(const char *, const char *);
size_t	 strcspn(const char *, const char *);

#define strlen(a)		__builtin_strlen(a)
#define strcpy(d, s)		__builtin_strcpy((d), (s))
#define strcmp(a, b)		__builtin_strcmp((a), (b))

/* strvis(3), as far as names from disks need it. */
#define VIS_OCTAL	0x01
#define VIS_SAFE	0x20
#define VIS_TRIM	0x40
int	 strnvisx(char *, size_t, const char *, size_t, int);

/* Bit names: snprintb(3). */
int	 snprintb(char *, size_t, const char *, uint64_t);

/*
 * Numbers.
 */
unsigned long strtoul(const char *, char **, int);
long	 strtol(const char *, char **, int);
long long strtoll(const char *, char **, int);
unsigned long long strtoull(const char *, char **, int);
intmax_t strtoimax(const char *, char **, int);
uintmax_t strtoumax(const char *, char **, int);
intmax_t strtoi(const char *, char **, int, intmax_t, intmax_t, int *);
uintmax_t strtou(const char *, char **, int, uintmax_t, uintmax_t, int *);

int	 ffs(int);
#define ffs(x)			__builtin_ffs(x)
unsigned int popcount(unsigned int) __attribute__((__const__));
unsigned int popcountl(unsigned long) __attribute__((__const__));
unsigned int popcountll(unsigned long long) __attribute__((__const__));
unsigned int popcount32(uint32_t) __attribute__((__const__));
unsigned int popcount64(uint64_t) __attribute__((__const__));
long	 random(void);

/*
 * Searching, sorting, bits of classic device code.
 */
int	 kheapsort(void *, size_t, size_t,
	    int (*)(const void *, const void *), void *);
void	*bsearch(const void *, const void *, size_t, size_t,
	    int (*)(const void *, const void *));
int	 scanc(u_int, const u_char *, const u_char *, int);
int	 skpc(int, size_t, u_char *);
int	 pmatch(const char *, const char *, const char **);

/*
 * Checksums, addresses, dumps.
 */
uint32_t crc32(uint32_t, const uint8_t *, size_t);
uint16_t dkcksum(const struct disklabel *);
uint16_t dkcksum_sized(const struct disklabel *, size_t);
u_int32_t inet_addr(const char *);
char	*intoa(u_int32_t);
#define inet_ntoa(a)		intoa((a).s_addr)
void	 hexdump(void (*)(const char *, ...) __printflike(1, 2), const char *,
	    const void *, size_t);

#endif /* _LIB_LIBKERN_LIBKERN_H_ */
