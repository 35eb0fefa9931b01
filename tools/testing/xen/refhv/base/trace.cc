/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The trace ring: the newest records replace the oldest.  Under the hypervisor lock.
 */
#include "base/trace.hh"

#include "base/options.hh"
#include "base/print.hh"
#include "machine/cpu.hh"

namespace refhv {

namespace {

struct Record {
	u64 timebase, a, b, c;
	u32 cpu;
	Trace what;
};

constexpr u64 nr_records = 256;

constinit Record ring[nr_records] = {};
constinit u64 written = 0;

/* In the order of the enum: the name, and what makes each record of it print at once. */
constexpr struct {
	const char *name;
	bool Options::*at_once;
} kinds[] = {
	{"hcall", &Options::trace_hcall},  {"papr", &Options::trace_hcall},
	{"inject", &Options::trace_event}, {"event", &Options::trace_event},
	{"timer", &Options::trace_event},  {"memory", &Options::trace_mem},
	{"fault", &Options::trace_mem},
};

void print_record(const Record &record)
{
	print("refhv: trace ", record.timebase, " cpu ", record.cpu, " ",
	      kinds[static_cast<u64>(record.what)].name, " ", hex(record.a), " ", hex(record.b),
	      " ", hex(record.c), "\n");
}

} // namespace

void trace(Trace what, u64 a, u64 b, u64 c)
{
	Record &record = ring[written++ % nr_records];

	record = {cpu::timebase(), a, b, c, cpu::number(), what};
	if (options.*kinds[static_cast<u64>(what)].at_once) {
		to_trace(true);
		print_record(record);
		to_trace(false);
	}
}

void print_trace()
{
	for (u64 i = written < nr_records ? 0 : written - nr_records; i < written; i++)
		print_record(ring[i % nr_records]);
}

} // namespace refhv
