// SPDX-License-Identifier: GPL-2.0
// What the gate must let through: a hook, a template, constinit data, a kernel service.
// expect: accepted
#include <array>
#include <cstdint>

#include <xen/glue.h>

namespace {

constinit std::array<std::uint32_t, 4> table{1, 2, 3, 4};

template <class T> T largest(const std::array<T, 4> &of) noexcept
{
	T best = of[0];

	for (const T one : of)
		best = one > best ? one : best;
	return best;
}

} // namespace

extern "C" std::uint32_t xen_gate_good(unsigned int at) noexcept;
std::uint32_t xen_gate_good(unsigned int at) noexcept
{
	if (at >= table.size())
		xen_glue_bug("at is in the table", __FILE__, __LINE__);
	else
		table[at] += largest(table);
	return table[0];
}
