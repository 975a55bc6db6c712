/* SPDX-License-Identifier: BSD-2-Clause */

/* See world.h. */

#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <rump/rump_syscalls.h>

#include "world.h"

struct world *
world_create(const struct fskind *kind, const char *top, unsigned long seed,
    size_t file_max)
{
	struct world *world = calloc(1, sizeof(*world));

	if (world == NULL || (world->data = malloc(file_max)) == NULL ||
	    (world->back = malloc(file_max)) == NULL)
		err(2, "world");
	world->kind = kind;
	world->top = top;
	world->seed = seed;
	world->file_max = file_max;
	world->model = model_create(kind->casefold);
	rng_init(&world->rng, seed);
	return world;
}

void
world_close_all(struct world *world)
{

	for (unsigned i = 0; i < WORLD_HANDLES; i++) {
		struct world_handle *handle = &world->handles[i];

		if (handle->node == NULL)
			continue;
		if (rump_sys_close(handle->fd) != 0)
			world_fail(world, "close: errno %d", errno);
		model_release(world->model, handle->node);
		handle->node = NULL;
	}
}

void
world_destroy(struct world *world)
{

	world_close_all(world);
	model_destroy(world->model);
	free(world->data);
	free(world->back);
	free(world);
}

void
world_step(struct world *world, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(world->trace[world->op % WORLD_TRACE],
	    sizeof(world->trace[0]), fmt, ap);
	va_end(ap);
	if (getenv("FSRANDOM_TRACE") != NULL)
		printf("# %lu: %s\n", world->op,
		    world->trace[world->op % WORLD_TRACE]);
}

void
world_fail(struct world *world, const char *fmt, ...)
{
	unsigned long first = 0;
	va_list ap;

	if (world->failed)
		return;
	world->failed = true;
	if (world->op >= WORLD_TRACE)
		first = world->op - WORLD_TRACE + 1;
	for (unsigned long i = first; i <= world->op; i++)
		printf("#   %lu: %s\n", i, world->trace[i % WORLD_TRACE]);
	printf("# %s seed %lu operation %lu: ", world->kind->name,
	    world->seed, world->op);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
}

bool
world_outcome(struct world *world, long result, int want)
{
	int got = result == -1 ? errno : 0;

	if (got != want)
		world_fail(world, "errno %d, expected %d", got, want);
	return got == 0 && want == 0;
}
