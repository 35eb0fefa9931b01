// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU TCG plugin that counts what a ppc64 guest costs, from outside.
 *
 * It owns counters of the trapping instruction (sc 1) by processor and by where it
 * stands, of executed instructions (user, guest kernel, hypervisor), of the two
 * asynchronous interrupts, and of a watched function's calls.  When the guest executes
 * the end mark, one line of JSON says what happened since the begin mark; a last line,
 * at the end, says how many traps each processor executed since the start.
 *
 * The interface cannot read the machine state register.  Who executes is told so:
 * - Hypervisor: its image lies at the start of memory, so the instruction's place in
 *   memory tells, whatever its effective address is.  The first instruction of all is
 *   the machine's entry, whose address is also its place.  Without an image (hv=0),
 *   the hypervisor is QEMU itself, which executes nothing.
 * - Guest kernel: effective addresses from KERNEL_START on, and those below REAL_END,
 *   where its vectors run in real mode and where nobody may map anything.
 * - User: the rest.
 *
 * Counters only ever grow and each processor has its own, so nothing is locked; marks
 * take differences.  Instructions are added in line and not by processor: with more
 * than one, they are not counted.  An instruction that faults is counted again when it
 * is restarted.
 *
 * Arguments: begin=ADDRESS end=ADDRESS out=FILE [hv=BYTES] [idle=ADDRESS] [watch=FILE]
 *	[profile=yes]
 * The file has lines ADDRESS NAME: functions that trap through a common stub.  A trap
 * is reported with the function of its processor that was entered last.  With profile,
 * each line also has the guest kernel's translation blocks.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "../plugin/fail.h"
#include "../plugin/profile.h"
#include "../plugin/tcg_plugin.h"

#define KERNEL_START	UINT64_C(0xc000000000000000)
#define REAL_END	UINT64_C(0x1000000)

enum { MAX_CPUS = 4, MAX_SITES = 64, MAX_WATCHES = 64, NAME_SIZE = 64 };
enum { EXTERNAL = 0x500, DECREMENTER = 0x900, TRAP_BYTES = 4 };
/* Where the kernel has its vectors when they are entered with translation on. */
#define RELOCATED	(KERNEL_START + 0x4000)

enum region { USER, KERNEL, HYPERVISOR, REGIONS };
enum event { DECREMENTERS, EXTERNALS, IDLES, TRAPS, EVENTS };

static const uint8_t trap_bytes[TRAP_BYTES] = { 0x44, 0x00, 0x00, 0x22 };

struct site {
	uint64_t address;
	size_t watch;		/* 0: no watched function was entered yet */
	uint64_t count, at_begin;
};

static struct cpu {
	struct site sites[MAX_SITES];
	size_t nr_sites;
	size_t watch;
	uint64_t events[EVENTS], at_begin[EVENTS];
} cpus[MAX_CPUS];

static struct {
	uint64_t address;
	char name[NAME_SIZE];
} watches[MAX_WATCHES] = { { 0, "" } };
static size_t nr_watches = 1;

static uint64_t insns[REGIONS], insns_at_begin[REGIONS];
static unsigned int nr_cpus;
static uint64_t begin_address, end_address, idle_address, hypervisor_size;
static uintptr_t memory_start;
static bool profiling;
static FILE *out;

static enum region region_of(struct qemu_plugin_insn *insn, uint64_t address)
{
	uintptr_t place = (uintptr_t)qemu_plugin_insn_haddr(insn);

	if (hypervisor_size && !memory_start)
		memory_start = place - address;
	if (place >= memory_start && place - memory_start < hypervisor_size)
		return HYPERVISOR;
	return address >= KERNEL_START || address < REAL_END ? KERNEL : USER;
}

static void on_event(unsigned int cpu, void *data)
{
	cpus[cpu].events[(uintptr_t)data]++;
}

static void on_watch(unsigned int cpu, void *data)
{
	cpus[cpu].watch = (uintptr_t)data;
}

static void on_trap(unsigned int index, void *data)
{
	uint64_t address = (uintptr_t)data;
	struct cpu *cpu = &cpus[index];
	size_t i;

	cpu->events[TRAPS]++;
	for (i = 0; i < cpu->nr_sites; i++) {
		if (cpu->sites[i].address == address && cpu->sites[i].watch == cpu->watch)
			break;
	}
	if (i == MAX_SITES)
		fail("traps", "at too many addresses");
	if (i == cpu->nr_sites)
		cpu->sites[cpu->nr_sites++] = (struct site){ address, cpu->watch, 0, 0 };
	cpu->sites[i].count++;
}

static void on_begin(unsigned int cpu, void *data)
{
	profile_reset();
	memcpy(insns_at_begin, insns, sizeof(insns));
	for (unsigned int c = 0; c < nr_cpus; c++) {
		memcpy(cpus[c].at_begin, cpus[c].events, sizeof(cpus[c].events));
		for (size_t i = 0; i < cpus[c].nr_sites; i++)
			cpus[c].sites[i].at_begin = cpus[c].sites[i].count;
	}
}

static void write_event(const char *key, enum event event)
{
	fprintf(out, ", \"%s\": [", key);
	for (unsigned int c = 0; c < nr_cpus; c++)
		fprintf(out, "%s%" PRIu64, c ? ", " : "",
			cpus[c].events[event] - cpus[c].at_begin[event]);
	fputs("]", out);
}

