// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes are a program on one vcpu's event channels
 * (drivers/xen/core/evtchn_program.hh); the first thing that is not as the model says
 * stops the run.
 */
#include <cstddef>
#include <cstdint>

#include "case_report.hh"
#include "evtchn_program.hh"

namespace {

constinit xen::cases::EvtchnProgram program{};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	xen::cases::Context cx{report, nullptr};

	program.run(cx, {data, size});
	return 0;
}
