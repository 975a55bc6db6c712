/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs stat: all attributes of a file, or those that a format names. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"

struct subject {
	const char		*path;
	const struct rump_stat	*st;
};

static void
print_quoted(const struct subject *s)
{
	char *target;

	printf("'");
	print_name(s->path);
	printf("'");
	if ((s->st->st_mode & RUMP_S_IFMT) == RUMP_S_IFLNK &&
	    (target = link_target(s->path)) != NULL) {
		printf(" -> '");
		print_name(target);
		printf("'");
		free(target);
	}
}

static void
print_time(char letter, const struct rump_timespec *ts)
{
	char text[80];

	if (letter >= 'W' && letter <= 'Z') {
		printf("%lld", (long long)ts->tv_sec);
		return;
	}
	time_full(ts, text, sizeof(text));
	fputs(text, stdout);
}

/* The letters of stat(1). */
static bool
print_directive(char letter, const struct subject *s)
{
	const struct rump_stat *st = s->st;
	char mode[11];

	switch (letter) {
	case '%': putchar('%'); break;
	case 'A': mode_string(st->st_mode, mode); fputs(mode, stdout); break;
	case 'a': printf("%o", (unsigned)st->st_mode & 07777); break;
	case 'B': printf("512"); break;
	case 'b': printf("%lld", (long long)st->st_blocks); break;
	case 'd': printf("%llu", (unsigned long long)st->st_dev); break;
	case 'F': fputs(st->st_size == 0 && (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFREG ?
		    "regular empty file" : type_word(st->st_mode), stdout); break;
	case 'f': printf("%x", (unsigned)st->st_mode); break;
	case 'g': printf("%u", (unsigned)st->st_gid); break;
	case 'h': printf("%u", (unsigned)st->st_nlink); break;
	case 'i': printf("%llu", (unsigned long long)st->st_ino); break;
	case 'N': print_quoted(s); break;
	case 'n': print_name(s->path); break;
	case 'o': printf("%u", (unsigned)st->st_blksize); break;
	case 's': printf("%lld", (long long)st->st_size); break;
	case 'T': printf("%x", (unsigned)RUMP_MINOR(st->st_rdev)); break;
	case 't': printf("%x", (unsigned)RUMP_MAJOR(st->st_rdev)); break;
	case 'u': printf("%u", (unsigned)st->st_uid); break;
	case 'w': case 'W': print_time(letter, &st->st_birthtim); break;
	case 'x': case 'X': print_time(letter, &st->st_atim); break;
	case 'y': case 'Y': print_time(letter, &st->st_mtim); break;
	case 'z': case 'Z': print_time(letter, &st->st_ctim); break;
	default: return false;
	}
	return true;
}

static bool
print_format(const char *format, const struct subject *s)
{

	for (; *format != '\0'; format++) {
		if (*format != '%') {
			putchar(*format);
			continue;
		}
		if (!print_directive(*++format, s)) {
			fprintf(stderr, "rump fs: stat: unknown directive '%%%c'\n", *format);
			return false;
		}
	}
	putchar('\n');
	return true;
}

#define FULL \
	"  File: %N\n" \
	"  Size: %s\tBlocks: %b\tIO Block: %o\t%F\n" \
	"Device: %d\tInode: %i\tLinks: %h\n" \
	"Access: (%a/%A)\tUid: %u\tGid: %g\n" \
	"Access: %x\nModify: %y\nChange: %z\n Birth: %w"

int
cmd_stat(int argc, char **argv)
{
	const char *format = FULL;
	bool follow = false;
	struct paths p;
	int c, status = EXIT_OK;

	while ((c = getopt(argc, argv, "Lc:")) != -1)
		switch (c) {
		case 'L': follow = true; break;
		case 'c': format = optarg; break;
		default: return BAD_USAGE;
		}
	if (optind == argc)
		return BAD_USAGE;
	p = paths_expand(argc - optind, argv + optind);
	for (size_t i = 0; i < p.n; i++) {
		struct rump_stat st;

		if ((follow ? rump_sys_stat(p.list[i], &st) :
		    rump_sys_lstat(p.list[i], &st)) == -1) {
			complain(p.list[i], errno);
			status = EXIT_SOME;
		} else if (!print_format(format, &(struct subject){ p.list[i], &st }))
			return BAD_USAGE;
	}
	paths_free(&p);
	return status;
}
