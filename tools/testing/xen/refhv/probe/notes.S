/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the builder of a domain asks of an image (ABI 2.1, protocol 4): a guest-physical
 * image at 0, for Linux's loader, that runs in translated and in direct mode.
 */
.macro note owner, type
	.section .note.xen, "a", @note
	.balign	4
	.long	2f - 1f, 4f - 3f, \type
1:	.asciz	"\owner"
2:	.balign	4
3:
.endm
.macro end_note
4:	.balign	4
.endm

	note	"Xen", 6	/* GUEST_OS */
	.asciz	"linux"
	end_note
	note	"Xen", 5	/* XEN_VERSION */
	.asciz	"xen-3.0"
	end_note
	note	"Xen", 8	/* LOADER */
	.asciz	"generic"
	end_note
	note	"Xen", 3	/* VIRT_BASE */
	.quad	0
	end_note
	note	"Xen", 4	/* PADDR_OFFSET */
	.quad	0
	end_note
	note	"XenPPC", 1	/* modes: translated and direct */
	.long	3
	end_note
