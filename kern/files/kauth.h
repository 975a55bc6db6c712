/* SPDX-License-Identifier: BSD-2-Clause */
/* What credentials, scopes and security models (kern/files/) share. */
#ifndef _FILES_KAUTH_H_
#define _FILES_KAUTH_H_

#include <sys/kauth.h>

/* Start-up, in this order: credentials, scopes, models and defaults. */
void	cred_init(void);
void	secmodel_suser_start(void);
void	secmodel_securelevel_start(void);
void	secmodel_extensions_start(void);
void	kauth_defaults_start(void);

/* Tell listeners of the credential scope what happens to cred. */
void	kauth_cred_hook(kauth_cred_t cred, kauth_action_t action, void *arg0,
	    void *arg1);

#endif
