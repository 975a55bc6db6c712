/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rump fs: files in disk images, by kernel file system drivers in this process.
 *
 * fs.c parses the command line, image.c boots the kernel and mounts, each
 * command has a file of its own or shares one with its relatives; commands.c
 * lists them.  Inside the kernel the mounted image is the root, so that paths
 * and absolute symbolic links mean what they say.
 *
 * Several commands may run in one process, from -c or the shell: a command
 * sets its static variables anew, and returns rather than exits.
 */
#ifndef CMD_RUMP_FS_H
#define CMD_RUMP_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <rump/rumpdefs.h>

/* Exit status of the program: done, some files failed, nothing was begun. */
enum { EXIT_OK = 0, EXIT_SOME = 1, EXIT_USAGE = 2 };
/* What a command returns to have its usage printed; it becomes EXIT_USAGE. */
#define BAD_USAGE	(-1)


/* One command: returns an exit status. */
struct command {
	const char *name;
	const char *args;
	const char *what;	/* one line */
	const char *help;	/* options and remarks, lines; may be NULL */
	int (*run)(int argc, char **argv);
	unsigned flags;
#define CMD_WRITES	1	/* opens the image for writing */
#define CMD_NOIMAGE	2	/* opens no image, or does so itself */
};

/* commands.c; NULL ends the list. */
extern const struct command commands[];
const struct command *command_find(const char *name);
void	command_help(const struct command *cmd, FILE *to);
void	commands_list(FILE *to);

int	cmd_cat(int argc, char **argv);
int	cmd_chmod(int argc, char **argv);
int	cmd_chown(int argc, char **argv);
int	cmd_cp(int argc, char **argv);
int	cmd_df(int argc, char **argv);
int	cmd_du(int argc, char **argv);
int	cmd_export(int argc, char **argv);
int	cmd_find(int argc, char **argv);
int	cmd_get(int argc, char **argv);
int	cmd_import(int argc, char **argv);
int	cmd_info(int argc, char **argv);
int	cmd_ln(int argc, char **argv);
int	cmd_ls(int argc, char **argv);
int	cmd_mkdir(int argc, char **argv);
int	cmd_mkfs(int argc, char **argv);
int	cmd_mv(int argc, char **argv);
int	cmd_parts(int argc, char **argv);
int	cmd_put(int argc, char **argv);
int	cmd_rm(int argc, char **argv);
int	cmd_rmdir(int argc, char **argv);
int	cmd_sh(int argc, char **argv);
int	cmd_stat(int argc, char **argv);
int	cmd_sync(int argc, char **argv);
int	cmd_touch(int argc, char **argv);
int	cmd_tree(int argc, char **argv);
int	cmd_truncate(int argc, char **argv);

/* fs.c: what the command line said. */
extern struct invocation {
	bool	quiet;		/* -q: no progress */
	bool	keep_going;	/* -k: after a command that failed */
} invocation;

int	fs_main(int argc, char **argv);
/* Run one command: open the image as it needs, say what was wrong. */
int	command_run(int argc, char **argv);
int	usage_error(const struct command *cmd);

/*
 * report.c: messages on standard error, "rump fs: IMAGE: PATH: why".  err is a
 * NetBSD errno; fail() also ends the program.
 */
void	complain(const char *path, int err);
void	complain_text(const char *path, const char *why);
void	complain_host(const char *path, int err);
/* A name that could not be made: says what is wrong with it, if that is known. */
void	complain_name(const char *path, int err);
void	fail_text(const char *path, const char *why) __attribute__((__noreturn__));
void	fail_memory(void) __attribute__((__noreturn__));
/* Memory, or the program ends. */
void	*xalloc(size_t n);
void	*xrealloc(void *p, size_t n);
char	*xstrdup(const char *s);

/*
 * interrupt.c: signals that ask the program to end only set a flag, so that an
 * image that is being written is unmounted.  Long work looks at the flag.
 */
void	interrupt_catch(void);
bool	interrupted(void);
void	interrupt_clear(void);
/* Was it this signal? */
bool	interrupt_is(int sig);
/* End as the signal would have ended the program, if there was one. */
void	interrupt_resume(void);

/* print.c: how things look. */
void	print_name(const char *name);
void	mode_string(uint32_t mode, char out[11]);
char	type_letter(uint32_t mode);
const char *type_word(uint32_t mode);
void	size_human(uint64_t bytes, char *out, size_t len);
/* "10M", "4k", "512": powers of 1024; false if it is none. */
bool	size_parse(const char *s, int64_t *bytes);
void	time_short(const struct rump_timespec *ts, char *out, size_t len);
void	time_full(const struct rump_timespec *ts, char *out, size_t len);
char	*link_target(const char *path);

/* mode.c: "755", "u+rwX,go-w" applied to mode; false if it is no mode. */
bool	mode_change(const char *s, uint32_t mode, uint32_t *out);

/* glob.c: paths of the image that match a pattern; the pattern if none does. */
struct paths {
	char	**list;
	size_t	n;
};
struct paths paths_expand(int argc, char **argv);
void	paths_add(struct paths *p, const char *path);
void	paths_free(struct paths *p);

#endif
