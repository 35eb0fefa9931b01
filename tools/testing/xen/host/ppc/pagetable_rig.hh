/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of pagetable*.cc start from: a cpu, the facts of a domain, a hypervisor
 * with an empty table, and the kernel's services, which write down what they were told.
 */
#ifndef HOST_PPC_PAGETABLE_RIG_HH
#define HOST_PPC_PAGETABLE_RIG_HH

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fake_boot.hh"
#include "fake_hpt.hh"
#include "pagetable_glue.h"

namespace host {

/* What the kernel lends, and what it was told. */
struct Kernel {
	std::mutex lock;
	std::vector<std::string> failed; /* "H_ENTER 8 -1" */
	std::vector<std::string> odd;	 /* what, without the value */
	std::vector<std::string> stale;
	unsigned long not_cleared = 0;
	unsigned long irqs_enabled = 0;
	bool kernel_ro = true, large_pages = true;
	std::set<int> page_sizes;
	unsigned long hpt_shift = 18;
	std::string found;
	/* struct ppc64_tlb_batch */
	alignas(8) unsigned char batch[3104];
};

extern Kernel *kernel;

/* The VSID of kernel addresses, by segment; nothing but a rule of these tests. */
[[nodiscard]] u64 kernel_vsid(u64 ea);

/* rflags of pages as Linux makes them. */
inline constexpr u64 user_rw = 0x192, user_ro = 0x113, kernel_rw = 0x190;
inline constexpr u64 bolted = 0x10, second = 0x2;
inline constexpr int small = XEN_MMU_PAGE_4K, large = XEN_MMU_PAGE_16M;

/* A user page: VSID and page of the segment, with its place in the table. */
struct Page {
	u64 vsid;
	u64 number;

	[[nodiscard]] u64 vpn() const { return vsid << 16 | number; }
	[[nodiscard]] u64 first_group() const
	{
		return ((vsid ^ number) % (FakeHpt::slots / 8)) * 8;
	}
	[[nodiscard]] u64 second_group() const
	{
		return (~(vsid ^ number) % (FakeHpt::slots / 8)) * 8;
	}
};

class PageTable : public ::testing::Test {
protected:
	PageTable();
	~PageTable() override;

	/* With these features of the hypervisor from the start; default: a historical one. */
	void start(std::initializer_list<xen::ppc::Feature> features = {});
	/* Everything refhv offers, and a hypervisor that has it. */
	void start_modern();
	/* The MMU is off, as at boot. */
	static void real_mode() { xen_host_msr = 0; }

	long insert(const Page &page, u64 frame, u64 rflags = user_rw, u64 vflags = 0)
	{
		return xen_hpte_insert((vflags & second) != 0 ? page.second_group()
							      : page.first_group(),
				       page.vpn(), frame << 12, rflags, vflags, small, small, 0);
	}
	/* Inserts, and returns the slot in the table. */
	u64 inserted(const Page &page, u64 frame, u64 rflags = user_rw, u64 vflags = 0);
	/* @n pages of one group, all different. */
	static Page in_group(u64 group, u64 n) { return {group / 8 | (n + 1) << 20, 0}; }

	/* What the processor sees. */
	[[nodiscard]] auto look_up(const Page &page) const
	{
		return xen.look_up(page.vsid, page.number);
	}

	FakeHpt xen;
	Kernel services;
	/* Rules that the test breaks on purpose. */
	bool rules_matter = true;
};

} // namespace host

#endif
