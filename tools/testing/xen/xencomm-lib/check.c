// SPDX-License-Identifier: GPL-2.0
/* Runs the tests of a program. */
#include "check.h"

int check_failures;

int run_tests(const struct test *tests, size_t count)
{
	unsigned int passed = 0;
	unsigned int failed = 0;
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < count; i++) {
		check_failures = 0;
		tests[i].run();
		if (check_failures == 0) {
			passed++;
		} else {
			failed++;
			printf("FAILED %s\n", tests[i].name);
		}
	}
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0 || passed == 0;
}
