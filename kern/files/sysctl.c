/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysctl: the tree's lock, and finding, reading and writing its nodes.
 *
 *   __sysctl(2)            a path of numbers, room for the old value, a new one
 *   sysctl_dispatch        find the node of a path and run its handler
 *   sysctl_lookup          what handlers call to read and write plain values
 *   sysctl_query …         operations on the tree: sysctl_tree.c
 *
 * One rwlock covers the tree.  Readers hold it while a handler runs; a handler
 * that sleeps long lets it go meanwhile (sysctl_unlock, sysctl_relock).  What
 * changes the tree takes it for writing.  Values are not covered: a word is
 * read and written as one, larger ones are the handler's business.
 *
 * A handler for a custom subtree gets the rest of the path as name, namelen.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/rwlock.h>
#include <sys/sysctl.h>
#include <sys/systm.h>

#include <rump-private/syscall.h>

#include "files/fd_calls.h"
#include "files/sysctl.h"

/* Values up to this size are written without an allocation. */
#define SMALL_VALUE	64

static krwlock_t tree_lock;

struct sysctlnode sysctl_root = {
	.sysctl_flags = SYSCTL_VERSION | CTLFLAG_ROOT | CTLFLAG_READWRITE |
	    CTLTYPE_NODE,
	.sysctl_num = 0,
	.sysctl_size = sizeof(struct sysctlnode),
	.sysctl_name = "(root)",
};

void
sysctl_lock(bool writer)
{

	rw_enter(&tree_lock, writer ? RW_WRITER : RW_READER);
	if (writer)
		curlwp->l_pflag |= LP_SYSCTLWRITE;
}

void
sysctl_unlock(void)
{

	if (rw_write_held(&tree_lock))
		curlwp->l_pflag &= ~LP_SYSCTLWRITE;
	rw_exit(&tree_lock);
}

/* Only handlers call this, and they run with the tree held for reading. */
void
sysctl_relock(void)
{

	rw_enter(&tree_lock, RW_READER);
}

bool
tree_is_node(const struct sysctlnode *node)
{

	return SYSCTL_TYPE(node->sysctl_flags) == CTLTYPE_NODE;
}

struct sysctlnode *
tree_child(const struct sysctlnode *parent, int num)
{
	struct sysctlnode *child = parent->sysctl_child;
	u_int low = 0, high = parent->sysctl_clen, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (child[mid].sysctl_num < num)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < parent->sysctl_clen && child[low].sysctl_num == num)
		return &child[low];
	return NULL;
}

struct sysctlnode *
tree_child_named(const struct sysctlnode *parent, const char *name)
{
	u_int i;

	for (i = 0; i < parent->sysctl_clen; i++)
		if (strcmp(parent->sysctl_child[i].sysctl_name, name) == 0)
			return &parent->sysctl_child[i];
	return NULL;
}

/* The only child of a node, if it stands for all numbers. */
static struct sysctlnode *
tree_anynumber(const struct sysctlnode *parent)
{

	if (parent->sysctl_clen == 1 &&
	    (parent->sysctl_child[0].sysctl_flags & CTLFLAG_ANYNUMBER) != 0)
		return &parent->sysctl_child[0];
	return NULL;
}

int
tree_may_write(struct lwp *l, enum kauth_system_req req)
{

	if (l == NULL)
		return 0;
	return kauth_authorize_system(l->l_cred, KAUTH_SYSTEM_SYSCTL, req,
	    NULL, NULL, NULL);
}

/*
 * Walk a path as far as the tree goes: to a leaf, a node with a handler, or an
 * operation (a negative number).
 *
 * nodep    out: the last node on the way.
 * depthp   out: numbers used.
 *
 * Returns 0, ENOENT, ENOTDIR (a path through a leaf), or EPERM (private).
 */
int
sysctl_locate(struct lwp *l, const int *name, u_int namelen,
    const struct sysctlnode **nodep, int *depthp)
{
	const struct sysctlnode *node = *nodep != NULL ? *nodep : &sysctl_root;
	const struct sysctlnode *child;
	int error = 0;
	u_int i;

	for (i = 0; i < namelen && error == 0; i++) {
		if (name[i] < 0 || (node->sysctl_func != NULL && i > 0))
			break;
		if (!tree_is_node(node)) {
			error = ENOTDIR;
			break;
		}
		child = tree_child(node, name[i]);
		if (child == NULL)	/* one child that any number fits? */
			child = tree_anynumber(node);
		if (child != NULL && (child->sysctl_flags & CTLFLAG_ALIAS))
			child = tree_child(node, child->sysctl_alias);
		if (child == NULL) {
			error = ENOENT;
			break;
		}
		if (child->sysctl_flags & CTLFLAG_PRIVATE)
			error = tree_may_write(l, KAUTH_REQ_SYSTEM_SYSCTL_PRVT);
		node = child;
	}
	*nodep = node;
	*depthp = i;
	return error;
}

