// SPDX-License-Identifier: GPL-2.0
/* The per-cpu symbols and their copies; see cpus.hh. */
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "cpus.hh"

// The name is a C identifier, for which the linker makes __start_ and __stop_.
#define PER_CPU __attribute__((section("percpu"), used))

extern "C" {
extern unsigned long this_cpu_off;

PER_CPU xen::VcpuInfoHead xen_vcpu_info;
PER_CPU xen::VcpuInfoHead *xen_vcpu;
PER_CPU std::uint32_t xen_vcpu_id;
PER_CPU unsigned long xen_forced_callbacks;
PER_CPU xen_hypercall_counters xen_hypercall_counts;
PER_CPU unsigned long this_cpu_off;
PER_CPU xen_mc_storage xen_mc_batch_storage;

extern unsigned char __start_percpu[];
extern unsigned char __stop_percpu[];
}

namespace host {

namespace {

constexpr int arch_set_gs = 0x1001; /* man 2 arch_prctl, ARCH_SET_GS */

unsigned char *copy[cpu_count];
int running;
xen::VcpuInfoHead page;

std::size_t area_size()
{
	return static_cast<std::size_t>(__stop_percpu - __start_percpu);
}

volatile std::uint8_t *byte_at(void *where, std::size_t offset)
{
	return static_cast<volatile std::uint8_t *>(where) + offset;
}

} // namespace

std::ptrdiff_t offset_of_cpu(int cpu)
{
	return copy[cpu] - __start_percpu;
}

void run_on(int cpu)
{
	if (syscall(SYS_arch_prctl, arch_set_gs, offset_of_cpu(cpu)) != 0) {
		std::perror("arch_prctl");
		std::abort();
	}
	running = cpu;
}

int this_cpu()
{
	return running;
}

void reset_cpus()
{
	const std::size_t align = XEN_MC_STORAGE_ALIGN;
	const std::size_t size = (area_size() + align - 1) / align * align;

	std::memset(static_cast<void *>(&page), 0, sizeof page);
	*byte_at(&page, 1) = 1;
	for (int cpu = 0; cpu < cpu_count; ++cpu) {
		std::free(copy[cpu]);
		copy[cpu] = static_cast<unsigned char *>(std::aligned_alloc(align, size));
		std::memset(copy[cpu], 0, size);
		on(cpu, this_cpu_off) = static_cast<unsigned long>(offset_of_cpu(cpu));
		// Not the cpu's number: Xen counts vcpus its own way.
		on(cpu, xen_vcpu_id) = static_cast<std::uint32_t>(cpu) + 5;
		on(cpu, xen_vcpu) = &on(cpu, xen_vcpu_info);
		*byte_at(&on(cpu, xen_vcpu_info), 1) = 1;
	}
	run_on(0);
}

bool template_untouched()
{
	for (std::size_t i = 0; i < area_size(); ++i)
		if (__start_percpu[i] != 0)
			return false;
	return true;
}

volatile std::uint8_t &pending_byte()
{
	return *byte_at(&on(running, xen_vcpu_info), 0);
}

volatile std::uint8_t &mask_byte()
{
	return *byte_at(&on(running, xen_vcpu_info), 1);
}

xen::VcpuInfoHead &shared_page()
{
	return page;
}

} // namespace host
