/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes of the sysctl tree: nodes are made, listed, described and destroyed.
 *
 *   sysctl_createv, sysctl_teardown    from the kernel, with a log to undo
 *   sysctl_destroyv
 *   CTL_CREATE, CTL_DESTROY, CTL_QUERY, CTL_DESCRIBE    from programs
 *
 * Nodes that programs make hold their own data; they cannot have handlers.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/stdarg.h>
#include <sys/sysctl.h>
#include <sys/systm.h>

#include "files/sysctl.h"

/* Longest description that a program may give. */
#define DESCRIPTION_MAX	1024

/* Flags that a program may set on a node of its own. */
#define PROGRAM_FLAGS	SYSCTL_USERFLAGS

static uint32_t tree_version;
static int next_number = CREATE_BASE;

/* A node's array of children moved: its children's children follow. */
static void
tree_adopt(struct sysctlnode *parent)
{
	struct sysctlnode *child = parent->sysctl_child;
	u_int i, j;

	for (i = 0; i < parent->sysctl_clen; i++) {
		child[i].sysctl_parent = parent;
		if (!tree_is_node(&child[i]))
			continue;
		for (j = 0; j < child[i].sysctl_clen; j++)
			child[i].sysctl_child[j].sysctl_parent = &child[i];
	}
}

/* A change below node: its version, and those above, say so. */
static void
tree_changed(struct sysctlnode *node)
{

	tree_version++;
	for (; node != NULL; node = node->sysctl_parent) {
		node->sysctl_ver = tree_version;
		if (node == &sysctl_root)
			break;
	}
}

/* Room for one more child. */
static void
tree_grow(struct sysctlnode *parent)
{
	u_int size = parent->sysctl_csize;
	u_int newsize = size == 0 ? SYSCTL_DEFSIZE : size * 2;
	struct sysctlnode *old = parent->sysctl_child, *new;

	if (parent->sysctl_clen < size)
		return;
	new = kmem_zalloc(newsize * sizeof(*new), KM_SLEEP);
	if (old != NULL) {
		memcpy(new, old, parent->sysctl_clen * sizeof(*new));
		kmem_free(old, size * sizeof(*old));
	}
	parent->sysctl_child = new;
	parent->sysctl_csize = newsize;
	tree_adopt(parent);
}

/* Put a node among its siblings. */
static struct sysctlnode *
tree_insert(struct sysctlnode *parent, const struct sysctlnode *node)
{
	struct sysctlnode *child;
	u_int at;

	tree_grow(parent);
	child = parent->sysctl_child;
	for (at = parent->sysctl_clen; at > 0 &&
	    child[at - 1].sysctl_num > node->sysctl_num; at--)
		child[at] = child[at - 1];
	child[at] = *node;
	parent->sysctl_clen++;
	tree_adopt(parent);
	tree_changed(parent);
	child[at].sysctl_ver = tree_version;
	return &child[at];
}

/* Free what a node owns, children too. */
static void
node_release(struct sysctlnode *node)
{
	u_int i;

	if (tree_is_node(node)) {
		for (i = 0; i < node->sysctl_clen; i++)
			node_release(&node->sysctl_child[i]);
		if (node->sysctl_child != NULL)
			kmem_free(node->sysctl_child, node->sysctl_csize *
			    sizeof(struct sysctlnode));
		node->sysctl_child = NULL;
		node->sysctl_csize = node->sysctl_clen = 0;
	} else if (node->sysctl_flags & CTLFLAG_OWNDATA) {
		kmem_free(node->sysctl_data, node->sysctl_size);
		node->sysctl_data = NULL;
	}
	if (node->sysctl_flags & CTLFLAG_OWNDESC) {
		kmem_strfree(__UNCONST(node->sysctl_desc));
		node->sysctl_desc = NULL;
	}
}

static void
tree_remove(struct sysctlnode *node)
{
	struct sysctlnode *parent = node->sysctl_parent;
	u_int at = node - parent->sysctl_child;

	node_release(node);
	parent->sysctl_clen--;
	memmove(node, node + 1, (parent->sysctl_clen - at) * sizeof(*node));
	tree_adopt(parent);
	tree_changed(parent);
}

void
sysctl_free(struct sysctlnode *node)
{

	node_release(node == NULL ? &sysctl_root : node);
}

