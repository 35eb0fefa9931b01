/* SPDX-License-Identifier: GPL-2.0 */
/* The part of the hostile probe that breaks each rule once; and what it then leaves. */
#ifndef HOSTILE_RULES_HH
#define HOSTILE_RULES_HH

#include "probe/guest.hh"

namespace probe::hostile {

inline constexpr s64 not_broken = 0x7fffffff; /* cannot be broken by this domain, here */

/* break_rules - "rule.V01: code" for each; leaves grants 0 to 63 for the random calls */
void break_rules();

} // namespace probe::hostile

#endif