/* The operation that a negative last number asks for. */
static int
operate(int op, SYSCTLFN_ARGS)
{

	switch (op) {
	case CTL_QUERY:
		return sysctl_query(SYSCTLFN_CALL(rnode));
	case CTL_CREATE:
		return sysctl_create(SYSCTLFN_CALL(__UNCONST(rnode)));
	case CTL_DESTROY:
		return sysctl_destroy(SYSCTLFN_CALL(__UNCONST(rnode)));
	case CTL_DESCRIBE:
		return sysctl_describe(SYSCTLFN_CALL(rnode));
	default:		/* CTL_CREATESYM, CTL_MMAP */
		return EOPNOTSUPP;
	}
}

/*
 * Find a node and run it.
 *
 * name, namelen   the path, from rnode or from the root for NULL.
 * oldp, oldlenp   room for the value, NULL to ask for its size; *oldlenp is
 *                 its size on return, also with ENOMEM (too little room).
 * newp, newlen    the new value, or NULL.
 * oname           the whole path, for messages.
 * l               the caller; NULL for the kernel, whose pointers are its own.
 *
 * Locks:   the tree is held, for reading at least.
 */
int
sysctl_dispatch(SYSCTLFN_ARGS)
{
	const struct sysctlnode *node = rnode;
	sysctlfn fn;
	int depth, error;

	error = sysctl_locate(l, name, namelen, &node, &depth);
	if (error == 0 && (u_int)depth < namelen && name[depth] < 0) {
		fn = node->sysctl_func;
		if (fn != NULL)		/* a custom subtree answers itself */
			return (*fn)(name + depth, namelen - depth, oldp,
			    oldlenp, newp, newlen, oname, l, node);
		if ((u_int)depth + 1 != namelen)
			return EINVAL;
		return operate(name[depth], name + depth, namelen - depth,
		    oldp, oldlenp, newp, newlen, oname, l, node);
	}
	if (error != 0)
		return error;
	fn = node->sysctl_func;
	if (fn == NULL) {
		if (tree_is_node(node))
			return (u_int)depth < namelen ? ENOENT : EISDIR;
		fn = sysctl_lookup;
	}
	return (*fn)(name + depth, namelen - depth, oldp, oldlenp, newp,
	    newlen, oname, l, node);
}

/* A plain value's address and size. */
static void *
value_of(const struct sysctlnode *node, size_t *sizep)
{

	*sizep = node->sysctl_size;
	switch (SYSCTL_TYPE(node->sysctl_flags)) {
	case CTLTYPE_INT:
		*sizep = sizeof(int);
		if (node->sysctl_flags & CTLFLAG_IMMEDIATE)
			return __UNCONST(&node->sysctl_idata);
		break;
	case CTLTYPE_QUAD:
		*sizep = sizeof(u_quad_t);
		if (node->sysctl_flags & CTLFLAG_IMMEDIATE)
			return __UNCONST(&node->sysctl_qdata);
		break;
	case CTLTYPE_BOOL:
		*sizep = sizeof(bool);
		if (node->sysctl_flags & CTLFLAG_IMMEDIATE)
			return __UNCONST(&node->sysctl_bdata);
		break;
	case CTLTYPE_STRING:
		if (node->sysctl_data != NULL)
			*sizep = strnlen(node->sysctl_data, node->sysctl_size -
			    (node->sysctl_size > 0)) + 1;
		break;
	default:
		break;
	}
	return node->sysctl_data;
}

/* Give the caller as much of a value as it has room for. */
static int
give(const void *value, size_t size, void *oldp, size_t *oldlenp,
    struct lwp *l)
{
	size_t room = *oldlenp;
	int error = 0;

	if (oldp != NULL) {
		error = sysctl_copyout(l, value, oldp, MIN(room, size));
		if (error == 0 && room < size)
			error = ENOMEM;
	}
	*oldlenp = size;
	return error;
}

/* Take a new string, with or without its NUL. */
static int
take_string(const struct sysctlnode *node, const void *newp, size_t newlen,
    struct lwp *l)
{
	char *string;
	int error;

	if (newlen > node->sysctl_size)
		return EINVAL;
	string = kmem_alloc(newlen + 1, KM_SLEEP);
	error = sysctl_copyin(l, newp, string, newlen);
	if (error == 0) {
		string[newlen] = '\0';
		if (strlen(string) >= node->sysctl_size)
			error = EINVAL;
		else
			strlcpy(node->sysctl_data, string, node->sysctl_size);
	}
	kmem_free(string, newlen + 1);
	return error;
}

/* Take a new value of exactly the size; no half of it is ever stored. */
static int
take_value(void *value, size_t size, const void *newp, size_t newlen,
    struct lwp *l)
{
	char small[SMALL_VALUE], *copy = small;
	int error;

