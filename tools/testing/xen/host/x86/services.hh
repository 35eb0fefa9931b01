/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Doubles of what glue files lend to the units: they write down what they were told.
 */
#ifndef HOST_X86_SERVICES_HH
#define HOST_X86_SERVICES_HH

#include <map>
#include <string>
#include <vector>

#include "glue.h"

namespace host {

struct Services {
	std::vector<long> halts_refused;
	std::vector<xen_mc_failure> failures;
	/* Tracepoints as "name number number", in order. */
	std::vector<std::string> traces;
	int preemptible = 0;
	/*
	 * What lockdep was told of events, '-' for off and '+' for on, and whether it was
	 * told with events off each time.  No heap: it is told amid what is stepped.
	 */
	char told[16] = {};
	bool told_masked = true;
};

extern Services services;

/* What a unit shows in debugfs, name by name; fails the test if one comes twice. */
using Counters = std::map<std::string, unsigned long>;
Counters shown_by(void (*show)(xen_glue_sink *) noexcept);

} // namespace host

#endif
