/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What hypercall_counters.cc and its glue lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_HYPERCALL_COUNTERS_GLUE_H
#define ARCH_POWERPC_XEN_HYPERCALL_COUNTERS_GLUE_H

#include <xen/glue.h>

struct dentry;
struct xen_glue_reader;

XEN_GLUE_BEGIN

/** xen_hypercalls_show - every call that was made, with its count */
void xen_hypercalls_show(struct xen_glue_reader *reader) XEN_NOEXCEPT;

/** xen_glue_count - one line "name value" for the reader of a debugfs file */
void xen_glue_count(struct xen_glue_reader *reader, const char *name,
		    unsigned long value) XEN_NOEXCEPT;

/** xen_ppc_debugfs - the port's folder in debugfs, made at the first call */
struct dentry *xen_ppc_debugfs(void) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
