/* SPDX-License-Identifier: GPL-2.0 */
/* Facts about xen_version: every command, null and bad buffers (ABI 3.1, layouts 7.4). */
#include <abi/version.hh>

#include "probe/facts.hh"
#include "probe/view.hh"

namespace probe {

namespace {

using abi::XenVersionOp;

constexpr u8 untouched = 0xa5;

constinit u8 *buffer;

s64 version(XenVersionOp op, u64 handle)
{
	return xen_call(XenCall::XenVersion, static_cast<u64>(op), handle);
}

/* ask - @op into the cleared buffer; its result */
s64 ask(XenVersionOp op)
{
	fill(buffer, untouched, page_bytes);
	return version(op, inline_handle(buffer));
}

/* written - bytes up to the last that changed */
u64 written()
{
	u64 n = page_bytes;

	while (n && buffer[n - 1] == untouched)
		n--;
	return n;
}

/* put_text - a command's result, and that what it writes fits and ends; the text is Xen's own */
void put_text(const char *name, XenVersionOp op, u64 room)
{
	const s64 result = ask(op);
	const u64 bytes = written();
	bool ended = false;

	for (u64 i = 0; i < room; i++)
		ended = ended || !buffer[i];
	fact(name, xen_result(result), bytes > room ? " too long" : "",
	     ended ? " ended" : " endless");
}

void get_features(const char *name, u32 submap)
{
	auto *info = reinterpret_cast<abi::FeatureInfo *>(buffer);

	fill(buffer, 0, page_bytes);
	info->submap_idx.store(submap);
	const s64 result = version(XenVersionOp::GetFeatures, inline_handle(buffer));

	if (result)
		return fact(name, xen_result(result));
	fact(name, hex(info->submap.load()));
}

} // namespace

void facts_version()
{
	buffer = page();
	fact("version.version", hex(static_cast<u64>(version(XenVersionOp::Version, 0))));
	put_text("version.extraversion", XenVersionOp::Extraversion, sizeof(abi::ExtraVersion));
	put_text("version.compile_info", XenVersionOp::CompileInfo, sizeof(abi::CompileInfo));
	put_text("version.changeset", XenVersionOp::Changeset, sizeof(abi::ChangesetInfo));

	s64 result = ask(XenVersionOp::Capabilities);

	fact("version.capabilities", xen_result(result), " '",
	     reinterpret_cast<const char *>(buffer), "'");
	fact("version.capabilities.bytes", written());
	result = ask(XenVersionOp::PlatformParameters);
	fact("version.platform_parameters", xen_result(result), " ",
	     hex(reinterpret_cast<abi::PlatformParameters *>(buffer)->virt_start.load()));
	fact("version.platform_parameters.bytes", written());
	get_features("version.features", 0);
	get_features("version.features.submap1", 1);
	fact("version.pagesize", version(XenVersionOp::Pagesize, 0));
	fact("version.pagesize.buffer", xen_result(ask(XenVersionOp::Pagesize)));
	result = ask(XenVersionOp::GuestHandle);
	fact("version.guest_handle", xen_result(result), " ", written(), " bytes");
	fact("version.commandline", xen_result(ask(XenVersionOp::Commandline)));
	fact("version.unknown", xen_result(ask(static_cast<XenVersionOp>(99))));
	fact("version.null", xen_result(version(XenVersionOp::Capabilities, 0)));
	fact("version.descriptor",
	     xen_result(version(XenVersionOp::Capabilities, describe(buffer, 1024))));
	fact("version.descriptor.magic", xen_result(version(XenVersionOp::Capabilities, [] {
		     u8 *at = page();
		     const u64 handle = descriptor_at(at, nullptr, 0);

		     at[0] ^= 1;
		     return handle;
	     }())));
}

} // namespace probe
