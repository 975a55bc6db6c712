/* SPDX-License-Identifier: BSD-2-Clause */
/* Data that subsystems hang on objects, by key. */
#ifndef _SYS_SPECIFICDATA_H_
#define _SYS_SPECIFICDATA_H_

#include <sys/mutex.h>

typedef unsigned int specificdata_key_t;
typedef struct specificdata_domain *specificdata_domain_t;
typedef struct specificdata_container *specificdata_container_t;
typedef void (*specificdata_dtor_t)(void *);

/* The object's part. */
typedef struct specificdata_reference {
	specificdata_container_t specdataref_container;
	kmutex_t	specdataref_lock;
} specificdata_reference;

#ifdef _KERNEL

specificdata_domain_t specificdata_domain_create(void);
void	specificdata_domain_delete(specificdata_domain_t);

int	specificdata_key_create(specificdata_domain_t, specificdata_key_t *,
	    specificdata_dtor_t);
void	specificdata_key_delete(specificdata_domain_t, specificdata_key_t);

int	specificdata_init(specificdata_domain_t, specificdata_reference *);
void	specificdata_fini(specificdata_domain_t, specificdata_reference *);

void	*specificdata_getspecific(specificdata_domain_t,
	    specificdata_reference *, specificdata_key_t);
void	*specificdata_getspecific_unlocked(specificdata_domain_t,
	    specificdata_reference *, specificdata_key_t);
void	specificdata_setspecific(specificdata_domain_t,
	    specificdata_reference *, specificdata_key_t, void *);
int	specificdata_setspecific_nowait(specificdata_domain_t,
	    specificdata_reference *, specificdata_key_t, void *);

#endif
#endif
