// SPDX-License-Identifier: GPL-2.0
/*
 * Builds the two domains of the call tests; after each test no reference may be lost.
 */
#include "call_guest.hh"

#include "mm/p2m.hh"

namespace call_test {

namespace {

constexpr u64 frame_table = 0x100000; /* refhv's own first megabyte lies below it */

std::vector<u32> table[2];

void make(Guest &guest, u32 index, u16 id, Mode mode)
{
	Domain &dom = domains[index];

	dom.id = DomId{id};
	dom.present = true;
	dom.privileged = id == 0;
	dom.direct = mode == Mode::Direct;
	dom.first_cpu = index * 2;
	dom.nr_vcpus = 2;
	dom.max_pages = limit_pages;
	dom.tot_pages = rma_pages + ram_pages;
	table[index].assign(limit_pages, p2m_invalid);
	dom.p2m = {dom.direct ? nullptr : table[index].data(), limit_pages, Pfn{0}};
	guest.frame.clear();

	const Mfn rma = frames::allocate(8, dom.id, FrameType::Rma);
	dom.rma = MachAddr{rma.raw() << 12};
	dom.rma_bytes = rma_pages << 12;
	dom.shared_info_at = MachAddr{dom.rma.raw() + dom.rma_bytes - 4096};
	for (u64 pfn = 0; pfn < rma_pages + ram_pages; ++pfn) {
		const Mfn mfn = pfn < rma_pages ? rma + Pages{pfn}
						: frames::allocate(0, dom.id, FrameType::Ram);

		guest.frame[pfn] = mfn.raw();
		p2m::set(dom, Pfn{pfn}, mfn);
	}
	for (u32 v = 0; v < dom.nr_vcpus; ++v) {
		dom.vcpu[v].dom = &dom;
		dom.vcpu[v].id = VcpuId{v};
		dom.vcpu[v].cpu = dom.first_cpu + v;
		dom.vcpu[v].online = dom.vcpu[v].initialised = v == 0;
	}
	ASSERT_EQ(hpt::create(dom, 18), 0);
	ASSERT_EQ(grant::init(dom), 0);
}

} // namespace

void CallTest::build(Mode mode, u64 machine_bytes)
{
	rig::reset(machine_bytes);
	rig::machine.online = 4;
	options.mode = mode;
	frames::init(MachAddr{frame_table}, machine_bytes >> 12);
	frames::reserve(Mfn{0}, frame_table >> 12);
	std::memset(static_cast<void *>(domains), 0, sizeof(domains));
	make(dom0, 0, 0, mode);
	make(dom5, 1, 5, mode);
	static_cast<void>(console_output());
}

CallTest::~CallTest()
{
	EXPECT_EQ(hpt::audit(), 0U) << "references were lost or never dropped";
}

} // namespace call_test
