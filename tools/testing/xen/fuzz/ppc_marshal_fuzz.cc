// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes are a process that makes hypercalls with any numbers and any
 * structures, in a domain of either kind, and that maps and unmaps its memory meanwhile.
 *
 * The hypervisor reaches the kernel's copy and pages that are held for it, and nothing else
 * (AddressSanitizer has the rest).  It writes as much as the operation may, by a list of the
 * operations of its own, and answers what it likes.  Afterwards nothing is held, no page is
 * lost, and the process's pointers are what they were.
 */
#include <algorithm>

#include <sanitizer/asan_interface.h>

#include "fake_user.hh"
#include "marshal_rig.hh"
#include "refhv_program.hh"

namespace {

using namespace host;
using fuzz::must;

constexpr u64 base = 0x10000000, page_bytes = 4096, pages = 10;

/* What a count counts, and which way the data goes. */
enum Count { Elements, Bits, Highest, One };
enum Way { Reads = 1, Writes = 2, Both = 3 };

/* One pointer of one operation, from the ABI's tables of handles. */
struct Known {
	unsigned int call, operation, at, count_at, count_bytes;
	Count count;
	unsigned int size;
	Way way;
};

constexpr Known known[] = {
	{12, 0, 0, 8, 8, Elements, 8, Writes},	  {12, 1, 0, 8, 8, Elements, 8, Reads},
	{12, 6, 0, 8, 8, Elements, 8, Both},	  {12, 8, 16, 8, 8, Elements, 8, Reads},
	{12, 8, 24, 8, 8, Elements, 8, Writes},	  {20, 2, 16, 4, 4, Elements, 8, Writes},
	{36, 6, 32, 16, 8, Elements, 8, Writes},  {36, 8, 24, 16, 8, Elements, 4, Both},
	{36, 9, 24, 32, 4, Bits, 1, Reads},	  {36, 10, 32, 40, 8, Bits, 1, Writes},
	{36, 12, 24, 0, 0, One, 360, Reads},	  {36, 13, 24, 0, 0, One, 360, Writes},
	{36, 25, 24, 32, 4, Bits, 1, Writes},	  {36, 33, 24, 16, 4, Elements, 1, Writes},
	{36, 34, 24, 16, 4, Elements, 1, Reads},  {35, 1, 16, 24, 4, Elements, 1, Writes},
	{35, 2, 16, 24, 4, Bits, 1, Reads},	  {35, 3, 96, 88, 4, Highest, 4, Writes},
	{35, 6, 16, 12, 4, Elements, 72, Writes}, {35, 7, 8, 16, 4, Elements, 1, Reads},
	{35, 8, 16, 8, 4, Elements, 8, Writes},	  {27, 1, 8, 16, 4, Elements, 1, Reads},
	{27, 2, 8, 16, 4, Elements, 1, Writes},	  {27, 3, 8, 16, 4, Elements, 1, Writes},
	{27, 4, 16, 24, 4, Elements, 1, Writes},
};

/* The performance counters, whose number the hypervisor says. */
constexpr unsigned int perfc = 5, perfc_counters = 7, perfc_values = 19;

/* Calls with the structure's size: by operation, or one for all. */
unsigned int size_of(unsigned int call, u64 operation)
{
	switch (call) {
	case 36:
		return 144;
	case 35:
		return 136;
	case 27:
		return 72;
	case 12:
		return operation == 3 || operation == 4 ? 2 : operation == 2 ? 0 : 32;
	case 20:
		return operation == 2 ? 24 : operation == 5 ? 40 : 16;
	default:
		return 24;
	}
}

/* AddressSanitizer judges all bytes at once, which is faster than a loop. */
void read_all([[maybe_unused]] u8 *at, [[maybe_unused]] std::size_t bytes)
{
#if __has_feature(address_sanitizer)
	must(__asan_region_is_poisoned(at, bytes) == nullptr, "memory of nobody's", bytes);
#endif
}

class Process {
public:
	explicit Process(fuzz::Bytes input)
		: input_(input), mode_(input_.byte()), user_((mode_ & 1) != 0)
	{
	}

	void run()
	{
		reset_calls();
		hypervisor = &xen_;
		user_.compat = mode_ & 2;
		user_.pin_at_once = mode_ & 4 ? 1 + input_.byte() % 3 : ~0U;
		user_.allocations_left = mode_ & 8 ? input_.byte() % 12 : -1;
		user_.pauses_left = mode_ & 16 ? input_.byte() % 4 : -1;
		for (u64 i = 0; i < pages; i += 2) {
			const u8 how = input_.byte();

			map(i, how & 15);
			map(i + 1, how >> 4);
		}
		if (mode_ & 32)
			user_.meanwhile = [this] {
				meddle();
			};
		xen_.answer = [this](const Arrived &made) {
			return answer(made);
		};
		/* Lists that one descriptor cannot hold, in a few runs, for they cost time. */
		if (mode_ % 64 < 2 && input_.byte() % 64 == 0)
			long_lists();
		while (!input_.empty())
			call();
		hypervisor = nullptr;
	}

private:
	fuzz::Bytes input_;
	u8 mode_;
	User user_;
	Machine xen_;
	u64 where_ = 0;
	bool meddled_ = false;

