// SPDX-License-Identifier: GPL-2.0
/* The kernel services that the core borrows, as a program on the build machine has them. */
#include <cstdio>

#include <xen/glue.h>

void xen_glue_bug(const char *what, const char *file, unsigned int line) noexcept
{
	std::fprintf(stderr, "%s:%u: broken invariant: %s\n", file, line, what);
	std::fflush(stderr);
}
