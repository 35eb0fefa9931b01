/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cores from their first C++ instruction to the first entry of their vcpu.
 *
 * Before release() the others touch nothing but their own Core; the hypervisor lock is
 * first taken in run().
 */
#include "machine/core.hh"

#include "base/lock.hh"
#include "dom/domain.hh"
#include "ev/time.hh"
#include "ev/upcall.hh"

namespace refhv {

struct alignas(16) Stack {
	u64 guard[2]; /* at the low end, where an overflow arrives */
	u8 room[(1 << 14) - 16 - 128];
	u8 top[128]; /* the frame of whoever calls the first function; start.S */
};
static_assert(offsetof(Stack, top) == (1 << 14) - 128 && max_cpus == 8, "start.S knows both");

extern "C" {
constinit Stack hv_stacks[max_cpus];
[[noreturn]] void hv_start(u64 number, const void *tree);
[[noreturn]] void hv_main(const void *tree);
[[noreturn]] void hv_resume();
}

namespace {

constexpr u64 guard = 0x7265666876677264;

/* A core's Regs until it has a vcpu, and what others must know of it. */
struct Core {
	Regs regs;
	u64 pir;
	u32 up;
};

constinit Core core[max_cpus];
constinit u32 released;
constinit u64 hz;

Vcpu *vcpu_of(u32 cpu)
{
	for (Domain &dom : domains)
		if (dom.present && cpu >= dom.first_cpu && cpu - dom.first_cpu < dom.nr_vcpus)
			return &dom.vcpu[cpu - dom.first_cpu];
	return nullptr;
}

/* The Regs that the vectors of this core, @cpu, save to. */
void use(Regs &regs, u64 cpu)
{
	regs.stack = reinterpret_cast<u64>(hv_stacks[cpu].top);
	regs.cpu = cpu;
	regs.napping = 0;
	spr::set<spr::hsprg0>(reinterpret_cast<u64>(&regs));
}

/* A core without a vcpu: DEC would end each nap at once after it has run out. */
void idle()
{
	cpu::set_decrementer(0x7fffffff);
	cpu::nap();
}

} // namespace

u32 cpu::online()
{
	u32 count = 0;

	for (const Core &each : core)
		count += __atomic_load_n(&each.up, __ATOMIC_ACQUIRE);
	return count;
}

u64 cpu::timebase_hz()
{
	return hz;
}

u64 smp::pir(u32 cpu)
{
	return core[cpu].pir;
}

void smp::start(u32 cores, u64 timebase_hz)
{
	const u64 from = cpu::timebase();

	hz = timebase_hz;
	while (cpu::online() < cores && cpu::timebase() - from < hz)
		cpu::relax();
}

void smp::release()
{
	__atomic_store_n(&released, 1, __ATOMIC_RELEASE);
	for (u32 i = 1; i < max_cpus; i++)
		if (core[i].up)
			cpu::kick(i);
}

bool smp::stack_intact()
{
	const Stack &own = hv_stacks[cpu::number()];

	return own.guard[0] == guard && own.guard[1] == guard;
}

void smp::run()
{
	const u32 cpu = cpu::number();
	Vcpu *vcpu = vcpu_of(cpu);

	while (!vcpu)
		idle();
	use(vcpu->regs, cpu);
	cpu::set_hypervisor_decrementer(time::ticks(time::tick_ns));
	hypervisor_lock();
	upcall::leave(*vcpu, trap::first_entry);
	hypervisor_unlock();
	hv_resume();
}

/* start.S's only way into C++ but for traps: in real mode, EE = 0, on the core's own stack. */
void hv_start(u64 number, const void *tree)
{
	Core &own = core[number];

	use(own.regs, number);
	hv_stacks[number].guard[0] = hv_stacks[number].guard[1] = guard;
	own.pir = spr::get<spr::pir>();
	cpu::init();
	__atomic_store_n(&own.up, 1, __ATOMIC_RELEASE);
	if (number == 0)
		hv_main(tree);
	while (!__atomic_load_n(&released, __ATOMIC_ACQUIRE))
		idle();
	smp::run();
}

} // namespace refhv
