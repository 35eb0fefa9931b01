/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sysctl: what dom0 asks about the machine and about refhv (layouts 3).
 *
 * Fields that Xen/PPC did not fill stay as the caller gave them.  There are no performance
 * counters (-ENOSYS, as in a plain build of the historical hypervisor) and no trace
 * buffers: these say so, and take no command but the question.
 */
#include <abi/sysctl.hh>

#include "base/print.hh"
#include "base/rules.hh"
#include "call/control.hh"
#include "mm/frames.hh"

namespace refhv {

namespace {

using namespace xen::ppc;
using control::Back;

constexpr u32 ring_max = 16384; /* layouts 3.2: what readconsole can give at most */
constexpr u32 max_keys = 16;

constinit char ring_copy[ring_max] = {};

s64 readconsole(Call &call, Sysctl &, SysctlReadconsole &p)
{
	const u32 room = p.count.load() < ring_max ? p.count.load() : ring_max;
	const u32 got = read_console_ring({ring_copy, room}, false);

	if (got && !xencomm::write(call.mem, p.buffer.load(), 0, ring_copy, got))
		return fail::fault;
	if (p.clear.load())
		static_cast<void>(read_console_ring({ring_copy, got}, true)); /* now it is read */
	p.count.store(got);
	return 0;
}

s64 tbuf_op(Call &, Sysctl &, SysctlTbufOp &p)
{
	if (p.cmd.load() != static_cast<u32>(TbufCommand::GetInfo))
		return fail::inval;
	p.evt_mask.store(0);
	p.buffer_mfn.store(0);
	p.size.store(0);
	return 0;
}

s64 physinfo(Call &, Sysctl &, SysctlPhysinfo &p)
{
	const u64 all = frames::count(), hole_end = io_hole_first + io_hole_pages;
	const u64 hole =
		all <= io_hole_first ? 0 : (all < hole_end ? all : hole_end) - io_hole_first;

	p.threads_per_core.store(1);
	p.cores_per_socket.store(1);
	p.sockets_per_node.store(cpu::online());
	p.nr_nodes.store(1);
	/* The only clock that refhv knows is the timebase. */
	p.cpu_khz.store(static_cast<u32>(cpu::timebase_hz() / 1000));
	p.total_pages.store(all - hole);
	p.free_pages.store(frames::free_count());
	for (Be<u32> &word : p.hw_cap)
		word.store(0);
	return 0;
}

s64 sched_id(Call &, Sysctl &, SysctlSchedId &p)
{
	p.sched_id.store(static_cast<u32>(SchedulerId::Credit));
	return 0;
}

s64 getdomaininfolist(Call &call, Sysctl &, SysctlGetdomaininfolist &p)
{
	u32 count = 0, id = p.first_domain.load();

	while (count < p.max_domains.load()) {
		const Domain *dom = control::next_domain(id);

		if (!dom)
			break;
		if (!xencomm::put(call.mem, p.buffer.load(), control::describe(*dom), count++))
			return fail::fault;
		id = dom->id.raw() + 1u;
	}
	p.num_domains.store(count);
	return 0;
}

/* Two keys, each of a few lines: the console is slow, and the lock is held. */
s64 debug_keys(Call &call, Sysctl &, SysctlDebugKeys &p)
{
	const u32 count = p.nr_keys.load();
	char key[max_keys] = {};
	bool memory = false, rules = false;

	if (count > max_keys)
		return fail::inval;
	if (!xencomm::read(call.mem, p.keys.load(), 0, key, count))
		return fail::fault;
	for (const char each : key) {
		memory |= each == 'm';
		rules |= each == 'r';
	}
	if (memory)
		print("refhv: frames: ", frames::count(), ", free ", frames::free_count(), "\n");
	if (rules)
		print_rules();
	return 0;
}

/* A core without a vcpu is always idle; the others while theirs is blocked or offline. */
u64 idle_time(u32 core)
{
	for (const Domain &dom : domains)
		if (dom.present && core - dom.first_cpu < dom.nr_vcpus) {
			const Vcpu &vcpu = dom.vcpu[core - dom.first_cpu];

			return time::state_time(vcpu, Runstate::Blocked) +
			       time::state_time(vcpu, Runstate::Offline);
		}
	return time::now();
}

s64 getcpuinfo(Call &call, Sysctl &, SysctlGetcpuinfo &p)
{
	u32 count = 0;

	/* layouts 3.1: a fault in the list shows as a short count only */
	while (count < p.max_cpus.load() && count < cpu::online() &&
	       xencomm::put(call.mem, p.info.load(), SysctlCpuinfo{Be<u64>{idle_time(count)}},
			    count))
		++count;
	p.nr_cpus.store(count);
	return 0;
}

/* First frame beyond addresses of @bits bits, 0 of which mean @any. */
u64 width_end(u32 bits, u64 any)
{
	return bits == 0	    ? any
	       : bits <= page_shift ? 0
	       : bits < 64	    ? 1ul << (bits - page_shift)
				    : all_ones;
}

/* Nobody counts free frames by width: the answer is what can be free at most. */
s64 availheap(Call &, Sysctl &, SysctlAvailheap &p)
{
	const u64 all = frames::count(), high = width_end(p.max_bitwidth.load(), all);
	const u64 low = width_end(p.min_bitwidth.load(), 0), end = high < all ? high : all;
	const u64 between = low < end ? end - low : 0, free = frames::free_count();

	/* Node -1: all of them, and there is only node 0. */
	p.avail_bytes.store(p.node.load() > 0 ? 0
					      : (free < between ? free : between) << page_shift);
	return 0;
}

} // namespace

/* do_sysctl - r4 block; -EPERM, -EFAULT, -EACCES, -ENOSYS or the command's result */
s64 do_sysctl(Call &call)
{
	Sysctl block;

	if (const s64 code = control::begin(call, block, sysctl_version))
		return code;
	switch (static_cast<SysctlOp>(block.cmd.load())) {
	case SysctlOp::Readconsole:
		return control::serve(call, block, Back::Always, readconsole);
	case SysctlOp::TbufOp:
		return control::serve(call, block, Back::Always, tbuf_op);
	case SysctlOp::Physinfo:
		return control::serve(call, block, Back::IfDone, physinfo);
	case SysctlOp::SchedId:
		return control::serve(call, block, Back::IfDone, sched_id);
	case SysctlOp::Getdomaininfolist:
		return control::serve(call, block, Back::IfDone, getdomaininfolist);
	case SysctlOp::DebugKeys:
		return control::serve(call, block, Back::Never, debug_keys);
	case SysctlOp::Getcpuinfo:
		return control::serve(call, block, Back::IfDone, getcpuinfo);
	case SysctlOp::Availheap:
		return control::serve(call, block, Back::IfDone, availheap);
	default:
		return fail::nosys; /* PerfcOp too */
	}
}

} // namespace refhv
