// SPDX-License-Identifier: GPL-2.0
/*
 * Bolted entries of the kernel's own addresses: found by address, then protected or
 * removed.
 *
 * Linux does not remember where a bolted entry stands, so both groups of its hash are
 * read, one entry a call.  Nobody evicts bolted entries and Linux changes those of one
 * address from one place at a time, so that what was found is still there: the guard is
 * taken for the change only, and the change compares again.
 */
#include <optional>

#include <xen/core/errno.hh>

#include "pagetable.hh"
#include "window.hh"

namespace xen::ppc {

namespace {

/* A kernel address's place in the table. */
struct Place {
	u64 slot;
	u64 wanted; /* of avpn() */
};

/* A slot that could not be read: what was looked for may stand there. */
struct Unread {
	u64 slot;
	s64 code;
};

constexpr int read_tries = 4;

/* The slot of @group that maps @wanted; with @secondary as the group's entries have H. */
std::optional<u64> find_in(u64 group, u64 wanted, bool secondary,
			   std::optional<Unread> &unread) noexcept
{
	for (u64 slot = group; slot < group + pteg_size; ++slot) {
		PaprAnswer<2> entry = h_read(slot);

		for (int tries = 1; entry.code != h::success && tries < read_tries; ++tries)
			entry = h_read(slot);
		if (entry.code != h::success) {
			xen_glue_hpt_failed("H_READ", slot, entry.code);
			unread = Unread{slot, entry.code};
			continue;
		}
		const u64 high_word = entry.out[0];

		if (same_page(high_word, wanted) && high::BoltedField::get(high_word) &&
		    high::SecondaryField::get(high_word) == secondary)
			return slot;
	}
	return std::nullopt;
}

std::optional<Place> find(u64 address, PageSize size, Segment segment,
			  std::optional<Unread> &unread) noexcept
{
	const Vpn vpn{xen_glue_kernel_vpn(address, static_cast<int>(segment))};
	const u64 wanted = avpn(vpn, size, segment);
	const u64 hash = hash_of(vpn, shift_of(size), segment);

	if (const auto slot = find_in(group_of(hash, table.slots), wanted, false, unread))
		return Place{*slot, wanted};
	if (const auto slot = find_in(group_of(~hash, table.slots), wanted, true, unread))
		return Place{*slot, wanted};
	return std::nullopt;
}

/* Kbuild prints it as a negative number. */
constexpr u64 linear_base = static_cast<u64>(XEN_LINEAR_BASE);

/*
 * Was the entry of this linear address only pretended?  See pagetable_insert.cc.  There may
 * be a true one while the window has a frame for the address.
 */
bool pretended(u64 address) noexcept
{
	if (boot().foreign_pages.raw() == 0 || address < linear_base)
		return false;
	const u64 frame = (address - linear_base) >> page_shift;

	return in_window_sections(frame) && !window_entry(Pfn{frame}).present();
}

} // namespace

} // namespace xen::ppc

using namespace xen::ppc;

void xen_hpte_updateboltedpp(unsigned long newpp, unsigned long ea, int psize, int ssize) noexcept
{
	if (pretended(ea))
		return;
	if ((newpp & table.refused_flags & hpte_low::pp0) != 0) {
		xen_glue_hpt_odd("protection that the hypervisor does not keep:", newpp);
		return;
	}
	std::optional<Unread> unread;
	const auto place = find(ea, PageSize{psize}, Segment{ssize}, unread);

	if (!place) {
		xen_glue_hpt_odd("nothing bolted to protect at", ea);
		return;
	}
	const s64 code = protect_slot(place->slot, place->wanted, newpp);

	if (code != h::success)
		xen_glue_hpt_failed("H_PROTECT", place->slot, code);
}

int xen_hpte_removebolted(unsigned long ea, int psize, int ssize) noexcept
{
	if (pretended(ea))
		return 0;
	std::optional<Unread> unread;
	const auto place = find(ea, PageSize{psize}, Segment{ssize}, unread);

	// An entry that stays would map memory that goes to somebody else.
	if (!place && unread)
		xen_glue_hpt_stale("H_READ", unread->slot, unread->code);
	if (!place)
		return -xen::err::noent.number();
	return remove_for_good(place->slot, place->wanted) ? 0 : -xen::err::noent.number();
}