	void map(u64 page, u8 how)
	{
		meddled_ = true;
		if (how % 8 == 0)
			user_.unmap(base + page * page_bytes, 1);
		else if (user_.mapped(base + page * page_bytes) == nullptr)
			user_.map(base + page * page_bytes, 1,
				  {.write = how % 8 != 1,
				   .io = how % 8 == 2 || (how & 8) != 0,
				   .own = how % 8 != 3});
	}
	void meddle()
	{
		const u8 what = input_.byte();

		if (what & 0x80)
			map(what % pages, input_.byte());
		if (what & 0x40)
			write(where_ + (what & 31) * 8, address(), 8);
	}
	/* Addresses of the process, most of them mapped; and others. */
	u64 address()
	{
		const u8 what = input_.byte();
		const u64 at = base + u64{input_.number(2)} % (pages * page_bytes);

		switch (what % 8) {
		case 0:
			return input_.number();
		case 1:
			return 0;
		case 2:
			return 0xc000000000000000 | at;
		case 3:
			return at | u64{what} << 32;
		default:
			return at & ~u64{7};
		}
	}
	/* A byte of the process's, where one is; most come from the page of the last. */
	void write(u64 at, u64 value, unsigned int bytes)
	{
		u8 *to = nullptr;

		for (unsigned int i = 0; i < bytes; ++i) {
			to = i == 0 || (at + i) % page_bytes == 0 ? user_.memory(at + i)
			     : to != nullptr			  ? to + 1
								  : nullptr;
			if (to != nullptr)
				*to = static_cast<u8>(value >> 8 * (bytes - 1 - i));
		}
	}
	u64 read(u64 at)
	{
		u64 value = 0;

		for (unsigned int i = 0; i < 8; ++i)
			if (const u8 *const from = user_.memory(at + i))
				value = value << 8 | *from;
		return value;
	}

	void long_lists()
	{
		constexpr u64 far = 0x20000000, far_pages = 515;

		user_.map(base, 1);
		user_.map(far, far_pages);
		for (unsigned int i = 0; i < 2; ++i) {
			const u64 skipped = input_.number(2) % page_bytes & ~u64{7};
			const u64 less = input_.number(2) % 4096;

			for (unsigned int at = 0; at < 32; at += 8)
				write(base + at, 0, 8);
			where_ = base;
			if (i == 0) {
				write(base, far + skipped, 8);
				write(base + 24, 1, 2);
			} else {
				write(base, 1, 2);
				write(base + 16, far + skipped, 8);
				write(base + 24, far + skipped, 8);
			}
			write(base + 8, far_pages * 512 - skipped / 8 - less, 8);

			const long result = privcmd_call(12, i == 0 ? 6 : 8, base, 0, 0, 0);

			must(result <= static_cast<long>(far_pages * 512), "more than all",
			     static_cast<u64>(result));
			must(user_.held() == 0, "pages of the process stay held", user_.held());
			wrote_.clear();
		}
		user_.unmap(far, far_pages);
	}

	void call()
	{
		static constexpr unsigned int numbers[] = {36, 35, 12, 20, 27, 17, 18, 24,
							   29, 32, 33, 21, 36, 35, 12, 20};
		const u8 what = input_.byte();
		const unsigned int number = what & 0x80 ? input_.byte() % 70 : numbers[what % 16];
		const bool by_structure = number == 36 || number == 35 || number == 27;
		const u64 operation = what & 0x40 ? input_.number(4) : input_.byte() % 38;
		const u64 at =
			what & 0x20 ? address() : base + input_.number(2) % (pages * page_bytes);
		u64 pointer[2] = {}, place[2] = {};
		unsigned int found = 0;

		where_ = at;
		for (unsigned int i = 0; i < size_of(number, operation); i += 8)
			write(at + i, input_.byte() % 4 == 0 ? input_.number() : input_.byte(), 8);
		if (by_structure) {
			write(at, operation, 4);
			write(at + 4, number == 36 ? 5 : number == 35 ? 4 : 0xaaaa000a, 4);
			if (number == 36 && (what & 1) == 0)
				write(at + 8, input_.byte(), 2);
		}
		for (const Known &one : known)
			if (one.call == number && one.operation == operation && found < 2) {
				pointer[found] = address();
				place[found] = at + one.at;
				write(place[found], pointer[found], 8);
				++found;
				if (one.count_bytes != 0 && (what & 0x10) == 0)
					write(at + one.count_at, input_.number(2) % 3000,
					      one.count_bytes);
			}
		if (number == 35 && operation == perfc) {
			write(at + 24, pointer[0] = address(), 8);
			write(at + 32, pointer[1] = address(), 8);
			place[0] = at + 24, place[1] = at + 32, found = 2;
		}
		for (unsigned int i = 0; i < found; ++i)
			pointer[i] = read(place[i]);
		meddled_ = false;

		const u64 count = what & 0x08 ? input_.number(2) : input_.byte() % 3;
		const long result = by_structure ? privcmd_call(number, at, input_.byte(), 0, 0, 0)
				    : number == 18 || number == 24
					    ? privcmd_call(number, operation, count, at, 0, 0)
					    : privcmd_call(number, operation, at, count, 0, 0);

		must(user_.held() == 0, "pages of the process stay held", user_.held());
		must(user_.kernel_pages() == 0, "pages of the kernel are lost",
		     user_.kernel_pages());
		must(kernel.irqs_off == 0, "interrupts stay off");
		/* Unless somebody else wrote there, or it was another structure's data. */
		for (unsigned int i = 0; i < found; ++i)
			if (!meddled_ && (mode_ & 32) == 0 && !written(place[i]))
				must(read(place[i]) == pointer[i], "another pointer comes back",
				     read(place[i]));
		if (user_.passed_over.size() > 64)
			user_.passed_over.clear();
		wrote_.clear();
		must(result >= -4095, "no result", static_cast<u64>(result));
	}

