// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU TCG plugin that counts what a PV guest costs under Xen, from outside.
 *
 * It owns the counters of executed instructions by address region (user, guest
 * kernel, Xen) and of transitions into Xen by the address at which Xen was
 * entered and by what ran before; watch.c counts calls of Xen's functions.
 * All are reset when the guest executes the begin mark and written as one line
 * of JSON when it executes the end mark, so boot and set-up are not counted.
 * The guest notices nothing: neither its memory nor its time changes.
 *
 * A transition is the step from a translation block of the guest to one of
 * Xen, whatever caused it, hence no way in can be forgotten.  A block never
 * crosses a page and therefore never two regions.
 *
 * Instructions are counted one by one, in front of each, so one that faults is
 * counted again when it is restarted.  Apart from that the sum is what the
 * guest's time stamp counter says, for with icount a tick is an instruction.
 *
 * Limits: one processor (no state is per processor, no locks); 64-bit PV guests
 * under a 64-bit Xen, whose reserved range is fixed by the ABI.
 *
 * Arguments: begin=ADDRESS end=ADDRESS watch=FILE out=FILE [profile=ROW]
 * With profile, row number ROW, from 0, also has its translation blocks.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "fail.h"
#include "profile.h"
#include "tcg_plugin.h"
#include "watch.h"

#define XEN_RANGE_START	UINT64_C(0xffff800000000000)
#define XEN_RANGE_END	UINT64_C(0xffff880000000000)
#define USER_END	UINT64_C(0x0000800000000000)

enum { MAX_ENTRIES = 128 };

enum region { USER, KERNEL, XEN, REGIONS };

struct entry {
	uint64_t address;
	enum region origin;
	uint64_t count;
};

static const char *const region_names[REGIONS] = { "user", "kernel", "xen" };

static struct entry entries[MAX_ENTRIES];
static size_t nr_entries;
static uint64_t insns[REGIONS];
static enum region last_region;

static uint64_t begin_address, end_address;
static FILE *out;
static long row;
static long profile_row = -1;

static enum region region_of(uint64_t address)
{
	if (address < USER_END)
		return USER;
	if (address >= XEN_RANGE_START && address < XEN_RANGE_END)
		return XEN;
	return KERNEL;
}

static void on_user_block(unsigned int cpu, void *data)
{
	last_region = USER;
}

static void on_kernel_block(unsigned int cpu, void *data)
{
	last_region = KERNEL;
}

static void on_xen_block(unsigned int cpu, void *data)
{
	uint64_t address = (uintptr_t)data;
	enum region origin = last_region;

	if (origin == XEN)
		return;
	last_region = XEN;
	for (size_t i = 0; i < nr_entries; i++) {
		if (entries[i].address == address && entries[i].origin == origin) {
			entries[i].count++;
			return;
		}
	}
	if (nr_entries == MAX_ENTRIES)
		fail("Xen was entered", "at too many addresses");
	entries[nr_entries++] = (struct entry){ address, origin, 1 };
}

static void on_begin(unsigned int cpu, void *data)
{
	memset(insns, 0, sizeof(insns));
	nr_entries = 0;
	watch_reset();
	profile_reset();
}

static void on_end(unsigned int cpu, void *data)
{
	fputs("{\"insns\": {", out);
	for (int region = 0; region < REGIONS; region++)
		fprintf(out, "%s\"%s\": %" PRIu64, region ? ", " : "", region_names[region],
			insns[region]);
	fputs("}, \"entries\": [", out);
	for (size_t i = 0; i < nr_entries; i++)
		fprintf(out, "%s[%" PRIu64 ", \"%s\", %" PRIu64 "]", i ? ", " : "",
			entries[i].address, region_names[entries[i].origin], entries[i].count);
	fputs("]", out);
	watch_write(out);
	if (row == profile_row)
		profile_write(out);
	fputs("}\n", out);
	if (fflush(out))
		fail("cannot write counts", strerror(errno));
	row++;
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
	static const qemu_plugin_exec_fn on_block[REGIONS] = {
		[USER] = on_user_block, [KERNEL] = on_kernel_block, [XEN] = on_xen_block,
	};
	size_t length = qemu_plugin_tb_n_insns(block);
	uint64_t start = qemu_plugin_tb_vaddr(block);
	enum region region = region_of(start);

	qemu_plugin_register_vcpu_tb_exec_cb(block, on_block[region], QEMU_PLUGIN_CB_NO_REGS,
					     (void *)(uintptr_t)start);
	profile_translate(block, start, length);
	for (size_t i = 0; i < length; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);

		qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
							   &insns[region], 1);
		if (address == begin_address)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_begin,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
		else if (address == end_address)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_end,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
		else if (region == XEN)
			watch_translate(insn, address);
	}
}

static void on_exit_of_qemu(qemu_plugin_id_t id, void *data)
{
	if (fclose(out))
		fail("cannot write counts", strerror(errno));
}

static void parse_argument(const char *argument)
{
	const char *value = strchr(argument, '=');
	size_t key = value ? (size_t)(++value - argument) : 0;

	if (key && !strncmp(argument, "begin=", key)) {
		begin_address = strtoull(value, NULL, 0);
	} else if (key && !strncmp(argument, "end=", key)) {
		end_address = strtoull(value, NULL, 0);
	} else if (key && !strncmp(argument, "watch=", key)) {
		watch_load(value);
	} else if (key && !strncmp(argument, "profile=", key)) {
		profile_row = strtol(value, NULL, 0);
		profile_enable();
	} else if (key && !strncmp(argument, "out=", key)) {
		out = fopen(value, "w");
		if (!out)
			fail(value, strerror(errno));
	} else {
		fail("unknown argument", argument);
	}
}

PLUGIN_EXPORT int qemu_plugin_version = TCG_PLUGIN_INTERFACE;

PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
				      char **argv)
{
	if (!info->system_emulation || info->system.max_vcpus != 1)
		fail("unusable machine", "one processor of a whole system is needed");
	for (int i = 0; i < argc; i++)
		parse_argument(argv[i]);
	if (!begin_address || !end_address || !out || !watch_any())
		fail("missing argument", "begin, end, watch and out are needed");
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
	return 0;
}
