/* SPDX-License-Identifier: GPL-2.0 */
/*
 * multicall: a list of Xen calls in one trap (layouts 7.7; a feature, absent with quirks).
 *
 * Each entry has its own result, an entry's failure stops nothing, and privilege is that
 * of the single calls.  Progress of a long list travels in the upper half of r5, so that
 * nothing but results, and the arguments of an entry that is to be continued, is written
 * into the list.  A multicall inside a multicall answers -EINVAL.
 */
#include <abi/hcall.hh>

#include "call/hypercall.hh"
#include "dom/domain.hh"

namespace refhv {

using xen::ppc::MulticallEntry;

/* do_multicall - r4 list, r5 number of entries; 0, -EFAULT, -EINVAL for more than 2^31 - 1 */
s64 do_multicall(Call &call)
{
	constexpr u64 result_at = offsetof(MulticallEntry, result);
	const u64 list = call.arg[0], total = static_cast<u32>(call.arg[1]);
	u64 at = call.arg[1] >> 32;

	if (total >> 31 || at > total)
		return fail::inval;
	for (Turn turn{64}; at < total; ++at) {
		MulticallEntry entry;
		Call inner{call.vcpu, Memory{call.mem.dom}, {}};
		s64 code = fail::nosys;

		if (turn.over())
			return call.again(1, at << 32 | total);
		if (!xencomm::get(call.mem, list, entry, at))
			return fail::fault;
		const u64 op = entry.op.load();
		for (u32 i = 0; i < std::size(inner.arg); ++i)
			inner.arg[i] = entry.args[i].load();
		if (op == static_cast<u64>(xen::ppc::XenCall::Multicall))
			code = fail::inval;
		else if (op < xen::ppc::nr_xen_calls)
			code = hypercall::xen_call(inner, static_cast<u32>(op));
		if (inner.restart) {
			for (u32 i = 0; i < std::size(inner.arg); ++i)
				entry.args[i].store(inner.arg[i]);
			return xencomm::put(call.mem, list, entry, at)
				       ? call.again(1, at << 32 | total)
				       : fail::fault;
		}
		entry.result.store(code);
		if (!xencomm::write(call.mem, list, at * sizeof(entry) + result_at, &entry.result,
				    sizeof(entry.result)))
			return fail::fault;
	}
	return 0;
}

} // namespace refhv
