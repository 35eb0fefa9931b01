// SPDX-License-Identifier: GPL-2.0
/* The hypervisor of fake_hpt.hh. */
#include <algorithm>
#include <string>
#include <thread>

#include "fake_hpt.hh"

namespace host {

namespace {

constexpr s64 success = 0, parameter = -4, full = -6, not_found = -7, unknown_op = -38;

constexpr u64 bit(unsigned int n)
{
	return u64{1} << n;
}
constexpr u64 pp0 = bit(63), frame_mask = (bit(50) - 1) << 12;
constexpr u64 w = bit(6), i = bit(5), g = bit(3);

/* What H_REMOVE and H_BULK_REMOVE ask before they act. */
bool differs(const Entry &entry, bool by_avpn, bool by_mask, u64 word)
{
	return (by_avpn && entry.high >> 7 != word >> 7) || (by_mask && (entry.high & word) != 0);
}

} // namespace

void FakeHpt::fail(u64 token, unsigned long k, s64 code)
{
	faults_.push_back({token, k, k == 0, code});
}

unsigned long FakeHpt::count(u64 token) const
{
	return static_cast<unsigned long>(std::count_if(
		calls.begin(), calls.end(), [&](const HptCall &c) { return c.token == token; }));
}

unsigned long FakeHpt::used() const
{
	return static_cast<unsigned long>(std::count_if(table.begin(), table.end(),
							[](const Entry &e) { return e.valid(); }));
}

void FakeHpt::rule(const char *name)
{
	++broken[name];
}

std::optional<Translated> FakeHpt::look_up(u64 vsid, u64 page) const
{
	/* The address: VSID, then 16 bits of page, then 12 of byte. */
	for (const bool large : {false, true}) {
		const u64 number = large ? page >> 12 : page;
		const u64 hash = (vsid ^ number) & (bit(39) - 1);

		for (const bool second : {false, true}) {
			const u64 group = (second ? ~hash : hash) % (slots / 8);

			for (u64 slot = group * 8; slot < group * 8 + 8; ++slot) {
				const Entry &e = table[slot];
				/* An AVPN is the address without its lowest 23 bits. */
				const u64 omitted = large ? 1 : 0;
				const u64 name = vsid << 5 | page >> 11;

				if (!e.valid() || ((e.high >> 2) & 1) != (large ? 1 : 0) ||
				    ((e.high >> 1) & 1) != (second ? 1 : 0) ||
				    (e.high >> 7 | omitted) != (name | omitted))
					continue;
				const u64 first = (e.low & frame_mask) >> 12;

				return Translated{first + (large ? page & 0xfff : 0),
						  slot,
						  (e.low & 3) | ((e.low & pp0) ? 4 : 0),
						  (e.low & 4) != 0,
						  (e.low >> 3) & 15,
						  (e.high & 16) != 0};
			}
		}
	}
	return std::nullopt;
}

bool FakeHpt::bad_slot(u64 slot)
{
	if (slot < slots)
		return false;
	rule("slot beyond the table");
	return true;
}

/* Somebody else may be in the group of @slot now; without atomic calls he must not. */
void FakeHpt::pause(u64 slot)
{
	if (!slow || atomic)
		return;
	if (++inside_[slot / 8] > 1)
		rule("two cpus in one group");
	lock_.unlock();
	for (int n = 0; n < 20; ++n)
		std::this_thread::yield();
	lock_.lock();
	--inside_[slot / 8];
}

s64 FakeHpt::frame_refused(const Entry &entry)
{
	const u64 frame = (entry.low & frame_mask) >> 12;
	const u64 wig = entry.low & (w | i | g);

	if ((entry.high & 4) != 0 && frame % 4096 != 0) {
		rule("large page misaligned");
		return parameter;
	}
	if ((frame & window_first) != 0) {
		if (frame - window_first >= window_pages) {
			rule("frame that stops the hypervisor");
			return parameter;
		}
		return foreign.count(frame) != 0 ? success : parameter;
	}
	if (frame >= device_first && frame <= device_last) {
		if (wig == (i | g))
			return success;
		rule("device without W=0 I=1 G=1");
		return parameter;
	}
	if (frame >= ram_pages)
		return parameter;
	if ((wig & (w | i)) != 0) {
		rule("RAM with W or I");
		return parameter;
	}
	return success;
}

s64 FakeHpt::enter(u64 *r)
{
	const bool exact = (r[1] & bit(39)) != 0;
	u64 slot = r[2];
	Entry entry{r[3], r[4]};

	if (bad_slot(slot))
		return parameter;
	if (!entry.valid())
		return parameter;
	if (const s64 bad = frame_refused(entry))
		return bad;
	if (!enter_keeps_pp0)
		entry.low &= ~pp0;
	const u64 end = exact ? slot + 1 : (slot / 8 + 1) * 8;

	if (!exact)
		slot = slot / 8 * 8;
	while (slot < end && table[slot].valid())
		++slot;
	if (slot == end)
		return full;
	if (meanwhile) {
		const auto now = std::move(meanwhile);

		meanwhile = nullptr;
		now();
	}
	pause(slot);
	table[slot] = entry;
	r[1] = answer_slot.value_or(slot);
	return success;
}

s64 FakeHpt::remove(u64 *r)
{
	const u64 slot = r[2];

	if (bad_slot(slot))
		return parameter;
	const Entry old = table[slot];

	if (differs(old, (r[1] & bit(31)) != 0, (r[1] & bit(30)) != 0, r[3]))
		return not_found;
	pause(slot);
	table[slot] = Entry{};
	r[1] = old.high;
	r[2] = old.low;
	return success;
}

s64 FakeHpt::read(u64 *r)
{
	const bool flag = (r[1] & bit(37)) != 0;
	u64 slot = r[2];

	if (bad_slot(slot))
		return parameter;
	if (flag)
		slot = slot / 4 * 4;
	const u64 number = flag != historical ? 4 : 1;

	for (u64 n = 0; n < number; ++n) {
		const Entry entry = slot + n < slots ? table[slot + n] : Entry{~u64{0}, ~u64{0}};

		r[1 + 2 * n] = entry.high;
		r[2 + 2 * n] = entry.low;
	}
	return success;
}

s64 FakeHpt::protect(u64 *r)
{
	const u64 slot = r[2];

	if (bad_slot(slot))
		return parameter;
	Entry entry = table[slot];

	if (!entry.valid() || differs(entry, (r[1] & bit(31)) != 0, false, r[3]))
		return not_found;
	entry.low = (entry.low & ~u64{7}) | (r[1] & 7);
	if (historical)
		entry.low &= ~bit(8);
	if (protect_keeps_pp0)
		entry.low = (entry.low & ~pp0) | ((r[1] & bit(8)) != 0 ? pp0 : 0);
	pause(slot);
	table[slot] = entry;
	return success;
}

s64 FakeHpt::bulk(u64 *r)
{
	if (historical)
		return parameter;
	for (unsigned int n = 0; n < 4; ++n) {
		u64 &word = r[1 + 2 * n];
		const u64 slot = word & (bit(56) - 1);
		u64 code = 0, low = 0;

		if (word >> 62 == 3)
			break;
		if (n == bulk_skips)
			continue;
		if (word >> 62 != 1 || bad_slot(slot)) {
			word = (word & (bit(58) - 1)) | u64{2} << 62 | u64{2} << 60;
			return parameter;
		}
		if (!table[slot].valid() || differs(table[slot], (word & bit(57)) != 0,
						    (word & bit(56)) != 0, r[2 + 2 * n])) {
			code = 1;
		} else {
			low = table[slot].low;
			table[slot] = Entry{};
		}
		word = (word & (bit(58) - 1)) | u64{2} << 62 | code << 60 | ((low >> 8) & 1) << 59 |
		       ((low >> 7) & 1) << 58;
	}
	return success;
}

std::optional<s64> FakeHpt::fault_of(u64 token)
{
	for (auto &fault : faults_)
		if (fault.token == token && (fault.each || (fault.k > 0 && --fault.k == 0)))
			return fault.code;
	return std::nullopt;
}

void FakeHpt::trap(u64 *r)
{
	const std::lock_guard guard{lock_};
	const u64 token = r[0];
	HptCall call{token, {}, paca_get<u8>(XEN_PACA_SOFT_MASK)};
	s64 code = unknown_op;

	std::copy(r + 1, r + 9, call.args.begin());
	if (remembers)
		calls.push_back(call);
	if (const auto fault = fault_of(token)) {
		r[0] = static_cast<u64>(*fault);
		return;
	}
	switch (token) {
	case h_enter_token:
		code = enter(r);
		break;
	case h_remove_token:
		code = remove(r);
		break;
	case h_read_token:
		code = read(r);
		break;
	case h_protect_token:
		code = protect(r);
		break;
	case h_bulk_token:
		code = bulk(r);
		break;
	case sched_op_token:
		code = success;
		break;
	default:
		code = token >> 16 != 0 ? unknown_op : parameter;
	}
	r[0] = static_cast<u64>(code);
}

} // namespace host
