/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands, and what their help says. */
#include <stdio.h>
#include <string.h>

#include "fs.h"

#define COPY_OPTIONS \
	"  -r, -R         directories too, with all that is below them\n" \
	"  -p             keep owner, mode and times\n" \
	"  -a             -rp\n" \
	"  -L             copy what symbolic links point to\n" \
	"  -n             leave files that exist as they are\n" \
	"  -u             replace files only by newer ones\n" \
	"  -f             remove what stands in the way\n" \
	"  -v             name each file\n" \
	"Hard links among the files copied, and holes, are kept where the target has them.\n"

const struct command commands[] = {
	{ "ls", "[-1AadFhilnRrStU] [PATH ...]", "list files",
	  "  -l             long: mode, links, owner, group, size, time\n"
	  "  -a, -A         names that begin with a dot, too; -A not . and ..\n"
	  "  -d             directories themselves, not what is in them\n"
	  "  -R             and all that is below\n"
	  "  -F             mark directories /, links @, programs *\n"
	  "  -h             sizes as people read them\n"
	  "  -i             inode numbers\n"
	  "  -t, -S, -U, -r by time, by size, unsorted, reversed\n"
	  "  -1             one a line\n", cmd_ls, 0 },
	{ "cat", "FILE ...", "print files", NULL, cmd_cat, 0 },
	{ "get", "[-afLnpruv] SOURCE ... [DESTINATION]", "copy out of the image",
	  "Copies from the image to the host; DESTINATION - is standard output.\n"
	  COPY_OPTIONS, cmd_get, 0 },
	{ "put", "[-afLnpruv] SOURCE ... [DESTINATION]", "copy into the image",
	  "Copies from the host to the image; SOURCE - is standard input.\n"
	  COPY_OPTIONS, cmd_put, CMD_WRITES },
	{ "cp", "[-afLnpruv] SOURCE ... DESTINATION", "copy within the image", COPY_OPTIONS,
	  cmd_cp, CMD_WRITES },
	{ "mv", "[-fnv] SOURCE ... DESTINATION", "rename and move",
	  "  -n             leave files that exist as they are\n"
	  "  -v             name each file\n", cmd_mv, CMD_WRITES },
	{ "rm", "[-frv] PATH ...", "remove files",
	  "  -r, -R         directories too, with all that is below them\n"
	  "  -d             empty directories too\n"
	  "  -f             no word about files that are not there\n"
	  "  -v             name each file\n", cmd_rm, CMD_WRITES },
	{ "mkdir", "[-pv] [-m MODE] PATH ...", "make directories",
	  "  -p             those above it, too; no error if it is there\n"
	  "  -m MODE        as for chmod\n"
	  "  -v             name each directory\n", cmd_mkdir, CMD_WRITES },
	{ "rmdir", "[-pv] PATH ...", "remove empty directories",
	  "  -p             those above it, too\n"
	  "  -v             name each directory\n", cmd_rmdir, CMD_WRITES },
	{ "ln", "[-fsv] TARGET ... NAME", "make links",
	  "  -s             symbolic\n"
	  "  -f             remove what stands in the way\n"
	  "  -v             name each link\n", cmd_ln, CMD_WRITES },
	{ "touch", "[-achm] [-d TIME | -r FILE] PATH ...", "set times, make empty files",
	  "  -a, -m         only time of access, only time of change\n"
	  "  -c             make no files\n"
	  "  -h             links themselves\n"
	  "  -d TIME        '2026-11-22 18:30:00', '2026-11-22', or @SECONDS\n"
	  "  -r FILE        as FILE of the image has them\n", cmd_touch, CMD_WRITES },
	{ "truncate", "[-c] -s SIZE PATH ...", "set the size of files",
	  "  -s SIZE        bytes, or with K, M, G, T; +SIZE longer, -SIZE shorter\n"
	  "  -c             make no files\n", cmd_truncate, CMD_WRITES },
	{ "chmod", "[-fRv] MODE PATH ...", "set modes",
	  "MODE: octal, or [ugoa][+-=][rwxXst], joined by commas.\n"
	  "  -R             and all that is below\n"
	  "  -f             no word about what fails\n"
	  "  -v             name each file\n", cmd_chmod, CMD_WRITES },
	{ "chown", "[-fhRv] [OWNER][:GROUP] PATH ...", "set owner and group",
	  "Names are those of /etc/passwd and /etc/group in the image, or numbers.\n"
	  "  -R             and all that is below\n"
	  "  -h             links themselves\n"
	  "  -f             no word about what fails\n"
	  "  -v             name each file\n", cmd_chown, CMD_WRITES },
	{ "stat", "[-L] [-c FORMAT] PATH ...", "everything known of a file",
	  "  -L             what a link points to\n"
	  "  -c FORMAT      with the letters of GNU stat: %n %s %a %A %F %Y %N ...\n",
	  cmd_stat, 0 },
	{ "find", "[PATH ...] [EXPRESSION]", "search a tree",
	  "  -name -iname -path -ipath PATTERN   -type fdlcbps   -empty\n"
	  "  -size -links -inum -uid -gid -mtime [+-]N   -perm [-/]MODE\n"
	  "  -mindepth -maxdepth N   -print -print0 -ls\n"
	  "  ! EXPR   EXPR -a EXPR   EXPR -o EXPR   ( EXPR )\n", cmd_find, 0 },
	{ "tree", "[-adp] [-L DEPTH] [PATH ...]", "draw a tree",
	  "  -a             names that begin with a dot, too\n"
	  "  -d             directories only\n"
	  "  -p             with modes\n"
	  "  -L DEPTH       not deeper\n", cmd_tree, 0 },
	{ "du", "[-abchs] [-d DEPTH] [PATH ...]", "space that files take",
	  "  -a             files, too\n"
	  "  -b             bytes, as files say they are long\n"
	  "  -c             the sum\n"
	  "  -d DEPTH       show not deeper\n"
	  "  -h             as people read them\n"
	  "  -s             arguments only\n", cmd_du, 0 },
	{ "df", "[-hi]", "space used and free", NULL, cmd_df, 0 },
	{ "info", "", "what the image is", NULL, cmd_info, 0 },
	{ "parts", "", "list partitions", NULL, cmd_parts, CMD_NOIMAGE },
	{ "import", "[-knv] [-C DIR] ARCHIVE [MEMBER ...]", "unpack tar, zip, cpio ... into the image",
	  "ARCHIVE is a file of the host, or - for standard input; compressed or not.\n"
	  "  -C DIR         where to, in the image\n"
	  "  -k             leave files that exist as they are\n"
	  "  -n             owners are not kept\n"
	  "  -v             name each file\n", cmd_import, CMD_WRITES },
	{ "export", "[-v] [-C DIR] [-F FORMAT] ARCHIVE [PATH ...]", "pack files of the image as tar",
	  "ARCHIVE is a file of the host, or - for standard output. Its name says how it is\n"
	  "packed: .tar .tar.gz .tgz .tar.xz .tar.zst .tar.bz2 .zip .cpio\n"
	  "  -C DIR         where from, in the image\n"
	  "  -F FORMAT      pax (as usual), ustar, gnutar, newc, zip\n"
	  "  -v             name each file\n", cmd_export, 0 },
	{ "sync", "", "write everything to the image file", NULL, cmd_sync, CMD_WRITES },
	{ "mkfs", "[-f] [-s SIZE] [-L LABEL] [-- ARGUMENT ...]", "make a file system (-t names its type)",
	  "By the tool of the distribution (mkfs.vfat, xorriso), to which ARGUMENTs go.\n"
	  "  -s SIZE        make the image file, or set its size: bytes, or with K, M, G, T\n"
	  "  -L LABEL       the name of the volume\n"
	  "  -f             also where a file system is already\n", cmd_mkfs, CMD_NOIMAGE },
	{ "sh", "", "read commands; a shell at a terminal", NULL, cmd_sh, 0 },
	{ NULL, NULL, NULL, NULL, NULL, 0 }
};

const struct command *
command_find(const char *name)
{

	for (const struct command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

void
command_help(const struct command *cmd, FILE *to)
{

	fprintf(to, "usage: rump fs IMAGE %s%s%s\n\n%s.\n", cmd->name,
	    *cmd->args != '\0' ? " " : "", cmd->args, cmd->what);
	if (cmd->help != NULL)
		fprintf(to, "\n%s", cmd->help);
}

void
commands_list(FILE *to)
{

	for (const struct command *c = commands; c->name != NULL; c++)
		fprintf(to, "  %-9s %s\n", c->name, c->what);
}
