/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands in text: words, quotes, scripts, and the shell.
 *
 *	command [word ...]	one of rump fs's, on the image
 *	cd [DIR]  pwd		working directory in the image
 *	lcd [DIR]  lpwd		on the host
 *	! COMMAND		the host's shell
 *	help [COMMAND]  exit
 *
 * Commands end with ; or the line.  Words are quoted by '', "" and \ as sh(1)
 * has them; # begins a comment.
 */
#ifndef CMD_RUMP_SHELL_H
#define CMD_RUMP_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "fs.h"

/* One command of a text; argv ends with NULL. */
struct line {
	int	argc;
	char	**argv;
};

/*
 * Cut the next command off *text, which is advanced; argc is 0 where there is
 * none (and **text '\0' at the end).  Returns NULL, or what is wrong with it.
 */
const char *line_next(const char **text, struct line *out);
void	line_free(struct line *l);
/* Does text end inside quotes, or with a backslash, so that another line belongs to it? */
bool	text_is_open(const char *text);

/* What the shell knows besides the commands; NULL ends. */
extern const struct builtin {
	const char *name, *args, *what;
	int (*run)(int argc, char **argv);
} builtins[];
const struct builtin *builtin_find(const char *name);
/* Has "exit" been said? */
extern bool shell_ends;

/* Run a command or builtin: an exit status. */
int	line_run(struct line *l);

/*
 * Run all commands of n texts; ends at the first that fails, unless -k was given.
 * What is wrong with the text itself is told before anything runs.
 */
int	script_run(char **texts, size_t n);

/* shell_edit.c: lines from a terminal, with history and completion. */
int	shell_interactive(void);

#endif
