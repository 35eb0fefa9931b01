/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operation of the micro-benchmark is, and what operations share.
 *
 * An operation prepares itself, runs n times, and cleans up; only the middle
 * step is measured, after a warm-up of the same code.  Nothing may be printed
 * between the first and the last operation: the console's interrupts would be
 * charged to whoever runs next.  A failure ends the program at once; there is
 * no measurement of half an operation.
 */
#ifndef XEN_BENCH_MICRO_H
#define XEN_BENCH_MICRO_H

#include <stdbool.h>
#include <stddef.h>

enum { PAGE = 4096 };

/**
 * struct operation - one row of the table
 * @name: identifier, used in results and on the command line
 * @iterations: of the full run; chosen for 40 million instructions of the
 *	kernel or more, of which what the kernel does once a second (some
 *	25 thousand) is below 0.1 %
 * @supported: NULL if any kernel can; else whether this one can.  A kernel
 *	that cannot has no such row, which counts against the kernel under test
 *	if the reference has it.
 * @prepare: may be NULL; not measured
 * @run: performs the operation @n times
 * @finish: may be NULL; not measured
 */
struct operation {
	const char *name;
	long iterations;
	bool (*supported)(void);
	void (*prepare)(void);
	void (*run)(long n);
	void (*finish)(void);
};

/** process_operations - system call, fork, exec, threads, signals; ends with a NULL name. */
extern const struct operation process_operations[];
/** memory_operations - mapping, protection, faults, segments; ends with a NULL name. */
extern const struct operation memory_operations[];
/** switch_operations - context switches, timers, events; ends with a NULL name. */
extern const struct operation switch_operations[];
/** hash_operations - with entries of a hashed page table; ends with a NULL name. */
extern const struct operation hash_operations[];
/** budget_operations - what has a fixed budget of hypercalls; ends with a NULL name. */
extern const struct operation budget_operations[];
/** tools_operations - of a dom0's tools, on Xen/PPC; ends with a NULL name. */
extern const struct operation tools_operations[];

/** die - report what failed, with errno, and end the run. */
void die(const char *what) __attribute__((noreturn, cold));

/** require - end the run unless @ok. */
static inline void require(bool ok, const char *what)
{
	if (!ok)
		die(what);
}

/** map_pages - private anonymous read-write memory, untouched; ends the run on failure. */
char *map_pages(size_t pages);
/** touch_pages - write one byte to each page. */
void touch_pages(char *start, size_t pages);
/** unmap_pages - the opposite of map_pages(). */
void unmap_pages(char *start, size_t pages);
/** wait_for - reap @pid and require that it ended with status 0. */
void wait_for(int pid);
/** self_path - the running program, for exec. */
extern const char *self_path;

#endif
