// SPDX-License-Identifier: GPL-2.0
/*
 * VIRQ_DEBUG: the administrator asks every vcpu how it stands with its events.
 *
 * Xen raises it for each vcpu on a key of its own console.  The answer is one line, read
 * from shared_info without any lock: words are of different ages while others change them.
 */
#include <cstddef>

#include <abi/shared_info.hh>

#include "debug_virq_glue.h"
#include "evtchn.hh"

extern "C" xen::ppc::SharedInfo *HYPERVISOR_shared_info;

namespace xen::ppc {

namespace {

/* Of the bits that are set; std::popcount would want libgcc. */
[[nodiscard]] unsigned int count(u64 word) noexcept
{
	unsigned int bits = 0;

	for (; word != 0; word &= word - 1)
		++bits;
	return bits;
}

} // namespace

} // namespace xen::ppc

void xen_debug_virq() noexcept
{
	using namespace xen::ppc;
	namespace evtchn = xen::evtchn;

	auto *const page = reinterpret_cast<u8 *>(HYPERVISOR_shared_info);
	const auto &maps = *reinterpret_cast<const evtchn::Bitmaps *>(
		page + offsetof(SharedInfo, evtchn_pending));
	const xen::VcpuInfoHead &vcpu = this_vcpu_info();
	const evtchn::Scanner &own = this_event_cpu().scanner;
	xen_event_state state{vcpu.evtchn_upcall_pending.load(), vcpu.evtchn_pending_sel.load(), 0, 0,
			      0};

	for (u32 word = 0; word < evtchn::words; ++word) {
		const u64 pending = maps.pending_words[word].load();
		const u64 bound = own.bound_in(evtchn::PortWord{word}) &
				  ~maps.mask_words[word].load();

		state.bound += count(bound);
		state.pending += count(bound & pending);
		state.all_pending += count(pending);
	}
	xen_glue_event_state(&state);
}
