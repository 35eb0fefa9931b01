// SPDX-License-Identifier: GPL-2.0
/*
 * Linux's hooks for entries that are there: evict, protect, invalidate.
 *
 * They run in every context, in real mode too, allocate nothing and sleep nowhere.
 */
#include "pagetable.hh"
#include "window.hh"

namespace xen::ppc {

namespace {

/* Tries of an H_REMOVE that must succeed. */
constexpr int remove_tries = 4;

/* Where the next eviction starts. */
constinit u64 evicted = 0;

/* Both out of line, because without locks even an unused guard costs. */
[[gnu::noinline]] s64 remove_locked(u64 slot, u64 wanted) noexcept
{
	const PtegGuard guard{true, slot};

	return h_remove(hflag::avpn, slot, wanted);
}

[[gnu::noinline]] s64 protect_locked(u64 slot, u64 wanted, u64 flags) noexcept
{
	const PtegGuard guard{true, slot};

	return h_protect(flags, slot, wanted);
}

[[nodiscard, gnu::always_inline]] inline s64 remove_once(u64 slot, u64 wanted) noexcept
{
	if (table.locks) [[unlikely]]
		return remove_locked(slot, wanted);
	return h_remove(hflag::avpn, slot, wanted);
}

[[nodiscard, gnu::always_inline]] inline bool refused(s64 code) noexcept
{
	return code != h::success && code != h::not_found;
}

/* After a first try that was refused with @code. */
[[gnu::cold, gnu::noinline]] bool remove_again(u64 slot, u64 wanted, s64 code) noexcept
{
	xen_glue_hpt_failed("H_REMOVE", slot, code);
	for (int tries = 1; refused(code) && tries < remove_tries; ++tries)
		code = remove_once(slot, wanted);
	if (refused(code))
		xen_glue_hpt_stale("H_REMOVE", slot, code);
	return code == h::success;
}

/* The slot of @group that is free now, or -1: all are bolted, unless @failure says more. */
long evict(u64 group, s64 &failure) noexcept
{
	const PtegGuard guard{table.locks, group};
	/* Lost updates do no harm: it is only not to evict the same slot each time. */
	const u64 start = __atomic_load_n(&evicted, __ATOMIC_RELAXED) + 1;

	__atomic_store_n(&evicted, start, __ATOMIC_RELAXED);
	for (u64 i = 0; i < pteg_size; ++i) {
		const u64 slot = (start + i) % pteg_size;
		const s64 code = h_remove(hflag::andcond, group + slot, hpte_high::bolted);

		if (code == h::success)
			return static_cast<long>(slot);
		if (code != h::not_found)
			failure = code;
	}
	return -1;
}

} // namespace

bool remove_for_good(u64 slot, u64 wanted) noexcept
{
	const s64 code = remove_once(slot, wanted);

	if (refused(code)) [[unlikely]]
		return remove_again(slot, wanted, code);
	return code == h::success;
}

s64 protect_slot(u64 slot, u64 wanted, u64 protection) noexcept
{
	const u64 flags = protect_flags(protection);

	if (table.locks) [[unlikely]]
		return protect_locked(slot, wanted, flags);
	return h_protect(flags, slot, wanted);
}

} // namespace xen::ppc

using namespace xen::ppc;

long xen_hpte_remove(unsigned long group) noexcept
{
	if (!in_table(group)) [[unlikely]] {
		xen_glue_hpt_odd("group beyond the table, slot", group);
		return -1;
	}
	s64 failure = h::success;
	const long slot = evict(group, failure);

	if (slot >= 0) [[likely]]
		return slot;
	/* Linux would ask for ever. */
	if (failure != h::success) [[unlikely]]
		xen_glue_hpt_stale("H_REMOVE", group, failure);
	nothing_to_evict(group);
	return -1;
}

long xen_hpte_updatepp(unsigned long slot, unsigned long newpp, unsigned long vpn, int psize, int,
		       int ssize, unsigned long) noexcept
{
	const u64 wanted = avpn(Vpn{vpn}, PageSize{psize}, Segment{ssize});

	if (!in_table(slot)) [[unlikely]] {
		xen_glue_hpt_odd("slot beyond the table:", slot);
		return -1;
	}
	if ((newpp & table.refused_flags & hpte_low::pp0) != 0) [[unlikely]] {
		/* Without PP0 it would be writable for users: better none at all. */
		xen_glue_hpt_odd("protection that the hypervisor does not keep:", newpp);
		remove_for_good(slot, wanted);
		return -1;
	}
	/* Widened in its place an entry could allow what its frame's owner does not: window.hh. */
	if (window_read_only_frames() != 0 && may_write(newpp)) [[unlikely]] {
		remove_for_good(slot, wanted);
		return -1;
	}
	const s64 code = table.locks ? protect_slot(slot, wanted, newpp)
				     : h_protect(protect_flags(newpp), slot, wanted);

	if (code == h::success) [[likely]]
		return 0;
	if (code != h::not_found) {
		/* Linux enters it anew when it hears that it is gone: so it must be. */
		xen_glue_hpt_failed("H_PROTECT", slot, code);
		remove_for_good(slot, wanted);
	}
	return -1;
}

void xen_hpte_invalidate(unsigned long slot, unsigned long vpn, int psize, int, int ssize,
			 int) noexcept
{
	if (!in_table(slot)) [[unlikely]] {
		xen_glue_hpt_odd("slot beyond the table:", slot);
		return;
	}
	remove_for_good(slot, avpn(Vpn{vpn}, PageSize{psize}, Segment{ssize}));
}
