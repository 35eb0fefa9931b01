/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Properties of the flat device tree, as bytes whose length is somebody else's word.
 *
 * Nothing is aligned and nothing ends in a zero for sure.  Real mode, boot cpu, before the
 * tree is unflattened.
 */
#ifndef ARCH_POWERPC_XEN_TREE_PROPERTY_HH
#define ARCH_POWERPC_XEN_TREE_PROPERTY_HH

#include "boot.hh"
#include "boot_glue.h"

namespace xen::ppc {

/* A property's bytes; absent is empty with @present false. */
struct Property {
	const u8 *at;
	u32 bytes;

	[[nodiscard]] bool present() const noexcept { return at != nullptr; }

	/* Big-endian, wherever it lies; contract: it is long enough. */
	[[nodiscard]] u64 number(u32 offset, u32 size) const noexcept
	{
		u64 value = 0;

		for (u32 i = 0; i < size; ++i)
			value = value << 8 | at[offset + i];
		return value;
	}
	[[nodiscard]] bool is_pairs() const noexcept { return bytes > 0 && bytes % 16 == 0; }
	[[nodiscard]] Range pair(u32 index) const noexcept
	{
		return {PhysAddr{number(16 * index, 8)}, number(16 * index + 8, 8)};
	}
};

/** property - of a node that xen_glue_fdt_node() found */
[[nodiscard]] inline Property property(int node, const char *name) noexcept
{
	int bytes = 0;
	const auto *at = static_cast<const u8 *>(xen_glue_fdt_property(node, name, &bytes));

	return {at, at != nullptr && bytes > 0 ? static_cast<u32>(bytes) : 0};
}

} // namespace xen::ppc

#endif
