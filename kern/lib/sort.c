/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sorting and searching arrays.
 *
 * Ref: J. Williams, Algorithm 232 Heapsort, CACM 7, 1964; C11 7.22.5.1.
 */

#include <sys/types.h>
#include <lib/libkern/libkern.h>

struct heap {
	char *base;
	size_t size;			/* of an element */
	int (*compare)(const void *, const void *);
	void *spare;			/* room for an element */
};

/*
 * The place i takes an element (in spare) that may be too small for it: larger
 * children move up until it fits.
 */
static void
sift(const struct heap *h, size_t i, size_t n)
{
	size_t c;

	for (; (c = 2 * i + 1) < n; i = c) {
		char *child = h->base + c * h->size;

		if (c + 1 < n && h->compare(child, child + h->size) < 0) {
			child += h->size;
			c++;
		}
		if (h->compare(h->spare, child) >= 0)
			break;
		memcpy(h->base + i * h->size, child, h->size);
	}
	memcpy(h->base + i * h->size, h->spare, h->size);
}

/*
 * Sort n elements in place, in n log n steps always.
 *
 * spare   room for one element, which the caller supplies.
 *
 * Returns 0, or -1 if size is 0.
 */
int
kheapsort(void *base, size_t n, size_t size,
    int (*compare)(const void *, const void *), void *spare)
{
	const struct heap h = { base, size, compare, spare };
	size_t i;

	if (size == 0)
		return -1;
	for (i = n / 2; i-- > 0; ) {
		memcpy(spare, h.base + i * size, size);
		sift(&h, i, n);
	}
	for (i = n; i-- > 1; ) {
		memcpy(spare, h.base + i * size, size);
		memcpy(h.base + i * size, h.base, size);
		sift(&h, 0, i);
	}
	return 0;
}

/* An element equal to key in a sorted array, or NULL. */
void *
bsearch(const void *key, const void *base, size_t n, size_t size,
    int (*compare)(const void *, const void *))
{
	const char *low = base;

	while (n != 0) {
		const char *middle = low + n / 2 * size;
		int order = compare(key, middle);

		if (order == 0)
			return __UNCONST(middle);
		if (order > 0) {
			low = middle + size;
			n -= n / 2 + 1;
		} else
			n /= 2;
	}
	return NULL;
}
