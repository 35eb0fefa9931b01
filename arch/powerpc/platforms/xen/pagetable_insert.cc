// SPDX-License-Identifier: GPL-2.0
/*
 * Linux's hook that enters a translation.
 *
 * It is the kernel's hottest hypercall: what is unusual is asked once, by comparing masks,
 * and dealt with out of line.  It runs in every context, in real mode too, allocates
 * nothing and sleeps nowhere.
 */
#include <abi/p2m.hh>
#include <abi/sched.hh>

#include "pagetable.hh"
#include "pagetable_frames.hh"
#include "window.hh"
#include "xencomm.hh"

namespace xen::ppc {

namespace {

/* What insert returns to Linux. */
constexpr long group_full = -1;
constexpr long hard_error = -2;
constexpr long in_secondary = 8;

/* The secondary group that last had no room for a bolted entry, in real mode; or none. */
constexpr u64 no_group = ~u64{0};
constinit u64 full_group = no_group;

constinit SchedShutdown crashed{Be<u32>{static_cast<u32>(ShutdownReason::Crash)}};

[[nodiscard]] bool real_mode() noexcept
{
	return (paca::msr() & XEN_MSR_TRANSLATION) == 0;
}

/*
 * Before the MMU is on Linux answers a bolted entry that is missing with an exception that
 * has no translation to run in: stop the domain, after the message, instead.
 */
[[gnu::cold, gnu::noinline]] void stop_if_real_mode(u64 vflags) noexcept
{
	if (!high::BoltedField::get(vflags) || !real_mode())
		return;
	const s64 status = xen_call(XenCall::SchedOp, SchedOp::Shutdown, inline_handle(&crashed));

	xen_glue_hpt_odd("sched_op shutdown came back:", static_cast<u64>(status));
}

[[gnu::cold, gnu::noinline]] long refuse(const char *what, u64 value, u64 vflags) noexcept
{
	xen_glue_hpt_odd(what, value);
	stop_if_real_mode(vflags);
	return hard_error;
}

[[gnu::cold, gnu::noinline]] long enter_failed(u64 group, s64 code, u64 vflags) noexcept
{
	xen_glue_hpt_failed("H_ENTER", group, code);
	stop_if_real_mode(vflags);
	return hard_error;
}

[[gnu::cold, gnu::noinline]] long refuse_flags(u64 rflags, u64 vflags) noexcept
{
	if ((rflags & hpte_low::write_through) != 0)
		return refuse("write-through or strongly ordered pages are not to be had, flags",
			      rflags, vflags);
	return refuse("flags that the hypervisor does not keep:", rflags, vflags);
}

/*
 * A page that is not the domain's memory.  Linux maps the window's sections as memory before
 * a foreign frame is in them, which Xen would refuse: bolted entries are pretended, until
 * the window has a frame for them.
 */
template <class Frames>
[[gnu::noinline]] Behind look_beyond(u64 address, u64 rflags, u64 vflags, bool large) noexcept
{
	const u64 frame = address >> page_shift;

	/* An entry would hold some other frame. */
	if (!low::FrameField::fits(frame))
		return Behind::refuse("no entry can hold the frame of address");
	/* One frame says nothing about those behind it. */
	if (large)
		return in_window_sections(frame)
			       ? Behind::pretend()
			       : Behind::refuse("no memory for a large page at address");
	if (in_window(Pfn{frame})) {
		const P2mEntry entry = window_entry(Pfn{frame});

		if (!entry.present())
			return high::BoltedField::get(vflags)
				       ? Behind::pretend()
				       : Behind::refuse("no foreign frame is mapped at address");
		if (may_write(rflags) && !window_writable(Pfn{frame}))
			return Behind::refuse("a foreign frame may only be read, address");
		return Behind::enter(entry.mfn().raw());
	}
	if (high::BoltedField::get(vflags) && in_window_sections(frame))
		return Behind::pretend();
	return Frames::other(Pfn{frame}, rflags);
}

[[nodiscard]] bool large_bolted(int psize, int apsize, u64 vflags) noexcept
{
	return psize == XEN_MMU_PAGE_16M && apsize == psize && high::BoltedField::get(vflags);
}

/* Linux bolts into the secondary group without saying so: the bit must be set all the same. */
[[gnu::noinline]] u64 secondary_bit(u64 group, Vpn vpn, PageSize size, Segment segment) noexcept
{
	return group_of(hash_of(vpn, shift_of(size), segment), table.slots) != group
		       ? hpte_high::secondary
		       : 0;
}

/*
 * Linux bolts an entry into its primary group, and if that is full into the secondary one.
 * In each it asks hpte_remove() for room, and only if that made some it inserts once more.
 * When the secondary group stays full before the MMU is on, Linux ends without a word, as
 * stop_if_real_mode() says.  That is known
 *  - from hpte_remove(), when all entries of the secondary group are bolted: the usual case
 *    so early, when there are no others, and Linux then does not insert again;
 *  - from the second insert into that group, when somebody else took the room.
 * Each attempt passes its primary group first, which makes the last one forgotten.
 */
[[gnu::cold, gnu::noinline]] void bolted_full(u64 group, u64 vflags) noexcept
{
	if (!real_mode())
		return;
	if (!high::SecondaryField::get(vflags)) {
		full_group = no_group;
		return;
	}
	if (group == full_group) {
		xen_glue_hpt_failed("H_ENTER", group, h::pteg_full);
		stop_if_real_mode(vflags);
	}
	full_group = group;
}

/* Xen wants G wherever there is I; Linux leaves it out for write-combining. */
[[nodiscard, gnu::always_inline]] constexpr u64 with_guarded(u64 flags) noexcept
{
	static_assert(hpte_low::inhibited >> 2 == hpte_low::guarded);
	return flags | (flags & hpte_low::inhibited) >> 2;
}

/* What H_ENTER answered, as Linux wants it.  Not under a lock: it may have to print. */
[[gnu::always_inline]] inline long answer_of(const PaprAnswer<1> &answer, u64 group,
					     u64 high) noexcept
{
	const auto &[code, out] = answer;

	if (code == h::success && (out[0] ^ group) < pteg_size) [[likely]]
		return static_cast<long>(out[0] % pteg_size) |
		       (high::SecondaryField::get(high) ? in_secondary : 0);
	if (code == h::pteg_full) {
		if (high::BoltedField::get(high)) [[unlikely]]
			bolted_full(group, high);
		return group_full;
	}
	return enter_failed(group, code, high);
}

/* Out of line, because without locks even an unused guard costs. */
[[gnu::noinline]] long enter_locked(u64 group, u64 high, u64 low) noexcept
{
	const PaprAnswer<1> answer = [&]() noexcept {
		const PtegGuard guard{true, group};

		return h_enter(0, group, HpteWords{high, low});
	}();

	return answer_of(answer, group, high);
}

} // namespace

bool in_window_sections(u64 frame) noexcept
{
	const u64 pages = boot().foreign_pages.raw();
	const u64 sections = (pages + p2m::window_granule - 1) & ~(p2m::window_granule - 1);

	return frame - boot().foreign_first.raw() < sections;
}

void nothing_to_evict(u64 group) noexcept
{
	if (group == full_group && real_mode())
		bolted_full(group, hpte_high::bolted | hpte_high::secondary);
}

/* An insert of any kind, step by step; insert() has picked out the usual one. */
template <class Frames>
[[gnu::noinline]] static long insert_any(u64 group, u64 vpn, u64 pa, u64 rflags, u64 vflags,
					 int psize, int apsize, int ssize) noexcept
{
	if ((rflags & table.refused_flags) != 0) [[unlikely]]
		return refuse_flags(rflags, vflags);
	if (psize != XEN_MMU_PAGE_4K || apsize != XEN_MMU_PAGE_4K) [[unlikely]] {
		if (!large_bolted(psize, apsize, vflags))
			return refuse("no such page size for this address, index",
				      static_cast<u64>(apsize), vflags);
	}
	if (!in_table(group)) [[unlikely]] {
		if (table.slots != 0 || !learn_slots() || !in_table(group))
			return refuse("group beyond the table, slot", group, vflags);
	}
	u64 frame;

	if (!Frames::ram(pa, frame)) [[unlikely]] {
		const Behind behind =
			look_beyond<Frames>(pa, rflags, vflags, psize != XEN_MMU_PAGE_4K);

		if (behind.verdict == Behind::Verdict::Pretend)
			return 0;
		if (behind.verdict == Behind::Verdict::Refuse)
			return refuse(behind.why, pa, vflags);
		frame = behind.frame;
	} else if (psize == XEN_MMU_PAGE_16M && !Frames::large(pa)) [[unlikely]] {
		return refuse("the machine has no 16 MB in a row behind address", pa, vflags);
	}

	const PageSize size{psize};

	if (high::BoltedField::get(vflags)) [[unlikely]]
		vflags |= secondary_bit(group, Vpn{vpn}, size, Segment{ssize});

	const u64 high = avpn(Vpn{vpn}, size, Segment{ssize}) | vflags | hpte_high::valid |
			 (size == PageSize::Small ? 0 : hpte_high::large);
	const u64 low = low_word(frame << page_shift, size, with_guarded(rflags));

	if (table.locks) [[unlikely]]
		return enter_locked(group, high, low);
	return answer_of(h_enter(0, group, HpteWords{high, low}), group, high);
}

/* The usual insert: a user's page of memory, 4 KB, or one of the kernel's own mappings. */
template <class Frames>
[[gnu::always_inline]] static inline long insert(u64 group, u64 vpn, u64 pa, u64 rflags, u64 vflags,
						 int psize, int apsize, int ssize) noexcept
{
	const u64 unusual = (rflags & table.refused_flags) | (vflags & hpte_high::bolted) |
			    static_cast<u32>(psize ^ XEN_MMU_PAGE_4K) |
			    static_cast<u32>(apsize ^ XEN_MMU_PAGE_4K) | (table.locks ? 1U : 0U);
	u64 frame;

	/* Not here, so that the usual case saves and restores next to nothing. */
	if (unusual != 0 || !in_table(group) || !Frames::ram(pa, frame)) [[unlikely]]
		return insert_any<Frames>(group, vpn, pa, rflags, vflags, psize, apsize, ssize);

	const u64 high =
		avpn(Vpn{vpn}, PageSize::Small, Segment{ssize}) | vflags | hpte_high::valid;
	const u64 low = low_word(frame << page_shift, PageSize::Small, with_guarded(rflags));

	return answer_of(h_enter(0, group, HpteWords{high, low}), group, high);
}

} // namespace xen::ppc

using namespace xen::ppc;

long xen_hpte_insert_translated(unsigned long group, unsigned long vpn, unsigned long pa,
				unsigned long rflags, unsigned long vflags, int psize, int apsize,
				int ssize) noexcept
{
	return insert<Translated>(group, vpn, pa, rflags, vflags, psize, apsize, ssize);
}

long xen_hpte_insert_direct(unsigned long group, unsigned long vpn, unsigned long pa,
			    unsigned long rflags, unsigned long vflags, int psize, int apsize,
			    int ssize) noexcept
{
	return insert<Direct>(group, vpn, pa, rflags, vflags, psize, apsize, ssize);
}

long xen_hpte_insert(unsigned long group, unsigned long vpn, unsigned long pa, unsigned long rflags,
		     unsigned long vflags, int psize, int apsize, int ssize) noexcept
{
	return (is_direct() ? xen_hpte_insert_direct : xen_hpte_insert_translated)(
		group, vpn, pa, rflags, vflags, psize, apsize, ssize);
}
