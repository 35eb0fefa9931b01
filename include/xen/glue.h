/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contract between C and C++: services that *_glue.c files lend to C++
 * units on every architecture.  It compiles as C11, so that sparse checks it,
 * and as C++20; both sides see the same declarations.
 *
 * All services have C linkage, take and return plain words and pointers, and
 * begin with xen_glue_.  What else a C++ object may refer to is listed in
 * scripts/cxx/gate.allow.  What only one architecture lends is declared in that
 * architecture's own glue.h.
 *
 * The header itself owns nothing and includes nothing of the kernel.
 */
#ifndef XEN_GLUE_H
#define XEN_GLUE_H

#ifdef __cplusplus
#define XEN_GLUE_BEGIN	extern "C" {
#define XEN_GLUE_END	}
#define XEN_NOEXCEPT	noexcept
#ifndef __cold
#define __cold		__attribute__((cold))
#define __aligned(n)	__attribute__((aligned(n)))
#endif
#else
#define XEN_GLUE_BEGIN
#define XEN_GLUE_END
#define XEN_NOEXCEPT
#endif

XEN_GLUE_BEGIN

/**
 * xen_glue_bug - report that a C++ unit broke an invariant of its own
 * @what: the condition that does not hold, as text
 * @file: source file
 * @line: source line
 *
 * Never called for anything that Xen or another domain can cause.  It prints
 * and returns: objtool knows no noreturn functions of ours, so the caller
 * follows it with __builtin_trap(), which is an oops, as BUG() is.
 *
 * Context: any; interrupts on or off; does not sleep.
 */
void xen_glue_bug(const char *what, const char *file, unsigned int line) XEN_NOEXCEPT __cold;

XEN_GLUE_END

#endif
