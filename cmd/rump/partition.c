/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Partitions: MBR, GPT, BSD disk labels, as the kernel reads them.
 *
 * One is named by its number, by its name (GPT has those), or by the type of what
 * it should hold if there is only one of that type.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <rump/rumpdisk.h>
#include <rump/rumpdisk_if_pub.h>
#include <rump/rumperr.h>

#include "fs.h"
#include "fstype.h"
#include "image.h"
#include "partition.h"

struct table {
	struct rump_partition *list;
	size_t	n;
};

/* All of them; -1 after a message. */
static int
table_read(struct table *t)
{
	size_t room = 16;
	int err;

	*t = (struct table){ NULL, 0 };
	if (!image_attach())
		return -1;
	for (;;) {
		t->list = xrealloc(t->list, room * sizeof(*t->list));
		err = rump_pub_disk_partitions(image_device, t->list, room, &t->n);
		if (err != 0 || t->n <= room)
			break;
		room = t->n;
	}
	image_detach();
	if (err == 0)
		return 0;
	if (err == RUMP_EINVAL)
		complain_text(NULL, "its partition table is damaged");
	else
		complain(NULL, err);
	free(t->list);
	return -1;
}

/* "vfat" and "msdos" are one type; partition tables know more than can be mounted. */
static bool
is_of_type(const struct rump_partition *p, const char *name)
{
	const struct fstype *type = fstype_named(name);

	return strcasecmp(p->rp_fstype, type != NULL ? type->name : name) == 0 ||
	    strcasecmp(p->rp_type, name) == 0;
}

static bool
is_number(const struct rump_partition *p, const char *s)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	return end != s && *end == '\0' && n == p->rp_number &&
	    (p->rp_flags & RUMP_PARTITION_NESTED) == 0;
}

/* Letters are what BSD labels number their partitions by. */
static bool
is_letter(const struct rump_partition *p, const char *s)
{

	return strcmp(p->rp_scheme, "bsd") == 0 && s[0] >= 'a' && s[0] <= 'z' && s[1] == '\0' &&
	    p->rp_number == (uint32_t)(s[0] - 'a' + 1);
}

static bool
is_named(const struct rump_partition *p, const char *s)
{

	return *s != '\0' && strcmp(p->rp_name, s) == 0;
}

/* By the first of these ways that fits any; there must be one only. */
static const struct rump_partition *
choose(const struct table *t, const char *s)
{
	bool (*const ways[])(const struct rump_partition *, const char *) = {
		is_number, is_letter, is_named, is_of_type };
	const struct rump_partition *found = NULL;
	size_t count = 0;

	for (size_t way = 0; way < sizeof(ways) / sizeof(ways[0]) && count == 0; way++)
		for (size_t i = 0; i < t->n; i++)
			if (ways[way](t->list + i, s)) {
				found = t->list + i;
				count++;
			}
	return count == 1 ? found : NULL;
}

static void
print_table(const struct table *t, FILE *to)
{
	char size[32], number[24];

	fprintf(to, "%-4s %-5s %14s %7s  %-10s %-38s %s\n", "Part", "Table", "Offset", "Size", "Holds",
	    "Type", "Name");
	for (size_t i = 0; i < t->n; i++) {
		const struct rump_partition *p = &t->list[i];

		size_human(p->rp_size, size, sizeof(size));
		if (strcmp(p->rp_scheme, "bsd") == 0)
			snprintf(number, sizeof(number), "%c", (int)('a' + p->rp_number - 1));
		else
			snprintf(number, sizeof(number), "%u", (unsigned)p->rp_number);
		fprintf(to, "%-4s %-5s %14llu %7s  %-10s %-38s %s\n", number, p->rp_scheme,
		    (unsigned long long)p->rp_offset, size,
		    p->rp_flags & RUMP_PARTITION_EXTENDED ? "(others)" :
		    p->rp_fstype[0] != '\0' ? p->rp_fstype : "?", p->rp_type, p->rp_name);
	}
}

bool
partition_find(void)
{
	const struct rump_partition *p;
	struct table t;

	if (table_read(&t) == -1)
		return false;
	if (t.n == 0)
		complain_text(NULL, "has no partitions");
	else if ((p = choose(&t, image.partition)) == NULL) {
		complain_text(NULL, "no one partition is that number, name or type:");
		print_table(&t, stderr);
	} else if ((p->rp_flags & RUMP_PARTITION_EXTENDED) != 0)
		complain_text(NULL, "that partition only contains others");
	else if (p->rp_size == 0)
		complain_text(NULL, "that partition lies outside of the image");
	else {
		image.offset = (int64_t)p->rp_offset;
		image.size = (int64_t)p->rp_size;
		free(t.list);
		return true;
	}
	free(t.list);
	return false;
}

int
partition_list(FILE *to)
{
	struct table t;
	int n;

	if (table_read(&t) == -1)
		return -1;
	if (t.n > 0)
		print_table(&t, to);
	n = (int)t.n;
	free(t.list);
	return n;
}
