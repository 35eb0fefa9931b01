/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xen_version: what refhv says it is, and the feature bits (ABI 3.1; layouts 7.4).
 *
 * Texts fill their buffers to the end with zeros.  vm_assist stands here because all it
 * does is to show or hide a feature bit, and the RTAS proxy because it does nothing: there
 * is no RTAS to pass calls to, and refhv answers as the historical hypervisor did then.
 */
#include <abi/version.hh>

#include "call/hypercall.hh"
#include "dom/domain.hh"

namespace refhv {

namespace {

namespace feature = xen::ppc::feature;
using xen::ppc::VmAssistCommand;
using xen::ppc::XenVersionOp;

constexpr s64 version = 3 << 16;

constexpr xen::ppc::ExtraVersion extra{"-refhv"}, historical_extra{"-unstable"};
constexpr xen::ppc::CompileInfo compile{"g++ -std=c++20 -ffreestanding", "refhv", "", ""};
constexpr xen::ppc::CapabilitiesInfo capabilities{"xen-3.0-powerpc64 "};
constexpr xen::ppc::ChangesetInfo changeset{"refhv"};
constexpr xen::ppc::PlatformParameters parameters{};
constexpr xen::ppc::DomainHandle handle{}; /* refhv's builder names domains by number only */

constinit u32 assists[max_domains] = {}; /* a bit for each type that is on */

template <class T> s64 answer(Call &call, const T &text)
{
	return xencomm::put(call.mem, call.arg[1], text) ? 0 : fail::fault;
}

s64 get_features(Call &call)
{
	const Domain &dom = call.mem.dom;
	xen::ppc::FeatureInfo info;
	u32 bits = 1u << feature::writable_page_tables;

	if (!xencomm::get(call.mem, call.arg[1], info))
		return fail::fault;
	if (info.submap_idx.load() >= xen::ppc::nr_submaps)
		return fail::inval;
	if (!dom.direct)
		bits |= 1u << feature::auto_translated_physmap;
	if (assists[&dom - domains] >> xen::ppc::max_vm_assist_type)
		bits |= 1u << feature::pae_pgdir_above_4gb;
	info.submap.store(bits);
	return answer(call, info);
}

} // namespace

/* do_xen_version - r4 command, r5 buffer; -ENOSYS for a command that the ABI does not have */
s64 do_xen_version(Call &call)
{
	switch (call.command<XenVersionOp>()) {
	case XenVersionOp::Version:
		return version;
	case XenVersionOp::Extraversion:
		return answer(call, options.historical ? historical_extra : extra);
	case XenVersionOp::CompileInfo:
		return answer(call, compile);
	case XenVersionOp::Capabilities:
		return answer(call, capabilities);
	case XenVersionOp::Changeset:
		return answer(call, changeset);
	case XenVersionOp::PlatformParameters:
		return answer(call, parameters);
	case XenVersionOp::GetFeatures:
		return get_features(call);
	case XenVersionOp::Pagesize:
		return xencomm::is_null(call.mem, call.arg[1]) ? s64{page_bytes} : fail::inval;
	case XenVersionOp::GuestHandle:
		return answer(call, handle);
	case XenVersionOp::Commandline:
		break;
	}
	return fail::nosys;
}

/* do_vm_assist - r4 on or off, r5 type; 0, -EINVAL for a type above 3, -ENOSYS (layouts 7.8) */
s64 do_vm_assist(Call &call)
{
	const auto command = call.command<VmAssistCommand>();
	const u32 type = static_cast<u32>(call.arg[1]);
	u32 &on = assists[&call.mem.dom - domains];

	if (command > VmAssistCommand::Disable)
		return fail::nosys;
	if (type > xen::ppc::max_vm_assist_type)
		return fail::inval;
	on = command == VmAssistCommand::Enable ? on | 1u << type : on & ~(1u << type);
	return 0;
}

/* do_rtas - -EPERM, or -ENOSYS: no proxy (layouts 7.8) */
s64 do_rtas(Call &call)
{
	return call.mem.dom.privileged ? fail::nosys : fail::perm;
}

} // namespace refhv
