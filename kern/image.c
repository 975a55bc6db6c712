/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's writable data, and how a halt makes it new.
 *
 * Components' data sits in sections of its own (tools/kernel.lds), and each
 * linked object registers where its are.  The first boot keeps a copy of
 * initialised data; a halt copies that back and clears the rest.  So no part
 * of the kernel, no driver of NetBSD's either, needs code to be started
 * twice.  What must survive says __rump_keep: it lies in another section.
 *
 * An object that is loaded later registers from the host's loader, at any time,
 * and its data are kept at once, before any of its code runs.  If the host has
 * no memory for that, it is tried again when the kernel takes the object up
 * (component.c).  So the list grows while others read it: it is appended to
 * without a lock, and nothing ever leaves it.
 *
 * Copying goes over the gaps between objects, which belong to the address
 * sanitizer, so these loops are not instrumented and call no function.
 */
#include "image.h"

#include <sys/types.h>
#include <sys/cdefs.h>

#include <rump-private/image.h>
#include <rump/rumpuser.h>

#include "sched.h"

#define UNINSTRUMENTED \
	__attribute__((__noinline__, __no_sanitize__("address"), \
	    __no_sanitize__("thread"), __no_sanitize__("undefined")))

static struct rump_image_range *first __rump_keep;
static struct rump_image_range **last __rump_keep = &first;
static bool booted __rump_keep;		/* some kernel, some time */

/* A range is whole before it can be seen. */
static struct rump_image_range *
follow(struct rump_image_range *const *link)
{

	return __atomic_load_n(link, __ATOMIC_ACQUIRE);
}

const struct rump_image_range *
image_next(const struct rump_image_range *r)
{

	return follow(r == NULL ? &first : &r->ir_next);
}

static void UNINSTRUMENTED
bytes_copy(char *to, const char *from, const char *end)
{

	while (from < end)
		*to++ = *from++;
}

static void UNINSTRUMENTED
bytes_clear(char *to, const char *end)
{

	while (to < end)
		*to++ = 0;
}

/* Whoever comes second finds that it was done: the data are the same still. */
static int
range_save(struct rump_image_range *r)
{
	size_t len = (size_t)(r->ir_data_end - r->ir_data);
	char *none = NULL;
	void *mem;
	int error;

	if (len == 0 || __atomic_load_n(&r->ir_saved, __ATOMIC_RELAXED) != NULL)
		return 0;
	error = rumpuser_malloc(len, 0, &mem);
	if (error != 0)
		return error;
	bytes_copy(mem, r->ir_data, r->ir_data_end);
	if (!__atomic_compare_exchange_n(&r->ir_saved, &none, mem, false,
	    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		rumpuser_free(mem, len);
	return 0;
}

int
image_save(void)
{
	struct rump_image_range *r;
	int error = 0;

	__atomic_store_n(&booted, true, __ATOMIC_SEQ_CST);
	for (r = follow(&first); r != NULL && error == 0; r = follow(&r->ir_next))
		error = range_save(r);
	return error;
}

void
rump_image_register(struct rump_image_range *range)
{
	const struct rump_image_range *r;
	struct rump_image_range **link;

	for (r = image_next(NULL); r != NULL; r = image_next(r)) {
		if (r->ir_data == range->ir_data && r->ir_bss == range->ir_bss)
			return;
	}
	range->ir_next = NULL;
	link = __atomic_exchange_n(&last, &range->ir_next, __ATOMIC_ACQ_REL);
	__atomic_store_n(link, range, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&booted, __ATOMIC_SEQ_CST))
		(void)range_save(range);
}

void
image_restore(void)
{
	const struct rump_image_range *r;

	for (r = image_next(NULL); r != NULL; r = image_next(r)) {
		if (r->ir_saved == NULL && r->ir_data != r->ir_data_end)
			continue;		/* none of it ever ran */
		if (r->ir_saved != NULL)
			bytes_copy(r->ir_data, r->ir_saved,
			    r->ir_saved + (r->ir_data_end - r->ir_data));
		bytes_clear(r->ir_bss, r->ir_bss_end);
	}
}
