// SPDX-License-Identifier: GPL-2.0
/*
 * Lists of hypercalls, made one by one.
 *
 * Each entry's pointers become handles that live as long as one call, and the historical
 * hypervisor has no multicall; Linux's drivers hand over short lists, if any.
 */
#include "calls.hh"
#include "calls_glue.h"

using namespace xen::ppc;
using xen::err::fault;
using xen::err::nosys;

namespace {

void *pointer(xen::Be<u64> word) noexcept
{
	return reinterpret_cast<void *>(word.load());
}

s64 run(const MulticallEntry &entry) noexcept
{
	const auto a = [&entry](unsigned int i) noexcept {
		return static_cast<u32>(entry.args[i].load());
	};

	switch (static_cast<XenCall>(entry.op.load())) {
	case XenCall::MemoryOp:
		return HYPERVISOR_memory_op(a(0), pointer(entry.args[1]));
	case XenCall::XenVersion:
		return HYPERVISOR_xen_version(static_cast<int>(a(0)), pointer(entry.args[1]));
	case XenCall::ConsoleIo:
		return HYPERVISOR_console_io(static_cast<int>(a(0)), static_cast<int>(a(1)),
					     static_cast<char *>(pointer(entry.args[2])));
	case XenCall::GrantTableOp:
		return HYPERVISOR_grant_table_op(a(0), pointer(entry.args[1]), a(2));
	case XenCall::VcpuOp:
		return HYPERVISOR_vcpu_op(static_cast<int>(a(0)), static_cast<int>(a(1)),
					  pointer(entry.args[2]));
	case XenCall::SchedOp:
		return HYPERVISOR_sched_op(static_cast<int>(a(0)), pointer(entry.args[1]));
	case XenCall::EventChannelOp:
		return HYPERVISOR_event_channel_op(static_cast<int>(a(0)), pointer(entry.args[1]));
	case XenCall::PhysdevOp:
		return HYPERVISOR_physdev_op(static_cast<int>(a(0)), pointer(entry.args[1]));
	default:
		return nosys.to_linux();
	}
}

} // namespace

/**
 * HYPERVISOR_multicall - make @nr hypercalls
 * @calls: MulticallEntry each; the pointers in them are kernel pointers
 *
 * Return: 0, and each entry's own result in it; -EFAULT if the list is no kernel memory.
 */
int HYPERVISOR_multicall(void *calls, unsigned int nr) noexcept
{
	auto *const entry = static_cast<MulticallEntry *>(calls);

	if (nr != 0 && region_of(calls) == Region::Alien)
		return fault.to_linux();
	for (unsigned int i = 0; i < nr; ++i)
		entry[i].result.store(run(entry[i]));
	return 0;
}
