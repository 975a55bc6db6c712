/* SPDX-License-Identifier: BSD-2-Clause */
#include <uvm/uvm_pmap.h>
