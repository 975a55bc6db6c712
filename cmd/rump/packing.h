/* SPDX-License-Identifier: BSD-2-Clause */
/* What import and export share. */
#ifndef CMD_RUMP_PACKING_H
#define CMD_RUMP_PACKING_H

struct archive;

/* Say what libarchive found wrong with the archive of that name. */
void	packing_complain(struct archive *a, const char *name);

/*
 * Call work in a directory of the image (NULL: where one is), which is the
 * shell's again afterwards.  An exit status.
 */
int	packing_in(const char *dir, int (*work)(char **argv), char **argv);

#endif
