/* SPDX-License-Identifier: BSD-2-Clause */
/* Anonymous maps: none.  The constants serve code that names them. */
#ifndef _UVM_UVM_AMAP_H_
#define _UVM_UVM_AMAP_H_

#define AMAP_SHARED		0x1
#define AMAP_REFALL		0x2
#define AMAP_SWAPOFF		0x4
#define AMAP_COPY_NOWAIT	0x02
#define AMAP_COPY_NOCHUNK	0x04
#define AMAP_COPY_NOMERGE	0x08
#define AMAP_EXTEND_BACKWARDS	0x00
#define AMAP_EXTEND_FORWARDS	0x01
#define AMAP_EXTEND_NOWAIT	0x02

#endif /* _UVM_UVM_AMAP_H_ */
