// SPDX-License-Identifier: GPL-2.0
// A weak reference to a kernel function that no glue lends.
// expect: undefined symbol that gate.allow does not name: printk
extern "C" __attribute__((weak)) int printk(const char *format, ...);
extern "C" void xen_gate_print() noexcept;
void xen_gate_print() noexcept
{
	if (printk != nullptr)
		printk("straight into the kernel\n");
}
