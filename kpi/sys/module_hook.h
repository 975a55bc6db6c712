/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of functions that a module may or may not supply.
 *
 * A hook is a function pointer with a count of callers inside.  A caller
 * enters, calls, and leaves; clearing a hook waits until all have left.
 */
#ifndef _SYS_MODULE_HOOK_H_
#define _SYS_MODULE_HOOK_H_

#include <sys/types.h>
#include <sys/param.h>
#include <sys/mutex.h>
#include <sys/localcount.h>
#include <sys/stdbool.h>

#define MODULE_HOOK(hook, type, args) \
extern struct hook##_t { \
	struct localcount lc; \
	type		(*f)args; \
	bool		hooked; \
} hook

#define MODULE_HOOK_SET(hook, func) do { \
	(hook).f = (func); \
	module_hook_set(&(hook).hooked, &(hook).lc); \
} while (/*CONSTCOND*/0)

#define MODULE_HOOK_UNSET(hook) do { \
	KASSERT((hook).f != NULL); \
	module_hook_unset(&(hook).hooked, &(hook).lc); \
	(hook).f = NULL; \
} while (/*CONSTCOND*/0)

/* args and default are in parentheses; default is evaluated without a hook. */
#define MODULE_HOOK_CALL(hook, args, default, retval) do { \
	if (module_hook_tryenter(&(hook).hooked, &(hook).lc)) { \
		(retval) = (*(hook).f)args; \
		module_hook_exit(&(hook).lc); \
	} else { \
		(retval) = (default); \
	} \
} while (/*CONSTCOND*/0)

#define MODULE_HOOK_CALL_VOID(hook, args, default) do { \
	if (module_hook_tryenter(&(hook).hooked, &(hook).lc)) { \
		(*(hook).f)args; \
		module_hook_exit(&(hook).lc); \
	} else { \
		default; \
	} \
} while (/*CONSTCOND*/0)

void	module_hook_init(void);
void	module_hook_set(bool *, struct localcount *);
void	module_hook_unset(bool *, struct localcount *);
bool	module_hook_tryenter(bool *, struct localcount *);
void	module_hook_exit(struct localcount *);

#endif /* _SYS_MODULE_HOOK_H_ */
