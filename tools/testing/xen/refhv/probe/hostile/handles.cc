/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hostile probe's handles: right ones of every form, and each with one defect.
 *
 * A descriptor's page is one that nothing else is ever written to, and every word behind
 * a descriptor is either an address of own memory or an address of nothing.
 */
#include "probe/hostile/attacker.hh"

namespace probe::hostile {

namespace {
constexpr u64 descriptor_words = 512;
} // namespace

/* descriptor - for @bytes at @at, sometimes wrong in one place */
u64 Attacker::descriptor(const u64 *at, u64 bytes)
{
	const u64 room = 24;
	u64 *d = descriptors_ + next_descriptor_;
	const u64 start = reinterpret_cast<u64>(at), end = start + bytes;
	u64 n = 0;

	next_descriptor_ = (next_descriptor_ + room) % (descriptor_words - room);
	for (u64 from = start; from < end && n < 8; from = (from | (page_bytes - 1)) + 1) {
		if (chance(10))
			d[1 + n++] = none;
		d[1 + n++] = address_of(reinterpret_cast<const void *>(from));
	}
	d[0] = u64{abi::xencomm_magic} << 32 | n;
	for (u64 i = 1 + n; i < room; i++)
		d[i] = chance(50) ? none : odd_address();
	u64 where = address_of(d);

	if (!chance(25))
		return where;
	switch (random_.below(8)) {
	case 0:
		d[0] ^= u64{1} << (32 + random_.below(32));
		break;
	case 1:
		d[0] = u64{abi::xencomm_magic} << 32 | (n ? n - 1 : 0);
		break;
	case 2:
		d[0] = u64{abi::xencomm_magic} << 32 | pick({9, 23, 511, 512, 0xffff});
		break;
	case 3:
		d[0] = u64{abi::xencomm_magic} << 32 | 0xffffffff;
		break;
	case 4:
		d[1 + random_.below(n + 1)] = odd_address();
		break;
	case 5:
		d[1] |= chance(50) ? abi::inline_flag : abi::area_flag;
		break;
	case 6:
		where += 1 + random_.below(7);
		break;
	default:
		where |= u64{1} << (44 + random_.below(18));
		break;
	}
	return where;
}

/* area_pointer - a nested pointer in the area: virtual, sometimes outside it */
u64 Attacker::area_pointer(const u64 *at)
{
	const u64 offset = reinterpret_cast<u64>(at) - reinterpret_cast<u64>(area_);

	if (!chance(15))
		return virt_base + offset;
	switch (random_.below(5)) {
	case 0:
		return virt_base - 8;
	case 1:
		return virt_base + 4 * page_bytes - 8 * random_.below(3);
	case 2:
		return virt_base + offset + (u64{1} << 32);
	case 3:
		return none - 7;
	default:
		return bad_handle();
	}
}

u64 Attacker::bad_handle()
{
	switch (random_.below(8)) {
	case 0:
		return 0;
	case 1:
		return abi::inline_flag;
	case 2:
	case 3:
		return abi::inline_flag | odd_address();
	case 4:
		return abi::area_flag | odd_address();
	case 5:
		return none - random_.below(16);
	case 6:
		return safe(random_.next() | u64{1} << 50);
	default:
		return odd_address();
	}
}

/* break_area - one word of the header is wrong */
void Attacker::break_area()
{
	switch (random_.below(6)) {
	case 0:
		area_[0] ^= u64{1} << random_.below(64);
		break;
	case 1:
		area_[0] = u64{abi::area_magic} << 32 | pick({0, 1, 2, 257, 0xffffffff});
		break;
	case 2:
		area_[1] += 1 + random_.below(page_bytes);
		break;
	case 3:
		area_[2] = odd_address();
		break;
	case 4:
		area_[3 + random_.below(3)] = odd_address();
		break;
	default:
		area_[1] = ~u64{0xfff} - random_.below(4) * page_bytes;
		break;
	}
}

u64 Attacker::handle(u64 *at, u64 bytes)
{
	if (chance(5))
		return bad_handle();
	switch (form_) {
	case Form::Inline:
		break;
	case Form::Descriptor:
		return descriptor(at, bytes);
	case Form::Area:
		if (at != block_)
			return area_pointer(at);
		return abi::area_flag | address_of(at);
	}
	return inline_handle(at);
}

} // namespace probe::hostile
