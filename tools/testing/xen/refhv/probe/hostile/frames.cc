/* SPDX-License-Identifier: GPL-2.0 */
/* The hostile probe's calls about frames: memory_op, grants, the hashed page table. */
#include <abi/grant.hh>
#include <abi/hpte.hh>

#include "probe/hostile/attacker.hh"

namespace probe::hostile {

namespace {
namespace hl = abi::hpte_low;
namespace hh = abi::hpte_high;
} // namespace

/* fill_list - frames above the RMA, now and then one that is no such thing */
void Attacker::fill_list()
{
	for (u64 i = 0; i < 16; i++)
		list_[i] = chance(92) ? frame() : odd_word() | u64{1} << 45;
}

void Attacker::reservation(u64 op, u64 *block)
{
	static constexpr u64 too_many[] = {u64{1} << 60, ~u64{0}, u64{1} << 63};

	block[0] = handle(list_, 128);
	block[1] = chance(95) ? random_.below(9) : pick(too_many);
	block[2] = (chance(80) ? 0 : chance(70) ? random_.below(4) : odd_word() | 32) << 32;
	if (chance(5))
		block[2] |= odd_word() & 0xffffffff;
	block[3] = (chance(85) ? u64{0x7ff0} : domain()) << 48;
	if (op == 0) /* what it gives has no number and is gone */
		block[2] |= u64{40} << 32;
}

void Attacker::memory()
{
	const u64 op = chance(60) ? 1 : chance(90) ? random_.below(15) : odd_word() | 16;
	const u64 start = chance(95) ? 0 : small() << 4;

	fill_list();
	if (chance(3))
		list_[random_.below(8)] =
			facts.memory_low >> 12 | small(); /* RMA: never given away */
	if (op == 8) {
		block_[0] = domain() << 48;
		block_[1] = chance(90) ? random_.below(17) : u64{1} << 61;
		block_[2] = handle(list_, 128);
		block_[3] = handle(list_, 128);
	} else if (op == 11) {
		reservation(op, block_);
		reservation(op, block_ + 4);
		block_[8] = chance(90) ? 0 : odd_word();
	} else if (op == 6) {
		return; /* below, for frames that were just given away */
	} else {
		reservation(op, block_);
		if (op == 3 || op == 4 || op == 14)
			block_[0] = domain() << 48;
	}
	const u64 argument = handle(block_, 72);
	const u64 done = issue(12, op | start, argument);

	if (op != 1 || done > 16)
		return;
	/* In direct mode the numbers to fill are guest's own; any above the RMA will do. */
	for (u64 i = 0; facts.direct && i < 16; i++)
		list_[i] = facts.first_high + random_.below(facts.high_pages);
	for (u64 i = 0; !facts.direct && i < 16; i++)
		if (list_[i] < facts.first_high)
			list_[i] = none;
	block_[1] = done;
	issue(12, 6, argument);
}

/* grant_copy - elements whose sides are frames above the RMA, grants, or nothing */
void Attacker::grant_copy(u64 *block, u64 count)
{
	for (u64 i = 0; i < count; i++, block += 5) {
		for (u64 side = 0; side < 2; side++) {
			block[side * 2] = chance(50) ? frame() | (chance(2) ? u64{1} << 50 : 0)
						     : random_.below(70) << 32;
			block[side * 2 + 1] = (chance(80) ? u64{0x7ff0} : domain()) << 48 |
					      random_.below(4100) << 32;
			/* A grant number read as a frame must not name the RMA. */
			if (block[side * 2] >> 12 == 0 || block[side * 2] < facts.first_high)
				block[side * 2] |= u64{1} << 45;
		}
		block[4] = random_.below(chance(80) ? 64 : 0x10000) << 48 | random_.below(5) << 32;
	}
}

void Attacker::grants()
{
	static constexpr u64 ops[] = {0, 0, 1, 1, 2, 3, 4, 5, 5, 6, 7, 8};
	const u64 op = pick(ops);
	const u64 count = op == 2 || op == 6 ? 1 : 1 + random_.below(3);
	u32 *word = reinterpret_cast<u32 *>(block_);
	const u64 host = (facts.window + random_.below(facts.window_pages + 1)) << 12;

	switch (op) {
	case 0:
		for (u64 i = 0; i < count; i++) {
			u64 *e = block_ + i * 4;

			e[0] = chance(90) ? host : odd_word();
			word[i * 8 + 2] =
				static_cast<u32>(chance(90) ? random_.below(8) : odd_word());
			word[i * 8 + 3] =
				static_cast<u32>(chance(90) ? random_.below(70) : odd_word());
			e[2] = domain() << 48;
		}
		break;
	case 1:
		block_[0] = chance(50) ? last_host_ : chance(50) ? 0 : host;
		block_[1] = chance(70) ? 0 : chance(50) ? last_bus_ : odd_word();
		block_[2] = (chance(50) ? last_handle_ : random_.below(520)) << 32;
		break;
	case 2:
		block_[0] = domain() << 48 | random_.below(6);
		block_[2] = form_ == Form::Area ? area_pointer(out_) : handle(out_, 64);
		break;
	case 4:
		block_[0] = frame();
		block_[1] = domain() << 48 | random_.below(70);
		break;
	case 5:
		grant_copy(block_, count);
		break;
	default:
		block_[0] = domain() << 48 | (odd_word() & 0xffffffff);
		break;
	}
	const u64 many = chance(95) ? count : op == 5 ? 513 : pick({0, 513, 0xffffffff, none});
	const u64 result = issue(20, op, handle(block_, 160), many);

	if (op == 0 && !result && !(word[4] & 0xffff)) {
		last_host_ = block_[0];
		last_handle_ = word[5];
		last_bus_ = block_[3];
	}
}

void Attacker::papr_call()
{
	static constexpr u64 tokens[] = {0x04, 0x04, 0x04,  0x08,  0x08,  0x08, 0x08, 0x08,
					 0x0c, 0x0c, 0x10,  0x14,  0x18,  0x18, 0x1c, 0x20,
					 0x20, 0x20, 0x124, 0x134, 0x138, 0x7c, 0xe0, 0x1d8};
	static constexpr u64 flags[] = {0,
					abi::hflag::exact,
					abi::hflag::avpn,
					abi::hflag::andcond,
					abi::hflag::read_4,
					abi::hflag::avpn | 3,
					abi::hflag::copy_page | abi::hflag::icache_sync,
					4 | 1};
	u64 token = chance(95) ? pick(tokens) : random_.below(0x1e0);
	const u64 avpn = random_.below(1 << 12) << 12 | random_.below(32) << 7;
	u64 number = frame();
	const bool big = chance(10);
	u64 a = chance(90) ? pick(flags) : odd_word() & ~abi::hflag::zero_page;
	u64 b = slot(), c = avpn, d = 0;

	switch (token) {
	case 0x08:
		if (last_host_ && chance(8)) /* what a grant was last mapped at */
			number = facts.direct ? last_bus_ >> 12 : last_host_ >> 12;
		if (big && chance(80))
			number &= ~u64{0xfff};
		c |= (chance(97) ? hh::valid : 0) | (big ? hh::large : 0) |
		     (chance(5) ? odd_word() : 0);
		d = number << hl::rpn_shift | (chance(60) ? hl::coherent : random_.below(0x400)) |
		    random_.below(4);
		if (number >= facts.first_high && number < facts.first_high + facts.high_pages &&
		    !facts.direct && chance(5))
			a |= abi::hflag::zero_page;
		break;
	case 0x20:
		a = chance(90) ? random_.below(18) : odd_word();
		b = chance(90) ? random_.below(520) << 12 : odd_word();
		c = chance(70) ? number << 12 | random_.below(4) : chance(70) ? 0 : odd_word();
		break;
	case 0x28: /* never a breakpoint on our own addresses */
	case 0x134:
		a |= u64{1} << 45;
		token = 0x134;
		b = chance(50) ? random_.below(6) : odd_word();
		break;
	case 0x124:
		a = u64{1} << 62 | random_.below(4) << 56 | random_.below(facts.slots);
		b = avpn;
		c = chance(50) ? u64{3} << 62 : odd_word();
		d = avpn;
		break;
	case 0x54:
	case 0x58: /* the console is not for noise */
		return;
	}
	Regs regs{token, a, b, c, d, odd_word(), avpn, odd_word(), 0};

	probe_sc1(&regs);
	check(regs);
}

} // namespace probe::hostile
