/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel symbols, for messages and for code that looks functions up by name.
 *
 * A table is registered by who has one (the loader of modules, a host that
 * can read its own program) and stays in place until detached.  Tables are
 * searched in turn: it is not fast, and need not be.
 */

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/intr.h>
#include <sys/kmem.h>
#include <sys/ksyms.h>
#include <sys/mutex.h>
#include <sys/once.h>
#include <sys/queue.h>
#include <sys/systm.h>

struct table {
	SLIST_ENTRY(table) link;
	const char *module;
	const struct ksym *syms;
	size_t n;
};

static kmutex_t tables_lock;		/* protects tables */
static SLIST_HEAD(, table) tables = SLIST_HEAD_INITIALIZER(tables);
static ONCE_DECL(host_loaded);

static int
load(void)
{

	ksyms_host_load();
	return 0;
}

/* At the first need: nobody asks in most kernels. */
static void
host_tables(void)
{

	if (host_loaded.o_status != ONCE_DONE)
		(void)RUN_ONCE(&host_loaded, load);
}

void
ksyms_init(void)
{
	mutex_init(&tables_lock, MUTEX_DEFAULT, IPL_NONE);
}

int
ksyms_available(void)
{

	host_tables();
	return !SLIST_EMPTY(&tables);
}

int
ksyms_table_attach(const char *module, const struct ksym *syms, size_t n)
{
	struct table *t = kmem_alloc(sizeof(*t), KM_SLEEP);

	*t = (struct table){ .module = module, .syms = syms, .n = n };
	mutex_enter(&tables_lock);
	SLIST_INSERT_HEAD(&tables, t, link);
	mutex_exit(&tables_lock);
	return 0;
}

void
ksyms_table_detach(const struct ksym *syms)
{
	struct table *t;

	mutex_enter(&tables_lock);
	SLIST_FOREACH(t, &tables, link) {
		if (t->syms == syms)
			break;
	}
	if (t != NULL)
		SLIST_REMOVE(&tables, t, table, link);
	mutex_exit(&tables_lock);
	if (t != NULL)
		kmem_free(t, sizeof(*t));
}

/*
 * The symbol at v, or with KSYMS_CLOSEST (0 is that too) the last below it; with
 * KSYMS_PROC a function.
 *
 * Returns 0 with *mod and *sym set, or ENOENT.
 */
int
ksyms_getname(const char **mod, const char **sym, vaddr_t v, int flags)
{
	const struct ksym *best = NULL;
	struct table *t;
	size_t i;

	host_tables();
	mutex_enter(&tables_lock);
	SLIST_FOREACH(t, &tables, link) {
		for (i = 0; i < t->n; i++) {
			const struct ksym *s = &t->syms[i];

			if (s->ks_value > v ||
			    ((flags & KSYMS_PROC) != 0 && !s->ks_proc) ||
			    ((flags & KSYMS_EXACT) != 0 && s->ks_value != v))
				continue;
			if (best == NULL || s->ks_value > best->ks_value) {
				best = s;
				*mod = t->module;
				*sym = s->ks_name;
			}
		}
	}
	mutex_exit(&tables_lock);
	return best != NULL ? 0 : ENOENT;
}

/*
 * The value of a symbol of a module, or of any if mod is NULL; type KSYMS_PROC:
 * of a function.
 *
 * Returns 0 or ENOENT.
 */
int
ksyms_getval(const char *mod, const char *sym, unsigned long *value, int type)
{
	struct table *t;
	int error = ENOENT;
	size_t i;

	host_tables();
	mutex_enter(&tables_lock);
	SLIST_FOREACH(t, &tables, link) {
		if (mod != NULL && strcmp(mod, t->module) != 0)
			continue;
		for (i = 0; i < t->n && error != 0; i++) {
			if ((type == KSYMS_PROC && !t->syms[i].ks_proc) ||
			    strcmp(t->syms[i].ks_name, sym) != 0)
				continue;
			*value = t->syms[i].ks_value;
			error = 0;
		}
	}
	mutex_exit(&tables_lock);
	return error;
}
