/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kcpuset(9): sets of CPUs, as bit maps with a reference count.
 *
 * User sets are the same bit map in bytes, of a length that the user names;
 * bits past it are zero.  The atomic functions change single words atomically.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/cpu.h>
#include <sys/kcpuset.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#define WORD_BITS	32
#define WORDS		(MAXCPUS / WORD_BITS)
#define WORD(n)		((n) / WORD_BITS)
#define BIT(n)		(1U << ((n) % WORD_BITS))

struct kcpuset {
	volatile u_int	kc_refs;
	struct kcpuset	*kc_next;	/* on a list of kcpuset_unuse */
	uint32_t	kc_bits[WORDS];
};

kcpuset_t *kcpuset_attached;
kcpuset_t *kcpuset_running;
static struct kcpuset attached, running;

/* All CPUs there will be are there, and run. */
void
kcpuset_sysinit(void)
{
	cpuid_t cpu;

	attached.kc_refs = running.kc_refs = 1;
	kcpuset_attached = &attached;
	kcpuset_running = &running;
	for (cpu = 0; cpu < (cpuid_t)ncpu; cpu++) {
		kcpuset_set(&attached, cpu);
		kcpuset_set(&running, cpu);
	}
}

/* A set with one reference; its contents are undefined unless zero is true. */
void
kcpuset_create(kcpuset_t **setp, bool zero)
{

	*setp = kmem_zalloc(sizeof(**setp), KM_SLEEP);
	(*setp)->kc_refs = 1;
}

void
kcpuset_clone(kcpuset_t **setp, const kcpuset_t *from)
{

	kcpuset_create(setp, false);
	kcpuset_copy(*setp, from);
}

/* Destroy a set, or a list of sets that kcpuset_unuse made. */
void
kcpuset_destroy(kcpuset_t *set)
{
	kcpuset_t *next;

	for (; set != NULL; set = next) {
		next = set->kc_next;
		kmem_free(set, sizeof(*set));
	}
}

void
kcpuset_use(kcpuset_t *set)
{

	atomic_inc_uint(&set->kc_refs);
}

/* Drop a reference; the last one frees the set, or adds it to *list. */
void
kcpuset_unuse(kcpuset_t *set, kcpuset_t **list)
{

	membar_release();
	if (atomic_dec_uint_nv(&set->kc_refs) != 0)
		return;
	membar_acquire();
	if (list == NULL) {
		kcpuset_destroy(set);
		return;
	}
	set->kc_next = *list;
	*list = set;
}

void
kcpuset_copy(kcpuset_t *to, const kcpuset_t *from)
{

	memcpy(to->kc_bits, from->kc_bits, sizeof(to->kc_bits));
}

int
kcpuset_copyin(const cpuset_t *user, kcpuset_t *set, size_t len)
{

	kcpuset_zero(set);
	return len <= sizeof(set->kc_bits) ? copyin(user, set->kc_bits, len) : EINVAL;
}

int
kcpuset_copyout(kcpuset_t *set, cpuset_t *user, size_t len)
{

	return len <= sizeof(set->kc_bits) ? copyout(set->kc_bits, user, len) : EINVAL;
}

void
kcpuset_zero(kcpuset_t *set)
{

	memset(set->kc_bits, 0, sizeof(set->kc_bits));
}

void
kcpuset_fill(kcpuset_t *set)
{

	memset(set->kc_bits, 0xff, sizeof(set->kc_bits));
}

void
kcpuset_set(kcpuset_t *set, cpuid_t cpu)
{

	KASSERT(cpu < MAXCPUS);
	set->kc_bits[WORD(cpu)] |= BIT(cpu);
}

void
kcpuset_clear(kcpuset_t *set, cpuid_t cpu)
{

	KASSERT(cpu < MAXCPUS);
	set->kc_bits[WORD(cpu)] &= ~BIT(cpu);
}

