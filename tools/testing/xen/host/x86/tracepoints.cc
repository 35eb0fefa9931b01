// SPDX-License-Identifier: GPL-2.0
/* Tracepoints and their keys; see tracepoints.hh. */
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

#include "layout.h"
#include "tracepoints.hh"

/* The head of the kernel's struct tracepoint. */
struct Tracepoint {
	const char *name;
	int enabled;
};

#define TRACEPOINT(event)                                                                          \
	extern "C" Tracepoint __tracepoint_xen_mc_##event;                                         \
	Tracepoint __tracepoint_xen_mc_##event{#event, 0}

TRACEPOINT(flush);
TRACEPOINT(flush_reason);
TRACEPOINT(entry_alloc);
TRACEPOINT(extend_args);
TRACEPOINT(callback);

namespace host {

const bool has_preempt_count = XEN_PREEMPT_COUNT != 0;

namespace {

Tracepoint &point_of(Event event)
{
	switch (event) {
	case Event::Flush: return __tracepoint_xen_mc_flush;
	case Event::FlushReason: return __tracepoint_xen_mc_flush_reason;
	case Event::EntryAlloc: return __tracepoint_xen_mc_entry_alloc;
	case Event::ExtendArgs: return __tracepoint_xen_mc_extend_args;
	case Event::Callback: return __tracepoint_xen_mc_callback;
	}
	std::abort();
}

} // namespace

#ifdef CONFIG_JUMP_LABEL

const bool has_jump_labels = true;

namespace {

/* A record of the kernel's jump table: all three relative to themselves. */
struct Jump {
	std::int32_t code;
	std::int32_t target;
	std::int64_t key;
};

extern "C" Jump __start___jump_table[];
extern "C" Jump __stop___jump_table[];

constexpr unsigned char no_op[5] = {0x0f, 0x1f, 0x44, 0x00, 0x00};

template <class T> std::uintptr_t absolute(const T &field)
{
	return reinterpret_cast<std::uintptr_t>(&field) + static_cast<std::uintptr_t>(field);
}

void write_code(unsigned char *where, const unsigned char (&code)[5])
{
	const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
	const std::uintptr_t first = reinterpret_cast<std::uintptr_t>(where) & ~(page - 1);
	void *const start = reinterpret_cast<void *>(first);

	if (mprotect(start, 2 * page, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
		std::perror("mprotect");
		std::abort();
	}
	std::memcpy(where, code, sizeof code);
	mprotect(start, 2 * page, PROT_READ | PROT_EXEC);
}

} // namespace

int listen(Event event, bool on)
{
	const auto key = reinterpret_cast<std::uintptr_t>(&point_of(event).enabled);
	int sites = 0;

	for (Jump *jump = __start___jump_table; jump != __stop___jump_table; ++jump) {
		if (absolute(jump->key) != key)
			continue;
		auto *const code = reinterpret_cast<unsigned char *>(absolute(jump->code));
		const auto distance = static_cast<std::int32_t>(absolute(jump->target) -
								(absolute(jump->code) + 5));
		unsigned char to_target[5] = {0xe9};

		std::memcpy(to_target + 1, &distance, sizeof distance);
		if (std::memcmp(code, no_op, 5) != 0 && std::memcmp(code, to_target, 5) != 0) {
			std::fprintf(stderr, "a jump label's site is no five-byte no-op\n");
			std::abort();
		}
		write_code(code, on ? to_target : no_op);
		++sites;
	}
	return sites;
}

#else

const bool has_jump_labels = false;

int listen(Event event, bool on)
{
	point_of(event).enabled = on;
	return 1;
}

#endif

} // namespace host
