// SPDX-License-Identifier: GPL-2.0
/*
 * xen_version and hvm_op: what the hypervisor says of itself, and what it is made to say.
 *
 * Linux's drivers are to see one kind of domain in all modes of Xen/PPC, an HVM-like one
 * that is auto-translated: the p2m, where there is one, is hidden below asm/xen.  hvm_op
 * does not exist; the parameters that drivers ask for come from the device tree.
 */
#include <abi/version.hh>

#include "boot.hh"
#include "calls.hh"
#include "calls_glue.h"
#include "hypercall.hh"

using namespace xen::ppc;
using xen::Be;
using xen::err::fault;
using xen::err::inval;
using xen::err::nosys;

namespace {

/* Linux's hvm_op and its parameters; not in Xen/PPC's ABI. */
constexpr int hvmop_get_param = 1;

enum class HvmParam : u32 {
	StorePfn = 1,
	StoreEvtchn = 2,
	ConsolePfn = 17,
	ConsoleEvtchn = 18,
};

struct HvmParamOp {
	Be<u16> domid;
	Be<u16> pad;
	Be<u32> index;
	Be<u64> value; /* out */
};
static_assert(wire<HvmParamOp, 16>);

/*
 * Carries on without an answer: the bit that the drivers need is the port's own promise,
 * and the others describe page tables that ppc does not have.
 */
s64 get_features(const Op &op, void *argument) noexcept
{
	FeatureInfo info;

	if (region_of(argument) == Region::Alien)
		return fault.to_linux();
	__builtin_memcpy(&info, argument, sizeof(info));
	if (info.submap_idx.load() >= nr_submaps)
		return inval.to_linux();
	info.submap.store(0);

	const s64 status = settle(XenCall::XenVersion, op,
				  xen_call(XenCall::XenVersion, op.number, inline_handle(&info)));
	const u32 bits = status < 0 ? 0 : info.submap.load();

	info.submap.store(bits | 1u << feature::auto_translated_physmap);
	__builtin_memcpy(argument, &info, sizeof(info));
	return 0;
}

} // namespace

int HYPERVISOR_xen_version(int cmd, void *arg) noexcept
{
	const Op *const op = find_op(XenCall::XenVersion, static_cast<u32>(cmd));

	if (op == nullptr)
		return nosys.to_linux();
	return to_int(op->number == static_cast<u32>(XenVersionOp::GetFeatures)
			      ? get_features(*op, arg)
			      : plain_call(XenCall::XenVersion, *op, arg));
}

/* Ports and frames of the console and of xenstore; 0 where the domain has none, as dom0. */
unsigned long HYPERVISOR_hvm_op(int op, void *arg) noexcept
{
	const auto refuse = [](xen::Errno error) noexcept {
		return static_cast<unsigned long>(error.to_linux());
	};
	HvmParamOp param;
	u64 value;

	if (op != hvmop_get_param)
		return refuse(nosys);
	if (region_of(arg) == Region::Alien)
		return refuse(fault);
	__builtin_memcpy(&param, arg, sizeof(param));
	switch (static_cast<HvmParam>(param.index.load())) {
	case HvmParam::StorePfn:
		value = boot().store_page.raw() >> page_shift;
		break;
	case HvmParam::StoreEvtchn:
		value = boot().store_port.raw();
		break;
	case HvmParam::ConsolePfn:
		value = boot().console_page.raw() >> page_shift;
		break;
	case HvmParam::ConsoleEvtchn:
		value = boot().console_port.raw();
		break;
	default:
		return refuse(inval);
	}
	param.value.store(value);
	__builtin_memcpy(arg, &param, sizeof(param));
	return 0;
}
