/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rule V23: what neither a domain nor refhv writes in shared_info stays zero.
 *
 * No store there can trap, so that the page is looked at: on the tick of vcpu 0 and at
 * the end.  What is found is cleared and counts once; a guest that clears it itself
 * before the next look is not seen.  Byte 1 of a vcpu's entry, the masks and the wall
 * clock are the guest's to write.
 */
#include "base/rules.hh"
#include "dom/domain.hh"

namespace refhv {

namespace {

/* reserved - the word at offset @at is nobody's */
constexpr bool reserved(u64 at)
{
	using xen::ppc::SharedInfo;
	using xen::ppc::VcpuInfo;

	if (at < offsetof(SharedInfo, evtchn_pending))
		return at % sizeof(VcpuInfo) >= offsetof(VcpuInfo, time);
	return at == offsetof(SharedInfo, pad) || at >= sizeof(SharedInfo);
}

} // namespace

void check_reserved(Domain &dom)
{
	for (u64 at = 0; at < page_bytes; at += sizeof(u32)) {
		u32 *word = phys<u32>(dom.shared_info_at + at);

		if (!reserved(at) || !__atomic_load_n(word, __ATOMIC_RELAXED))
			continue;
		__atomic_store_n(word, 0, __ATOMIC_RELAXED);
		violation(Rule::ReservedPageWrite, dom, "store to shared_info, at offset", at);
	}
}

} // namespace refhv