/* Is a name one that a shell user can type? */
static bool
name_good(const char *name)
{
	const char *c;

	for (c = name; *c != '\0'; c++) {
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		    *c == '_' || (*c == '-' && c != name) ||
		    (*c >= '0' && *c <= '9' && c != name))
			continue;
		return false;
	}
	return c != name && c - name < SYSCTL_NAMELEN;
}

/* A number for CTL_CREATE. */
static int
number_choose(const struct sysctlnode *parent)
{

	while (tree_child(parent, next_number) != NULL)
		next_number++;
	return next_number;
}

/*
 * Add a node to its parent.  An equal node that is there already is no error
 * when both are nodes with children of the same name.
 *
 * Returns 0, EEXIST, EINVAL, ENOTDIR.
 */
static int
node_add(struct sysctlnode *parent, struct sysctlnode *node,
    struct sysctlnode **result)
{
	struct sysctlnode *old;

	if (!name_good(node->sysctl_name))
		return EINVAL;
	if (!tree_is_node(parent))
		return ENOTDIR;
	old = tree_child_named(parent, node->sysctl_name);
	if (old == NULL && node->sysctl_num >= 0)
		old = tree_child(parent, node->sysctl_num);
	if (old != NULL) {
		*result = old;
		if (tree_is_node(node) && tree_is_node(old) &&
		    strcmp(node->sysctl_name, old->sysctl_name) == 0 &&
		    (node->sysctl_num < 0 ||
		    node->sysctl_num == old->sysctl_num) &&
		    (node->sysctl_func == NULL ||
		    node->sysctl_func == old->sysctl_func))
			return 0;
		return EEXIST;
	}
	if (node->sysctl_num < 0)
		node->sysctl_num = number_choose(parent);
	*result = tree_insert(parent, node);
	return 0;
}

/* Remember a node in a log. */
static void
log_add(struct sysctllog **logp, const struct sysctlnode *node)
{
	struct sysctllog *log = kmem_zalloc(sizeof(*log), KM_SLEEP);
	const struct sysctlnode *n;
	u_int depth = 0;

	for (n = node; n != &sysctl_root; n = n->sysctl_parent)
		depth++;
	log->sl_namelen = depth;
	for (n = node; n != &sysctl_root; n = n->sysctl_parent)
		log->sl_name[--depth] = n->sysctl_num;
	log->sl_next = *logp;
	*logp = log;
}

/* Is a handler's node well formed: type, size, place of its value? */
static int
node_fill(struct sysctlnode *node, int flags, int type, sysctlfn func,
    u_quad_t qv, void *data, size_t len)
{

	node->sysctl_flags = SYSCTL_VERSION | (type & SYSCTL_TYPEMASK) |
	    (flags & SYSCTL_FLAGMASK & ~(CTLFLAG_ROOT | CTLFLAG_OWNDATA |
	    CTLFLAG_OWNDESC));
	node->sysctl_func = func;
	if (flags & CTLFLAG_ALIAS) {
		node->sysctl_alias = qv;
		return 0;
	}
	switch (type) {
	case CTLTYPE_NODE:
		return data == NULL && len == 0 ? 0 : EINVAL;
	case CTLTYPE_INT:
		len = sizeof(int);
		break;
	case CTLTYPE_QUAD:
		len = sizeof(u_quad_t);
		break;
	case CTLTYPE_BOOL:
		len = sizeof(bool);
		break;
	case CTLTYPE_STRING:
		if (len == 0 && data != NULL)
			len = strlen(data) + 1;
		break;
	case CTLTYPE_STRUCT:
		break;
	default:
		return EINVAL;
	}
	node->sysctl_size = len;
	if (flags & CTLFLAG_IMMEDIATE) {
		if (type == CTLTYPE_INT)
			node->sysctl_idata = (int)qv;
		else if (type == CTLTYPE_QUAD)
			node->sysctl_qdata = qv;
		else if (type == CTLTYPE_BOOL)
			node->sysctl_bdata = qv != 0;
		else
			return EINVAL;
		return 0;
	}
	node->sysctl_data = data;
	if (flags & CTLFLAG_OWNDATA) {
		if (len == 0)
			return EINVAL;
		node->sysctl_data = kmem_zalloc(len, KM_SLEEP);
		if (data != NULL)
			memcpy(node->sysctl_data, data, len);
		node->sysctl_flags |= CTLFLAG_OWNDATA;
	}
	return 0;
}

