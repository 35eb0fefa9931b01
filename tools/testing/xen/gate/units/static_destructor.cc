// SPDX-License-Identifier: GPL-2.0
// An object that wants to be destroyed at the end of a program that has none.
// expect: dynamic initialiser or destructor\|C++ runtime
extern "C" void xen_gate_gone() noexcept;

struct Leaver {
	~Leaver() { xen_gate_gone(); }
};

extern Leaver xen_gate_leaver;
Leaver xen_gate_leaver;
