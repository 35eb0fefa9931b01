/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions of Xen whose calls are counted.
 *
 * A hypercall function of Xen runs for a hypercall of its own, as an entry of
 * a multicall, or because other code of Xen calls it.  To tell these apart the
 * two dispatchers "arm" the next hypercall function: only the first one after
 * a dispatcher counts, as a hypercall or as a sub-operation.
 */
#ifndef XEN_BENCH_WATCH_H
#define XEN_BENCH_WATCH_H

#include <stdint.h>
#include <stdio.h>

struct qemu_plugin_insn;

/* watch_load - read lines "ADDRESS ROLE NAME" of a file; ends the program on error. */
void watch_load(const char *path);
/* watch_translate - arrange that an instruction is counted if it is watched. */
void watch_translate(struct qemu_plugin_insn *insn, uint64_t address);
/* watch_reset - set all counts to 0. */
void watch_reset(void);
/* watch_write - write the counts as members of a JSON object, each after a comma. */
void watch_write(FILE *out);
/* watch_any - whether anything is watched. */
int watch_any(void);

#endif
