// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes are objects of the kernel whose pages lie anywhere, and the
 * handles that hypercalls are given for them.
 *
 * Whoever follows a handle by the ABI's text finds the object, page by page and whole, or
 * there is none: for an object that is not all the domain's, and for one that needs more
 * room than a page of descriptors has.  Handles that were given before still hold.
 */
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "fake_user.hh"
#include "refhv_program.hh"

namespace {

using namespace host;
using fuzz::must;
using xen::Be;
using xen::Result;

constexpr u64 page_bytes = 4096, page_at = 0x5550000;

/* Where each page of an object is; 1 for nowhere. */
struct Layout {
	std::vector<u64> page;

	[[nodiscard]] Result<u64> address(u64 i) const noexcept
	{
		must(i < page.size(), "a page behind the object is asked for", i);
		if (page[i] == 1)
			return xen::err::fault;
		return page[i];
	}
};

struct Given {
	u64 handle;
	Layout layout;
	u64 offset, bytes;
};

/* One page behind the other, adding; or word by word of the descriptor. */
void follow(const std::vector<Be<u64>> &words, const Given &given)
{
	if (given.bytes == 0) {
		must(given.handle == 0, "nothing is not null", given.handle);
		return;
	}

	const bool linear = given.handle >> 63 != 0;
	const u64 start = given.handle << 1 >> 1, pages = given.layout.page.size();
	u64 at = 0;

	must(start != 0, "something is null");
	if (!linear) {
		at = (given.handle - page_at) / 8;
		must(given.handle % 8 == 0 && at < words.size(), "a descriptor elsewhere",
		     given.handle);
		must(words[at].load() == (u64{0x58434f4d} << 32 | pages), "the head",
		     words[at].load());
		must(at + pages < words.size(), "a descriptor across its page", at);
	}
	for (u64 i = 0; i < pages; ++i) {
		const u64 expected = given.layout.page[i] + (i == 0 ? given.offset : 0);
		const u64 next = i == 0 ? start : start / page_bytes * page_bytes + i * page_bytes;
		const u64 found = linear ? next : words[at + 1 + i].load();

		must(found == expected, "another page", found);
	}
}

void builder(fuzz::Bytes input)
{
	std::vector<Be<u64>> words(512);
	xen::XencommPage page{words.data(), page_at};
	std::vector<Given> given;
	u64 used = 0;

	while (!input.empty()) {
		const u8 kind = input.byte();
		const u64 offset = input.number(2) % page_bytes;
		u64 pages = kind & 1 ? 1 + input.byte() % 8 : 1 + input.number(2) % 600;
		u64 bytes = pages * page_bytes - offset;

		bytes -= input.number(2) % (bytes < page_bytes ? bytes : page_bytes);
		pages = (offset + bytes + page_bytes - 1) / page_bytes;
		if (kind & 2)
			bytes = pages = 0;

		Layout layout;
		u64 next = kind & 4 ? 0 : u64{input.number(3)} * page_bytes;
		bool straight = next + offset != 0, whole = true;

		for (u64 i = 0; i < pages; ++i) {
			const u8 step = kind & 8 ? input.byte() : 0;

			if (i != 0)
				next += (1 + (step & 3)) * page_bytes;
			straight = straight && (i == 0 || (step & 3) == 0);
			whole = whole && step < 0xf0;
			layout.page.push_back(step < 0xf0 ? next : 1);
		}

		const u64 room = used < 511 ? 511 - used : 0;
		const auto handle = page.handle(layout, offset, bytes);

		if (handle.ok()) {
			must(whole, "an object with a page that is nobody's");
			given.push_back({handle.value(), layout, offset, bytes});
			if (!straight && bytes != 0)
				used += 1 + pages;
		} else {
			must(!whole || (!straight && pages > room), "a refusal without a reason",
			     pages);
		}
		must(page.used() == used, "the room that is left", page.used());
	}
	for (const Given &one : given)
		follow(words, one);
	must(page.handle(Layout{}, 0, ~u64{0}).status().to_linux() == -7, "any size is taken");
}

/* The kernel's own objects, through the page that each cpu has. */
void kernels_own(fuzz::Bytes input)
{
	constexpr u64 at = 0x10000000;
	const u8 mode = input.byte();
	User domain{(mode & 1) != 0};
	const unsigned int pages = 1 + input.byte() % 12;

	reset_calls();
	if (mode & 1)
		xen::ppc::p2m_state.linear_limit = ~u64{0};
	domain.map(
		at, pages,
		{.own = (mode & 8) == 0, .straight = (mode & 2) != 0, .row = true, .kernel = true});
	while (!input.empty()) {
		const u64 offset = input.number(2) % (pages * page_bytes);
		const u64 most = pages * page_bytes - offset;
		const u64 bytes = input.number(2) % (most + (mode & 4 ? 8192 : 1));

		xen::ppc::Handles handles;
		const u8 *const object = domain.memory(at) + offset;
		const auto handle = handles.of(object, bytes);

		must(handles.of(object, u64{1} << 40).error() == xen::err::toobig, "any size");
		if (!handle.ok()) {
			must(bytes > most || mode & 8, "an object of the kernel's has no handle",
			     bytes);
			continue;
		}
		must(bytes == 0 || (mode & 9) != 9, "memory of others has a handle", bytes);
		must((bytes == 0) == (handle.value() == 0), "null", handle.value());
		if (bytes == 0)
			continue;
		must(handles.of(alien(), 1).error() == xen::err::fault, "a user's address");
		if (bytes > most)
			continue;
		/* The first byte of each page, and the last of all. */
		for (u64 i = 0; i < bytes;) {
			u64 found = (handle.value() << 1 >> 1) + i;

			if (handle.value() >> 63 == 0) {
				const auto *const word =
					reinterpret_cast<const Be<u64> *>(handle.value());
				const u64 inside = offset % page_bytes + i;
				const u64 piece = word[1 + inside / page_bytes].load();

				found = piece / page_bytes * page_bytes + inside % page_bytes;
			}
			must(domain.machine(found, true) == object + i, "another byte", i);
			if (i == bytes - 1)
				break;
			i += page_bytes - (offset + i) % page_bytes;
			if (i > bytes - 1)
				i = bytes - 1;
		}
	}
	must(kernel.irqs_off == 0, "interrupts stay off");
	domain.unmap(at, pages);
}

/* The kernel's other mappings: each page is somewhere, but for one that is nowhere. */
void mapped(fuzz::Bytes input)
{
	constexpr unsigned int pages = 6, missing = 4;
	static MappedMemory &memory = *new MappedMemory(pages);
	static const bool holed = [] {
		memory.hole(missing);
		return true;
	}();

	must(holed, "the hole");
	reset_calls();
	while (!input.empty()) {
		const u64 offset = input.number(2) % (pages * page_bytes);
		const u64 bytes = 1 + input.number(2) % (pages * page_bytes - offset);
		const u64 first = offset / page_bytes, last = (offset + bytes - 1) / page_bytes;
		const bool whole = last < missing || first > missing;

		xen::ppc::Handles handles;
		const auto handle = handles.of(memory.at(offset), bytes);

		if (!handle.ok()) {
			must(!whole, "mapped memory has no handle", bytes);
			must(handle.error() == xen::err::fault, "another error");
			continue;
		}
		must(whole, "a hole has an address", offset);
		for (u64 page = first; page <= last; ++page) {
			const u64 from = page == first ? offset : page * page_bytes;
			u64 found = handle.value() << 1 >> 1;

			if (handle.value() >> 63 == 0)
				found = reinterpret_cast<const Be<u64> *>(
						handle.value())[1 + page - first]
						.load();
			else
				must(first == last, "scattered pages in a row", bytes);
			must(found == memory.physical(memory.at(from)), "another page", found);
		}
		must(handles.of(alien(), bytes).error() == xen::err::fault, "a user's address");
		must(!handles.of(memory.at(0), u64{1} << 31).ok(), "any size is taken");
	}
	must(kernel.irqs_off == 0, "interrupts stay off");
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***)
{
	testing::GTEST_FLAG(break_on_failure) = true;
	return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	fuzz::Bytes input{data, size};

	switch (input.byte() % 4) {
	case 0:
		return mapped(input), 0;
	case 1:
		return kernels_own(input), 0;
	default:
		builder(input);
	}
	return 0;
}
