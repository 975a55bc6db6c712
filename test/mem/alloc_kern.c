/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pools, kmem and malloc against a model: a table of what is allocated, each
 * filled with a pattern of its own that must still be there when it is freed.
 */

#include <sys/param.h>
#include <sys/kmem.h>
#include <sys/malloc.h>
#include <sys/pool.h>
#include <sys/systm.h>

#include "memtest.h"

#define SLOTS	256
#define STEPS	20000

struct slot {
	unsigned char *p;
	size_t size;
	unsigned char pattern;
};

static void
fill(struct slot *s, void *p, size_t size, unsigned int r)
{
	s->p = p;
	s->size = size;
	s->pattern = r >> 8;
	memset(p, s->pattern, size);
}

static bool
intact(const struct slot *s)
{
	size_t i;

	for (i = 0; i < s->size; i++) {
		if (s->p[i] != s->pattern)
			return false;
	}
	return true;
}

static const char *
pool_steps(struct pool *pp, size_t size, u_int align, unsigned int seed)
{
	static struct slot slots[SLOTS];
	unsigned int step, live = 0;

	memset(slots, 0, sizeof(slots));
	for (step = 0; step < STEPS; step++) {
		unsigned int r = memtest_random(&seed);
		struct slot *s = &slots[r % SLOTS];

		if (s->p == NULL) {
			void *p = pool_get(pp, r & 0x10000 ? PR_WAITOK :
			    PR_NOWAIT);

			EXPECT(p != NULL);
			EXPECT(((uintptr_t)p & (align - 1)) == 0);
			fill(s, p, size, r);
			live++;
		} else {
			EXPECT(intact(s));
			pool_put(pp, s->p);
			s->p = NULL;
			live--;
		}
		EXPECT(pp->pr_nout == live);
		if (r % 1000 == 0)
			pool_reclaim(pp);
	}
	for (step = 0; step < SLOTS; step++) {
		if (slots[step].p != NULL)
			pool_put(pp, slots[step].p);
	}
	return NULL;
}

const char *
rump_test_pool(unsigned int seed)
{
	static const struct { size_t size; u_int align; int flags; } kinds[] = {
		{ 1, 0, 0 }, { 8, 8, 0 }, { 24, 0, 0 }, { 56, 64, 0 },
		{ 200, 16, 0 }, { 512, 512, 0 }, { 1000, 0, 0 },
		{ 2048, 2048, 0 }, { 4096, 4096, 0 }, { 9000, 0, 0 },
		{ 40, 8, PR_USEBMAP }, { 640, 128, PR_NOTOUCH }
	};
	static struct pool pool;
	unsigned int i;

	for (i = 0; i < __arraycount(kinds); i++) {
		const char *wrong;

		pool_init(&pool, kinds[i].size, kinds[i].align, 0,
		    kinds[i].flags, "memtest", NULL, IPL_NONE);
		wrong = pool_steps(&pool, kinds[i].size,
		    MAX(kinds[i].align, 1), seed + i);
		if (wrong != NULL)
			return wrong;
		pool_reclaim(&pool);
		EXPECT(pool.pr_npages == 0);
		pool_destroy(&pool);
	}
	return NULL;
}

/*
 * Much memory, and then all of it back, in the order in which it came: more
 * pieces of it than a page describes, so descriptions come and go, too.
 */
#define GROWTH_PAGES	(80u << (20 - PAGE_SHIFT))

const char *
rump_test_growth(unsigned int seed)
{
	struct link {
		struct link *next;
		unsigned int mark;
	} *first = NULL, **last = &first, *l;
	unsigned int n;

	for (n = 0; n < GROWTH_PAGES; n++) {
		l = kmem_alloc(PAGE_SIZE, KM_SLEEP);
		l->next = NULL;
		l->mark = n + seed;
		*last = l;
		last = &l->next;
	}
	for (n = 0; (l = first) != NULL; n++) {
		EXPECT(l->mark == n + seed);
		first = l->next;
		kmem_free(l, PAGE_SIZE);
	}
	EXPECT(n == GROWTH_PAGES);
	return NULL;
}

/* Objects carry a mark from construction to destruction. */
#define MARK	0x6d61726bu
static unsigned int constructed;

struct object {
	unsigned int mark;
	unsigned int user;
};

static int
construct(void *arg, void *object, int flags)
{
	struct object *o = object;

	if (arg != &constructed)
		return 1;
	o->mark = MARK;
	constructed++;
	return 0;
}

static void
destruct(void *arg, void *object)
{
	struct object *o = object;

	if (o->mark != MARK)
		panic("memtest: object lost its mark");
	o->mark = 0;
	constructed--;
}

