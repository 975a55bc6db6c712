/* SPDX-License-Identifier: BSD-2-Clause */
/* Partitions, where the kernel is built without disks. */
#include "fs.h"
#include "image.h"
#include "partition.h"

bool
partition_find(void)
{

	complain_text(NULL, "this program was built without partitions");
	return false;
}

int
partition_list(FILE *to)
{

	(void)to;
	return 0;
}
