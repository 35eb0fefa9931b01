// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes are a batch program (drivers/xen/core/batch_program.hh);
 * the first thing that is not as the model says stops the run.
 */
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "batch_run.hh"

void xen_glue_bug(const char *what, const char *file, unsigned int line) noexcept
{
	std::fprintf(stderr, "%s:%u: broken invariant: %s\n", file, line, what);
}

namespace {

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

	xen::cases::run_batch_program(cx, {data, size});
	return 0;
}
