/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Domains as dom/build makes them, in a machine of 512 MB: for tests of build, tree, firmware.
 */
#ifndef REFHV_TEST_BUILT_HH
#define REFHV_TEST_BUILT_HH

#include <algorithm>

#include "dom/build.hh"
#include "elf_image.hh"
#include "machine.hh"
#include "mm/frames.hh"

namespace rig {

inline constexpr u64 table_at = 0x100000, kernel_at = 0x400000, initrd_at = 0x800000;

struct Built {
	const char *why = nullptr;
	u64 kernel_bytes;

	/* start - a fresh machine with images in it; set options after this */
	explicit Built(const ElfImage &elf = direct_image(), u64 bytes = u64{512} << 20)
	{
		const Bytes file = elf.make();

		reset(bytes);
		machine.online = 4;
		for (Domain &dom : domains)
			dom = {};
		frames::init(MachAddr{table_at}, bytes >> page_shift);
		frames::reserve(Mfn{0}, 0x1000000 >> page_shift);
		std::copy(file.begin(), file.end(), phys(MachAddr{kernel_at}));
		std::fill_n(phys(MachAddr{initrd_at}), 5000, u8{0x1d});
		kernel_bytes = file.size();
		request = {.id = DomId{0},
			   .kernel = {MachAddr{kernel_at}, 0x100000}, /* more than the file */
			   .initrd = {MachAddr{initrd_at}, 5000},
			   .command_line = "console=hvc0 quiet",
			   .mem_mb = 192,
			   .rma_mb = 64,
			   .first_cpu = 0,
			   .vcpus = 2,
			   .privileged = true,
			   .mode = Mode::Translated,
			   .start = Start::Flat};
	}
	static ElfImage direct_image()
	{
		return {.entry = 0x10, .notes = linux_notes() + note("XenPPC", 1, be32(3))};
	}
	/* build - dom0 after @request; the domain */
	Domain &build()
	{
		why = build_domain(request);
		return domains[0];
	}
	/* add - a second domain */
	Domain &add()
	{
		BuildRequest second = request;

		second.id = DomId{1};
		second.first_cpu = 2;
		second.vcpus = 1;
		second.mem_mb = 64;
		second.privileged = false;
		second.start = Start::Flat;
		why = build_domain(second);
		return domains[1];
	}

	BuildRequest request{};
};

/* rma - guest-physical @at of a built domain */
inline u8 *rma(const Domain &dom, u64 at)
{
	return phys(dom.rma + at);
}

inline u64 load_be(const u8 *from, unsigned width)
{
	u64 value = 0;

	for (unsigned i = 0; i < width; ++i)
		value = value << 8 | from[i];
	return value;
}

} // namespace rig

#endif
