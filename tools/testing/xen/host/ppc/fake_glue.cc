// SPDX-License-Identifier: GPL-2.0
/*
 * Services of the kernel that every unit may borrow, as a program on the build machine
 * has them.  Weak: a test that looks at one has its own.
 */
#include <cstdio>

#include <xen/glue.h>

[[gnu::weak]] void xen_glue_bug(const char *what, const char *file, unsigned int line) noexcept
{
	std::fprintf(stderr, "%s:%u: broken invariant: %s\n", file, line, what);
	std::fflush(stderr);
}
