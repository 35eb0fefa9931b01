/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes ELF files for tests, field by field as the ELF specification has them.
 */
#ifndef REFHV_TEST_ELF_IMAGE_HH
#define REFHV_TEST_ELF_IMAGE_HH

#include <cstdint>
#include <string>
#include <vector>

namespace rig {

using Bytes = std::vector<std::uint8_t>;

inline void put_be(Bytes &to, std::uint64_t value, unsigned width)
{
	for (unsigned i = width; i-- > 0;)
		to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline Bytes be32(std::uint64_t value)
{
	Bytes bytes;

	put_be(bytes, value, 4);
	return bytes;
}

inline Bytes be64(std::uint64_t value)
{
	Bytes bytes;

	put_be(bytes, value, 8);
	return bytes;
}

inline Bytes text(const std::string &value)
{
	Bytes bytes(value.begin(), value.end());

	bytes.push_back(0);
	return bytes;
}

/* note - one ELF note */
inline Bytes note(const std::string &owner, std::uint32_t type, const Bytes &desc)
{
	Bytes bytes;

	put_be(bytes, owner.size() + 1, 4);
	put_be(bytes, desc.size(), 4);
	put_be(bytes, type, 4);
	for (const char c : owner)
		bytes.push_back(static_cast<std::uint8_t>(c));
	bytes.push_back(0);
	bytes.resize((bytes.size() + 3) & ~3ul);
	bytes.insert(bytes.end(), desc.begin(), desc.end());
	bytes.resize((bytes.size() + 3) & ~3ul);
	return bytes;
}

inline Bytes operator+(Bytes a, const Bytes &b)
{
	a.insert(a.end(), b.begin(), b.end());
	return a;
}

/* The notes that make Linux's image acceptable: OS and version. */
inline Bytes linux_notes()
{
	return note("Xen", 6, text("linux")) + note("Xen", 5, text("xen-3.0"));
}

struct ElfImage {
	bool is64 = true;
	std::uint64_t entry = 0, paddr = 0;
	Bytes code = Bytes(64, 0x60);  /* what is loaded at @paddr */
	std::uint64_t memory = 0x1000; /* its size there */
	Bytes notes = {};	       /* PT_NOTE, if any */
	std::string guest = {};	       /* section __xen_guest, if any */

	[[nodiscard]] Bytes make() const
	{
		const unsigned w = is64 ? 8 : 4, head = is64 ? 64 : 52, ph = is64 ? 56 : 32,
			       sh = is64 ? 64 : 40;
		const unsigned segments = notes.empty() ? 1 : 2;
		const std::string names("\0__xen_guest\0.names\0", 20);
		std::vector<std::vector<std::uint64_t>> section; /* name, type, offset, size */
		Bytes data;					 /* behind the program headers */
		const std::uint64_t at = head + segments * ph;
		const auto add = [&](const Bytes &bytes) {
			const std::uint64_t offset = at + data.size();

			data = data + bytes;
			data.resize((data.size() + 7) & ~7ul);
			return offset;
		};
		const std::uint64_t code_at = add(code), notes_at = add(notes);

		section.push_back({0, 0, 0, 0});
		if (!guest.empty())
			section.push_back({1, 1, add(text(guest)), guest.size() + 1});
		section.push_back({13, 3, add(Bytes(names.begin(), names.end())), names.size()});

		Bytes f = {0x7f, 'E', 'L', 'F', static_cast<std::uint8_t>(is64 ? 2 : 1), 2, 1};
		f.resize(16);
		put_be(f, 2, 2);
		put_be(f, is64 ? 21 : 20, 2);
		put_be(f, 1, 4);
		put_be(f, entry, w);
		put_be(f, head, w);
		put_be(f, at + data.size(), w);
		put_be(f, 0, 4);
		for (const unsigned v : {head, ph, segments, sh, unsigned(section.size()),
					 unsigned(section.size() - 1)})
			put_be(f, v, 2);

		const auto segment = [&](unsigned type, std::uint64_t offset, std::uint64_t addr,
					 std::uint64_t bytes, std::uint64_t size) {
			put_be(f, type, 4);
			if (is64)
				put_be(f, 7, 4);
			put_be(f, offset, w);
			put_be(f, addr, w);
			put_be(f, addr, w);
			put_be(f, bytes, w);
			put_be(f, size, w);
			if (!is64)
				put_be(f, 7, 4);
			put_be(f, 16, w);
		};
		segment(1, code_at, paddr, code.size(), memory);
		if (!notes.empty())
			segment(4, notes_at, 0, notes.size(), 0);
		f = f + data;
		for (const auto &s : section) {
			put_be(f, s[0], 4);
			put_be(f, s[1], 4);
			put_be(f, 0, w);
			put_be(f, 0, w);
			put_be(f, s[2], w);
			put_be(f, s[3], w);
			put_be(f, 0, 4);
			put_be(f, 0, 4);
			put_be(f, 4, w);
			put_be(f, 0, w);
		}
		return f;
	}
};

} // namespace rig

#endif
