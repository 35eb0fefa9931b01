/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The groups of facts, in the order in which they are printed.
 *
 * Each lies in facts_NAME.cc; "facts=NAME" among the boot arguments prints that one only.
 */
#ifndef PROBE_FACTS_HH
#define PROBE_FACTS_HH

#include "probe/guest.hh"

namespace probe {

void facts_start();
void facts_tree();
void facts_of();
void facts_cpu();
void facts_hcall();
void facts_version();
void facts_hpt();
void facts_map();
void facts_memory();
void facts_grant();
void facts_grant_map(); /* called by facts_grant */
void facts_device();
void facts_second();
void facts_event();
void facts_upcall(); /* called by facts_event */
void facts_time();
void facts_smp();
void facts_xencomm();
void facts_area(); /* called by facts_xencomm */
void facts_control();
void facts_domctl(); /* called by facts_control */
void facts_speed();

} // namespace probe

#endif
