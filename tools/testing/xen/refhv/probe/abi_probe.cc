/* SPDX-License-Identifier: GPL-2.0 */
/* abi-probe: every fact of the contract that a bare guest can see, one line each. */
#include "probe/facts.hh"

namespace probe {

namespace {

struct Group {
	const char *name;
	void (*print)();
};

constexpr Group groups[] = {
	{"start", facts_start},	    {"tree", facts_tree},	{"of", facts_of},
	{"cpu", facts_cpu},	    {"hcall", facts_hcall},	{"version", facts_version},
	{"hpt", facts_hpt},	    {"map", facts_map},		{"memory", facts_memory},
	{"grant", facts_grant},	    {"event", facts_event},	{"device", facts_device},
	{"second", facts_second},   {"time", facts_time},	{"smp", facts_smp},
	{"xencomm", facts_xencomm}, {"control", facts_control}, {"speed", facts_speed},
};

/* chosen - no facts= among the boot arguments, or one that names @name */
bool chosen(const char *name)
{
	static constexpr char word[] = "facts=";
	constexpr u64 bytes = sizeof(word) - 1;
	bool any = false;

	for (const char *p = bootargs(); *p; p++) {
		if (!same(p, word, bytes) || (p != bootargs() && p[-1] != ' '))
			continue;
		any = true;
		if (same(p + bytes, name, length(name)) &&
		    (p[bytes + length(name)] == 0 || p[bytes + length(name)] == ' '))
			return true;
	}
	return !any;
}

} // namespace

void probe_main()
{
	put("probe: start\n");
	for (const Group &group : groups) {
		if (!chosen(group.name))
			continue;
		const u64 from = timebase();

		group.print();
		ee_off();
		set_dec(dec_never);
		put("info ms.");
		fact(group.name, (timebase() - from) * 1000 / timebase_hz());
	}
}

} // namespace probe
