// SPDX-License-Identifier: GPL-2.0
// Memory from operator new.
// expect: operator new or delete
extern "C" int *xen_gate_new();
int *xen_gate_new()
{
	return new int(7);
}
