/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree(3): red-black and splay trees of one type of structure.
 *
 * RB_GENERATE and SPLAY_GENERATE make small typed functions; the algorithms
 * are in the kernel once, and find the links of an element by their offset.
 * The caller serialises.
 */
#ifndef _SYS_TREE_H_
#define _SYS_TREE_H_

#include <sys/cdefs.h>
#include <sys/types.h>

typedef int tree_compare_t(const void *, const void *);

/* Shape of RB_ENTRY and SPLAY_ENTRY, as the kernel's functions see it. */
struct tree_rb_links {
	void *left, *right, *parent;
	int color;
};

struct tree_splay_links {
	void *left, *right;
};

void	*tree_rb_insert(void **root, void *elm, size_t off,
	    tree_compare_t *cmp);
void	*tree_rb_remove(void **root, void *elm, size_t off);
void	*tree_rb_find(void *root, const void *key, size_t off,
	    tree_compare_t *cmp, int nearest);
void	*tree_rb_step(void *elm, size_t off, int dir);
void	*tree_rb_minmax(void *root, size_t off, int dir);

void	*tree_splay_insert(void **root, void *elm, size_t off,
	    tree_compare_t *cmp);
void	*tree_splay_remove(void **root, void *elm, size_t off,
	    tree_compare_t *cmp);
void	*tree_splay_find(void **root, const void *key, size_t off,
	    tree_compare_t *cmp);
void	*tree_splay_next(void **root, void *elm, size_t off,
	    tree_compare_t *cmp);
void	*tree_splay_minmax(void **root, size_t off, int dir);

/* A comparison of the user's, as a function that the kernel can call. */
#define TREE_COMPARE_FUNCTION(fn, type, cmp)				\
static int __unused							\
fn(const void *a_, const void *b_)					\
{									\
	return cmp((struct type *)(uintptr_t)a_,			\
	    (struct type *)(uintptr_t)b_);				\
}

/*
 * Red-black trees.
 */
#define RB_BLACK	0
#define RB_RED		1
#define RB_NEGINF	-1
#define RB_INF		1

#define RB_HEAD(name, type)		struct name { struct type *rbh_root; }
#define RB_INITIALIZER(root)		{ NULL }
#define RB_INIT(root)			do { (root)->rbh_root = NULL; } while (0)
#define RB_ENTRY(type)							\
struct {								\
	struct type *rbe_left;						\
	struct type *rbe_right;						\
	struct type *rbe_parent;					\
	int rbe_color;							\
}

#define RB_ROOT(head)			(head)->rbh_root
#define RB_EMPTY(head)			((head)->rbh_root == NULL)
#define RB_LEFT(elm, field)		(elm)->field.rbe_left
#define RB_RIGHT(elm, field)		(elm)->field.rbe_right
#define RB_PARENT(elm, field)		(elm)->field.rbe_parent
#define RB_COLOR(elm, field)		(elm)->field.rbe_color

#define RB_PROTOTYPE(name, type, field, cmp) \
	RB_PROTOTYPE_INTERNAL(name, type, field, cmp, )
#define RB_PROTOTYPE_STATIC(name, type, field, cmp) \
	RB_PROTOTYPE_INTERNAL(name, type, field, cmp, __unused static)
#define RB_PROTOTYPE_INTERNAL(name, type, field, cmp, attr)		\
attr struct type *name##_RB_INSERT(struct name *, struct type *);	\
attr struct type *name##_RB_REMOVE(struct name *, struct type *);	\
attr struct type *name##_RB_FIND(struct name *, struct type *);		\
attr struct type *name##_RB_NFIND(struct name *, struct type *);	\
attr struct type *name##_RB_NEXT(struct type *);			\
attr struct type *name##_RB_PREV(struct type *);			\
attr struct type *name##_RB_MINMAX(struct name *, int);

#define RB_GENERATE(name, type, field, cmp) \
	RB_GENERATE_INTERNAL(name, type, field, cmp, )
