/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tracepoint's static key, asked from C++.
 *
 * Where the kernel has jump labels, the question is a five-byte no-op that the
 * kernel patches into a jump while somebody listens; the entry in __jump_table
 * has the form that include/linux/jump_label.h documents (two relative code
 * addresses and the key, relative).  Elsewhere it is one load.
 *
 * It only says whether somebody listens.  The event itself is raised by glue,
 * which knows the tracepoint's types.
 */
#ifndef ARCH_X86_XEN_STATIC_KEY_HH
#define ARCH_X86_XEN_STATIC_KEY_HH

#include "layout.h"

namespace xen {

/* A struct tracepoint of the kernel; only its address means something here. */
struct Tracepoint;

/**
 * listened_to - whether anybody listens to a tracepoint
 *
 * Context: any; costs one no-op while nobody does.
 */
template <Tracepoint *Point> [[gnu::always_inline, nodiscard]] inline bool listened_to() noexcept
{
#if !defined(CONFIG_TRACEPOINTS)
	return false;
#elif defined(CONFIG_JUMP_LABEL)
	asm goto("1:\n\t"
		 ".byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n\t"
		 ".pushsection __jump_table, \"aw\"\n\t"
		 ".balign 8\n\t"
		 ".long 1b - ., %l[yes] - .\n\t"
		 ".quad %c0 + %c1 - .\n\t"
		 ".popsection"
		 : : "i"(Point), "i"(XEN_TRACEPOINT_KEY) : : yes);
	return false;
yes:
	return true;
#else
	int enabled;

	asm volatile("movl %c1+%c2(%%rip), %0" : "=r"(enabled) : "i"(Point), "i"(XEN_TRACEPOINT_KEY));
	return enabled > 0;
#endif
}

} // namespace xen

#endif
