/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What refhv reads from the machine's own tree.
 */
#include <libfdt.h>

#include "dom/tree.hh"

namespace refhv {

namespace {

/* number - the first @cells cells of property @name, 0 without it */
u64 number(const void *fdt, int node, const char *name, u32 skip = 0)
{
	int bytes = 0;
	const u8 *data = static_cast<const u8 *>(fdt_getprop(fdt, node, name, &bytes));
	const u32 width = bytes == 4 ? 4 : 8;
	u64 value = 0;

	if (!data || static_cast<u32>(bytes) < (skip + 1) * width)
		return 0;
	for (u32 i = 0; i < width; i++)
		value = value << 8 | data[skip * width + i];
	return value;
}

} // namespace

const char *tree::read_machine(const void *fdt, Machine &machine)
{
	int node;

	machine = {};
	machine.bootargs = "";
	if (fdt_check_header(fdt))
		return "no device tree";
	/* Chips may have memory of their own: what begins at 0 without a gap counts. */
	for (node = -1; (node = fdt_node_offset_by_prop_value(fdt, node, "device_type", "memory",
							      sizeof("memory"))) >= 0;)
		if (number(fdt, node, "reg") <= machine.ram_bytes &&
		    number(fdt, node, "reg") + number(fdt, node, "reg", 1) > machine.ram_bytes)
			machine.ram_bytes = number(fdt, node, "reg") + number(fdt, node, "reg", 1);
	for (node = -1; (node = fdt_node_offset_by_prop_value(fdt, node, "device_type", "cpu",
							      sizeof("cpu"))) >= 0;
	     machine.cpus++)
		machine.timebase_hz = number(fdt, node, "timebase-frequency");
	node = fdt_path_offset(fdt, "/chosen");
	if (node >= 0) {
		int bytes = 0;
		const void *args = fdt_getprop(fdt, node, "bootargs", &bytes);

		if (args && bytes > 0 && !static_cast<const char *>(args)[bytes - 1])
			machine.bootargs = static_cast<const char *>(args);
		machine.initrd_start = number(fdt, node, "linux,initrd-start");
		machine.initrd_end = number(fdt, node, "linux,initrd-end");
	}
	if (!machine.ram_bytes || !machine.timebase_hz)
		return "device tree without memory or timebase";
	if (machine.initrd_end < machine.initrd_start)
		return "initrd ends before it begins";
	return nullptr;
}

} // namespace refhv
