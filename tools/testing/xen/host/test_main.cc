// SPDX-License-Identifier: GPL-2.0
/* gtest's main for test programs that link with it, with a closing line for their scripts. */
#include <cstdio>

#include <gtest/gtest.h>

int main(int argc, char **argv)
{
	::testing::InitGoogleTest(&argc, argv);

	const int status = RUN_ALL_TESTS();
	const ::testing::UnitTest &all = *::testing::UnitTest::GetInstance();

	std::printf("%d passed, %d failed\n", all.successful_test_count(), all.failed_test_count());
	return all.test_to_run_count() > 0 ? status : 1;
}
