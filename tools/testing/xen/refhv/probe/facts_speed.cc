/* SPDX-License-Identifier: GPL-2.0 */
/* Figures for information: how many calls a second go through. */
#include "probe/facts.hh"
#include "probe/mmu.hh"

namespace probe {

namespace {

constexpr u64 calls = 2000;

template <class F> void put_rate(const char *name, F call)
{
	const u64 from = timebase();

	for (u64 i = 0; i < calls; i++)
		call();
	info(name, calls * timebase_hz() / (timebase() - from + 1));
}

} // namespace

void facts_speed()
{
	const u64 frame = frame_number(high_pfn(0));

	put_rate("speed.null-calls-per-s", [] { xen_call(abi::XenCall::XenVersion, 0); });
	put_rate("speed.enter-remove-pairs-per-s",
		 [&] { mmu::remove(mmu::plain, mmu::enter(mmu::plain, frame).r4); });
}

} // namespace probe
