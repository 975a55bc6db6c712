/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions of the kernel library under the names that programs see. */
#ifndef TEST_MEM_LIBTEST_H
#define TEST_MEM_LIBTEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

void	*rumpns_memcpy(void *, const void *, size_t);
void	*rumpns_memmove(void *, const void *, size_t);
void	*rumpns_memset(void *, int, size_t);
int	 rumpns_memcmp(const void *, const void *, size_t);
void	*rumpns_memchr(const void *, int, size_t);
void	*rumpns_memrchr(const void *, int, size_t);
void	*rumpns_memmem(const void *, size_t, const void *, size_t);
int	 rumpns_consttime_memequal(const void *, const void *, size_t);
size_t	 rumpns_strlen(const char *);
size_t	 rumpns_strnlen(const char *, size_t);
char	*rumpns_strncpy(char *, const char *, size_t);
char	*rumpns_strcat(char *, const char *);
char	*rumpns_strncat(char *, const char *, size_t);
size_t	 rumpns_strlcpy(char *, const char *, size_t);
size_t	 rumpns_strlcat(char *, const char *, size_t);
int	 rumpns_strcmp(const char *, const char *);
int	 rumpns_strncmp(const char *, const char *, size_t);
int	 rumpns_strcasecmp(const char *, const char *);
int	 rumpns_strncasecmp(const char *, const char *, size_t);
char	*rumpns_strchr(const char *, int);
char	*rumpns_strrchr(const char *, int);
char	*rumpns_strstr(const char *, const char *);
char	*rumpns_strpbrk(const char *, const char *);
char	*rumpns_strsep(char **, const char *);
size_t	 rumpns_strspn(const char *, const char *);
size_t	 rumpns_strcspn(const char *, const char *);
int	 rumpns_strnvisx(char *, size_t, const char *, size_t, int);
int	 rumpns_snprintb(char *, size_t, const char *, uint64_t);
long	 rumpns_strtol(const char *, char **, int);
unsigned long rumpns_strtoul(const char *, char **, int);
long long rumpns_strtoll(const char *, char **, int);
unsigned long long rumpns_strtoull(const char *, char **, int);
intmax_t rumpns_strtoi(const char *, char **, int, intmax_t, intmax_t, int *);
uintmax_t rumpns_strtou(const char *, char **, int, uintmax_t, uintmax_t,
	    int *);
unsigned int rumpns_popcount32(uint32_t);
unsigned int rumpns_popcount64(uint64_t);
int	 rumpns_kheapsort(void *, size_t, size_t,
	    int (*)(const void *, const void *), void *);
void	*rumpns_bsearch(const void *, const void *, size_t, size_t,
	    int (*)(const void *, const void *));
int	 rumpns_scanc(unsigned int, const unsigned char *,
	    const unsigned char *, int);
int	 rumpns_skpc(int, size_t, unsigned char *);
int	 rumpns_pmatch(const char *, const char *, const char **);
uint32_t rumpns_crc32(uint32_t, const uint8_t *, size_t);
uint32_t rumpns_inet_addr(const char *);
char	*rumpns_intoa(uint32_t);
uint32_t rumpns_murmurhash2(const void *, size_t, uint32_t);
int	 rumpns_snprintf(char *, size_t, const char *, ...)
	    __attribute__((__format__(__printf__, 3, 4)));
int	 rumpns_humanize_number(char *, size_t, uint64_t, const char *, int);
int	 rumpns_format_bytes(char *, size_t, uint64_t);

/* Contexts: larger than the kernel's. */
union rumpns_digest {
	char room[512];
	uint64_t align;
};
void	rumpns_MD4Init(void *);
void	rumpns_MD4Update(void *, const void *, unsigned int);
void	rumpns_MD4Final(unsigned char *, void *);
void	rumpns_MD5Init(void *);
void	rumpns_MD5Update(void *, const void *, unsigned int);
void	rumpns_MD5Final(unsigned char *, void *);
void	rumpns_SHA1Init(void *);
void	rumpns_SHA1Update(void *, const void *, unsigned int);
void	rumpns_SHA1Final(unsigned char *, void *);
int	rumpns_SHA224_Init(void *);
int	rumpns_SHA224_Update(void *, const void *, size_t);
int	rumpns_SHA224_Final(unsigned char *, void *);
int	rumpns_SHA256_Init(void *);
int	rumpns_SHA256_Update(void *, const void *, size_t);
int	rumpns_SHA256_Final(unsigned char *, void *);
int	rumpns_SHA384_Init(void *);
int	rumpns_SHA384_Update(void *, const void *, size_t);
int	rumpns_SHA384_Final(unsigned char *, void *);
int	rumpns_SHA512_Init(void *);
int	rumpns_SHA512_Update(void *, const void *, size_t);
int	rumpns_SHA512_Final(unsigned char *, void *);

#endif
