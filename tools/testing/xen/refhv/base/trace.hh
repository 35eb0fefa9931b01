/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A ring of the last things that happened, printed when refhv fails or a domain crashes.
 *
 * trace= on the command line prints each record at once as well.
 */
#ifndef REFHV_TRACE_HH
#define REFHV_TRACE_HH

#include "base/types.hh"

namespace refhv {

enum class Trace : u8 { Hcall, Papr, Inject, Event, Timer, Memory, Fault };

void trace(Trace what, u64 a, u64 b = 0, u64 c = 0); /* cpu and timebase are added */
void print_trace();				     /* oldest first */

} // namespace refhv

#endif
