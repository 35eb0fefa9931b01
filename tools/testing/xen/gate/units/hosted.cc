// SPDX-License-Identifier: GPL-2.0
// A header of the hosted library.
// expect: error
#include <string>

extern "C" unsigned long xen_gate_length();
unsigned long xen_gate_length()
{
	return std::string("hosted").size();
}
