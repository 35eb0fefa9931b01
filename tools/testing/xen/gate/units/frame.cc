// SPDX-License-Identifier: GPL-2.0
// A stack frame above 1 KiB.
// expect: frame size of [0-9]* bytes is larger than 1024\|stack frame size ([0-9]*) exceeds limit (1024)
extern "C" void xen_gate_fill(char *bytes) noexcept;
extern "C" char xen_gate_frame() noexcept;

char xen_gate_frame() noexcept
{
	char bytes[2048];

	xen_gate_fill(bytes);
	return bytes[7];
}
