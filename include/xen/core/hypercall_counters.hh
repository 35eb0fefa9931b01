/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many hypercalls each cpu made, by call: the reader's side.
 *
 * The counting itself is one instruction or a few beside the trap, in the architecture's
 * hypercall.hh.  Reading takes no lock: a counter read while its cpu counts is the old or
 * the new value.  Where counting takes more than one instruction, what an interrupt counts
 * between them may be lost: a sum is never more than what was called, and may be less.  A
 * hypercall that the hypervisor restarts by itself counts once.
 */
#ifndef XEN_CORE_HYPERCALL_COUNTERS_HH
#define XEN_CORE_HYPERCALL_COUNTERS_HH

#include <span>

#include <xen/hypercall_counters.h>

namespace xen {

/* What a slot counts, for people. */
struct CountedCall {
	unsigned int slot;
	const char *name;
};

inline constexpr unsigned int counted_slots = XEN_COUNTED_CALLS + XEN_COUNTED_OTHERS;

/** count_of - a slot of a cpu that counts at the same time */
[[nodiscard]] inline unsigned long count_of(const xen_hypercall_counters &cpu,
					    unsigned int slot) noexcept
{
	return *static_cast<const volatile unsigned long *>(&cpu.made[slot]);
}

/**
 * show_hypercalls - the sums over all cpus of what was called at all
 * @names: what is known of the slots; each at most once
 * @next_cpu: int (int): the cpu after this one, negative after the last; -1 gives the first
 * @of_cpu: const xen_hypercall_counters & (int)
 * @show: void (const char *name, unsigned long sum); calls without a name come last and
 *	in one sum, as "other"
 */
template <class Next, class Of, class Show>
void show_hypercalls(std::span<const CountedCall> names, Next next_cpu, Of of_cpu,
		     Show show) noexcept
{
	const auto sum = [&](unsigned int slot) noexcept {
		unsigned long total = 0;

		for (int cpu = next_cpu(-1); cpu >= 0; cpu = next_cpu(cpu))
			total += count_of(of_cpu(cpu), slot);
		return total;
	};
	unsigned long other = 0;

	for (unsigned int slot = 0; slot < counted_slots; ++slot)
		other += sum(slot);
	for (const CountedCall &call : names) {
		const unsigned long total = sum(call.slot);

		/* What was called since the first pass is not "other". */
		other -= total < other ? total : other;
		if (total != 0)
			show(call.name, total);
	}
	if (other != 0)
		show("other", other);
}

} // namespace xen

#endif
