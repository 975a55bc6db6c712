/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments of physical memory: there is one kind, host memory. */
#ifndef _UVM_UVM_PHYSSEG_H_
#define _UVM_UVM_PHYSSEG_H_

typedef int uvm_physseg_t;

#define UVM_PHYSSEG_TYPE_INVALID	(-1)
#define UVM_PHYSSEG_TYPE_INVALID_EMPTY	(-1)
#define UVM_PHYSSEG_TYPE_INVALID_OVERFLOW (-1)
#define PRIxPHYSSEG	"d"

#endif /* _UVM_UVM_PHYSSEG_H_ */
