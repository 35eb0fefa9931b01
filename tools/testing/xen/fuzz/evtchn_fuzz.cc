// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes are a program on one vcpu's event channels
 * (drivers/xen/core/evtchn_program.hh); the first thing that is not as the model says
 * stops the run.
 */
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "evtchn_program.hh"

void xen_glue_bug(const char *what, const char *file, unsigned int line) noexcept
{
	std::fprintf(stderr, "%s:%u: broken invariant: %s\n", file, line, what);
}

namespace {

constinit xen::cases::EvtchnProgram program{};

void report(void *, const xen_case_failure *failure)
{
	std::fprintf(stderr, "%s:%u: %s", failure->file, failure->line, failure->what);
	if (failure->has_values)
		std::fprintf(stderr, " (%#llx, %#llx)", failure->left, failure->right);
	std::fprintf(stderr, "\n");
	std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	xen::cases::Context cx{report, nullptr};

	program.run(cx, {data, size});
	return 0;
}
