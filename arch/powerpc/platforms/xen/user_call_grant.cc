// SPDX-License-Identifier: GPL-2.0
/*
 * The operations of grant_table_op (Documentation/xen/abi-ppc.rst, "Grants").
 *
 * Mappings are /dev/xen/gntdev's, which knows the window; a mapping made behind the
 * kernel's back would be one that nobody takes away.  This domain's table is the kernel's.
 * A copy may not name this domain's memory by frames, grants of it do.
 */
#include <abi/grant.hh>

#include "user_call_proof.hh"

namespace xen::ppc {

namespace {

constexpr Pointer table_frames[] = {{
	.at = offsetof(GrantSetupTable, frame_list),
	.count_at = offsetof(GrantSetupTable, nr_frames),
	.count_bytes = 4,
	.counts = Counts::Elements,
	.flow = Flow::Out,
	.required = true,
	.element = sizeof(u64),
	.limit = u32{1} << 16,
}};

Result<void> of_another_domain(const void *structure) noexcept
{
	if (names_this_domain(static_cast<const GrantSetupTable *>(structure)->dom.load()))
		return err::opnotsupp;
	return {};
}

Result<void> both_sides_granted(const void *structure) noexcept
{
	constexpr u16 both = copy_flag::source_gref | copy_flag::dest_gref;

	if ((static_cast<const GrantCopy *>(structure)->flags.load() & both) != both)
		return err::opnotsupp;
	return {};
}

consteval UserOp row(GrantOp op, const char *name, u16 bytes, UserOp::Check check = nullptr,
		     std::span<const Pointer> pointers = {})
{
	return {
		.call = XenCall::GrantTableOp,
		.number = static_cast<u32>(op),
		.name = name,
		.flow = Flow::InOut,
		.bytes = bytes,
		.used = bytes,
		.pointers = pointers,
		.counts = false,
		.divisible = false,
		.check = check,
	};
}

constexpr UserOp rows[] = {
	row(GrantOp::SetupTable, "setup_table", sizeof(GrantSetupTable), of_another_domain,
	    table_frames),
	row(GrantOp::Copy, "copy", sizeof(GrantCopy), both_sides_granted),
	row(GrantOp::QuerySize, "query_size", sizeof(GrantQuerySize)),
};
static_assert(sound(rows));

} // namespace

constinit const std::span<const UserOp> user_grant_ops{rows};

} // namespace xen::ppc
