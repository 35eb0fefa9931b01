// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes are guest memory with descriptors and areas in it, and copies
 * through handles into it.
 *
 * One byte value is everywhere in memory that is not the guest's and nowhere in its own:
 * if a copy returns it, or it is overwritten there, refhv followed a pointer it must not.
 */
#include "refhv_program.hh"
#include "world.hh"

namespace {

using namespace rig;
using fuzz::must;

constexpr u8 secret = 0xc5;
constexpr u64 pool_pages = 8; /* of the RMA, in a row, and as many scattered single ones */
constexpr u64 pool_pfn = 16;
constexpr u64 long_pfn = 4096; /* where a long list may begin */

class Target {
public:
	Target()
	{
		for_foreign([&](u64 frame) { std::memset(w_.page(frame), secret, page_bytes); });
	}

	void run(fuzz::Bytes in)
	{
		const u8 mode = in.byte();

		reset_rules();
		machine.console.clear();
		w_.domu.direct = mode & 1;
		options.historical = mode & 2;
		for (u64 i = 0; i < 2 * pool_pages; ++i)
			std::memset(w_.page(frame(i)), 0, page_bytes);
		if (mode & 4) /* a list without end */
			std::memset(w_.page(w_.mfn[1][long_pfn]), 0xff, 600 * 1024);
		Memory mem{w_.domu};
		bool wrote = false;

		while (!in.empty())
			step(mem, in, wrote);
		w_.domu.direct = false;
		if (wrote)
			for_foreign([&](u64 f) { judge(f); });
	}

private:
	World w_;
	u8 buffer_[5 * page_bytes] = {};

	/* dom0's and refhv's frames beside the guest's, the grant table, machine address 0. */
	template <class F> void for_foreign(F what)
	{
		what(0);
		for (u64 pfn = 8192; pfn < hole_pfn; ++pfn) {
			what(w_.mfn[0][pfn]);
			what(w_.mfn[0][pfn] - 1);
			what(w_.mfn[1][pfn] - 1);
		}
		for (u64 i = 0; i < nr_grant_frames; ++i)
			what(w_.domu.grants.frames.raw() + i);
		what(w_.mfn[0][5]);
	}
	void judge(u64 foreign)
	{
		const u8 *page = w_.page(foreign);

		must(page[0] == secret && !std::memcmp(page, page + 1, page_bytes - 1),
		     "foreign page", foreign);
	}
	u64 frame(u64 i)
	{
		return w_.mfn[1][i < pool_pages ? pool_pfn + i : 8192 + i - pool_pages];
	}
	/* A page's number as the guest has it: mostly its own. */
	u64 number(fuzz::Bytes &in)
	{
		const u8 choice = in.byte();
		const u64 i = choice & 15;
		const bool direct = w_.domu.direct;

		switch (choice >> 4) {
		case 8:
			return w_.mfn[0][8192 + i];
		case 9:
			return w_.mfn[1][8192 + i] - 1;
		case 10:
			return direct ? w_.domu.grants.frames.raw() + i : frames::count() + i;
		case 11:
			return 0x80000 + i;
		case 12:
			return p2m::window_base(w_.domu) + i;
		case 13:
			return direct ? w_.mfn[1][long_pfn] : long_pfn;
		case 14:
			return direct ? w_.mfn[1][hole_pfn - 1] : hole_pfn - 1;
		case 15:
			return in.number();
		default:
			return direct		? frame(i)
			       : i < pool_pages ? pool_pfn + i
						: 8192 + i - pool_pages;
		}
	}
	u64 offset(fuzz::Bytes &in)
	{
		const u8 choice = in.byte();

		/* By words, or near the page's end. */
		return choice < 0xc0   ? u64{choice} * 8
		       : choice < 0xe0 ? page_bytes - (choice & 31)
				       : choice & 31;
	}
	u64 address(fuzz::Bytes &in)
	{
		const u64 page = number(in);

		return page << page_shift | offset(in);
	}
	u64 handle(const Memory &mem, fuzz::Bytes &in)
	{
		switch (in.byte() & 7) {
		case 0:
		case 1:
			return xen::ppc::inline_flag | address(in);
		case 2:
		case 3:
			return address(in);
		case 4:
			return xen::ppc::area_flag | address(in);
		case 5:
		case 6:
			return mem.area.virt_base + u64{in.byte()} * page_bytes + offset(in);
		default:
			return in.number();
		}
	}
	u64 size(fuzz::Bytes &in)
	{
		const u64 n = in.number(2);

		return n % sizeof(buffer_);
	}
	void put(u64 page, u64 at, u64 value, u32 bytes)
	{
		for (u32 i = 0; i < bytes && at + i < page_bytes; ++i) {
			u8 byte = static_cast<u8>(value >> (8 * (bytes - 1 - i)));

			if (byte == secret)
				byte = 0xc4;
			w_.page(frame(page))[at + i] = byte;
		}
	}

