/* SPDX-License-Identifier: BSD-2-Clause */
/* What both sides share. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs.h"
#include "side.h"

int
side_errno(void)
{

	return errno;
}

bool
side_unsupported(const struct side *side, int err)
{

	for (size_t i = 0; i < sizeof(side->err_notsup) / sizeof(side->err_notsup[0]); i++)
		if (err == side->err_notsup[i])
			return true;
	return false;
}

void
names_add(struct names *l, const char *name, size_t len)
{

	if ((l->n & (l->n - 1)) == 0)
		l->list = xrealloc(l->list, (l->n == 0 ? 1 : 2 * l->n) * sizeof(*l->list));
	if ((l->list[l->n++] = strndup(name, len)) == NULL)
		fail_memory();
}

static int
by_name(const void *a, const void *b)
{

	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
names_sort(struct names *l)
{

	if (l->n > 1)
		qsort(l->list, l->n, sizeof(*l->list), by_name);
}

void
names_free(struct names *l)
{

	for (size_t i = 0; i < l->n; i++)
		free(l->list[i]);
	free(l->list);
	*l = (struct names){ NULL, 0 };
}
