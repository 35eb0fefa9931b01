// SPDX-License-Identifier: GPL-2.0
/* The services the units call; see services.hh. */
#include <cstdio>
#include <cstring>

#include <gtest/gtest.h>

#include "cpus.hh"
#include "services.hh"

namespace host {

Services services;

namespace {

template <class... Numbers> void trace(const char *name, Numbers... numbers)
{
	std::string line = name;

	((line += " " + std::to_string(numbers)), ...);
	services.traces.push_back(line);
}

void tell(char what)
{
	const std::size_t n = std::strlen(services.told);

	if (n + 1 < sizeof services.told)
		services.told[n] = what;
	services.told_masked = services.told_masked && mask_byte() == 1;
}

void add(xen_glue_sink *sink, const std::string &name, unsigned long value)
{
	auto &counters = *reinterpret_cast<Counters *>(sink);

	EXPECT_TRUE(counters.emplace(name, value).second) << name << " is shown twice";
}

} // namespace

Counters shown_by(void (*show)(xen_glue_sink *) noexcept)
{
	Counters counters;

	show(reinterpret_cast<xen_glue_sink *>(&counters));
	return counters;
}

} // namespace host

using host::services;

extern "C" {

extern bool xen_mc_debug;
bool xen_mc_debug;

void xen_glue_bug(const char *what, const char *file, unsigned int line) noexcept
{
	std::fprintf(stderr, "%s:%u: broken invariant: %s\n", file, line, what);
	std::fflush(stderr);
}

void xen_glue_halt_refused(long error) noexcept
{
	services.halts_refused.push_back(error);
}

void xen_glue_mc_failed(const xen_mc_failure *failure) noexcept
{
	services.failures.push_back(*failure);
}

void xen_glue_trace_events_off() noexcept
{
	host::tell('-');
}

void xen_glue_trace_events_on() noexcept
{
	host::tell('+');
}

int xen_glue_preemptible() noexcept
{
	return services.preemptible;
}

void xen_glue_trace_mc_flush(unsigned int entries, unsigned int arg_bytes,
			     unsigned int callbacks) noexcept
{
	host::trace("flush", entries, arg_bytes, callbacks);
}

void xen_glue_trace_mc_flush_reason(unsigned int reason) noexcept
{
	host::trace("flush_reason", reason);
}

void xen_glue_trace_mc_entry_alloc(unsigned long bytes) noexcept
{
	host::trace("entry_alloc", bytes);
}

void xen_glue_trace_mc_extend_args(unsigned long op, unsigned long bytes,
				   unsigned int result) noexcept
{
	host::trace("extend_args", op, bytes, result);
}

void xen_glue_trace_mc_callback(void (*fn)(void *), void *data) noexcept
{
	host::trace("callback", reinterpret_cast<unsigned long>(fn),
		    reinterpret_cast<unsigned long>(data));
}

void xen_glue_show(xen_glue_sink *sink, const char *name, unsigned long value) noexcept
{
	host::add(sink, name, value);
}

void xen_glue_show_size(xen_glue_sink *sink, unsigned int at_least, unsigned long count) noexcept
{
	host::add(sink, "size_" + std::to_string(at_least), count);
}

int xen_glue_next_cpu(int cpu) noexcept
{
	return cpu + 1 < host::cpu_count ? cpu + 1 : -1;
}

const xen_mc_storage *xen_glue_mc_storage(int cpu) noexcept
{
	return &host::on(cpu, xen_mc_batch_storage);
}

unsigned long xen_glue_forced_callbacks(int cpu) noexcept
{
	return host::on(cpu, xen_forced_callbacks);
}

} // extern "C"
