/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the device tree says about this domain, read once before the first allocation.
 *
 * Written by xen_early_init() in real mode, with one cpu and interrupts off; constant
 * afterwards, so that reading needs no lock.  Everything in it comes from the hypervisor
 * and has been checked: addresses are aligned and inside RAM, counts are in range.
 */
#ifndef ARCH_POWERPC_XEN_BOOT_HH
#define ARCH_POWERPC_XEN_BOOT_HH

#include <xen/core/frame.hh>
#include <xen/core/id.hh>

#include <abi/tree.hh>
#include <abi/wire.hh>

namespace xen::ppc {

/* What a hypervisor may offer beyond the historical one: strings of /xen "features". */
enum class Feature : u32 {
	Multicall = 1 << 0,
	BulkRemove = 1 << 1,
	AtomicHpt = 1 << 2,
	Pp0Kept = 1 << 3,
	XencommArea = 1 << 4,
	XencommAreaMulti = 1 << 5,
};

/* A range of guest-physical memory. */
struct Range {
	PhysAddr start;
	u64 bytes;
};

struct Boot {
	static constexpr unsigned int max_reserved = 16;

	bool found; /* there is a /xen: the kernel runs on Xen */
	bool privileged;
	bool initdomain;
	bool power_control;
	DomId domain;
	u32 features; /* of Feature */
	PhysAddr shared_info;
	Range table;	     /* the p2m's, if the domain keeps one: no bytes otherwise */
	u64 ram_pages;	     /* end of the guest's memory */
	Pfn foreign_first;   /* window for frames of other domains */
	Pages foreign_pages; /* 0: there is none */
	u64 start_time;	     /* s since 1970, 0 if the tree has none */
	Port console_port;   /* 0 for dom0 */
	Port store_port;
	PhysAddr console_page; /* 0 for dom0 */
	PhysAddr store_page;
	unsigned int nr_reserved;
	Range reserved[max_reserved];
};

/** boot - the facts; all zero before xen_early_init() and without Xen */
[[nodiscard]] const Boot &boot() noexcept;

[[nodiscard]] inline bool has(Feature feature) noexcept
{
	return (boot().features & static_cast<u32>(feature)) != 0;
}

/** historical - does the hypervisor announce nothing, like the one of 2007? */
[[nodiscard]] inline bool historical() noexcept
{
	return boot().features == 0;
}

} // namespace xen::ppc

#endif
