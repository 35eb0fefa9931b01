/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What prom_init.c asks when the client interface of Open Firmware may be Xen's.
 *
 * Part of that file, whose variables and functions it uses: it runs before relocation
 * and may refer to nothing else.  Xen puts kernel and initrd below 32 MiB, its client
 * interface and a stack that grows down at 32 MiB, and everything it keeps for itself
 * above (Documentation/xen/abi-ppc.rst, "Domain start").
 */
#ifndef _ASM_POWERPC_XEN_PROM_INIT_H
#define _ASM_POWERPC_XEN_PROM_INIT_H

#ifdef CONFIG_PPC_XEN

#define XEN_PROM_STACK	0x10000		/* left to the stack below the client interface */
#define XEN_PROM_TREE	0x200000	/* left to the flattened tree behind the initrd */

static bool __init xen_prom_present(void)
{
	return PHANDLE_VALID(call_prom("finddevice", 1, 1, ADDR("/xen")));
}

/* Below this address memory may be claimed; without Xen there is no limit. */
static unsigned long __init xen_prom_ceiling(void)
{
	if (!xen_prom_present())
		return ~0ul;
	return (prom_entry & ~0xfffful) - XEN_PROM_STACK;
}

/*
 * The length of the initrd at @start, given as @bytes: the historical builder gave the
 * kernel's length.  A tree that knows the end is believed, as far as it names memory that
 * can be the initrd's.  Else everything up to the last byte that is not zero belongs to
 * the initrd, in memory that was empty before the builder wrote to it, and a page more,
 * because an archive may end in zeros.
 */
static unsigned long __init __maybe_unused
xen_prom_initrd_bytes(unsigned long start, unsigned long bytes)
{
	unsigned long end, limit;
	__be64 told;

	if (!start || !xen_prom_present())
		return bytes;
	limit = xen_prom_ceiling();
	if (prom_getprop(prom.chosen, "linux,initrd-end", &told, sizeof(told)) == sizeof(told) &&
	    be64_to_cpu(told) > start && be64_to_cpu(told) <= limit)
		return be64_to_cpu(told) - start;
	limit -= XEN_PROM_TREE;
	if (start >= limit) {
		prom_printf("the initrd at %lx leaves no room for the device tree\n", start);
		return bytes;
	}
	end = limit;
	while (end - sizeof(long) > start && !*(unsigned long *)(end - sizeof(long)))
		end -= sizeof(long);
	end = min(ALIGN(end, 0x1000) + 0x1000, limit);
	return end - start;
}

#else

static bool __init xen_prom_present(void) { return false; }
static unsigned long __init xen_prom_ceiling(void) { return ~0ul; }
static unsigned long __init __maybe_unused
xen_prom_initrd_bytes(unsigned long start, unsigned long bytes)
{
	return bytes;
}

#endif
#endif