#define RB_GENERATE_STATIC(name, type, field, cmp) \
	RB_GENERATE_INTERNAL(name, type, field, cmp, __unused static)
#define RB_GENERATE_INTERNAL(name, type, field, cmp, attr)		\
RB_PROTOTYPE_INTERNAL(name, type, field, cmp, attr)			\
TREE_COMPARE_FUNCTION(name##_rb_compare, type, cmp)			\
attr struct type *							\
name##_RB_INSERT(struct name *head_, struct type *elm_)			\
{									\
	return (struct type *)tree_rb_insert((void **)&head_->rbh_root,	\
	    elm_, __builtin_offsetof(struct type, field),		\
	    name##_rb_compare);						\
}									\
attr struct type *							\
name##_RB_REMOVE(struct name *head_, struct type *elm_)			\
{									\
	return (struct type *)tree_rb_remove((void **)&head_->rbh_root,	\
	    elm_, __builtin_offsetof(struct type, field));		\
}									\
attr struct type *							\
name##_RB_FIND(struct name *head_, struct type *key_)			\
{									\
	return (struct type *)tree_rb_find(head_->rbh_root, key_,	\
	    __builtin_offsetof(struct type, field),			\
	    name##_rb_compare, 0);					\
}									\
attr struct type *							\
name##_RB_NFIND(struct name *head_, struct type *key_)			\
{									\
	return (struct type *)tree_rb_find(head_->rbh_root, key_,	\
	    __builtin_offsetof(struct type, field),			\
	    name##_rb_compare, 1);					\
}									\
attr struct type *							\
name##_RB_NEXT(struct type *elm_)					\
{									\
	return (struct type *)tree_rb_step(elm_,			\
	    __builtin_offsetof(struct type, field), 1);			\
}									\
attr struct type *							\
name##_RB_PREV(struct type *elm_)					\
{									\
	return (struct type *)tree_rb_step(elm_,			\
	    __builtin_offsetof(struct type, field), -1);		\
}									\
attr struct type *							\
name##_RB_MINMAX(struct name *head_, int dir_)				\
{									\
	return (struct type *)tree_rb_minmax(head_->rbh_root,		\
	    __builtin_offsetof(struct type, field), dir_);		\
}

/* INSERT returns the equal element that is there already, or NULL. */
#define RB_INSERT(name, x, y)		name##_RB_INSERT((x), (y))
#define RB_REMOVE(name, x, y)		name##_RB_REMOVE((x), (y))
#define RB_FIND(name, x, y)		name##_RB_FIND((x), (y))
#define RB_NFIND(name, x, y)		name##_RB_NFIND((x), (y))
#define RB_NEXT(name, x, y)		name##_RB_NEXT(y)
#define RB_PREV(name, x, y)		name##_RB_PREV(y)
#define RB_MIN(name, x)			name##_RB_MINMAX((x), RB_NEGINF)
#define RB_MAX(name, x)			name##_RB_MINMAX((x), RB_INF)

#define RB_FOREACH(x, name, head)					\
	for ((x) = RB_MIN(name, head); (x) != NULL;			\
	    (x) = name##_RB_NEXT(x))
#define RB_FOREACH_FROM(x, name, y)					\
	for (; (x) != NULL && ((y) = name##_RB_NEXT(x), (x) != NULL);	\
	    (x) = (y))
#define RB_FOREACH_SAFE(x, name, head, y)				\
	for ((x) = RB_MIN(name, head);					\
	    (x) != NULL && ((y) = name##_RB_NEXT(x), 1); (x) = (y))
#define RB_FOREACH_REVERSE(x, name, head)				\
	for ((x) = RB_MAX(name, head); (x) != NULL;			\
	    (x) = name##_RB_PREV(x))
#define RB_FOREACH_REVERSE_SAFE(x, name, head, y)			\
	for ((x) = RB_MAX(name, head);					\
	    (x) != NULL && ((y) = name##_RB_PREV(x), 1); (x) = (y))

/*
 * Splay trees.
 */
#define SPLAY_NEGINF	-1
#define SPLAY_INF	1

#define SPLAY_HEAD(name, type)		struct name { struct type *sph_root; }
#define SPLAY_INITIALIZER(root)		{ NULL }
#define SPLAY_INIT(root)		do { (root)->sph_root = NULL; } while (0)
#define SPLAY_ENTRY(type)						\
struct {								\
	struct type *spe_left;						\
	struct type *spe_right;						\
}

#define SPLAY_ROOT(head)		(head)->sph_root
#define SPLAY_EMPTY(head)		((head)->sph_root == NULL)
#define SPLAY_LEFT(elm, field)		(elm)->field.spe_left
#define SPLAY_RIGHT(elm, field)		(elm)->field.spe_right

#define SPLAY_PROTOTYPE(name, type, field, cmp)				\
struct type *name##_SPLAY_FIND(struct name *, struct type *);		\
struct type *name##_SPLAY_INSERT(struct name *, struct type *);		\
struct type *name##_SPLAY_REMOVE(struct name *, struct type *);		\
struct type *name##_SPLAY_NEXT(struct name *, struct type *);		\
struct type *name##_SPLAY_MINMAX(struct name *, int);

#define SPLAY_GENERATE(name, type, field, cmp)				\
SPLAY_PROTOTYPE(name, type, field, cmp)					\
TREE_COMPARE_FUNCTION(name##_splay_compare, type, cmp)			\
struct type *								\
name##_SPLAY_INSERT(struct name *head_, struct type *elm_)		\
{									\
	return (struct type *)tree_splay_insert(			\
	    (void **)&head_->sph_root, elm_,				\
	    __builtin_offsetof(struct type, field),			\
	    name##_splay_compare);					\
}									\
struct type *								\
name##_SPLAY_REMOVE(struct name *head_, struct type *elm_)		\
{									\
	return (struct type *)tree_splay_remove(			\
	    (void **)&head_->sph_root, elm_,				\
	    __builtin_offsetof(struct type, field),			\
	    name##_splay_compare);					\
}									\
struct type *								\
name##_SPLAY_FIND(struct name *head_, struct type *key_)		\
{									\
	return (struct type *)tree_splay_find(				\
	    (void **)&head_->sph_root, key_,				\
	    __builtin_offsetof(struct type, field),			\
	    name##_splay_compare);					\
}									\
struct type *								\
name##_SPLAY_NEXT(struct name *head_, struct type *elm_)		\
{									\
	return (struct type *)tree_splay_next(				\
	    (void **)&head_->sph_root, elm_,				\
	    __builtin_offsetof(struct type, field),			\
	    name##_splay_compare);					\
}									\
struct type *								\
name##_SPLAY_MINMAX(struct name *head_, int dir_)			\
{									\
	return (struct type *)tree_splay_minmax(			\
	    (void **)&head_->sph_root,					\
	    __builtin_offsetof(struct type, field), dir_);		\
}

#define SPLAY_INSERT(name, x, y)	name##_SPLAY_INSERT((x), (y))
#define SPLAY_REMOVE(name, x, y)	name##_SPLAY_REMOVE((x), (y))
#define SPLAY_FIND(name, x, y)		name##_SPLAY_FIND((x), (y))
#define SPLAY_NEXT(name, x, y)		name##_SPLAY_NEXT((x), (y))
#define SPLAY_MIN(name, x)		name##_SPLAY_MINMAX((x), SPLAY_NEGINF)
#define SPLAY_MAX(name, x)		name##_SPLAY_MINMAX((x), SPLAY_INF)

#define SPLAY_FOREACH(x, name, head)					\
	for ((x) = SPLAY_MIN(name, head); (x) != NULL;			\
	    (x) = SPLAY_NEXT(name, head, x))

#endif /* _SYS_TREE_H_ */
