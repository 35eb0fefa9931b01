/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases that need a live domain: what the port says of frames against what the hypervisor
 * says of them, and the machine frames in the entries of the linear map.
 *
 * The hypervisor's side is translate_gpfn_list of this domain, which in a direct domain
 * takes machine frames and answers only for those that are the domain's own, and H_READ.
 * Nothing is changed.
 */
#ifndef ARCH_POWERPC_XEN_LIVE_FRAME_CASES_HH
#define ARCH_POWERPC_XEN_LIVE_FRAME_CASES_HH

#include <abi/memory.hh>

#include "live_cases.hh"
#include "translate.hh"

namespace xen::cases::ppc_live_frames {

using namespace xen::ppc;

/* A page's worth: the lists of one call. */
inline constexpr u64 batch = 256;

struct Lists {
	alignas(4096) Be<u64> from[batch];
	Be<u64> to[batch];
	TranslateGpfnList ask;
};
inline constinit Lists lists{};

/* How the hypervisor translates what @pfns have become; false if it has no such call. */
inline bool ask(u64 count) noexcept
{
	lists.ask = {};
	lists.ask.domid.store(domid::self.raw());
	lists.ask.nr_gpfns.store(count);
	lists.ask.gpfn_list.store(inline_handle(lists.from));
	lists.ask.mfn_list.store(inline_handle(lists.to));
	return xen_call(XenCall::MemoryOp, MemoryOp::TranslateGpfnList,
			inline_handle(&lists.ask)) == 0;
}

/* Own frames at equal distances, up to the end; about @wanted of them. */
template <class F> void each_own_frame(u64 wanted, F use) noexcept
{
	const u64 step = p2m_state.ram_end / wanted | 1;

	for (u64 frame = 0; frame < p2m_state.ram_end; frame += step)
		if (translate(Pfn{frame}))
			use(Pfn{frame});
}

/* The machine frame that the hypervisor has for @pfn, or no_frame. */
inline u64 machine_frame(Pfn pfn) noexcept
{
	const Result<Gfn> gfn = translate(pfn);

	if (!gfn)
		return no_frame;
	lists.from[0].store(gfn.value().raw());
	return ask(1) ? lists.to[0].load() : no_frame;
}

XEN_CASE(own_frames_are_the_domains)
{
	u64 count = 0, asked = 0;
	bool answers = true;

	const auto judge = [&] {
		answers = answers && ask(count);
		for (u64 i = 0; i < count && answers; ++i) {
			CHECK(lists.to[i].load() != no_frame);
			if (is_direct())
				CHECK_EQ(lists.to[i].load(), lists.from[i].load());
		}
		asked += count;
		count = 0;
	};

	each_own_frame(4096, [&](Pfn pfn) {
		lists.from[count++].store(translate(pfn).value().raw());
		if (count == batch)
			judge();
	});
	judge();
	CHECK(answers);
	CHECK(asked > 1000);
}

/* Of many own frames no two are the same for the hypervisor. */
XEN_CASE(frames_are_no_others)
{
	u64 count = 0;

	each_own_frame(batch, [&](Pfn pfn) {
		if (count < batch)
			lists.from[count++].store(translate(pfn).value().raw());
	});
	CHECK(count > batch / 2);
	for (u64 i = 0; i < count; ++i)
		for (u64 j = 0; j < i; ++j)
			if (lists.from[i].load() == lists.from[j].load())
				CHECK(i == j);
}

XEN_CASE(frames_that_are_not_memory)
{
	CHECK(!translate(Pfn{p2m_state.ram_end}));
	CHECK(!translate(Pfn{~u64{0} >> page_shift}));
	CHECK(what_is(Pfn{p2m_state.ram_end - 1}).is(P2mEntry::Kind::Ram) ||
	      !translate(Pfn{p2m_state.ram_end - 1}));
	if (p2m_state.hole_pages != 0) {
		const Pfn device{p2m_state.hole_first + 1};

		CHECK(!translate(device));
		CHECK(what_is(device).is(P2mEntry::Kind::Io));
		CHECK_EQ(what_is(device).mfn().raw(), device.raw());
	}
	if (is_direct())
		CHECK(!what_is(Pfn{p2m_state.table.entries()}).present());
}

/* The real-mode area is one run, which hypercalls without a descriptor rely on. */
XEN_CASE(real_mode_area_is_contiguous)
{
	const u64 bytes = p2m_state.linear_limit < p2m_state.ram_end << page_shift
				  ? p2m_state.linear_limit
				  : p2m_state.ram_end << page_shift;

	CHECK(contiguous(Pfn{0}, Pages{bytes >> page_shift}));
	CHECK_EQ(machine_address(PhysAddr{0x1234}), p2m_state.linear_offset + 0x1234);
	CHECK_EQ(machine_address(PhysAddr{bytes - 8}), p2m_state.linear_offset + bytes - 8);
	CHECK(!contiguous(Pfn{p2m_state.ram_end - 1}, Pages{2}));
}

/* Bolted entries of the linear map hold the frame that the hypervisor names for the page. */
XEN_CASE(linear_map_has_the_machines_frames)
{
	const bool large = xen_glue_case_linear_size() == XEN_MMU_PAGE_16M;
	const u64 pages = large ? u64{1} << (large_page_shift - page_shift) : 1;
	u64 seen = 0;

	lists.from[0].store(translate(Pfn{0}).value().raw());
	if (!CHECK(ask(1)))
		return;
	each_own_frame(512, [&](Pfn pfn) {
		const Pfn first{pfn.raw() & ~(pages - 1)};
		const u64 address = static_cast<u64>(XEN_LINEAR_BASE) | first.raw() << page_shift;
		const auto entry =
			ppc_live::bolted_entry(address, large ? PageSize::Large : PageSize::Small);

		if (!CHECK(entry.has_value()))
			return;
		CHECK_EQ(low::FrameField::get(entry->low), machine_frame(first));
		++seen;
	});
	CHECK(seen > 100);
}

inline constexpr Case all[] = {
	XEN_LIST(own_frames_are_the_domains),	      XEN_LIST(frames_are_no_others),
	XEN_LIST(frames_that_are_not_memory),	      XEN_LIST(real_mode_area_is_contiguous),
	XEN_LIST(linear_map_has_the_machines_frames),
};
inline constexpr Suite suite{"live_frames", all};

} // namespace xen::cases::ppc_live_frames

#endif
