// SPDX-License-Identifier: GPL-2.0
// A kernel function that no glue lends.
// expect: undefined symbol that gate.allow does not name: printk
extern "C" int printk(const char *format, ...);
extern "C" void xen_gate_print() noexcept;
void xen_gate_print() noexcept
{
	printk("straight into the kernel\n");
}