	/* Pages that the hypervisor wrote to through pointers in this call. */
	std::vector<const u8 *> wrote_;
	bool written(u64 at)
	{
		for (unsigned int i = 0; i < 2; ++i) {
			const u8 *const memory = user_.memory(at + i * 7);

			for (const u8 *const start : wrote_)
				if (memory >= start && memory < start + page_bytes)
					return true;
		}
		return false;
	}

	void use(u64 handle, u64 bytes, Way way)
	{
		if (handle == 0 || bytes == 0)
			return;
		must(handle >> 63 != 0 || handle % 8 == 0, "a descriptor that is not aligned",
		     handle);
		Machine::each(handle, bytes, (way & Writes) != 0,
			      [this, way](u8 *at, std::size_t n) {
				      if (way & Reads)
					      read_all(at, n);
				      if (way & Writes) {
					      std::fill_n(at, n, u8{0xa5});
					      wrote_.push_back(at - reinterpret_cast<u64>(at) %
									    page_bytes);
				      }
			      });
	}

	u64 field(u64 structure, unsigned int at, unsigned int bytes)
	{
		u64 value = 0;

		for (const u8 byte : Machine::read(structure + at, bytes))
			value = value << 8 | byte;
		return value;
	}

	/* The hypervisor: follows what the operation has, and answers anything. */
	s64 answer(const Arrived &made)
	{
		const auto number = static_cast<unsigned int>(made.number);
		const bool by_structure = number == 36 || number == 35 || number == 27;
		const u64 structure = by_structure ? made.arg[0] : made.arg[1];
		const u8 what = input_.byte();
		u64 operation = made.arg[0];

		for (const u64 word : made.arg)
			must(word >> 63 == 0 || user_.machine(word << 1 >> 1, true) != nullptr,
			     "a handle of nobody's", word);
		if (number == 18)
			use(made.arg[2], made.arg[1], Reads);
		if (number == 17 && structure != 0)
			use(structure, size_of_version(operation), Writes);
		wrote_.clear();
		if (number == 20 && structure != 0)
			use(structure, size_of(20, operation) * (operation == 2 ? 0 : made.arg[2]),
			    Both);
		wrote_.clear();
		if (by_structure)
			operation = field(structure, 0, 4);
		for (const Known &one : known) {
			if (one.call != number || one.operation != operation)
				continue;

			u64 count = one.count_bytes != 0
					    ? field(structure, one.count_at, one.count_bytes)
					    : 1;

			if (one.count == Highest)
				++count;
			if (one.count == Bits)
				count = count / 8 + (count % 8 != 0);
			use(field(structure, one.at, 8), count * one.size, one.way);
		}
		if (number == 35 && operation == perfc) {
			use(field(structure, 24, 8), perfc_counters * 84, Writes);
			use(field(structure, 32, 8), perfc_values * 4, Writes);
			Machine::put(structure + 12, xen::Be<xen::ppc::u32>{perfc_counters});
			Machine::put(structure + 16, xen::Be<xen::ppc::u32>{perfc_values});
		} else if (by_structure && (what & 3) == 0) {
			/* All of it, handles included. */
			use(structure, size_of(number, 0), Writes);
			wrote_.pop_back();
		}
		/* What a reservation says that is done. */
		if (number == 12 && operation == 6 && what % 3 == 0)
			return static_cast<s64>(field(structure, 8, 8));
		return what & 4 ? static_cast<s64>(input_.number(what & 8 ? 8 : 2))
				: -s64{what >> 4};
	}
	static u64 size_of_version(u64 operation)
	{
		static constexpr u64 bytes[] = {0, 16, 144, 1024, 64, 8, 8, 0, 16};

		must(operation < std::size(bytes), "an operation of xen_version", operation);
		return bytes[operation];
	}
};

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***)
{
	testing::GTEST_FLAG(break_on_failure) = true;
	return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	Process{fuzz::Bytes{data, size}}.run();
	return 0;
}
