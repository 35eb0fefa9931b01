// SPDX-License-Identifier: GPL-2.0
/*
 * The commands of acm_op.
 *
 * Missing are chgpolicy and relabeldoms, with which the hypervisor of 2007 writes four
 * times as much as it has room for.
 */
#include <abi/acm.hh>

#include "user_call_proof.hh"

namespace xen::ppc {

namespace {

constexpr u16 u = offsetof(AcmCtl, u);

/* The hypervisor keeps 16 bits of some sizes. */
constexpr u32 max_bytes = 0xffff;

consteval Pointer cache(Flow flow)
{
	return {
		.at = u + offsetof(AcmCache, cache),
		.count_at = u + offsetof(AcmCache, size),
		.count_bytes = 4,
		.counts = Counts::Elements,
		.flow = flow,
		.required = true,
		.element = 1,
		.limit = max_bytes,
	};
}
constexpr Pointer cache_in[] = {cache(Flow::In)};
constexpr Pointer cache_out[] = {cache(Flow::Out)};

constexpr Pointer ssid[] = {{
	.at = u + offsetof(AcmGetssid, buffer),
	.count_at = u + offsetof(AcmGetssid, size),
	.count_bytes = 4,
	.counts = Counts::Elements,
	.flow = Flow::Out,
	.required = true,
	.element = 1,
	.limit = max_bytes,
}};

consteval UserOp row(AcmOp op, const char *name, u16 parameters,
		     std::span<const Pointer> pointers = {})
{
	return {
		.call = XenCall::AcmOp,
		.number = static_cast<u32>(op),
		.name = name,
		.flow = Flow::InOut,
		.bytes = sizeof(AcmCtl),
		.used = static_cast<u16>(u + parameters),
		.pointers = pointers,
		.counts = false,
		.divisible = false,
		.check = nullptr,
	};
}

constexpr UserOp rows[] = {
	row(AcmOp::Setpolicy, "setpolicy", sizeof(AcmCache), cache_in),
	row(AcmOp::Getpolicy, "getpolicy", sizeof(AcmCache), cache_out),
	row(AcmOp::Dumpstats, "dumpstats", sizeof(AcmCache), cache_out),
	row(AcmOp::Getssid, "getssid", sizeof(AcmGetssid), ssid),
	row(AcmOp::Getdecision, "getdecision", sizeof(AcmGetdecision)),
};
static_assert(sound(rows));

} // namespace

constinit const std::span<const UserOp> user_acm_ops{rows};

} // namespace xen::ppc
