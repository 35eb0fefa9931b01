/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about domctl (layouts 2) as a privileged domain sees it.  What would change or end
 * a domain is asked of domains that do not exist; facts_second.cc has one that does.
 */
#include <abi/vcpu.hh>

#include "probe/domain_info.hh"
#include "probe/facts.hh"

namespace probe {

namespace {

using abi::DomctlOp;

abi::Domctl *dom;
u8 *buffer; /* a page */

template <class T> T &begin(DomctlOp op, u16 domid, u32 interface = abi::domctl_version)
{
	*dom = {};
	dom->cmd.store(static_cast<u32>(op));
	dom->interface_version.store(interface);
	dom->domain.store(domid);
	return *reinterpret_cast<T *>(dom->u);
}

s64 domctl()
{
	return xen_call(XenCall::Domctl, inline_handle(dom));
}

void domctl_frame()
{
	fact("control.domctl.fault", xen_result(xen_call(XenCall::Domctl, 0)));
	static constexpr u32 wrong[] = {0, 4, 6, 0xffffffff};
	for (const u32 version : wrong) {
		begin<u64>(DomctlOp::Getdomaininfo, own_domid(), version);
		put("control.domctl.version_");
		put_unsigned(version);
		fact("", xen_result(domctl()));
	}
	static constexpr u32 refused[] = {0,  7,  8,  21, 22, 23, 28,
					  29, 33, 34, 35, 36, 37, 0xffffffff};
	for (const u32 op : refused) {
		begin<u64>(static_cast<DomctlOp>(op), own_domid());
		put("control.domctl.operation_");
		put_unsigned(op);
		fact("", xen_result(domctl()));
	}
}

void domain_info()
{
	auto &a = begin<abi::DomctlGetdomaininfo>(DomctlOp::Getdomaininfo, own_domid());

	const s64 info_result = domctl();
	fact("control.info", xen_result(info_result), " ", plausible(a));
	auto &self = begin<abi::DomctlGetdomaininfo>(DomctlOp::Getdomaininfo, domid_self);
	const s64 by_self = domctl();

	fact("control.info.self", xen_result(by_self), " ",
	     !by_self && self.domain.load() == own_domid());
	begin<abi::DomctlGetdomaininfo>(DomctlOp::Getdomaininfo, domid_nobody);
	fact("control.info.unknown", xen_result(domctl()));
}

void memory_list()
{
	auto *list = words(buffer);

	for (u32 i = 0; i < 8; i++)
		list[i].store(none);
	auto &a = begin<abi::DomctlGetmemlist>(DomctlOp::Getmemlist, own_domid());

	a.max_pfns.store(4);
	a.start_pfn.store(2); /* ignored */
	a.buffer.store(inline_handle(list));
	const s64 memlist_result = domctl();
	fact("control.memlist", xen_result(memlist_result), " ", a.num_pfns.load());
	fact("control.memlist.from_0", direct_mode() ? list[0].load() < maximum_ram_page()
						     : list[3].load() == list[0].load() + 3);
	fact("control.memlist.no_more", list[4].load() == none);
	begin<abi::DomctlGetmemlist>(DomctlOp::Getmemlist, domid_self);
	fact("control.memlist.self", xen_result(domctl()));
	begin<abi::DomctlGetmemlist>(DomctlOp::Getmemlist, domid_nobody);
	fact("control.memlist.unknown", xen_result(domctl()));
	auto &fault = begin<abi::DomctlGetmemlist>(DomctlOp::Getmemlist, own_domid());

	fault.max_pfns.store(4);
	const s64 fault_result = domctl();
	fact("control.memlist.fault", xen_result(fault_result), " ", fault.num_pfns.load());
	auto &empty = begin<abi::DomctlGetmemlist>(DomctlOp::Getmemlist, own_domid());

	empty.buffer.store(inline_handle(list));
	const s64 nothing_result = domctl();
	fact("control.memlist.nothing", xen_result(nothing_result), " ", empty.num_pfns.load());
}

/* answer - a fact, or "absent" where the whole command is not there */
void answer(const char *name, s64 result)
{
	if (result == -38)
		return absent(name);
	fact(name, xen_result(result));
}

/*
 * About domains that do not exist, and what one may not do to oneself.  A hypervisor that
 * starts its domains itself may be without some commands.
 */
void domain_refusals()
{
	static constexpr struct {
		DomctlOp op;
		const char *name;
	} row[] = {
		{DomctlOp::Destroydomain, "destroy"},
		{DomctlOp::Pausedomain, "pause"},
		{DomctlOp::Unpausedomain, "unpause"},
		{DomctlOp::MaxMem, "max_mem"},
		{DomctlOp::Getvcpucontext, "getvcpucontext"},
		{DomctlOp::Getvcpuinfo, "getvcpuinfo"},
		{DomctlOp::Getvcpuaffinity, "getvcpuaffinity"},
		{DomctlOp::Setdomainhandle, "setdomainhandle"},
		{DomctlOp::Setdebugging, "setdebugging"},
		{DomctlOp::Settimeoffset, "settimeoffset"},
		{DomctlOp::RealModeArea, "real_mode_area"},
		{DomctlOp::Resumedomain, "resume"},
		{DomctlOp::ShadowOp, "shadow_op"},
	};

	for (const auto &r : row) {
		begin<u64>(r.op, domid_nobody);
		if (r.op == DomctlOp::ShadowOp)
			reinterpret_cast<abi::DomctlShadowOp *>(dom->u)->op.store(30);
		put("control.unknown_domain.");
		put(r.name);
		answer("", domctl());
	}
	begin<u64>(DomctlOp::Destroydomain, own_domid());
	answer("control.own.destroy", domctl());
	begin<u64>(DomctlOp::Pausedomain, own_domid());
	answer("control.own.pause", domctl());
	begin<abi::DomctlShadowOp>(DomctlOp::ShadowOp, own_domid()).op.store(30);
	answer("control.own.shadow_op", domctl());
	auto &a = begin<abi::DomctlGetvcpuinfo>(DomctlOp::Getvcpuinfo, own_domid());

	const s64 vcpuinfo_result = domctl();
	fact("control.own.vcpuinfo", xen_result(vcpuinfo_result), " online ", u32{a.online},
	     " blocked ", u32{a.blocked}, " running ", u32{a.running});
	static constexpr u32 absent_vcpus[] = {31, 32, 0xffffffff};
	for (const u32 vcpu : absent_vcpus) {
		begin<abi::DomctlGetvcpuinfo>(DomctlOp::Getvcpuinfo, own_domid()).vcpu.store(vcpu);
		put("control.own.vcpuinfo_");
		put_unsigned(vcpu);
		fact("", xen_result(domctl()));
	}
	auto &context = begin<abi::DomctlVcpucontext>(DomctlOp::Getvcpucontext, own_domid());

	context.vcpu.store(32);
	fact("control.own.context_32", xen_result(domctl()));
	fill(buffer, 0, page_bytes);
	auto &map = begin<abi::DomctlVcpuaffinity>(DomctlOp::Getvcpuaffinity, own_domid());

	map.cpumap.bitmap.store(inline_handle(buffer));
	map.cpumap.nr_cpus.store(64);
	const s64 affinity_result = domctl();
	fact("control.own.affinity", xen_result(affinity_result), " ", (buffer[0] | buffer[1]) != 0,
	     " ", (buffer[2] | buffer[3] | buffer[7]) == 0);
}

} // namespace

void facts_domctl()
{
	dom = reinterpret_cast<abi::Domctl *>(page());
	buffer = page();
	domctl_frame();
	domain_info();
	memory_list();
	domain_refusals();
}

} // namespace probe
