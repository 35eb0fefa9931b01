/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about sysctl and multicall (layouts 3, 7.7) as a privileged domain sees them.
 */
#include <abi/sysctl.hh>
#include <abi/tree.hh>

#include "probe/domain_info.hh"
#include "probe/facts.hh"

namespace probe {

namespace {

using abi::SysctlOp;

abi::Sysctl *sys;
u8 *buffer; /* two pages */

template <class T> T &begin(SysctlOp op, u32 interface = abi::sysctl_version)
{
	*sys = {};
	sys->cmd.store(static_cast<u32>(op));
	sys->interface_version.store(interface);
	return *reinterpret_cast<T *>(sys->u);
}

s64 sysctl()
{
	return xen_call(XenCall::Sysctl, inline_handle(sys));
}

void sysctl_frame()
{
	fact("control.sysctl.fault", xen_result(xen_call(XenCall::Sysctl, 0)));
	static constexpr u32 wrong[] = {0, 3, 5, 0xffffffff};
	for (const u32 version : wrong) {
		begin<u64>(SysctlOp::SchedId, version);
		put("control.sysctl.version_");
		put_unsigned(version);
		fact("", xen_result(sysctl()));
	}
	static constexpr u32 unknown[] = {0, 10, 0xffffffff};
	for (const u32 op : unknown) {
		begin<u64>(static_cast<SysctlOp>(op));
		put("control.sysctl.operation_");
		put_unsigned(op);
		fact("", xen_result(sysctl()));
	}
}

void readconsole()
{
	auto &a = begin<abi::SysctlReadconsole>(SysctlOp::Readconsole);

	fill(buffer, 0, 2 * page_bytes);
	a.buffer.store(inline_handle(buffer));
	a.count.store(64);
	const s64 result = sysctl();
	const u32 count = a.count.load();
	u64 text = 0;

	for (u64 i = 0; i < 128; i++)
		text += buffer[i] != 0;
	fact("control.readconsole", xen_result(result), " ", count <= 64, " ", text <= count);
	auto &none_wanted = begin<abi::SysctlReadconsole>(SysctlOp::Readconsole);

	none_wanted.buffer.store(inline_handle(buffer));
	const s64 nothing_result = sysctl();
	fact("control.readconsole.nothing", xen_result(nothing_result), " ",
	     none_wanted.count.load());
	auto &fault = begin<abi::SysctlReadconsole>(SysctlOp::Readconsole);

	fault.count.store(64);
	const s64 faulted = sysctl();

	if (count) /* an empty ring copies nothing, and so cannot fail */
		fact("control.readconsole.fault", xen_result(faulted), " ", fault.count.load());
}

void machine()
{
	auto &a = begin<abi::SysctlPhysinfo>(SysctlOp::Physinfo);

	a.scrub_pages.store(77);
	a.max_cpu_id.store(78);
	a.cpu_to_node.store(inline_handle(buffer));
	fill(buffer, 0xee, 64);
	const s64 result = sysctl();
	bool caps = false;

	for (const auto &c : a.hw_cap)
		caps |= c.load() != 0;
	fact("control.physinfo", xen_result(result));
	fact("control.physinfo.total_pages", a.total_pages.load() > memory_bytes() / page_bytes);
	fact("control.physinfo.free_pages", a.free_pages.load() <= a.total_pages.load());
	fact("control.physinfo.cpus",
	     a.threads_per_core.load() >= 1 && a.cores_per_socket.load() >= 1 &&
		     a.sockets_per_node.load() >= 1 && a.nr_nodes.load() >= 1);
	fact("control.physinfo.hw_cap", caps ? "set" : "zero");
	fact("control.physinfo.untouched", a.scrub_pages.load(), " ", a.max_cpu_id.load(), " ",
	     hex(buffer[0]));
	auto &sched = begin<abi::SysctlSchedId>(SysctlOp::SchedId);

	const s64 sched_id_result = sysctl();
	fact("control.sched_id", xen_result(sched_id_result), " ",
	     sched.sched_id.load() == 4 || sched.sched_id.load() == 5);
	auto &cpu = begin<abi::SysctlGetcpuinfo>(SysctlOp::Getcpuinfo);

	cpu.max_cpus.store(64);
	cpu.info.store(inline_handle(buffer));
	const s64 getcpuinfo_result = sysctl();
	fact("control.getcpuinfo", xen_result(getcpuinfo_result), " ",
	     cpu.nr_cpus.load() >= 1 && cpu.nr_cpus.load() <= 16);
	auto &cpu_none = begin<abi::SysctlGetcpuinfo>(SysctlOp::Getcpuinfo);

	const s64 no_room_result = sysctl();
	fact("control.getcpuinfo.no_room", xen_result(no_room_result), " ",
	     cpu_none.nr_cpus.load());
	auto &cpu_fault = begin<abi::SysctlGetcpuinfo>(SysctlOp::Getcpuinfo);

	cpu_fault.max_cpus.store(4);
	const s64 fault_result = sysctl();
	fact("control.getcpuinfo.fault", xen_result(fault_result), " ", cpu_fault.nr_cpus.load());
	auto &heap = begin<abi::SysctlAvailheap>(SysctlOp::Availheap);

	heap.node.store(-1);
	const s64 availheap_result = sysctl();
	fact("control.availheap", xen_result(availheap_result), " ",
	     heap.avail_bytes.load() % page_bytes == 0);
	begin<abi::SysctlPerfcOp>(SysctlOp::PerfcOp).cmd.store(2);
	fact("control.perfc", xen_result(sysctl()));
	auto &tbuf = begin<abi::SysctlTbufOp>(SysctlOp::TbufOp);

	tbuf.cmd.store(99);
	fact("control.tbuf.unknown", xen_result(sysctl()));
}

void domain_lists()
{
	auto &a = begin<abi::SysctlGetdomaininfolist>(SysctlOp::Getdomaininfolist);
	auto *info = reinterpret_cast<abi::DomctlGetdomaininfo *>(buffer);

	a.first_domain.store(own_domid());
	a.max_domains.store(1);
	a.buffer.store(inline_handle(buffer));
	const s64 list_result = sysctl();
	fact("control.list", xen_result(list_result), " ", a.num_domains.load(), " ",
	     plausible(*info));
	fact("control.list.shared_info",
	     info->shared_info_frame.load() == rma_bytes() / page_bytes - 1 ? "last of RMA"
									    : "other");
	fact("control.list.running", (info->flags.load() & abi::dominf::running) != 0);
	auto &all = begin<abi::SysctlGetdomaininfolist>(SysctlOp::Getdomaininfolist);

	all.max_domains.store(32);
	all.buffer.store(inline_handle(buffer));
	const s64 result = sysctl();
	bool rising = true;

	for (u32 i = 1; i < all.num_domains.load() && i < 32; i++)
		rising &= info[i].domain.load() > info[i - 1].domain.load();
	fact("control.list.all", xen_result(result), " ", rising);
	auto &past = begin<abi::SysctlGetdomaininfolist>(SysctlOp::Getdomaininfolist);

	past.first_domain.store(domid_nobody);
	past.max_domains.store(32);
	past.buffer.store(inline_handle(buffer));
	const s64 beyond_result = sysctl();
	fact("control.list.beyond", xen_result(beyond_result), " ", past.num_domains.load());
	auto &fault = begin<abi::SysctlGetdomaininfolist>(SysctlOp::Getdomaininfolist);

	fault.max_domains.store(1);
	fact("control.list.fault", xen_result(sysctl()));
}

/* ---- Multicall ---- */

void multicall()
{
	auto *m = reinterpret_cast<abi::MulticallEntry *>(buffer);
	const u64 handle = inline_handle(m);

	for (u32 i = 0; i < 4; i++) {
		m[i] = {};
		m[i].op.store(static_cast<u32>(XenCall::XenVersion));
		m[i].result.store(99);
	}
	m[1].op.store(63);
	m[2].op.store(static_cast<u32>(XenCall::SchedOp));
	m[2].args[0].store(5);
	const s64 result = xen_call(XenCall::Multicall, handle, 4);

	fact("control.multicall", xen_result(result));
	if (!has(abi::tree::feature_multicall))
		return;
	fact("control.multicall.results", hex(static_cast<u64>(m[0].result.load())), " ",
	     xen_result(m[1].result.load()), " ", xen_result(m[2].result.load()), " ",
	     m[3].result.load() == m[0].result.load());
	m[0].op.store(static_cast<u32>(XenCall::Multicall));
	m[0].args[0].store(handle);
	m[0].args[1].store(1);
	const s64 nested_result = xen_call(XenCall::Multicall, handle, 1);
	fact("control.multicall.nested", xen_result(nested_result), " ",
	     xen_result(m[0].result.load()));
	m[0].op.store(abi::xen_mark | static_cast<u32>(XenCall::XenVersion));
	const s64 marked_result = xen_call(XenCall::Multicall, handle, 1);
	fact("control.multicall.marked", xen_result(marked_result), " ", m[0].result.load() != 0);
	fact("control.multicall.none", xen_result(xen_call(XenCall::Multicall, handle, 0)));
	fact("control.multicall.fault", xen_result(xen_call(XenCall::Multicall, 0, 1)));
	/* The second entry has no memory. */
	auto *last = reinterpret_cast<abi::MulticallEntry *>(buffer + page_bytes - sizeof(*m));
	const u64 chunk[] = {address_of(last)};

	*last = {};
	last->op.store(static_cast<u32>(XenCall::XenVersion));
	const s64 short_result = xen_call(XenCall::Multicall, descriptor_at(page(), chunk, 1), 2);
	fact("control.multicall.short", xen_result(short_result), " ", last->result.load() > 0);
	/* Long ones are continued: 128 entries, all done. */
	u64 done = 0;

	for (u32 i = 0; i < 128; i++) {
		m[i] = {};
		m[i].op.store(static_cast<u32>(XenCall::XenVersion));
	}
	const s64 many = xen_call(XenCall::Multicall, handle, 128);

	for (u32 i = 0; i < 128; i++)
		done += m[i].result.load() > 0;
	fact("control.multicall.128", xen_result(many), " ", done);
}

} // namespace

void facts_control()
{
	sys = reinterpret_cast<abi::Sysctl *>(page());
	buffer = pages(3);
	sysctl_frame();
	readconsole();
	machine();
	domain_lists();
	facts_domctl();
	multicall();
}

} // namespace probe
