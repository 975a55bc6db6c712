/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dialect: compiler attributes, bit-field helpers and link sets under the
 * names that drivers use.  GCC and clang are assumed.
 */
#ifndef _SYS_CDEFS_H_
#define _SYS_CDEFS_H_

#define __GNUC_PREREQ__(x, y) \
	(__GNUC__ > (x) || (__GNUC__ == (x) && __GNUC_MINOR__ >= (y)))

/* Tokens and strings. */
#define ___CONCAT(x, y)	x##y
#define __CONCAT(x, y)	___CONCAT(x, y)
#define ___STRING(x)	#x
#define __STRING(x)	#x
#define __P(protos)	protos

#ifdef __cplusplus
#define __BEGIN_DECLS	extern "C" {
#define __END_DECLS	}
#define __static_cast(type, value)	static_cast<type>(value)
#else
#define __BEGIN_DECLS
#define __END_DECLS
#define __static_cast(type, value)	(type)(value)
#endif
#define __CAST(type, value)	__static_cast(type, value)
#define __BEGIN_HIDDEN_DECLS	__BEGIN_DECLS
#define __END_HIDDEN_DECLS	__END_DECLS

/* Attributes. */
#define __dead		__attribute__((__noreturn__))
#define __pure		__attribute__((__pure__))
#define __constfunc	__attribute__((__const__))
#define __used		__attribute__((__used__))
#define __unused	__attribute__((__unused__))
#define __packed	__attribute__((__packed__))
#define __aligned(n)	__attribute__((__aligned__(n)))
#define __section(name)	__attribute__((__section__(name)))
#define __noinline	__attribute__((__noinline__))
#define __always_inline	__attribute__((__always_inline__))
#define __returns_twice	__attribute__((__returns_twice__))
#define __malloc_like	__attribute__((__malloc__))
#define __warn_unused_result	__attribute__((__warn_unused_result__))
#define __dso_hidden	__attribute__((__visibility__("hidden")))
#define __dso_public	__attribute__((__visibility__("default")))
#define __dso_protected	__attribute__((__visibility__("protected")))
#define __weak		__attribute__((__weak__))
#define __transparent_union	__attribute__((__transparent_union__))
#define __printflike(fmt, args)	__attribute__((__format__(__printf__, fmt, args)))
#define __scanflike(fmt, args)	__attribute__((__format__(__scanf__, fmt, args)))
#define __format_arg(fmt)	__attribute__((__format_arg__(fmt)))
#define __sysctl_unused	__unused
#define __noasan	__attribute__((__no_sanitize_address__))
#define __nomsan
#define __noubsan	__attribute__((__no_sanitize__("undefined")))
#ifdef __clang__
#define __fallthrough	__attribute__((__fallthrough__))
#define __no_stack_protector	__attribute__((__no_stack_protector__))
#else
#define __fallthrough	__attribute__((__fallthrough__))
#define __no_stack_protector
#endif

/* A variable that only assertions, only debugging or only options read. */
#ifdef DIAGNOSTIC
#define __diagused
#else
#define __diagused	__unused
#endif
#ifdef DEBUG
#define __debugused
#else
#define __debugused	__unused
#endif

#define __predict_true(exp)	__builtin_expect((exp) != 0, 1)
#define __predict_false(exp)	__builtin_expect((exp) != 0, 0)
#define __insn_barrier()	__asm volatile("" ::: "memory")
#define __restrict		__restrict__
#define __func__		__func__
#define __nothing		((void)0)
#define __USE(a)		((void)(a))
#define __arraycount(a)		(sizeof(a) / sizeof((a)[0]))
#define __alignof(t)		__alignof__(t)
#define __offsetof(t, m)	__builtin_offsetof(t, m)
#define __CTASSERT(x)		_Static_assert((x), #x)

/* Casts that drop qualifiers, or change a function's type, on purpose. */
#define __UNCONST(a)	((void *)(unsigned long)(const void *)(a))
#define __UNVOLATILE(a)	((void *)(unsigned long)(volatile void *)(a))
#define __FPTRCAST(t, f)	((t)(void *)(f))

/*
 * Bits and fields of words.  __BIT(n) is bit n, __BITS(m, n) the bits from the
 * lower to the higher of the two; a mask names a field for the shifts.
 */
#define __BIT(n) \
	((__UINTMAX_TYPE__)(n) >= 8 * sizeof(__UINTMAX_TYPE__) ? 0 : \
	 (__UINTMAX_TYPE__)1 << (__UINTMAX_TYPE__)(n))
