/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hostile probe's calls: which one comes next, and what is looked at afterwards.
 *
 * Never made: calls that may end the run or stop a vcpu for good (block, poll without an
 * end, shutdown, down), new registers for a vcpu, output on the console.
 */
#include "probe/hostile/attacker.hh"

namespace probe::hostile {

void Attacker::prepare(u64 seed)
{
	random_.state = 0x9e3779b97f4a7c15 * (2 * seed + 1);
	plain_ = reinterpret_cast<u64 *>(page());
	plain_list_ = reinterpret_cast<u64 *>(pages(2));
	fill(plain_list_ + list_words, 0xff, page_bytes);
	plain_out_ = reinterpret_cast<u64 *>(pages(2));
	area_ = reinterpret_cast<u64 *>(pages(4));
	fill(area_ + 2 * list_words, 0xff, page_bytes);
	descriptors_ = reinterpret_cast<u64 *>(page());
	fill(descriptors_, 0xff, page_bytes);
}

/* start_block - a form for the next call, an empty argument block */
void Attacker::start_block()
{
	const u64 form = random_.below(10);

	form_ = form < 6 ? Form::Inline : form < 8 ? Form::Descriptor : Form::Area;
	if (form_ == Form::Area) {
		block_ = area_ + 32;
		list_ = area_ + list_words;
		out_ = area_ + 3 * list_words;
		area_[0] = u64{abi::area_magic} << 32 | 4;
		area_[1] = virt_base;
		area_[2] = address_of(area_);
		for (u64 i = 1; i < 4; i++)
			area_[2 + i] = address_of(area_ + i * list_words);
		if (chance(20))
			break_area();
	} else {
		block_ = plain_;
		list_ = plain_list_;
		out_ = plain_out_;
	}
	for (u64 i = 0; i < 48; i++)
		block_[i] = 0;
}

void Attacker::check(const Regs &regs)
{
	const u64 word[] = {regs.r3, regs.r4, regs.r5,	regs.r6, regs.r7,
			    regs.r8, regs.r9, regs.r10, regs.r11};
	u64 found = 0;
	const u64 from = out_ ? random_.below(7) * 64 : 0;

	for (const u64 w : word)
		found += w >> 32 == canary_high;
	for (u64 i = 0; out_ && i < 64; i++)
		found += out_[i] >> 32 == canary_high || out_[from + i] >> 32 == canary_high;
	leaks += found;
	calls++;
	static_cast<s64>(regs.r3) < 0 ? refused++ : obeyed++;
}

u64 Attacker::issue(u32 number, u64 a, u64 b, u64 c)
{
	Regs regs{abi::xen_mark | number, a, b, c, odd_word(), odd_word(), 0, 0, 0};

	probe_sc1(&regs);
	check(regs);
	return regs.r3;
}

void Attacker::version()
{
	const u64 op = chance(95) ? random_.below(10) : odd_word();

	block_[0] = chance(80) ? 0 : odd_word();
	u64 *at = op == 6 ? block_ : out_;

	issue(17, op, form_ == Form::Area && at == out_ ? bad_handle() : handle(at, 1024));
}

void Attacker::events()
{
	const u64 op = chance(95) ? random_.below(11) : odd_word();
	u32 *word = reinterpret_cast<u32 *>(block_);
	u16 *half = reinterpret_cast<u16 *>(block_);

	switch (op) {
	case 0: /* remote domain, port */
		half[0] = static_cast<u16>(domain());
		word[1] = static_cast<u32>(port());
		break;
	case 1:
		word[0] = static_cast<u32>(chance(80) ? random_.below(26) : odd_word());
		word[1] = static_cast<u32>(chance(80) ? random_.below(3) : odd_word());
		break;
	case 2:
		word[0] = static_cast<u32>(chance(80) ? random_.below(258) : odd_word());
		break;
	case 5:
		half[0] = static_cast<u16>(domain());
		word[1] = static_cast<u32>(port());
		break;
	case 6:
		half[0] = static_cast<u16>(domain());
		half[1] = static_cast<u16>(domain());
		break;
	case 7:
		word[0] = static_cast<u32>(chance(80) ? random_.below(3) : odd_word());
		break;
	case 10:
		half[0] = static_cast<u16>(domain());
		if (!chance(1))
			return;
		break;
	default:
		word[0] = static_cast<u32>(port());
		word[1] = static_cast<u32>(chance(80) ? random_.below(3) : odd_word());
		break;
	}
	const u64 result = issue(32, op, handle(block_, 28));

	if (!result && (op == 6 || op == 7 || op < 3))
		ports_[random_.below(8)] = word[op == 6 || op == 7 ? 1 : 2];
}

void Attacker::vcpus_and_time()
{
	static constexpr u64 ops[] = {0, 3, 4, 5, 6, 7, 8, 9, 10, 11};
	const u64 op = pick(ops);

	switch (random_.below(6)) {
	case 0: /* a deadline */
		issue(15, chance(50) ? xen_ns() + random_.below(u64{1} << 30) : odd_word());
		break;
	case 1: /* yield, or what is no operation */
		issue(chance(50) ? 29 : 6, chance(70) ? 0 : 5 + random_.below(1000), bad_handle());
		break;
	case 2: /* poll, with an end that has passed */
		block_[0] = handle(list_, 64);
		list_[0] = port() << 32 | (port() & 0xffffffff);
		block_[1] = (chance(90) ? small() : odd_word()) << 32;
		block_[2] = 1 + small();
		issue(29, 3, chance(90) ? inline_handle(block_) : bad_handle());
		break;
	case 3: /* remote shutdown of nobody */
		block_[0] = u64{0x7fe0} << 48 | small();
		issue(29, 4, handle(block_, 8));
		break;
	case 4:
		issue(21, chance(70) ? small() : odd_word(), chance(70) ? small() : odd_word());
		break;
	default:
		block_[0] = chance(50) ? random_.next() % 100'000'000 : odd_word();
		block_[1] = small() << 32;
		issue(24, op, chance(80) ? random_.below(3) : odd_word(),
		      op == 0 ? bad_handle() : handle(block_, 48));
		break;
	}
}

/* control - sysctl and domctl: right version mostly, one of the two buffers */
void Attacker::control()
{
	u32 *word = reinterpret_cast<u32 *>(block_);
	const bool sys = chance(50);
	const u64 op = chance(95) ? random_.below(sys ? 11 : 38) : odd_word();
	const u64 u = sys ? 1 : 2;

	/* Those that look at every frame of the machine take a while. */
	if ((sys ? op == 3 || op == 9 : op == 6 && facts.direct) && !chance(3))
		return;
	word[0] = static_cast<u32>(op);
	word[1] = chance(95) ? (sys ? 4 : 5) : static_cast<u32>(odd_word());
	for (u64 i = u; i < 16; i++)
		block_[i] = chance(60) ? small() << (chance(50) ? 32 : 0) : odd_word();
	if (!sys)
		block_[1] = domain() << 48;
	/* The buffer: at most a page of it is ever asked for. */
	const u64 buffer =
		chance(70) && form_ != Form::Area ? handle(out_, page_bytes) : bad_handle();

	if (sys && op == 1) {
		block_[2] = buffer;
		block_[3] = (chance(90) ? random_.below(4097) : 0) << 32;
	} else if (sys && (op == 6 || op == 8)) {
		word[2] = op == 8 ? static_cast<u32>(random_.below(20)) : 0;
		word[3] = static_cast<u32>(random_.below(50));
		block_[2] = buffer;
	} else if (!sys && op == 6) {
		block_[2] = random_.below(513);
		block_[4] = buffer;
	} else if (!sys && (op == 9 || op == 25)) {
		block_[3] = buffer;
		block_[4] = random_.below(4096) << 32;
	} else if (!sys) {
		block_[3] = bad_handle(); /* contexts above all */
	}
	issue(sys ? 35 : 36, handle(block_, sys ? 136 : 144));
}

void Attacker::physdev()
{
	u32 *word = reinterpret_cast<u32 *>(block_);

	word[0] = static_cast<u32>(chance(70) ? random_.below(300) : odd_word());
	word[1] = static_cast<u32>(odd_word());
	block_[1] = odd_word();
	issue(33, chance(90) ? random_.below(14) : odd_word(), handle(block_, 16));
}

/* multicall - entries that may be obeyed write to out_ only */
void Attacker::multicall()
{
	const u64 n = random_.below(5);

	form_ = chance(70) ? Form::Inline : Form::Descriptor;
	block_ = plain_;
	out_ = plain_out_;
	for (u64 i = 0; i < n; i++) {
		u64 *entry = block_ + i * 8;
		static constexpr u64 numbers[] = {12, 13, 15, 17, 20, 21, 24, 32, 33, 35, 36, 63};
		const u64 number = chance(90) ? pick(numbers) : odd_word() | 64;

		entry[0] = number;
		entry[1] = odd_word();
		entry[2] = number == 24 ? 3 : chance(80) ? random_.below(12) : odd_word() | 64;
		entry[3] = number == 17 && entry[2] != 9 ? handle(out_, 1024) : bad_handle();
		for (u64 k = 4; k < 8; k++)
			entry[k] = bad_handle();
	}
	issue(13, chance(90) ? handle(block_, n * 64) : bad_handle(),
	      chance(90) ? n : pick({0, 8, u64{1} << 32, u64{1} << 60, none}));
}

/* noise - any call with arguments that mean nothing */
void Attacker::noise()
{
	const u32 number = static_cast<u32>(random_.below(72));
	u64 a = chance(50) ? odd_word() : random_.below(40);
	const u32 op = static_cast<u32>(a);

	if (((number == 29 || number == 6) && op >= 1 && op <= 4) || (number == 24 && op <= 2))
		a = 77;
	if (number == 23)
		a |= u64{1} << 44;
	issue(number, a, bad_handle(), bad_handle());
}

void Attacker::one()
{
	start_block();
	const u64 what = random_.below(100);

	if (what < 30)
		papr_call();
	else if (what < 45)
		memory();
	else if (what < 60)
		grants();
	else if (what < 72)
		events();
	else if (what < 80)
		version();
	else if (what < 85)
		vcpus_and_time();
	else if (what < 91)
		control();
	else if (what < 93)
		physdev();
	else if (what < 95)
		multicall();
	else
		noise();
}

void Attacker::run(u64 count, bool progress)
{
	u64 next = 100'000;

	while (calls < count) {
		one();
		if (progress && calls >= next) {
			info("hostile.calls", calls);
			next += 100'000;
		}
	}
}

} // namespace probe::hostile
