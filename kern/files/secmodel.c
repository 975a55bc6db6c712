/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Security models by name, secmodel(9): registration, and questions that one
 * model asks another without linking to it (secmodel_eval).
 *
 * model_lock protects the list.  A model's functions are called with it held
 * for reading.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/queue.h>
#include <sys/rwlock.h>
#include <sys/systm.h>

#include <secmodel/secmodel.h>

struct secmodel {
	const char		*sm_id;
	const char		*sm_name;
	prop_dictionary_t	sm_behavior;
	secmodel_eval_t		sm_eval;
	secmodel_setinfo_t	sm_setinfo;
	LIST_ENTRY(secmodel)	sm_list;
};

static krwlock_t model_lock;
static LIST_HEAD(, secmodel) models = LIST_HEAD_INITIALIZER(models);
static volatile unsigned nmodels;

void
secmodel_init(void)
{

	rw_init(&model_lock);
}

static struct secmodel *
model_find(const char *id)
{
	struct secmodel *sm;

	LIST_FOREACH(sm, &models, sm_list)
		if (strcmp(sm->sm_id, id) == 0)
			return sm;
	return NULL;
}

/*
 * Add a model.  The strings and functions must stay until it is deregistered.
 *
 * Returns 0, or EEXIST for an id that is in use.
 */
int
secmodel_register(secmodel_t *result, const char *id, const char *name,
    prop_dictionary_t behavior, secmodel_eval_t eval,
    secmodel_setinfo_t setinfo)
{
	struct secmodel *sm = kmem_alloc(sizeof(*sm), KM_SLEEP);
	int error = 0;

	sm->sm_id = id;
	sm->sm_name = name;
	sm->sm_behavior = behavior;
	sm->sm_eval = eval;
	sm->sm_setinfo = setinfo;
	rw_enter(&model_lock, RW_WRITER);
	if (model_find(id) != NULL) {
		error = EEXIST;
	} else {
		LIST_INSERT_HEAD(&models, sm, sm_list);
		nmodels++;
	}
	rw_exit(&model_lock);
	if (error != 0)
		kmem_free(sm, sizeof(*sm));
	else
		*result = sm;
	return error;
}

int
secmodel_deregister(secmodel_t sm)
{

	rw_enter(&model_lock, RW_WRITER);
	LIST_REMOVE(sm, sm_list);
	nmodels--;
	rw_exit(&model_lock);
	kmem_free(sm, sizeof(*sm));
	return 0;
}

int
secmodel_nsecmodels(void)
{

	return nmodels;
}

/*
 * Ask model id the question what, with its argument; ret is the answer.
 *
 * Returns what the model does, EINVAL if there is none such, ENOENT if it
 * answers no questions.
 */
int
secmodel_eval(const char *id, const char *what, void *arg, void *ret)
{
	struct secmodel *sm;
	int error;

	rw_enter(&model_lock, RW_READER);
	sm = model_find(id);
	if (sm == NULL)
		error = EINVAL;
	else if (sm->sm_eval == NULL)
		error = ENOENT;
	else
		error = (*sm->sm_eval)(what, arg, ret);
	rw_exit(&model_lock);
	return error;
}
