// SPDX-License-Identifier: GPL-2.0
/*
 * Counts of translation blocks, in a hash table that never moves.
 *
 * Blocks are keyed by address and length: one address can be translated more
 * than once, and QEMU cuts blocks short to take an interrupt in time.  QEMU
 * keeps the addresses of the counters, so entries are never freed.
 */
#include <inttypes.h>
#include <stddef.h>

#include "fail.h"
#include "profile.h"
#include "tcg_plugin.h"

enum { TABLE_BITS = 20 };

static const size_t table_size = (size_t)1 << TABLE_BITS;

struct block_count {
	uint64_t address;
	uint64_t insns;		/* 0: free */
	uint64_t count;
};

static struct block_count *table;

void profile_enable(void)
{
	table = calloc(table_size, sizeof(*table));
	if (!table)
		fail("profile", "out of memory");
}

static struct block_count *slot_of(uint64_t address, uint64_t insns)
{
	/* Multiplication by 2^64 / golden ratio: the upper bits are well mixed. */
	size_t at = (size_t)((address * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - TABLE_BITS));

	for (size_t tries = 0; tries < table_size; tries++, at = (at + 1) % table_size) {
		struct block_count *slot = &table[at];

		if (!slot->insns)
			*slot = (struct block_count){ address, insns, 0 };
		if (slot->address == address && slot->insns == insns)
			return slot;
	}
	fail("profile", "too many translation blocks");
}

static void on_block(unsigned int cpu, void *data)
{
	struct block_count *slot = data;

	slot->count++;
}

void profile_translate(struct qemu_plugin_tb *block, uint64_t address, uint64_t insns)
{
	if (table && insns)
		qemu_plugin_register_vcpu_tb_exec_cb(block, on_block, QEMU_PLUGIN_CB_NO_REGS,
						     slot_of(address, insns));
}

void profile_reset(void)
{
	for (size_t i = 0; table && i < table_size; i++)
		table[i].count = 0;
}

void profile_write(FILE *out)
{
	const char *separator = "";

	fputs(", \"blocks\": [", out);
	for (size_t i = 0; table && i < table_size; i++) {
		if (!table[i].count)
			continue;
		fprintf(out, "%s[%" PRIu64 ", %" PRIu64 "]", separator, table[i].address,
			table[i].insns * table[i].count);
		separator = ", ";
	}
	fputs("]", out);
}
