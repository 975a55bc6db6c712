/* SPDX-License-Identifier: BSD-2-Clause */
/* Security models: sets of kauth listeners under a name. */
#ifndef _SECMODEL_SECMODEL_H_
#define _SECMODEL_SECMODEL_H_

struct secmodel;
typedef struct secmodel *secmodel_t;

#ifdef _KERNEL
#include <prop/proplib.h>

/* Loading and finding models; how one answers another's questions. */
typedef int (*secmodel_eval_t)(const char *, void *, void *);
typedef void (*secmodel_setinfo_t)(const char *, prop_dictionary_t);

void	secmodel_init(void);
int	secmodel_register(secmodel_t *, const char *, const char *,
	    prop_dictionary_t, secmodel_eval_t, secmodel_setinfo_t);
int	secmodel_deregister(secmodel_t);
int	secmodel_nsecmodels(void);
int	secmodel_eval(const char *, const char *, void *, void *);
#endif

#endif