	void step(Memory &mem, fuzz::Bytes &in, bool &wrote)
	{
		const u8 choice = in.byte();
		const u64 page = in.byte() & 15;

		switch (choice & 7) {
		case 0: { /* a descriptor's head and entries */
			const u64 at = offset(in);
			const u32 entries = in.byte() & 7;

			put(page, at, 0x58434f4d, 4);
			put(page, at + 4, choice & 0x80 ? in.number(4) : entries, 4);
			for (u32 i = 0; i < entries; ++i)
				put(page, at + 8 + 8 * i,
				    choice & 0x40 && i & 1 ? all_ones : address(in), 8);
			return;
		}
		case 1: { /* an area's */
			const u64 pages = choice & 0x80 ? in.number(4) : 1 + (in.byte() & 3);
			const u64 base = choice & 0x40 ? in.number() : 0x10000;

			put(page, 0, 0x58504147, 4);
			put(page, 4, pages, 4);
			put(page, 8, base, 8);
			put(page, 16, choice & 0x20 ? address(in) : own(page) << page_shift, 8);
			for (u64 i = 1; i < pages && i < 8; ++i)
				put(page, 16 + 8 * i, number(in) << page_shift | (choice & 0x10),
				    8);
			return;
		}
		case 2:
			put(page, offset(in), in.number(), 8);
			return;
		case 3:
			/* A new call; its first copy is of its argument, which may be an area. */
			mem.area = Area{};
			mem.looked = false;
			if (choice & 0x40)
				return;
			must(xencomm::read(mem,
					   choice & 0x80
						   ? handle(mem, in)
						   : xen::ppc::area_flag | own(page) << page_shift |
							     offset(in),
					   0, buffer_, 1) <= mem.looked,
			     "who copies has looked");
			return;
		case 4: {
			const u64 h = handle(mem, in);
			Be<u64> word{0};

			if (xencomm::is_null(mem, h))
				must(!xencomm::read(mem, h, 0, buffer_, 1), "nothing in nothing",
				     h);
			const u64 index = in.number(choice >> 6);

			if (xencomm::get(mem, h, word, index))
				must(xencomm::put(mem, h, word, index),
				     "what can be read can be written", h);
			return;
		}
		case 5: {
			/* What a handler would give away in the middle of its call. */
			const Mfn given{frame(15)};

			frames::at(given)->owner = w_.dom0.id;
			std::memset(phys(given), secret, page_bytes);
			copy(mem, in, choice, wrote);
			judge(given.raw());
			frames::at(given)->owner = w_.domu.id;
			std::memset(phys(given), 0, page_bytes);
			return;
		}
		default:
			copy(mem, in, choice, wrote);
		}
	}
	u64 own(u64 page)
	{
		return w_.domu.direct	   ? frame(page)
		       : page < pool_pages ? pool_pfn + page
					   : 8192 + page - pool_pages;
	}
	void copy(Memory &mem, fuzz::Bytes &in, u8 choice, bool &wrote)
	{
		const u64 h = handle(mem, in);
		const u64 from = choice & 0x80 ? in.number() : choice & 0x40 ? in.number(2) : 0;
		const u64 bytes = size(in);

		if (choice & 1) {
			std::memset(buffer_, 0x11, sizeof(buffer_));
			wrote = true;
			static_cast<void>(xencomm::write(mem, h, from, buffer_, bytes));
			return;
		}
		std::memset(buffer_, 0, sizeof(buffer_));
		static_cast<void>(xencomm::read(mem, h, from, buffer_, bytes));
		must(!std::memchr(buffer_, secret, sizeof(buffer_)), "foreign memory was read", h);
		for (u64 i = bytes; i < sizeof(buffer_); ++i)
			must(!buffer_[i], "no byte too many", i);
	}
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	static Target target;

	target.run({data, size});
	return 0;
}
