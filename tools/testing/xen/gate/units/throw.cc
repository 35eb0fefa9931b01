// SPDX-License-Identifier: GPL-2.0
// An exception.
// expect: exception handling disabled\|cannot use .throw. with exceptions disabled
extern "C" void xen_gate_throw(int why);
void xen_gate_throw(int why)
{
	throw why;
}
