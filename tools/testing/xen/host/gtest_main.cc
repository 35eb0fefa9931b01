// SPDX-License-Identifier: GPL-2.0
/*
 * The table of cases (drivers/xen/core/cases.h) as gtest tests, and a closing line
 * for the script that runs us.
 */
#include <cstdio>

#include <gtest/gtest.h>

#include "cases.h"

namespace {

class TableCase : public ::testing::Test {
public:
	TableCase(unsigned int suite, unsigned int index) : suite_(suite), index_(index) {}

	void TestBody() override
	{
		EXPECT_GT(xen_cases_run(suite_, index_, report, nullptr), 0U)
			<< "a case that checks nothing proves nothing";
	}

private:
	static void report(void *, const xen_case_failure *failure)
	{
		::testing::Message said;

		said << failure->what;
		if (failure->has_values)
			said << "\n  left:  " << failure->left << "\n  right: " << failure->right;
		GTEST_MESSAGE_AT_(failure->file, static_cast<int>(failure->line), "",
				  ::testing::TestPartResult::kNonFatalFailure)
			<< said;
	}

	unsigned int suite_;
	unsigned int index_;
};

} // namespace

int main(int argc, char **argv)
{
	::testing::InitGoogleTest(&argc, argv);
	for (unsigned int suite = 0; suite < xen_cases_suites(); ++suite)
		for (unsigned int index = 0; index < xen_cases_count(suite); ++index)
			::testing::RegisterTest(
				xen_cases_suite_name(suite), xen_cases_name(suite, index), nullptr,
				nullptr, "core_cases.cc", 1, [suite, index]() -> TableCase * {
					return new TableCase(suite, index);
				});

	const int status = RUN_ALL_TESTS();
	const ::testing::UnitTest &all = *::testing::UnitTest::GetInstance();

	std::printf("%d passed, %d failed\n", all.successful_test_count(), all.failed_test_count());
	return all.test_to_run_count() > 0 ? status : 1;
}
