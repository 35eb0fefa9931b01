// SPDX-License-Identifier: GPL-2.0
// A unit beside a C file of the same name, which Kbuild would prefer.
// expect: second source of the same name
extern "C" int xen_gate_twin() noexcept;
int xen_gate_twin() noexcept
{
	return 1;
}