/*
 * Create one node.
 *
 * log      if not NULL, remembers it for sysctl_teardown; a node under a log is
 *          not permanent.
 * cflags   CTLFLAG_PERMANENT etc. that apply as well.
 * rnode    where the path starts: NULL or *rnode NULL for the root.
 * cnode    out: the node, if not NULL; valid until the tree changes next.
 * name     its name; descr its description; both constant or copied.
 * func     handler, or NULL.
 * qv, newp, newlen   the value, as flags say.
 * ...      the path, its last number the node's (CTL_CREATE: choose), CTL_EOL.
 *
 * Returns 0, EEXIST, ENOENT (no such parent), EINVAL, ENOTDIR.
 * Locks:   takes the tree for writing.
 * Context: thread, may sleep.
 */
int
sysctl_createv(struct sysctllog **log, int cflags,
    const struct sysctlnode **rnode, const struct sysctlnode **cnode,
    int flags, int type, const char *name, const char *descr, sysctlfn func,
    u_quad_t qv, void *newp, size_t newlen, ...)
{
	const struct sysctlnode *root, *parent;
	struct sysctlnode node, *made;
	int path[CTL_MAXNAME], error, depth;
	u_int n = 0;
	va_list ap;

	va_start(ap, newlen);
	do {
		if (n == CTL_MAXNAME) {
			va_end(ap);
			return ENAMETOOLONG;
		}
		path[n] = va_arg(ap, int);
	} while (path[n++] != CTL_EOL);
	va_end(ap);
	n--;				/* without CTL_EOL */
	if (n == 0)
		return EINVAL;

	memset(&node, 0, sizeof(node));
	node.sysctl_num = path[n - 1];
	strlcpy(node.sysctl_name, name, sizeof(node.sysctl_name));
	error = node_fill(&node, flags | cflags, type, func, qv, newp, newlen);
	if (error != 0)
		goto bad;
	node.sysctl_desc = descr;
	if (log != NULL)
		node.sysctl_flags &= ~CTLFLAG_PERMANENT;

	sysctl_lock(true);
	root = rnode != NULL ? *rnode : NULL;
	parent = root;
	error = sysctl_locate(NULL, path, n - 1, &parent, &depth);
	if (error == 0 && (u_int)depth != n - 1)
		error = ENOENT;
	if (error == 0) {
		error = node_add(__UNCONST(parent), &node, &made);
		if (error == 0 && log != NULL)
			log_add(log, made);
		if (error == 0 && cnode != NULL)
			*cnode = made;
	}
	sysctl_unlock();
	if (error == 0)
		return 0;
bad:
	if (node.sysctl_flags & CTLFLAG_OWNDATA)
		kmem_free(node.sysctl_data, node.sysctl_size);
	if (error != EEXIST)
		printf("sysctl_createv: cannot create %s: error %d\n", name,
		    error);
	return error;
}

/* Undo what a log remembers, last first.  Takes the tree for writing. */
void
sysctl_teardown(struct sysctllog **logp)
{
	const struct sysctlnode *node;
	struct sysctllog *log;
	int depth;

	while ((log = *logp) != NULL) {
		*logp = log->sl_next;
		sysctl_lock(true);
		node = NULL;
		if (sysctl_locate(NULL, log->sl_name, log->sl_namelen, &node,
		    &depth) == 0 && (u_int)depth == log->sl_namelen &&
		    (node->sysctl_flags & CTLFLAG_PERMANENT) == 0 &&
		    (!tree_is_node(node) || node->sysctl_clen == 0))
			tree_remove(__UNCONST(node));
		sysctl_unlock();
		kmem_free(log, sizeof(*log));
	}
}

/* Destroy the node of a path, CTL_EOL at its end, below rnode. */
int
sysctl_destroyv(struct sysctlnode *rnode, ...)
{
	const struct sysctlnode *node = rnode;
	int path[CTL_MAXNAME], error, depth;
	u_int n = 0;
	va_list ap;

	va_start(ap, rnode);
	while (n < CTL_MAXNAME && (path[n] = va_arg(ap, int)) != CTL_EOL)
		n++;
	va_end(ap);
	sysctl_lock(true);
	error = sysctl_locate(NULL, path, n, &node, &depth);
	if (error == 0 && (node == &sysctl_root || (u_int)depth != n))
		error = ENOENT;
	else if (error == 0 && (node->sysctl_flags & CTLFLAG_PERMANENT))
		error = EPERM;
	else if (error == 0 && tree_is_node(node) && node->sysctl_clen != 0)
		error = ENOTEMPTY;
	if (error == 0)
		tree_remove(__UNCONST(node));
	sysctl_unlock();
	return error;
}

