/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of rump fs: options, the image, and the command or commands. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs.h"
#include "fstype.h"
#include "image.h"
#include "partition.h"
#include "shell.h"

struct invocation invocation;

/* What -c gave. */
static struct {
	char	**list;
	size_t	n;
} scripts;

static int
usage(FILE *to, int status)
{

	fputs("usage: rump fs [OPTION ...] IMAGE [COMMAND [ARGUMENT ...]]\n"
	    "       rump fs [OPTION ...] IMAGE -c 'COMMAND ...; COMMAND ...'\n"
	    "       rump fs help [COMMAND]\n", to);
	if (status != EXIT_OK) {
		fputs("'rump fs help' says more.\n", to);
		return status;
	}
	fputs("\nCommands (without one: a shell, or commands from standard input):\n\n", to);
	commands_list(to);
	fputs("\nOptions:\n\n"
	    "  -t TYPE       type of the file system; it is found by itself otherwise\n"
	    "  -p PART       partition: its number, name or type ('parts' lists them)\n"
	    "  -o OPTIONS    of the mount, separated by commas\n"
	    "  -r            never open the image for writing\n"
	    "  -c COMMANDS   several commands, separated by ; or newlines\n"
	    "  -k            go on after a command that failed\n"
	    "  -q            no progress bar\n"
	    "\nFile systems, and what -o takes (besides ro, noatime, relatime, sync, async):\n\n", to);
	for (size_t i = 0; fstypes[i] != NULL; i++)
		fprintf(to, "  %-8s %s: %s\n", fstypes[i]->name, fstypes[i]->title,
		    fstypes[i]->options);
	fputs("\nPaths are those of the image; patterns (*, ?, [...]) in them are expanded\n"
	    "in the image, so quote them.  Only commands that change something open the\n"
	    "image for writing.  Exit status: 0; 1, some files failed; 2, wrong usage,\n"
	    "or the image could not be opened.\n", to);
	return status;
}

static int
help(const char *name)
{
	const struct command *cmd = command_find(name);

	if (cmd == NULL) {
		fprintf(stderr, "rump fs: no command named '%s'\n", name);
		return EXIT_USAGE;
	}
	command_help(cmd, stdout);
	return EXIT_OK;
}

int
usage_error(const struct command *cmd)
{

	fprintf(stderr, "usage: rump fs IMAGE %s %s\n", cmd->name, cmd->args);
	return EXIT_USAGE;
}

static bool
asks_help(int argc, char **argv)
{

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

/* Standard output that went away or is full; a closed pipe is no news. */
static int
output_check(int status)
{

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno != EPIPE)
		fprintf(stderr, "rump fs: standard output: %s\n", strerror(errno));
	clearerr(stdout);
	return status == EXIT_OK ? EXIT_SOME : status;
}

int
command_run(int argc, char **argv)
{
	const struct command *cmd = command_find(argv[0]);
	int status;

	if (cmd == NULL) {
		fprintf(stderr, "rump fs: no command named '%s'\n", argv[0]);
		return EXIT_USAGE;
	}
	if (asks_help(argc, argv)) {
		command_help(cmd, stdout);
		return output_check(EXIT_OK);
	}
	if ((cmd->flags & CMD_NOIMAGE) == 0) {
		if (!image.is_open)
			image_open((cmd->flags & CMD_WRITES) != 0);
		else if ((cmd->flags & CMD_WRITES) != 0 && !image_reopen(true))
			return EXIT_USAGE;
	}
	optind = 0;
	status = cmd->run(argc, argv);
	if (status == BAD_USAGE)
		return usage_error(cmd);
	if (interrupted() && status == EXIT_OK)
		status = EXIT_SOME;
	return output_check(status);
}

static void
script_add(const char *text)
{

	scripts.list = xrealloc(scripts.list, (scripts.n + 1) * sizeof(*scripts.list));
	scripts.list[scripts.n++] = (char *)text;
}

static int
options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, 'H' },
		{ "type", required_argument, NULL, 't' },
		{ "options", required_argument, NULL, 'o' },
		{ "partition", required_argument, NULL, 'p' },
		{ "read-only", no_argument, NULL, 'r' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "keep-going", no_argument, NULL, 'k' },
		{ "command", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "+c:kho:p:qrt:", longs, NULL)) != -1)
		switch (c) {
		case 'c': script_add(optarg); break;
		case 'k': invocation.keep_going = true; break;
		case 'o': image.options = optarg; break;
		case 'p': image.partition = optarg; break;
		case 'q': invocation.quiet = true; break;
		case 'r': image.read_only = true; break;
		case 't': image.typename = optarg; break;
		case 'h': case 'H': return 'H';
		default: return '?';
		}
	return 0;
}

/* The command itself, or those of -c, or the shell. */
static int
run(int argc, char **argv)
{

	if (scripts.n > 0 && argc > 0) {
		fprintf(stderr, "rump fs: '%s' besides -c\n", argv[0]);
		return EXIT_USAGE;
	}
	if (scripts.n > 0)
		return script_run(scripts.list, scripts.n);
	if (argc > 0)
		return command_run(argc, argv);
	return command_run(1, (char *[]){ (char *)"sh", NULL });
}

static int
finish(int status)
{

	fflush(stdout);
	if (!image_close() && status == EXIT_OK)
		status = EXIT_SOME;
	interrupt_resume();
	free(image.file);
	return status;
}

int
fs_main(int argc, char **argv)
{
	int c;

	if ((c = options(argc, argv)) != 0)
		return usage(c == 'H' ? stdout : stderr, c == 'H' ? EXIT_OK : EXIT_USAGE);
	argc -= optind;
	argv += optind;
	if (argc >= 1 && strcmp(argv[0], "help") == 0)
		return argc == 1 ? usage(stdout, EXIT_OK) : help(argv[1]);
	if (argc == 2 && command_find(argv[0]) != NULL &&
	    (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0))
		return help(argv[0]);
	if (argc < 1)
		return usage(stderr, EXIT_USAGE);
	image.path = argv[0];
	/* options may also follow the image */
	if (argc > 1 && argv[1][0] == '-') {
		if ((c = options(argc, argv)) != 0)
			return usage(c == 'H' ? stdout : stderr, c == 'H' ? EXIT_OK : EXIT_USAGE);
		argc -= optind - 1;
		argv += optind - 1;
	}
	/* one that is still to be made has no other name yet */
	if ((image.file = realpath(image.path, NULL)) == NULL)
		image.file = xstrdup(image.path);
	interrupt_catch();
	return finish(run(argc - 1, argv + 1));
}
