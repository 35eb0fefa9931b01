/* SPDX-License-Identifier: GPL-2.0 */
/* Cases of the counters of hypercalls: what a reader is shown. */
#ifndef XEN_CORE_HYPERCALL_COUNTERS_CASES_HH
#define XEN_CORE_HYPERCALL_COUNTERS_CASES_HH

#include <xen/core/hypercall_counters.hh>

#include "cases.hh"

namespace xen::cases::hypercall_counters {

inline constinit xen_hypercall_counters cpus[3]{};

/* What was shown, by the place of the name in the list below; "other" is last. */
struct Shown {
	unsigned long value[3];
	unsigned int lines;
};

inline constexpr char one[] = "one", last[] = "last";
inline constexpr CountedCall names[] = {{1, one}, {counted_slots - 1, last}};

inline Shown shown_now() noexcept
{
	Shown shown{};

	show_hypercalls(
		names, [](int cpu) noexcept { return cpu < 2 ? cpu + 1 : -1; },
		[](int cpu) noexcept -> const xen_hypercall_counters & { return cpus[cpu]; },
		[&shown](const char *name, unsigned long value) noexcept {
			shown.value[name == one ? 0 : name == last ? 1 : 2] += value;
			++shown.lines;
		});
	return shown;
}

inline void reset() noexcept
{
	for (xen_hypercall_counters &cpu : cpus)
		cpu = xen_hypercall_counters{};
}

XEN_CASE(a_call_never_made_is_not_shown)
{
	reset();
	CHECK_EQ(shown_now().lines, 0U);
}

XEN_CASE(counts_of_all_cpus_are_added_up)
{
	reset();
	cpus[0].made[1] = opaque(5UL);
	cpus[2].made[1] = opaque(7UL);
	cpus[1].made[counted_slots - 1] = opaque(2UL);

	const Shown shown = shown_now();

	CHECK_EQ(shown.lines, 2U);
	CHECK_EQ(shown.value[0], 12UL);
	CHECK_EQ(shown.value[1], 2UL);
}

XEN_CASE(calls_without_a_name_are_one_line)
{
	reset();
	cpus[0].made[0] = opaque(1UL);
	cpus[1].made[2] = opaque(2UL);
	cpus[2].made[63] = opaque(4UL);
	cpus[2].made[1] = opaque(8UL);

	const Shown shown = shown_now();

	CHECK_EQ(shown.lines, 2U);
	CHECK_EQ(shown.value[0], 8UL);
	CHECK_EQ(shown.value[2], 7UL);
}

inline constexpr Case all[] = {
	XEN_LIST(a_call_never_made_is_not_shown),
	XEN_LIST(counts_of_all_cpus_are_added_up),
	XEN_LIST(calls_without_a_name_are_one_line),
};
inline constexpr Suite suite{"hypercall_counters", all};

} // namespace xen::cases::hypercall_counters

#endif
