/* SPDX-License-Identifier: GPL-2.0 */
/* The fake machine (machine.hh). */
#include "machine.hh"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>

#include <xen/glue.h>

#include "base/lock.hh"
#include "base/options.hh"
#include "base/phys.hh"
#include "base/rules.hh"
#include "machine/cpu.hh"

namespace rig {

Machine machine;

namespace {

constexpr u64 room = u64{8} << 30; /* the largest machine */

[[noreturn]] void die(const char *what, u64 value)
{
	std::fprintf(stderr, "test machine: %s (0x%llx)\n", what,
		     static_cast<unsigned long long>(value));
	std::abort();
}

/* A range of @room bytes, with as much on either side that nothing may touch. */
u8 *reserve()
{
	void *all = mmap(nullptr, 3 * room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			 -1, 0);

	if (all == MAP_FAILED)
		die("no address space", 3 * room);
	return static_cast<u8 *>(all) + room;
}

} // namespace

void reset(u64 bytes)
{
	if (!host_ram)
		host_ram = reserve();
	/* A new mapping in place of the old one: zero pages, and no access beyond the end. */
	if (bytes > room ||
	    mmap(host_ram, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
		 -1, 0) == MAP_FAILED ||
	    mprotect(host_ram, bytes, PROT_READ | PROT_WRITE))
		die("no memory", bytes);
	host_ram_bytes = bytes;
	hypervisor_lock_state = {};
	options = Options{};
	reset_rules();
	machine = Machine{};
}

} // namespace rig

namespace refhv {

using rig::machine;

u8 *host_ram = nullptr;
u64 host_ram_bytes = 0;

u8 *host_pointer(u64 address)
{
	if (address >= host_ram_bytes)
		rig::die("address outside of memory", address);
	return host_ram + address;
}

u32 cpu::number()
{
	return machine.cpu;
}

u32 cpu::online()
{
	return machine.online;
}

u64 cpu::timebase()
{
	return machine.timebase;
}

u64 cpu::timebase_hz()
{
	return machine.hz;
}

s64 cpu::decrementer()
{
	return static_cast<s64>(machine.dec_due[machine.cpu] - machine.timebase);
}

void cpu::set_decrementer(s64 ticks)
{
	machine.dec_due[machine.cpu] = machine.timebase + static_cast<u64>(ticks);
}

void cpu::set_hypervisor_decrementer(u64 ticks)
{
	machine.hdec[machine.cpu] = ticks;
}

void cpu::kick(u32 cpu)
{
	machine.kicks.push_back(cpu);
}

void cpu::nap()
{
	if (hypervisor_lock_state.held)
		rig::die("nap with the lock held", machine.cpu);
	++machine.naps;
	if (!machine.on_nap)
		throw rig::SleepsForEver{};
	const auto hook = machine.on_nap; /* it may replace itself */

	hook();
}

void cpu::relax()
{
	if (hypervisor_lock_state.held)
		rig::die("busy-wait with the lock held", machine.cpu);
	machine.timebase += 512;
	if (const auto hook = machine.on_relax)
		hook();
}

void cpu::flush_tlb(u64 va_bits)
{
	machine.flushes.push_back(va_bits);
}

void cpu::sync_icache(MachAddr, u64)
{
	++machine.icache_syncs;
}

void cpu::load_context(const Domain &)
{
	++machine.loads;
}

void cpu::set_pmu(bool on)
{
	machine.pmu[machine.cpu] = on;
}

void cpu::set_dabr(u64 dabr, u64 dabrx)
{
	machine.dabr[machine.cpu] = dabr;
	machine.dabrx[machine.cpu] = dabrx;
}

void cpu::set_srr(u64 srr0, u64 srr1)
{
	machine.srr0[machine.cpu] = srr0;
	machine.srr1[machine.cpu] = srr1;
}

void board::init(u32) {}

void board::putc(char c, Uart to)
{
	(to == Uart::Console ? machine.console : machine.traced) += c;
}

int board::getc()
{
	if (machine.input.empty())
		return -1;

	const u8 byte = machine.input.front();

	machine.input.pop_front();
	return byte;
}

bool board::serve_interrupt()
{
	return !machine.input.empty();
}

u64 board::rtc_seconds()
{
	return machine.rtc;
}

void board::power_off()
{
	throw rig::PoweredOff{};
}

} // namespace refhv

void xen_glue_bug(const char *what, const char *file, unsigned int line) noexcept
{
	std::fprintf(stderr, "%s:%u: broken invariant: %s\n", file, line, what);
	std::abort();
}
