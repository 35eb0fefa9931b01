/* SPDX-License-Identifier: GPL-2.0 */
/* How often each translation block was entered, for one row on request. */
#ifndef XEN_BENCH_PROFILE_H
#define XEN_BENCH_PROFILE_H

#include <stdint.h>
#include <stdio.h>

struct qemu_plugin_tb;

/* profile_enable - must come before the first translation. */
void profile_enable(void);
/* profile_translate - count a block of so many instructions, if enabled. */
void profile_translate(struct qemu_plugin_tb *block, uint64_t address, uint64_t insns);
/* profile_reset - set all counts to 0. */
void profile_reset(void);
/* profile_write - write "blocks": [[ADDRESS, INSTRUCTIONS], …] after a comma. */
void profile_write(FILE *out);

#endif