	if (newlen != size)
		return EINVAL;
	if (size > sizeof(small))
		copy = kmem_alloc(size, KM_SLEEP);
	error = sysctl_copyin(l, newp, copy, size);
	if (error == 0)
		memcpy(value, copy, size);
	if (copy != small)
		kmem_free(copy, size);
	return error;
}

static int
may_change(const struct sysctlnode *node, struct lwp *l)
{

	if ((node->sysctl_flags & CTLFLAG_READWRITE) == 0)
		return EPERM;
	if (l == NULL || (node->sysctl_flags & CTLFLAG_ANYWRITE) != 0)
		return 0;
	return tree_may_write(l, KAUTH_REQ_SYSTEM_SYSCTL_MODIFY);
}

/*
 * Read and write the value of a leaf.  Handlers call it on a copy of their
 * node, with the data pointer set to a variable of their own.
 */
int
sysctl_lookup(SYSCTLFN_ARGS)
{
	size_t size;
	void *value;
	int error;

	if (tree_is_node(rnode) || namelen != 0)
		return EOPNOTSUPP;
	if (newp != NULL && (error = may_change(rnode, l)) != 0)
		return error;
	value = value_of(rnode, &size);
	if (value == NULL)
		return EINVAL;
	error = give(value, size, oldp, oldlenp, l);
	if (error != 0 || newp == NULL)
		return error;
	if (SYSCTL_TYPE(rnode->sysctl_flags) == CTLTYPE_STRING)
		return take_string(rnode, newp, newlen, l);
	return take_value(value, size, newp, newlen, l);
}

int
sysctl_notavail(SYSCTLFN_ARGS)
{

	if (namelen == 1 && name[0] == CTL_QUERY)
		return sysctl_query(SYSCTLFN_CALL(rnode));
	return EOPNOTSUPP;
}

int
sysctl_null(SYSCTLFN_ARGS)
{

	*oldlenp = 0;
	return 0;
}

/* The handler of nodes whose own is yet to come. */
int
sysctl_needfunc(SYSCTLFN_ARGS)
{

	return EOPNOTSUPP;
}

int
sysctl_copyin(struct lwp *l, const void *uaddr, void *kaddr, size_t len)
{

	return l == NULL ? kcopy(uaddr, kaddr, len) : copyin(uaddr, kaddr, len);
}

int
sysctl_copyout(struct lwp *l, const void *kaddr, void *uaddr, size_t len)
{

	return l == NULL ? kcopy(kaddr, uaddr, len) :
	    copyout(kaddr, uaddr, len);
}

int
sysctl_copyinstr(struct lwp *l, const void *uaddr, void *kaddr, size_t len,
    size_t *done)
{

	return l == NULL ? copystr(uaddr, kaddr, len, done) :
	    copyinstr(uaddr, kaddr, len, done);
}

/* Does the path ask for a change of the tree? */
static bool
changes_tree(const int *name, u_int namelen)
{
	int op = name[namelen - 1];

	return op == CTL_CREATE || op == CTL_CREATESYM || op == CTL_DESTROY ||
	    op == CTL_DESCRIBE;
}

int
sys___sysctl(struct lwp *l, const struct sys___sysctl_args *uap,
    register_t *retval)
{
	u_int namelen = SCARG(uap, namelen);
	size_t oldlen = 0, room;
	int name[CTL_MAXNAME], error, outerror = 0;

	if (namelen == 0 || namelen > CTL_MAXNAME)
		return EINVAL;
	error = copyin(SCARG(uap, name), name, namelen * sizeof(*name));
	if (error == 0 && SCARG(uap, oldlenp) != NULL)
		error = copyin(SCARG(uap, oldlenp), &oldlen, sizeof(oldlen));
	if (error != 0)
		return error;
	room = oldlen;
	sysctl_lock(changes_tree(name, namelen));
	error = sysctl_dispatch(name, namelen, SCARG(uap, oldv), &oldlen,
	    SCARG(uap, newv), SCARG(uap, newlen), name, l, NULL);
	sysctl_unlock();
	if (SCARG(uap, oldlenp) != NULL)
		outerror = copyout(&oldlen, SCARG(uap, oldlenp),
		    sizeof(oldlen));
	*retval = MIN(oldlen, room);
	return error != 0 ? error : outerror;
}

SYSCALL_HANDLER(__sysctl)

static const struct rump_onesyscall calls[] = {
	SYSCALL_ROW(__sysctl),
};

void
sysctl_register(void)
{

	rump_syscall_boot_establish(calls, __arraycount(calls));
}

void
sysctl_setup_one(const void *item, void *arg)
{
	SYSCTL_SETUP_PROTO((*setup)) = (sysctl_setup_func)item;

	(*setup)(NULL);
}

void
sysctl_init(void)
{

	rw_init(&tree_lock);
	sysctl_basenode_init();
	rump_linkset_foreach("sysctl_funcs", sysctl_setup_one, NULL);
}

void
sysctl_finalize(void)
{

}
