// SPDX-License-Identifier: GPL-2.0
/*
 * sysctl and domctl: privilege, versions, write-back, and what each command says.
 */
#include <algorithm>

#include "call_guest.hh"

#include <abi/domctl.hh>
#include <abi/memory.hh>
#include <abi/sysctl.hh>

#include "base/print.hh"

namespace {

using namespace call_test;
using namespace xen::ppc;

class Control : public CallTest {
protected:
	template <class P> s64 sysctl(u32 cmd, P &p, Guest &guest)
	{
		return run(XenCall::Sysctl, Xen(cmd, 4), p, guest);
	}
	template <class P> s64 sysctl(u32 cmd, P &p) { return sysctl(cmd, p, dom0); }
	template <class P> s64 domctl(u32 cmd, u16 domain, P &p)
	{
		xen::ppc::Domctl block = Dom(cmd, 5);

		block.domain.store(domain);
		const s64 result = run(XenCall::Domctl, block, p, dom0);
		found = dom0.get<xen::ppc::Domctl>(arg_at).domain.load();
		return result;
	}
	template <class T, class P> s64 run(XenCall call, T block, P &p, Guest &guest)
	{
		std::memset(&block.u, 0xee, sizeof(block.u));
		std::memcpy(&block.u, &p, sizeof(P));
		guest.put(arg_at, block);
		const s64 result = guest.call(call, {guest.handle(arg_at)});
		block = guest.template get<T>(arg_at);
		std::memcpy(&p, &block.u, sizeof(P));
		return result;
	}
	static xen::ppc::Sysctl Xen(u32 cmd, u32 version)
	{
		xen::ppc::Sysctl block{};

		block.cmd.store(cmd);
		block.interface_version.store(version);
		return block;
	}
	static xen::ppc::Domctl Dom(u32 cmd, u32 version)
	{
		xen::ppc::Domctl block{};

		block.cmd.store(cmd);
		block.interface_version.store(version);
		return block;
	}
	u16 found = 0;
};

TEST_F(Control, PrivilegeThenMemoryThenVersion)
{
	SysctlSchedId p{};

	for (XenCall call : {XenCall::Sysctl, XenCall::Domctl}) {
		EXPECT_EQ(dom5.call(call, {0}), no(1)) << "before anything is read";
		EXPECT_EQ(dom0.call(call, {0}), no(14));
	}
	EXPECT_EQ(run(XenCall::Sysctl, Xen(4, 3), p, dom0), no(13));
	EXPECT_EQ(p.sched_id.load(), 0U) << "nothing is written back";
	EXPECT_EQ(run(XenCall::Domctl, Dom(5, 4), p, dom0), no(13));
	for (u32 cmd : {0u, 10u, 99u})
		EXPECT_EQ(sysctl(cmd, p), no(38)) << cmd;
	for (u32 cmd : {1u, 2u, 3u, 7u, 9u, 11u, 12u, 26u, 99u})
		EXPECT_EQ(domctl(cmd, 5, p), no(38)) << cmd;
	EXPECT_EQ(sysctl(5, p), no(38)) << "no performance counters";
	EXPECT_EQ(sysctl(4, p), 0);
	EXPECT_EQ(p.sched_id.load(), 5U);
}

TEST_F(Control, ReadconsoleGivesTheRingAndForgetsItIfAsked)
{
	SysctlReadconsole p{};
	const auto ask = [&](u32 room, bool clear) {
		p.clear.store(clear);
		p.count.store(room);
		p.buffer = Be<u64>{dom0.handle(data_at)};
		return sysctl(1, p);
	};

	EXPECT_EQ(ask(16384, true), 0);
	print("refhv: one two\n");
	EXPECT_EQ(ask(16384, false), 0);
	EXPECT_EQ(p.count.load(), 15U);
	EXPECT_EQ(std::memcmp(dom0.memory(data_at), "refhv: one two\n", 15), 0);
	EXPECT_EQ(ask(7, true), 0);
	EXPECT_EQ(ask(~0u, false), 0);
	EXPECT_EQ(p.count.load(), 8U) << "the first seven were consumed";
	p.buffer.store(0);
	p.clear.store(1);
	p.count.store(100);
	EXPECT_EQ(sysctl(1, p), no(14));
	EXPECT_EQ(p.count.load(), 100U) << "as given";
	EXPECT_EQ(ask(100, true), 0);
	EXPECT_EQ(p.count.load(), 8U + 0U) << "a fault consumes nothing";
}

TEST_F(Control, PhysinfoLeavesAloneWhatPpcLeft)
{
	SysctlPhysinfo p{};

	p.scrub_pages.store(123);
	p.max_cpu_id.store(7);
	p.hw_cap[3].store(9);
	EXPECT_EQ(sysctl(3, p), 0);
	EXPECT_EQ(p.total_pages.load(), frames::count());
	EXPECT_EQ(p.free_pages.load(), frames::free_count());
	EXPECT_EQ(p.threads_per_core.load() * p.cores_per_socket.load() *
			  p.sockets_per_node.load() * p.nr_nodes.load(),
		  4U);
	EXPECT_EQ(p.scrub_pages.load(), 123U);
	EXPECT_EQ(p.max_cpu_id.load(), 7U);
	EXPECT_EQ(p.hw_cap[3].load(), 0U);
}

TEST_F(Control, PhysinfoDoesNotCountTheIoHole)
{
	for (u64 pages : {0x80000ul, 0x90000ul, 0x180000ul}) {
		SysctlPhysinfo p{};

		build(Mode::Translated, pages << 12);
		EXPECT_EQ(sysctl(3, p), 0);
		EXPECT_EQ(p.total_pages.load(), pages == 0x180000 ? 0x100000U : 0x80000U);
	}
}

TEST_F(Control, DomainListsStartAtTheNextNumber)
{
	SysctlGetdomaininfolist p{};
	const auto element = [&](u64 i) {
		return dom0.get<DomctlGetdomaininfo>(data_at + i * sizeof(DomctlGetdomaininfo));
	};

	p.max_domains.store(10);
	p.buffer = Be<u64>{dom0.handle(data_at)};
	EXPECT_EQ(sysctl(6, p), 0);
	ASSERT_EQ(p.num_domains.load(), 2U);
	EXPECT_EQ(element(0).domain.load(), 0);
	EXPECT_EQ(element(1).domain.load(), 5);
	EXPECT_EQ(element(1).tot_pages.load(), rma_pages + ram_pages);
	p.first_domain.store(1);
	p.max_domains.store(1);
	EXPECT_EQ(sysctl(6, p), 0);
	EXPECT_EQ(p.num_domains.load(), 1U);
	EXPECT_EQ(element(0).domain.load(), 5);
	p.first_domain.store(6);
	EXPECT_EQ(sysctl(6, p), 0);
	EXPECT_EQ(p.num_domains.load(), 0U);
	p.first_domain.store(0);
	p.buffer.store(0);
	EXPECT_EQ(sysctl(6, p), no(14));
}

TEST_F(Control, KeysArePrintedOnTheConsole)
{
	SysctlDebugKeys p{};

	dom0.put(data_at, 'm');
	p.keys = Be<u64>{dom0.handle(data_at)};
	p.nr_keys.store(1);
	static_cast<void>(console_output());
	EXPECT_EQ(sysctl(7, p), 0);
	EXPECT_NE(console_output().find("free " + std::to_string(frames::free_count())),
		  std::string::npos);
	p.nr_keys.store(17);
	EXPECT_EQ(sysctl(7, p), no(22));
	p.nr_keys.store(1);
	p.keys.store(0);
	EXPECT_EQ(sysctl(7, p), no(14));
	/* Each key once, whatever else is there. */
	for (u64 i = 0; i < 16; ++i)
		dom0.put(data_at + i, "mmcrzzmt"[i % 8]);
	p.keys = Be<u64>{dom0.handle(data_at)};
	p.nr_keys.store(16);
	static_cast<void>(console_output());
	EXPECT_EQ(sysctl(7, p), 0);
	const std::string said = console_output();
	EXPECT_EQ(said.find("free"), said.rfind("free"));
	EXPECT_LT(said.size(), 2000U);
}

TEST_F(Control, TraceBuffersSayThatTheyAreNotThere)
{
	SysctlTbufOp p{};

	p.buffer_mfn.store(1);
	p.size.store(1);
	EXPECT_EQ(sysctl(2, p), 0);
	EXPECT_EQ(p.buffer_mfn.load() + p.size.load() + p.evt_mask.load(), 0U);
	for (u32 cmd : {1u, 2u, 3u, 4u, 5u, 99u}) {
		p.cmd.store(cmd);
		EXPECT_EQ(sysctl(2, p), no(22)) << cmd;
	}
}

TEST_F(Control, ProcessorsAndHeap)
{
	SysctlGetcpuinfo cpus{};

	cpus.max_cpus.store(100);
	cpus.info = Be<u64>{dom0.handle(data_at)};
	EXPECT_EQ(sysctl(8, cpus), 0);
	EXPECT_EQ(cpus.nr_cpus.load(), 4U);
	cpus.max_cpus.store(2);
	cpus.info = Be<u64>{dom0.handle(dom0.edge() - 8)};
	EXPECT_EQ(sysctl(8, cpus), 0) << "a fault is a short count";
	EXPECT_EQ(cpus.nr_cpus.load(), 1U);

	SysctlAvailheap heap{};
	heap.node.store(-1);
	EXPECT_EQ(sysctl(9, heap), 0);
	EXPECT_EQ(heap.avail_bytes.load(), frames::free_count() << 12);
	heap.max_bitwidth.store(20);
	EXPECT_EQ(sysctl(9, heap), 0);
	EXPECT_EQ(heap.avail_bytes.load(), 1u << 20) << "no more than there is below it";
	heap.min_bitwidth.store(19);
	EXPECT_EQ(sysctl(9, heap), 0);
	EXPECT_EQ(heap.avail_bytes.load(), 1u << 19);
	heap.max_bitwidth.store(64);
	heap.min_bitwidth.store(64);
	EXPECT_EQ(sysctl(9, heap), 0);
	EXPECT_EQ(heap.avail_bytes.load(), 0U);
	heap.min_bitwidth.store(0);
	heap.node.store(1);
	EXPECT_EQ(sysctl(9, heap), 0);
	EXPECT_EQ(heap.avail_bytes.load(), 0U) << "there is no such node";
}

TEST_F(Control, GetdomaininfoFindsTheNextDomain)
{
	DomctlGetdomaininfo info{};

	domains[1].vcpu[0].blocked = true;
	EXPECT_EQ(domctl(5, 1, info), 0);
	EXPECT_EQ(found, 5);
	EXPECT_EQ(info.domain.load(), 5);
	EXPECT_EQ(info.max_pages.load(), limit_pages);
	EXPECT_EQ(info.shared_info_frame.load(), rma_pages - 1);
	EXPECT_EQ(info.nr_online_vcpus.load(), 1U);
	EXPECT_EQ(info.max_vcpu_id.load(), 1U);
	EXPECT_EQ(info.flags.load(), dominf::blocked);
	domains[1].vcpu[0].blocked = false;
	domains[1].shut_down = true;
	domains[1].shutdown_reason = 3;
	EXPECT_EQ(domctl(5, 5, info), 0);
	EXPECT_EQ(info.flags.load(), dominf::blocked | dominf::shutdown | 3u << 16);
	EXPECT_EQ(domctl(5, self, info), 0);
	EXPECT_EQ(found, 0);
	EXPECT_EQ(info.flags.load(), dominf::running);
	EXPECT_EQ(domctl(5, 6, info), no(3));
}

TEST_F(Control, MemoryListsAreDenseOrByMachineFrame)
{
	for (Mode mode : {Mode::Translated, Mode::Direct}) {
		build(mode);
		DomctlGetmemlist p{};
		const u64 pages = rma_pages + ram_pages;

		p.max_pfns.store(pages + 10);
		p.buffer = Be<u64>{dom0.handle(data_at)};
		EXPECT_EQ(domctl(6, 5, p), 0);
		EXPECT_EQ(p.num_pfns.load(), mode == Mode::Direct ? pages : pages + 10);
		std::vector<u64> got, owned;
		for (u64 i = 0; i < pages; ++i)
			got.push_back(dom0.word(data_at + i * 8));
		for (const auto &[pfn, mfn] : dom5.frame)
			owned.push_back(mfn);
		if (mode == Mode::Direct)
			std::sort(owned.begin(), owned.end());
		else
			EXPECT_EQ(dom0.word(data_at + pages * 8), no_frame);
		EXPECT_EQ(got, owned);
		p.max_pfns.store(3);
		EXPECT_EQ(domctl(6, 5, p), 0);
		EXPECT_EQ(p.num_pfns.load(), 3U);
		EXPECT_EQ(domctl(6, 9, p), no(22));
		EXPECT_EQ(domctl(6, self, p), no(22));
		p.max_pfns.store(200);
		p.buffer = Be<u64>{dom0.handle(dom0.edge() - 100 * 8)};
		EXPECT_EQ(domctl(6, 5, p), no(14));
		EXPECT_EQ(p.num_pfns.load(), 0U);
		p.max_pfns.store(~0ul);
		p.buffer = Be<u64>{dom0.handle(data_at)};
		EXPECT_EQ(domctl(6, 5, p), 0);
		EXPECT_EQ(p.num_pfns.load(), mode == Mode::Direct ? pages : limit_pages);
	}
}

TEST_F(Control, MemoryListsAreCopiedInPieces)
{
	DomctlGetmemlist p{};

	/* The last of the pieces lies beyond the caller's memory. */
	p.max_pfns.store(2000);
	p.buffer = Be<u64>{dom0.handle(dom0.edge() - 1999 * 8)};
	EXPECT_EQ(domctl(6, 5, p), no(14));
	EXPECT_EQ(p.num_pfns.load(), 1024U);
	EXPECT_EQ(dom0.word(dom0.edge() - (1999 - rma_pages) * 8), dom5.frame[rma_pages]);
}

TEST_F(Control, VcpuinfoSaysWhatAVcpuDoes)
{
	DomctlGetvcpuinfo p{};

	EXPECT_EQ(domctl(14, 0, p), 0);
	EXPECT_EQ(p.online, 1);
	EXPECT_EQ(p.blocked, 0);
	EXPECT_EQ(p.running, 1);
	domains[1].vcpu[0].blocked = true;
	p.vcpu.store(0);
	EXPECT_EQ(domctl(14, 5, p), 0);
	EXPECT_EQ(p.online, 1);
	EXPECT_EQ(p.blocked, 1);
	EXPECT_EQ(p.running, 0);
	EXPECT_EQ(p.cpu.load(), 2U);
	domains[1].vcpu[1].state_ns[0] = 12345;
	domains[1].vcpu[1].state = 3;
	p.vcpu.store(1);
	EXPECT_EQ(domctl(14, 5, p), 0);
	EXPECT_EQ(p.online, 0);
	EXPECT_EQ(p.running, 0);
	EXPECT_EQ(p.cpu.load(), 3U);
	EXPECT_EQ(p.cpu_time.load(), 12345U);
	p.vcpu.store(2);
	EXPECT_EQ(domctl(14, 5, p), no(3));
	p.vcpu.store(32);
	EXPECT_EQ(domctl(14, 5, p), no(22));
	EXPECT_EQ(domctl(14, 9, p), no(3)) << "the domain is judged first";
	EXPECT_EQ(domctl(14, self, p), no(3));
}

TEST_F(Control, VcpucontextShowsTheRegisters)
{
	DomctlVcpucontext p{};
	Regs &regs = domains[1].vcpu[0].regs;

	for (u64 i = 0; i < 32; ++i)
		regs.gpr[i] = i << 32 | 7;
	regs.pc = 0xc000000000004000;
	regs.msr = msr::sf | msr::ee;
	regs.lr = 1;
	regs.ctr = 2;
	regs.xer = 3;
	regs.cr = 4;
	p.ctxt = Be<u64>{dom0.handle(data_at)};
	std::memset(dom0.memory(data_at), 0xee, 512);
	EXPECT_EQ(domctl(13, 5, p), 0);
	/* vcpu_guest_context: 32 gprs, lr, ctr, srr0, srr1, pc, msr, fpscr, xer; cr at 340 */
	EXPECT_EQ(dom0.word(data_at + 31 * 8), 31ul << 32 | 7);
	EXPECT_EQ(dom0.word(data_at + 256), 1U);
	EXPECT_EQ(dom0.word(data_at + 264), 2U);
	EXPECT_EQ(dom0.word(data_at + 288), regs.pc);
	EXPECT_EQ(dom0.word(data_at + 296), regs.msr);
	EXPECT_EQ(dom0.word(data_at + 312), 3U);
	EXPECT_EQ(dom0.get<Be<u32>>(data_at + 340).load(), 4U);
	EXPECT_EQ(dom0.word(data_at + 352), 0U) << "nothing of refhv's";
	EXPECT_EQ(*dom0.memory(data_at + 360), 0xee);
	p.ctxt.store(0);
	EXPECT_EQ(domctl(13, 5, p), no(14));
	p.vcpu.store(1);
	EXPECT_EQ(domctl(13, 5, p), no(61)) << "it has none yet";
	p.vcpu.store(32);
	EXPECT_EQ(domctl(13, 5, p), no(22));
}

TEST_F(Control, AffinityIsTheOneProcessor)
{
	DomctlVcpuaffinity p{};

	std::memset(dom0.memory(data_at), 0xee, 100);
	p.cpumap.bitmap = Be<u64>{dom0.handle(data_at)};
	p.cpumap.nr_cpus.store(17);
	p.vcpu.store(1);
	EXPECT_EQ(domctl(25, 5, p), 0);
	EXPECT_EQ(dom0.get<u8>(data_at), 8) << "processor 3";
	EXPECT_EQ(dom0.get<u8>(data_at + 1) | dom0.get<u8>(data_at + 2), 0);
	EXPECT_EQ(dom0.get<u8>(data_at + 3), 0xee) << "17 bits are three bytes";
	p.cpumap.nr_cpus.store(~0u);
	EXPECT_EQ(domctl(25, 5, p), 0);
	EXPECT_EQ(dom0.get<u8>(data_at + 63), 0);
	EXPECT_EQ(dom0.get<u8>(data_at + 64), 0xee) << "512 bits at most";
	p.cpumap.bitmap.store(0);
	EXPECT_EQ(domctl(25, 5, p), 0) << "no place, no error";
	p.vcpu.store(2);
	EXPECT_EQ(domctl(25, 5, p), no(3));
}

TEST_F(Control, ShadowOpKnowsTheSizeOfTheHashTable)
{
	DomctlShadowOp p{};

	p.op.store(30);
	p.mb.store(99);
	EXPECT_EQ(domctl(10, 5, p), 0);
	EXPECT_EQ(p.mb.load(), 0U) << "256 KB";
	domains[1].hpt.log2_bytes = 25;
	EXPECT_EQ(domctl(10, 5, p), 0);
	EXPECT_EQ(p.mb.load(), 32U);
	p.op.store(31);
	p.mb.store(1);
	EXPECT_EQ(domctl(10, 5, p), no(16));
	EXPECT_EQ(p.mb.load(), 32U) << "the one there is";
	p.op.store(30);
	EXPECT_EQ(domctl(10, 0, p), no(22)) << "the caller";
	EXPECT_EQ(domctl(10, 9, p), no(3));
	p.op.store(0);
	EXPECT_EQ(domctl(10, 5, p), no(22));
	EXPECT_EQ(broken(Rule::DangerousCall), 0U);
	for (u32 op : {1u, 2u, 3u, 11u, 12u, 32u, 99u}) {
		p.op.store(op);
		EXPECT_EQ(domctl(10, 5, p), no(22)) << op;
	}
	EXPECT_EQ(broken(Rule::DangerousCall), 7U);
	domains[1].hpt.log2_bytes = 18;
}

} // namespace
