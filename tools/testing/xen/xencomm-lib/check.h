/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests in plain C, so that they run on the emulated big-endian machines as well.
 */
#ifndef XENCOMM_TEST_CHECK_H
#define XENCOMM_TEST_CHECK_H

#include <stdio.h>
#include <string.h>

struct test {
	const char *name;
	void (*run)(void);
};

extern int check_failures; /* of the running test */

#define CHECK(condition)                                                                \
	do {                                                                            \
		if (!(condition)) {                                                     \
			check_failures++;                                               \
			printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);  \
		}                                                                       \
	} while (0)

#define CHECK_EQ(a, b)                                                                   \
	do {                                                                             \
		const long long check_a = (long long)(a), check_b = (long long)(b);      \
		if (check_a != check_b) {                                                \
			check_failures++;                                                \
			printf("%s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #a,  \
			       check_a, check_b);                                        \
		}                                                                        \
	} while (0)

#define CHECK_TEXT(a, b)                                                                  \
	do {                                                                              \
		const char *check_a = (a), *check_b = (b);                                \
		if (strcmp(check_a, check_b) != 0) {                                      \
			check_failures++;                                                 \
			printf("%s:%d: %s is\n%s\nnot\n%s\n", __FILE__, __LINE__, #a,     \
			       check_a, check_b);                                         \
		}                                                                         \
	} while (0)

/* Runs all and prints "N passed, N failed"; for main() to return. */
int run_tests(const struct test *tests, size_t count);

#define RUN_TESTS(tests) run_tests(tests, sizeof(tests) / sizeof((tests)[0]))

#endif