/* A node as programs may see it: no kernel addresses. */
static void
node_export(const struct sysctlnode *node, struct sysctlnode *out)
{

	*out = *node;
	out->sysctl_func = NULL;
	out->sysctl_parent = NULL;
	out->sysctl_desc = NULL;
	out->sysctl_flags &= ~(CTLFLAG_OWNDATA | CTLFLAG_OWNDESC);
	if (tree_is_node(node))
		out->sysctl_child = NULL;
	else if ((node->sysctl_flags & CTLFLAG_IMMEDIATE) == 0)
		out->sysctl_data = NULL;
}

/* CTL_QUERY: the children of a node, as many as there is room for. */
int
sysctl_query(SYSCTLFN_ARGS)
{
	size_t room = oldp == NULL ? 0 : *oldlenp, used = 0;
	struct sysctlnode out, want;
	u_int i;
	int error = 0;

	if (!tree_is_node(rnode))
		return ENOTDIR;
	if (newp != NULL) {		/* the version that is asked for */
		if (newlen != sizeof(want))
			return EINVAL;
		error = sysctl_copyin(l, newp, &want, sizeof(want));
		if (error != 0)
			return error;
		if (SYSCTL_VERS(want.sysctl_flags) != SYSCTL_VERSION)
			return EINVAL;
	}
	for (i = 0; i < rnode->sysctl_clen && error == 0; i++) {
		if (used + sizeof(out) <= room) {
			node_export(&rnode->sysctl_child[i], &out);
			error = sysctl_copyout(l, &out, (char *)oldp + used,
			    sizeof(out));
		}
		used += sizeof(out);
	}
	*oldlenp = used;
	return error != 0 ? error : oldp != NULL && used > room ? ENOMEM : 0;
}

/* CTL_CREATE by a program: newp is the node, whose data it points to. */
int
sysctl_create(SYSCTLFN_RWARGS)
{
	struct sysctlnode node, *made, out;
	void *udata;
	int error;

	if ((error = tree_may_write(l, KAUTH_REQ_SYSTEM_SYSCTL_ADD)) != 0)
		return error;
	if (!tree_is_node(rnode))
		return ENOTDIR;
	if (newp == NULL || newlen != sizeof(node))
		return EINVAL;
	if ((error = sysctl_copyin(l, newp, &node, sizeof(node))) != 0)
		return error;
	if (SYSCTL_VERS(node.sysctl_flags) != SYSCTL_VERSION ||
	    node.sysctl_func != NULL ||
	    (SYSCTL_FLAGS(node.sysctl_flags) & ~PROGRAM_FLAGS) != 0 ||
	    memchr(node.sysctl_name, '\0', sizeof(node.sysctl_name)) == NULL)
		return EINVAL;
	if (tree_child_named(rnode, node.sysctl_name) != NULL)
		return EEXIST;
	/* 0 is a number for handlers only (net.inet.ip has it) */
	if (node.sysctl_num == 0)
		node.sysctl_num = CTL_CREATE;
	node.sysctl_desc = NULL;
	node.sysctl_parent = NULL;
	if (tree_is_node(&node)) {
		if (node.sysctl_clen != 0)
			return EINVAL;
		node.sysctl_child = NULL;
		node.sysctl_csize = 0;
	} else if ((node.sysctl_flags & CTLFLAG_IMMEDIATE) == 0) {
		if (node.sysctl_size == 0 || node.sysctl_size > PAGE_SIZE)
			return EINVAL;
		udata = node.sysctl_data;
		node.sysctl_data = kmem_zalloc(node.sysctl_size, KM_SLEEP);
		node.sysctl_flags |= CTLFLAG_OWNDATA;
		if (udata != NULL && (error = sysctl_copyin(l, udata,
		    node.sysctl_data, node.sysctl_size)) != 0)
			goto undo_data;
	}
	if ((error = node_add(rnode, &node, &made)) != 0)
		goto undo_data;
	node_export(made, &out);
	if (oldp != NULL && *oldlenp >= sizeof(out))
		error = sysctl_copyout(l, &out, oldp, sizeof(out));
	*oldlenp = sizeof(out);
	return error;
undo_data:
	if (node.sysctl_flags & CTLFLAG_OWNDATA)
		kmem_free(node.sysctl_data, node.sysctl_size);
	return error;
}

