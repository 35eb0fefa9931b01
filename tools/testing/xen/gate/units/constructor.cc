// SPDX-License-Identifier: GPL-2.0
// A function marked to run before main(), which leaves no C++ symbol behind.
// expect: section: .init_array
extern "C" void xen_gate_gone() noexcept;

__attribute__((constructor)) static void early() noexcept
{
	xen_gate_gone();
}
