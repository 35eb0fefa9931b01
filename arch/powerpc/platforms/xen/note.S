/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notes by which the builder of a domain knows this kernel (abi/elfnote.hh; Documentation/
 * xen/abi-ppc.rst, "Domain start").
 *
 * Constants only: a symbol would be a relocation, which no builder applies.  There is no
 * PADDR_OFFSET, because p_paddr begins at 0 already; with one equal to VIRT_BASE the
 * image is refused.
 */
#include <linux/elfnote.h>

#include <asm/page.h>

	ELFNOTE(Xen, 6, .asciz "linux")		/* GUEST_OS */
	ELFNOTE(Xen, 5, .asciz "xen-3.0")	/* XEN_VERSION */
	ELFNOTE(Xen, 8, .asciz "generic")	/* LOADER */
	ELFNOTE(Xen, 3, .quad PAGE_OFFSET)	/* VIRT_BASE */
	ELFNOTE(XenPPC, 1, .long 3)		/* modes: translated, direct */
