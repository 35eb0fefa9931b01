// SPDX-License-Identifier: GPL-2.0
/* Which ABI layer this program uses: its machine's. */
#include "abi.h"

const struct abi *abi_here(void)
{
#if defined(__powerpc__)
	return &abi_ppc;
#elif defined(__x86_64__)
	return &abi_x86;
#else
#error "no ABI layer for this architecture"
#endif
}
