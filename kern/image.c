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
static struct rump_image_range **last __rump_keep;

const struct rump_image_range *
image_first(void)
{

	return first;
}

void
rump_image_register(struct rump_image_range *range)
{
	const struct rump_image_range *r;

	for (r = first; r != NULL; r = r->ir_next) {
		if (r->ir_data == range->ir_data && r->ir_bss == range->ir_bss)
			return;
	}
	range->ir_next = NULL;
	if (first == NULL)
		first = range;
	else
		*last = range;
	last = &range->ir_next;
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

int
image_save(void)
{
	struct rump_image_range *r;
	void *mem;
	int error;

	for (r = first; r != NULL; r = r->ir_next) {
		if (r->ir_saved != NULL || r->ir_data == r->ir_data_end)
			continue;
		error = rumpuser_malloc((size_t)(r->ir_data_end - r->ir_data),
		    0, &mem);
		if (error != 0)
			return error;
		bytes_copy(mem, r->ir_data, r->ir_data_end);
		r->ir_saved = mem;
	}
	return 0;
}

void
image_restore(void)
{
	const struct rump_image_range *r;

	for (r = first; r != NULL; r = r->ir_next) {
		if (r->ir_saved != NULL)
			bytes_copy(r->ir_data, r->ir_saved,
			    r->ir_saved + (r->ir_data_end - r->ir_data));
		bytes_clear(r->ir_bss, r->ir_bss_end);
	}
}