const char *
rump_test_pool_cache(unsigned int seed)
{
	static struct object *live[SLOTS];
	pool_cache_t pc = pool_cache_init(sizeof(struct object), 0, 0, 0,
	    "memtestpc", NULL, IPL_NONE, construct, destruct, &constructed);
	unsigned int step, i;

	for (step = 0; step < STEPS; step++) {
		unsigned int r = memtest_random(&seed);

		i = r % SLOTS;
		if (live[i] == NULL) {
			live[i] = pool_cache_get(pc, PR_WAITOK);
			EXPECT(live[i] != NULL && live[i]->mark == MARK);
			live[i]->user = i;
		} else {
			EXPECT(live[i]->mark == MARK && live[i]->user == i);
			pool_cache_put(pc, live[i]);
			live[i] = NULL;
		}
		if (r % 2000 == 0)
			pool_cache_reclaim(pc);
		if (r % 5000 == 0)
			pool_cache_invalidate(pc);
	}
	EXPECT(pool_cache_nget(pc) >= pool_cache_nput(pc) / 2);
	for (i = 0; i < SLOTS; i++) {
		if (live[i] != NULL)
			pool_cache_put(pc, live[i]);
		live[i] = NULL;
	}
	pool_cache_invalidate(pc);
	EXPECT(constructed == 0);
	pool_cache_destroy(pc);
	return NULL;
}

const char *
rump_test_pool_limits(unsigned int seed)
{
	static struct pool pool;
	void *objects[10], *zero;
	unsigned int i;

	pool_init(&pool, 100, 0, 0, 0, "memtestlim", NULL, IPL_NONE);
	pool_sethardlimit(&pool, 10, NULL, 0);
	for (i = 0; i < 10; i++) {
		objects[i] = pool_get(&pool, PR_NOWAIT);
		EXPECT(objects[i] != NULL);
		memset(objects[i], 0xff, 100);
	}
	EXPECT(pool_get(&pool, PR_NOWAIT) == NULL);
	EXPECT(pool_get(&pool, PR_WAITOK | PR_LIMITFAIL) == NULL);
	pool_put(&pool, objects[3]);
	zero = pool_get(&pool, PR_WAITOK | PR_ZERO);
	EXPECT(zero != NULL);
	for (i = 0; i < 100; i++)
		EXPECT(((char *)zero)[i] == 0);
	objects[3] = zero;
	for (i = 0; i < 10; i++)
		pool_put(&pool, objects[i]);
	pool_setlowat(&pool, 50);
	pool_reclaim(&pool);
#ifndef RUMP_GUARDED_ALLOC
	EXPECT(pool.pr_nitems >= 50);
#endif
	EXPECT(pool_nget(&pool) == 11 && pool_nput(&pool) == 11);
	pool_destroy(&pool);
	return NULL;
}

/* Sizes as kernels ask for them: small mostly, now and then a large one. */
static size_t
random_size(unsigned int *seed)
{
	unsigned int r = memtest_random(seed);

	return 1 + memtest_random(seed) %
	    (r % 100 == 0 ? 200000 : r % 10 == 0 ? 5000 : 300);
}

const char *
rump_test_kmem(unsigned int seed)
{
	static struct slot slots[SLOTS];
	unsigned int step;

	memset(slots, 0, sizeof(slots));
	for (step = 0; step < STEPS; step++) {
		struct slot *s = &slots[memtest_random(&seed) % SLOTS];

		if (s->p == NULL) {
			size_t size = random_size(&seed);
			void *p = kmem_alloc(size, seed & 1 ? KM_SLEEP :
			    KM_NOSLEEP);

			EXPECT(p != NULL);
			EXPECT(((uintptr_t)p & 15) == 0);
			EXPECT(size % COHERENCY_UNIT != 0 ||
			    (uintptr_t)p % COHERENCY_UNIT == 0);
			fill(s, p, size, seed);
		} else {
			EXPECT(intact(s));
			kmem_free(s->p, s->size);
			s->p = NULL;
		}
	}
	for (step = 0; step < SLOTS; step++) {
		if (slots[step].p != NULL)
			kmem_free(slots[step].p, slots[step].size);
	}
	return NULL;
}

const char *
rump_test_mallocs(unsigned int seed)
{
	static struct slot slots[SLOTS];
	unsigned int step;
	size_t size;
	void *p;

	memset(slots, 0, sizeof(slots));
	for (step = 0; step < STEPS; step++) {
		struct slot *s = &slots[memtest_random(&seed) % SLOTS];

		size = random_size(&seed);
		if (s->p == NULL) {
			p = malloc(size, M_TEMP, M_WAITOK | M_ZERO);
			EXPECT(p != NULL);
			s->p = p;
			s->size = size;
			s->pattern = 0;
			EXPECT(intact(s));
			fill(s, p, size, seed);
		} else if (seed & 1) {
			EXPECT(intact(s));
			p = realloc(s->p, size, M_TEMP, M_WAITOK);
			EXPECT(p != NULL);
			s->p = p;
			s->size = MIN(size, s->size);
			EXPECT(intact(s));
			fill(s, p, size, seed);
		} else {
			EXPECT(intact(s));
			free(s->p, M_TEMP);
			s->p = NULL;
		}
	}
	for (step = 0; step < SLOTS; step++) {
		if (slots[step].p != NULL)
			free(slots[step].p, M_TEMP);
	}
	return NULL;
}
