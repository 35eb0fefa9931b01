// SPDX-License-Identifier: GPL-2.0
// A function-local static that is initialised on first use, behind a guard.
// expect: guard variable of a function-local static
extern "C" int xen_gate_seed() noexcept;
extern "C" int xen_gate_once() noexcept;

int xen_gate_once() noexcept
{
	static const int once = xen_gate_seed();

	return once;
}
