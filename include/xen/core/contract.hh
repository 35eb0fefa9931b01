/* SPDX-License-Identifier: GPL-2.0 */
/*
 * contract() - a caller's promise, checked.
 *
 * For mistakes of our own code only (the value of an error taken, a frame range
 * that ends before it begins).  What Xen or another domain answers is data and
 * never ends here: it becomes a Result.
 *
 * In a constant expression a broken contract is a compile error.
 */
#ifndef XEN_CORE_CONTRACT_HH
#define XEN_CORE_CONTRACT_HH

/* xen_glue_bug(): lent by the kernel's glue, the host tests and the fuzzer alike. */
#include <xen/glue.h>

namespace xen {

/**
 * contract - stop unless a promise holds
 * @kept: the promise
 * @what: the promise in words, printed when it is broken
 * @file: source file blamed; the caller's own unless it passes its caller's on
 * @line: line in @file
 *
 * Any context.  Does not return when the promise is broken.
 */
constexpr void contract(bool kept, const char *what, const char *file = __builtin_FILE(),
			unsigned int line = __builtin_LINE()) noexcept
{
	if (!kept) [[unlikely]] {
		xen_glue_bug(what, file, line);
		__builtin_trap();
	}
}

} // namespace xen

#endif
