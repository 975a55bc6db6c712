/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DRVCTLCOMMAND: a command and its arguments in a dictionary, the answer in another.
 *
 *   { drvctl-command, drvctl-arguments { } } -> { drvctl-error, drvctl-result-data { } }
 *
 *   get-properties { device-name }     the device's dictionary
 *
 * The ioctl fails if there is no such command in what it got (EINVAL), or no way to
 * answer; what becomes of the command is in the answer.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/device.h>
#include <sys/errno.h>

#include <prop/proplib.h>

#include <rump-private/autoconf.h>

#include "drvctl_var.h"

static int
get_properties(prop_dictionary_t args, prop_dictionary_t answer)
{
	prop_dictionary_t copy;
	const char *name;
	device_t dev;

	if (args == NULL ||
	    !prop_dictionary_get_string(args, "device-name", &name))
		return EINVAL;
	dev = config_claim(name);
	if (dev == NULL)
		return ESRCH;
	/* as it is now; it stays the device's */
	copy = prop_dictionary_copy(device_properties(dev));
	config_unclaim(dev);
	if (copy == NULL)
		return ENOMEM;
	(void)prop_dictionary_set(answer, "drvctl-result-data", copy);
	prop_object_release(copy);
	return 0;
}

static const struct command {
	const char *name;
	int	(*func)(prop_dictionary_t args, prop_dictionary_t answer);
} commands[] = {
	{ "get-properties", get_properties },
};

/* The command that is asked for, or NULL. */
static const struct command *
find(prop_dictionary_t question)
{
	const char *name;
	u_int i;

	if (!prop_dictionary_get_string(question, "drvctl-command", &name))
		return NULL;
	for (i = 0; i < __arraycount(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int
drvctl_command(struct plistref *pref, u_long cmd)
{
	prop_dictionary_t question, answer, args;
	const struct command *command;
	int error;

	error = prop_dictionary_copyin_ioctl(pref, cmd, &question);
	if (error != 0)
		return error;
	command = find(question);
	if (command == NULL) {
		prop_object_release(question);
		return EINVAL;
	}
	args = prop_dictionary_get(question, "drvctl-arguments");
	if (args != NULL && prop_object_type(args) != PROP_TYPE_DICTIONARY)
		args = NULL;
	answer = prop_dictionary_create();
	error = (*command->func)(args, answer);
	(void)prop_dictionary_set_int32(answer, "drvctl-error", error);
	error = prop_dictionary_copyout_ioctl(pref, cmd, answer);
	prop_object_release(answer);
	prop_object_release(question);
	return error;
}
