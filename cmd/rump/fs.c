/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of rump fs: options, the image, and the command. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs.h"

static const struct command commands[] = {
	{ "ls", "[-1AadFhilRrStU] [PATH ...]", "list files", cmd_ls },
	{ "cat", "FILE ...", "print files", cmd_cat },
	{ "get", "[-fprv] SOURCE ... DESTINATION", "copy out of the image", cmd_get },
	{ "stat", "[-L] [-c FORMAT] PATH ...", "everything known of a file", cmd_stat },
	{ "find", "[PATH ...] [EXPRESSION]", "search a tree", cmd_find },
	{ "tree", "[-adp] [-L DEPTH] [PATH ...]", "draw a tree", cmd_tree },
	{ "df", "[-hi]", "space used and free", cmd_df },
	{ "info", "", "what the image is", cmd_info },
};
#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static int
usage(FILE *to, int status)
{

	fputs("usage: rump fs [-t TYPE] [-o OPTIONS] IMAGE COMMAND [ARGUMENT ...]\n\n", to);
	for (size_t i = 0; i < NCOMMANDS; i++)
		fprintf(to, "  %-5s %-32s %s\n", commands[i].name, commands[i].args,
		    commands[i].what);
	fputs("\nFile systems, found by themselves or named by -t, and what -o takes:\n\n", to);
	for (size_t i = 0; fstypes[i] != NULL; i++)
		fprintf(to, "  %-8s %s (%s)\n", fstypes[i]->name, fstypes[i]->title,
		    fstypes[i]->options);
	fputs("\nPaths are those of the image; patterns (*, ?, [...]) in them are expanded\n"
	    "in the image, so quote them.  Exit status: 0, 1 (something failed), 2 (usage).\n", to);
	return status;
}

static const struct command *
command_find(const char *name)
{

	for (size_t i = 0; i < NCOMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int
usage_error(const struct command *cmd)
{

	fprintf(stderr, "usage: rump fs IMAGE %s %s\n", cmd->name, cmd->args);
	return EXIT_USAGE;
}

static int
command_run(const struct command *cmd, int argc, char **argv)
{
	int status;

	optind = 0;
	status = cmd->run(argc, argv);
	if (status == EXIT_USAGE)
		return usage_error(cmd);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "rump fs: standard output: %s\n", strerror(errno));
		return EXIT_SOME;
	}
	return status;
}

int
fs_main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, 'H' },
		{ "type", required_argument, NULL, 't' },
		{ "options", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 }
	};
	const struct command *cmd;
	const char *type = NULL;
	char *opts = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "+t:o:", longs, NULL)) != -1)
		switch (c) {
		case 't':
			type = optarg;
			break;
		case 'o':
			opts = optarg;
			break;
		case 'H':
			return usage(stdout, EXIT_OK);
		default:
			return usage(stderr, EXIT_USAGE);
		}
	argc -= optind;
	argv += optind;
	if (argc == 1 && strcmp(argv[0], "help") == 0)
		return usage(stdout, EXIT_OK);
	if (argc < 2)
		return usage(stderr, EXIT_USAGE);
	if ((cmd = command_find(argv[1])) == NULL) {
		fprintf(stderr, "rump fs: no command named '%s'\n", argv[1]);
		return usage(stderr, EXIT_USAGE);
	}
	image_open(argv[0], type, opts);
	return command_run(cmd, argc - 1, argv + 1);
}
