// SPDX-License-Identifier: GPL-2.0
// A namespace-scope object that needs code to run before main(); the kernel runs none.
// expect: dynamic initialiser or destructor
extern "C" int xen_gate_seed() noexcept;
extern "C" int xen_gate_value() noexcept;

namespace {
int value = xen_gate_seed();
} // namespace

int xen_gate_value() noexcept
{
	return value;
}
