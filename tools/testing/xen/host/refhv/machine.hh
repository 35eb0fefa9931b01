/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine under refhv in host tests: memory, processor and board, all observable.
 *
 * Memory is one reserved range between guard pages; untouched pages cost nothing, and an
 * address outside of it ends the test.  Time moves only when a test or a busy-wait moves
 * it; power_off() throws, so that a test sees it.
 */
#ifndef REFHV_TEST_MACHINE_HH
#define REFHV_TEST_MACHINE_HH

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "base/types.hh"

namespace rig {

using namespace refhv;

struct PoweredOff {};
struct SleepsForEver {}; /* nap() and nothing would ever wake it */

struct Machine {
	u32 cpu = 0; /* the core that runs refhv's code */
	u32 online = 2;
	u64 timebase = 1'000'000'000;
	u64 hz = 512'000'000;
	u64 dec_due[max_cpus] = {}; /* timebase at which a core's DEC passes zero */
	u64 hdec[max_cpus] = {};
	u64 srr0[max_cpus] = {}, srr1[max_cpus] = {};
	u64 dabr[max_cpus] = {}, dabrx[max_cpus] = {};
	bool pmu[max_cpus] = {};
	u64 rtc = 0;
	u64 naps = 0, loads = 0, icache_syncs = 0;
	std::vector<u32> kicks;	  /* cores */
	std::vector<u64> flushes; /* flush_tlb arguments */
	std::string console;	  /* what refhv printed */
	std::string traced;	  /* and on the second uart */
	std::deque<u8> input;
	std::function<void()> on_nap;	/* lock not held */
	std::function<void()> on_relax; /* lock not held: what another core does meanwhile */
};
extern Machine machine;

/* reset - a fresh machine with @bytes of zeroed memory; options and rule counts too */
void reset(u64 bytes = u64{256} << 20);

} // namespace rig

#endif
