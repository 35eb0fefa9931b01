// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes are a batch program (drivers/xen/core/batch_program.hh);
 * the first thing that is not as the model says stops the run.
 */
#include <cstddef>
#include <cstdint>

#include "batch_run.hh"
#include "case_report.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	xen::cases::Context cx{report, nullptr};

	xen::cases::run_batch_program(cx, {data, size});
	return 0;
}
