/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs the bytes of a batch program: the one entrance for cases and fuzzer.
 *
 * Owns the batches it runs on.  One program at a time.
 */
#ifndef XEN_CORE_BATCH_RUN_HH
#define XEN_CORE_BATCH_RUN_HH

#include <cstdint>
#include <span>

#include "batch_program.hh"
#include "batch_steps.hh"

namespace xen::cases {

/* Static because they are far larger than a kernel stack. */
inline constinit BatchProgram<4, 64, 3> small_batch;
inline constinit BatchProgram<300, 4080, 32> wide_batch;
inline constinit BatchProgram<1, 8, 1> tiny_batch;

/**
 * run_batch_program - run @bytes against the model
 * @cx: told about everything that is not as the model says
 *
 * Any bytes will do.  Return: what happened.
 */
inline const Tally &run_batch_program(Context &cx, std::span<const std::uint8_t> bytes) noexcept
{
	Tape tape{bytes};

	switch (static_cast<steps::Size>(tape.next() %
					 static_cast<unsigned int>(steps::Size::Count))) {
	case steps::Size::Wide:
		wide_batch.run(cx, tape);
		return wide_batch.tally();
	case steps::Size::Tiny:
		tiny_batch.run(cx, tape);
		return tiny_batch.tally();
	case steps::Size::Small:
	case steps::Size::Count:
		break;
	}
	small_batch.run(cx, tape);
	return small_batch.tally();
}

} // namespace xen::cases

#endif