/* CTL_DESTROY by a program: newp names a child of the node. */
int
sysctl_destroy(SYSCTLFN_RWARGS)
{
	struct sysctlnode node, *child, out;
	int error;

	if ((error = tree_may_write(l, KAUTH_REQ_SYSTEM_SYSCTL_DELETE)) != 0)
		return error;
	if (!tree_is_node(rnode))
		return ENOTDIR;
	if (newp == NULL || newlen != sizeof(node))
		return EINVAL;
	if ((error = sysctl_copyin(l, newp, &node, sizeof(node))) != 0)
		return error;
	if (SYSCTL_VERS(node.sysctl_flags) != SYSCTL_VERSION)
		return EINVAL;
	child = tree_child(rnode, node.sysctl_num);
	if (child == NULL)
		return ENOENT;
	if (child->sysctl_flags & CTLFLAG_PERMANENT)
		return EPERM;
	if (tree_is_node(child) && child->sysctl_clen != 0)
		return ENOTEMPTY;
	node_export(child, &out);
	tree_remove(child);
	if (oldp != NULL && *oldlenp >= sizeof(out))
		error = sysctl_copyout(l, &out, oldp, sizeof(out));
	*oldlenp = sizeof(out);
	return error;
}

/* One description, if there is room; its length in any case. */
static int
describe_one(const struct sysctlnode *node, char *oldp, size_t room,
    size_t *lenp, struct lwp *l)
{
	const char *text = node->sysctl_desc != NULL ? node->sysctl_desc : "";
	size_t textlen = strlen(text) + 1, len = __sysc_desc_len(textlen);
	struct sysctldesc *desc;
	int error = 0;

	*lenp = len;
	if (len > room)
		return 0;
	desc = kmem_zalloc(len, KM_SLEEP);
	desc->descr_num = node->sysctl_num;
	desc->descr_ver = node->sysctl_ver;
	desc->descr_len = textlen;
	memcpy(desc->descr_str, text, textlen);
	error = sysctl_copyout(l, desc, oldp, len);
	kmem_free(desc, len);
	return error;
}

/* Give a node that has none a description. */
static int
describe_set(struct sysctlnode *child, const struct sysctlnode *from,
    struct lwp *l)
{
	char *text;
	int error;

	if ((error = tree_may_write(l, KAUTH_REQ_SYSTEM_SYSCTL_DESC)) != 0)
		return error;
	if (child->sysctl_desc != NULL ||
	    (child->sysctl_flags & CTLFLAG_PERMANENT) != 0)
		return EPERM;
	text = kmem_zalloc(DESCRIPTION_MAX, KM_SLEEP);
	error = sysctl_copyinstr(l, from->sysctl_desc, text, DESCRIPTION_MAX,
	    NULL);
	if (error == 0) {
		child->sysctl_desc = kmem_strdupsize(text, NULL, KM_SLEEP);
		child->sysctl_flags |= CTLFLAG_OWNDESC;
	}
	kmem_free(text, DESCRIPTION_MAX);
	return error;
}

/* CTL_DESCRIBE: descriptions of all children, or of the one newp names. */
int
sysctl_describe(SYSCTLFN_ARGS)
{
	size_t room = oldp == NULL ? 0 : *oldlenp, used = 0, len;
	struct sysctlnode node;
	char *to;
	u_int i;
	int error = 0;

	if (!tree_is_node(rnode))
		return ENOTDIR;
	if (newp != NULL) {
		if (newlen != sizeof(node))
			return EINVAL;
		error = sysctl_copyin(l, newp, &node, sizeof(node));
		if (error != 0)
			return error;
		if (tree_child(rnode, node.sysctl_num) == NULL)
			return ENOENT;
		if (node.sysctl_desc != NULL)
			error = describe_set(tree_child(rnode,
			    node.sysctl_num), &node, l);
	}
	for (i = 0; i < rnode->sysctl_clen && error == 0; i++) {
		if (newp != NULL &&
		    rnode->sysctl_child[i].sysctl_num != node.sysctl_num)
			continue;
		to = used < room ? (char *)oldp + used : NULL;
		error = describe_one(&rnode->sysctl_child[i], to,
		    room - MIN(room, used), &len, l);
		used += len;
	}
	*oldlenp = used;
	return error != 0 ? error : oldp != NULL && used > room ? ENOMEM : 0;
}

void
sysctl_log_print(const struct sysctllog *log)
{
	u_int i;

	for (; log != NULL; log = log->sl_next) {
		for (i = 0; i < log->sl_namelen; i++)
			printf("%s%d", i == 0 ? "" : ".", log->sl_name[i]);
		printf("\n");
	}
}