bool
kcpuset_isset(const kcpuset_t *set, cpuid_t cpu)
{

	KASSERT(cpu < MAXCPUS);
	return (set->kc_bits[WORD(cpu)] & BIT(cpu)) != 0;
}

/* Is any CPU but this one in the set? */
bool
kcpuset_isotherset(const kcpuset_t *set, cpuid_t cpu)
{

	return kcpuset_countset(set) > (kcpuset_isset(set, cpu) ? 1 : 0);
}

bool
kcpuset_iszero(const kcpuset_t *set)
{

	return kcpuset_ffs(set) == 0;
}

bool
kcpuset_intersecting_p(const kcpuset_t *a, const kcpuset_t *b)
{

	return kcpuset_ffs_intersecting(a, b) != 0;
}

bool
kcpuset_match(const kcpuset_t *a, const kcpuset_t *b)
{

	return memcmp(a->kc_bits, b->kc_bits, sizeof(a->kc_bits)) == 0;
}

int
kcpuset_countset(const kcpuset_t *set)
{
	int count = 0;

	for (u_int w = 0; w < WORDS; w++)
		for (uint32_t bits = set->kc_bits[w]; bits != 0; bits &= bits - 1)
			count++;
	return count;
}

/* Number of the first CPU, counted from 1; 0 if there is none. */
cpuid_t
kcpuset_ffs(const kcpuset_t *set)
{

	return kcpuset_ffs_intersecting(set, set);
}

cpuid_t
kcpuset_ffs_intersecting(const kcpuset_t *a, const kcpuset_t *b)
{

	for (u_int w = 0; w < WORDS; w++) {
		uint32_t bits = a->kc_bits[w] & b->kc_bits[w];

		if (bits != 0)
			return w * WORD_BITS + (cpuid_t)__builtin_ffs((int)bits);
	}
	return 0;
}

void
kcpuset_merge(kcpuset_t *to, const kcpuset_t *from)
{

	for (u_int w = 0; w < WORDS; w++)
		to->kc_bits[w] |= from->kc_bits[w];
}

void
kcpuset_intersect(kcpuset_t *to, const kcpuset_t *from)
{

	for (u_int w = 0; w < WORDS; w++)
		to->kc_bits[w] &= from->kc_bits[w];
}

void
kcpuset_remove(kcpuset_t *to, const kcpuset_t *from)
{

	for (u_int w = 0; w < WORDS; w++)
		to->kc_bits[w] &= ~from->kc_bits[w];
}

void
kcpuset_atomic_set(kcpuset_t *set, cpuid_t cpu)
{

	KASSERT(cpu < MAXCPUS);
	atomic_or_32(&set->kc_bits[WORD(cpu)], BIT(cpu));
}

void
kcpuset_atomic_clear(kcpuset_t *set, cpuid_t cpu)
{

	KASSERT(cpu < MAXCPUS);
	atomic_and_32(&set->kc_bits[WORD(cpu)], ~BIT(cpu));
}

void
kcpuset_atomicly_merge(kcpuset_t *to, const kcpuset_t *from)
{

	for (u_int w = 0; w < WORDS; w++)
		atomic_or_32(&to->kc_bits[w], from->kc_bits[w]);
}

void
kcpuset_atomicly_intersect(kcpuset_t *to, const kcpuset_t *from)
{

	for (u_int w = 0; w < WORDS; w++)
		atomic_and_32(&to->kc_bits[w], from->kc_bits[w]);
}

void
kcpuset_atomicly_remove(kcpuset_t *to, const kcpuset_t *from)
{

	for (u_int w = 0; w < WORDS; w++)
		atomic_and_32(&to->kc_bits[w], ~from->kc_bits[w]);
}

/* The first len bytes, as words. */
void
kcpuset_export_u32(const kcpuset_t *set, uint32_t *out, size_t len)
{

	memcpy(out, set->kc_bits, MIN(len, sizeof(set->kc_bits)));
}
