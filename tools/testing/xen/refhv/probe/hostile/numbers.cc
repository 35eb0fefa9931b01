/* SPDX-License-Identifier: GPL-2.0 */
/* The hostile probe's numbers: plausible values of each kind, extremes, noise. */
#include "probe/hostile/attacker.hh"

namespace probe::hostile {

constinit Facts facts{};

void learn()
{
	facts.ram_end = maximum_ram_page();
	facts.window = window_base();
	facts.window_pages = window_pages();
	facts.slots = mmu::slots();
	facts.first_high = high_pfn(0);
	facts.high_pages = (memory_bytes() - rma_bytes()) / page_bytes;
	facts.memory_low = address_of(nullptr);
	facts.memory_high = facts.memory_low + rma_bytes();
	facts.self = own_domid();
	facts.direct = direct_mode();
}

u64 Attacker::safe(u64 address)
{
	const u64 bare = address & abi::area_address;

	if (bare < facts.memory_high && bare + page_bytes > facts.memory_low)
		return (address & ~abi::area_address) | address_of(plain_out_ + bare % 256);
	return address;
}

u64 Attacker::frame()
{
	const u64 number = any_frame(), address = number << 12;
	const bool rma = address >= facts.memory_low && address < facts.memory_high;

	return rma ? number | u64{1} << 45 : number;
}

u64 Attacker::any_frame()
{
	const u64 high = facts.first_high + random_.below(facts.high_pages);
	const u64 number = facts.direct ? frame_number(high) : high;

	switch (random_.below(16)) {
	case 0:
		return facts.ram_end + small(); /* grant frames, and beyond */
	case 1:
		return facts.window + random_.below(facts.window_pages + 2);
	case 2:
		return 0x80000 + random_.below(0x80002); /* the I/O hole */
	case 3:
		return facts.ram_end - 1 - random_.below(0x8000); /* the machine's, not ours */
	case 4:
		return odd_word() | u64{1} << 40;
	case 5:
		return random_.below(0x1000) + 0x4000; /* low machine frames: the hypervisor's */
	default:
		return number == none ? high : number;
	}
}

u64 Attacker::odd_word()
{
	static constexpr u64 extremes[] = {
		0,
		1,
		2,
		7,
		8,
		511,
		512,
		513,
		4095,
		4096,
		0x7ff0,
		0xffff,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		0x100000000,
		u64{1} << 44,
		u64{1} << 60,
		u64{1} << 62,
		u64{1} << 63,
		~u64{0},
		~u64{7},
		~u64{0xfff},
		0x7fffffffffffffff,
	};

	return chance(60) ? pick(extremes) : safe(random_.next() | u64{1} << 50);
}

u64 Attacker::odd_address()
{
	switch (random_.below(7)) {
	case 0:
		return facts.ram_end << 12 | small() * 8; /* the own grant table */
	case 1:
		return (facts.window + small()) << 12;
	case 2:
		return 0x90001000 + small() * page_bytes;
	case 3:
		return (facts.ram_end - 1 - (chance(50) ? small() : random_.below(0x20000))) << 12;
	case 4:
		return u64{1} << (44 + small());
	case 5:
		return (abi::area_address & ~u64{0xfff}) + small();
	default:
		return (random_.next() | u64{1} << 50) & abi::area_address;
	}
}

u64 Attacker::domain()
{
	static constexpr u64 ids[] = {0x7ff0, 0x7ff0, 0x7ff0, 0x7ff0, 0x7ff1, 0x7ff2, 0x7ff3,
				      0x7fff, 0xffff, 2,      5,      0x7fe0, 0x8000};

	return chance(30) ? facts.self : pick(ids);
}

u64 Attacker::port()
{
	static constexpr u64 odd[] = {0, 1, 63, 64, 4095, 4096, 0x7fffffff, 0xffffffff};

	return chance(70) ? ports_[random_.below(8)] : chance(50) ? random_.below(4097) : pick(odd);
}

u64 Attacker::slot()
{
	return chance(90)   ? random_.below(facts.slots)
	       : chance(50) ? facts.slots + small()
			    : odd_word();
}

} // namespace probe::hostile
