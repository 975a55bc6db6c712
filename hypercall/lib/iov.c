/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Walking an array of buffers; see iov.h.
 */

#include "iov.h"

static void
skip_empty(struct iov_cursor *ic)
{

	while (ic->ic_one.iov_len == 0 && ic->ic_restlen != 0 && ic->ic_rest->iov_len == 0) {
		ic->ic_rest++;
		ic->ic_restlen--;
	}
}

void
iov_init(struct iov_cursor *ic, const struct rumpuser_iovec *iov, size_t iovlen)
{

	*ic = (struct iov_cursor){ .ic_rest = iov, .ic_restlen = iovlen };
	skip_empty(ic);
}

void
iov_init_one(struct iov_cursor *ic, void *base, size_t len)
{

	ic->ic_one = (struct rumpuser_iovec){ base, len };
	ic->ic_rest = &ic->ic_one;
	ic->ic_restlen = len != 0;
}

const struct rumpuser_iovec *
iov_step(const struct iov_cursor *ic, size_t *iovlen)
{

	if (ic->ic_one.iov_len != 0) {
		*iovlen = 1;
		return &ic->ic_one;
	}
	*iovlen = ic->ic_restlen < CORE_IOV_MAX ? ic->ic_restlen : CORE_IOV_MAX;
	return ic->ic_rest;
}

static void
advance_one(struct iov_cursor *ic, size_t n)
{

	ic->ic_one.iov_base = (char *)ic->ic_one.iov_base + n;
	ic->ic_one.iov_len -= n;
	if (ic->ic_one.iov_len == 0) {
		ic->ic_rest++;
		ic->ic_restlen--;
	}
}

void
iov_advance(struct iov_cursor *ic, size_t n)
{

	if (ic->ic_one.iov_len != 0) {
		advance_one(ic, n);
		skip_empty(ic);
		return;
	}
	for (; n != 0 && n >= ic->ic_rest->iov_len; ic->ic_rest++, ic->ic_restlen--)
		n -= ic->ic_rest->iov_len;
	if (n != 0) {
		ic->ic_one = *ic->ic_rest;
		advance_one(ic, n);
	}
	skip_empty(ic);
}

bool
iov_total(const struct rumpuser_iovec *iov, size_t iovlen, bool empty, size_t *total)
{
	size_t sum = 0;

	for (size_t i = 0; i < iovlen; i++) {
		if (iov[i].iov_len == 0 && !empty)
			return false;
		if (iov[i].iov_len > SIZE_MAX / 2 - sum)
			return false;
		sum += iov[i].iov_len;
	}
	*total = sum;
	return true;
}
