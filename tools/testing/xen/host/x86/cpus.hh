/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two processors, as far as per-cpu data goes.
 *
 * The units reach per-cpu symbols through the gs segment.  Here the symbols stand in
 * a section of their own, the template; each processor has a copy of it on the heap,
 * fresh for each test, and run_on() points the gs base at one, as Linux does.  The
 * template itself must stay as it was: who changes it forgot the segment.
 */
#ifndef HOST_X86_CPUS_HH
#define HOST_X86_CPUS_HH

#include <cstddef>
#include <cstdint>

#include <xen/core/abi.hh>

#include "glue.h"

extern "C" {
extern xen::VcpuInfoHead xen_vcpu_info;
extern xen::VcpuInfoHead *xen_vcpu;
extern std::uint32_t xen_vcpu_id;
extern unsigned long xen_forced_callbacks;
extern xen_mc_storage xen_mc_batch_storage;
}

namespace host {

inline constexpr int cpu_count = 2;

/** reset_cpus - fresh copies; processor 0 runs, events masked, nothing pending */
void reset_cpus();

/** template_untouched - whether all accesses went through the segment */
bool template_untouched();

/** run_on - go on as processor @cpu */
void run_on(int cpu);
int this_cpu();

/** offset_of_cpu - how far @cpu's copy is from the template */
std::ptrdiff_t offset_of_cpu(int cpu);

/** on - @cpu's copy of a per-cpu symbol */
template <class T> T &on(int cpu, T &symbol)
{
	return *reinterpret_cast<T *>(reinterpret_cast<std::uintptr_t>(&symbol) +
				      static_cast<std::uintptr_t>(offset_of_cpu(cpu)));
}

/* The two bytes that Xen and the kernel share, of the running processor. */
volatile std::uint8_t &pending_byte();
volatile std::uint8_t &mask_byte();

/* The page in which Xen keeps vcpu_info until the kernel has placed its own. */
xen::VcpuInfoHead &shared_page();

} // namespace host

#endif
