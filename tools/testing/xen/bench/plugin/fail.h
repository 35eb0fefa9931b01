/* SPDX-License-Identifier: GPL-2.0 */
/* How the plugin gives up: with one line, and with QEMU. */
#ifndef XEN_BENCH_FAIL_H
#define XEN_BENCH_FAIL_H

#include <stdio.h>
#include <stdlib.h>

static inline void __attribute__((noreturn, cold)) fail(const char *what, const char *detail)
{
	fprintf(stderr, "transitions plugin: %s: %s\n", what, detail);
	exit(1);
}

#endif