static void on_end(unsigned int cpu, void *data)
{
	static const char *const names[REGIONS] = { "user", "kernel", "hypervisor" };
	const char *separator = "";

	fprintf(out, "{\"cpu\": %u, \"insns\": {", cpu);
	for (int region = 0; nr_cpus == 1 && region < REGIONS; region++)
		fprintf(out, "%s\"%s\": %" PRIu64, region ? ", " : "", names[region],
			insns[region] - insns_at_begin[region]);
	fputs("}", out);
	write_event("traps", TRAPS);
	write_event("decrementers", DECREMENTERS);
	write_event("externals", EXTERNALS);
	write_event("idles", IDLES);
	fputs(", \"sites\": [", out);
	for (unsigned int c = 0; c < nr_cpus; c++) {
		for (size_t i = 0; i < cpus[c].nr_sites; i++) {
			const struct site *site = &cpus[c].sites[i];

			if (site->count == site->at_begin)
				continue;
			fprintf(out, "%s[%u, %" PRIu64 ", \"%s\", %" PRIu64 "]", separator, c,
				site->address, watches[site->watch].name,
				site->count - site->at_begin);
			separator = ", ";
		}
	}
	fputs("]", out);
	if (profiling)
		profile_write(out);
	fputs("}\n", out);
	if (fflush(out))
		fail("cannot write counts", strerror(errno));
}

static bool is_trap(const struct qemu_plugin_insn *insn)
{
	return qemu_plugin_insn_size(insn) == TRAP_BYTES &&
	       !memcmp(qemu_plugin_insn_data(insn), trap_bytes, TRAP_BYTES);
}

static void call(struct qemu_plugin_insn *insn, qemu_plugin_exec_fn fn, uint64_t data)
{
	qemu_plugin_register_vcpu_insn_exec_cb(insn, fn, QEMU_PLUGIN_CB_NO_REGS,
					       (void *)(uintptr_t)data);
}

static void translate_kernel(struct qemu_plugin_insn *insn, uint64_t address)
{
	if (is_trap(insn))
		call(insn, on_trap, address);
	if (address == EXTERNAL || address == RELOCATED + EXTERNAL)
		call(insn, on_event, EXTERNALS);
	else if (address == DECREMENTER || address == RELOCATED + DECREMENTER)
		call(insn, on_event, DECREMENTERS);
	else if (address == idle_address)
		call(insn, on_event, IDLES);
	for (size_t i = 1; i < nr_watches; i++) {
		if (watches[i].address == address)
			call(insn, on_watch, i);
	}
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
	size_t length = qemu_plugin_tb_n_insns(block);

	for (size_t i = 0; i < length; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);
		enum region region = region_of(insn, address);

		if (nr_cpus == 1)
			qemu_plugin_register_vcpu_insn_exec_inline(
				insn, QEMU_PLUGIN_INLINE_ADD_U64, &insns[region], 1);
		if (region == KERNEL && i == 0)
			profile_translate(block, address, length);
		if (region == KERNEL)
			translate_kernel(insn, address);
		else if (region == USER && address == begin_address)
			call(insn, on_begin, 0);
		else if (region == USER && address == end_address)
			call(insn, on_end, 0);
	}
}

static void on_exit_of_qemu(qemu_plugin_id_t id, void *data)
{
	fputs("{\"total\": [", out);
	for (unsigned int c = 0; c < nr_cpus; c++)
		fprintf(out, "%s%" PRIu64, c ? ", " : "", cpus[c].events[TRAPS]);
	fputs("]}\n", out);
	if (fclose(out))
		fail("cannot write counts", strerror(errno));
}

static void load_watches(const char *path)
{
	FILE *file = fopen(path, "r");
	int fields;

	if (!file)
		fail(path, strerror(errno));
	for (;;) {
		if (nr_watches == MAX_WATCHES)
			fail(path, "too many watched functions");
		fields = fscanf(file, "%" SCNx64 " %63s", &watches[nr_watches].address,
				watches[nr_watches].name);
		if (fields != 2)
			break;
		nr_watches++;
	}
	if (fields != EOF || ferror(file))
		fail(path, "malformed");
	fclose(file);
}

static void parse_argument(const char *argument)
{
	const char *value = strchr(argument, '=');
	size_t key = value ? (size_t)(++value - argument) : 0;

	if (key && !strncmp(argument, "begin=", key)) {
		begin_address = strtoull(value, NULL, 0);
	} else if (key && !strncmp(argument, "end=", key)) {
		end_address = strtoull(value, NULL, 0);
	} else if (key && !strncmp(argument, "hv=", key)) {
		hypervisor_size = strtoull(value, NULL, 0);
	} else if (key && !strncmp(argument, "idle=", key)) {
		idle_address = strtoull(value, NULL, 0);
	} else if (key && !strncmp(argument, "profile=", key)) {
		profiling = true;
		profile_enable();
	} else if (key && !strncmp(argument, "watch=", key)) {
		load_watches(value);
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
	if (!info->system_emulation || info->system.smp_vcpus < 1 ||
	    info->system.smp_vcpus > MAX_CPUS)
		fail("unusable machine", "one to four processors of a whole system are needed");
	nr_cpus = (unsigned int)info->system.smp_vcpus;
	for (int i = 0; i < argc; i++)
		parse_argument(argv[i]);
	if (!begin_address || !end_address || !out)
		fail("missing argument", "begin, end and out are needed");
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
	return 0;
}