#define __BITS_HI(m, n)	((m) > (n) ? (m) : (n))
#define __BITS_LO(m, n)	((m) < (n) ? (m) : (n))
#define __BITS(m, n) \
	((__BIT(__BITS_HI(m, n) + 1) - 1) ^ (__BIT(__BITS_LO(m, n)) - 1))
#define __LOWEST_SET_BIT(mask)	((mask) & -(mask))
#define __SHIFTIN(x, mask)	((x) * __LOWEST_SET_BIT(mask))
#define __SHIFTOUT(x, mask)	(((x) & (mask)) / __LOWEST_SET_BIT(mask))
#define __SHIFTOUT_MASK(mask)	__SHIFTOUT((mask), (mask))

#if __SIZEOF_LONG__ == 8
#define __PRIuBIT	"lu"
#define __PRIxBIT	"lx"
#else
#define __PRIuBIT	"llu"
#define __PRIxBIT	"llx"
#endif
#define __PRIuBITS	__PRIuBIT
#define __PRIxBITS	__PRIxBIT

/* The range of an integer type, as an expression of that type. */
#define __type_is_signed(t)	((t)-1 < (t)1)
#define __type_half(t)		((t)1 << (8 * sizeof(t) - 2))
#define __type_max(t) \
	(__type_is_signed(t) ? (t)(__type_half(t) - 1 + __type_half(t)) : (t)~(t)0)
#define __type_min(t)	(__type_is_signed(t) ? (t)(-__type_max(t) - 1) : (t)0)
#define __type_fit(t, a) \
	({ __typeof__(a) __tf = (a); \
	   (__typeof__(a))(t)__tf == __tf && (((t)__tf < 1) == (__tf < 1)); })

#define __strong_alias(alias, sym) \
	extern __typeof__(sym) alias __attribute__((__alias__(#sym)));
#define __weak_alias(alias, sym) \
	extern __typeof__(sym) alias __attribute__((__weak__, __alias__(#sym)));
#define __strict_weak_alias(alias, sym)	__weak_alias(alias, sym)
#define __weakref_visible	extern
#define __weak_reference(sym)	__attribute__((__weakref__(#sym)))
#define __RENAME(x)		__asm(___STRING(x))
#define __warn_references(sym, msg)

/* Version strings are not kept. */
#define __RCSID(s)		struct __rcsid_unused
#define __KERNEL_RCSID(n, s)	struct __rcsid_unused
#define __COPYRIGHT(s)		struct __rcsid_unused
#define __KERNEL_COPYRIGHT(n, s)	struct __rcsid_unused

#define __read_mostly		__section(".data.read_mostly")
#define __cacheline_aligned	__aligned(64)

/*
 * Link sets: pointers that the linker collects in a section named after the
 * set, between two symbols of its making.  A set is visible within the linked
 * object (static program or shared library) that holds it; of all objects the
 * kernel finds those that tools/component.c names.
 */
#define __link_set_make_entry(set, sym) \
	static void const *const __CONCAT(__link_set_##set##_sym_, sym) \
	    __section("link_set_" #set) __used = (const void *)&(sym)
#define __link_set_add_text(set, sym)	__link_set_make_entry(set, sym)
#define __link_set_add_rodata(set, sym)	__link_set_make_entry(set, sym)
#define __link_set_add_data(set, sym)	__link_set_make_entry(set, sym)
#define __link_set_add_bss(set, sym)	__link_set_make_entry(set, sym)
#define __link_set_start(set)	(__start_link_set_##set)
#define __link_set_end(set)	(__stop_link_set_##set)
#define __link_set_decl(set, ptype) \
	extern ptype *__link_set_start(set)[] __weak __dso_hidden; \
	extern ptype *__link_set_end(set)[] __weak __dso_hidden
#define __link_set_foreach(pvar, set) \
	for (pvar = __link_set_start(set); pvar < __link_set_end(set); pvar++)
#define __link_set_count(set)	(__link_set_end(set) - __link_set_start(set))
#define __link_set_entry(set, idx)	(__link_set_start(set)[idx])

/* What a function promises about locks, for clang's analysis. */
#if defined(__clang__) && defined(KPI_THREAD_SAFETY)
#define GUARDED_BY(x)	__attribute__((guarded_by(x)))
#define REQUIRES(x)	__attribute__((requires_capability(x)))
#else
#define GUARDED_BY(x)
#define REQUIRES(x)
#endif

#endif /* _SYS_CDEFS_H_ */
