// SPDX-License-Identifier: GPL-2.0
/*
 * The cases that stand beside the ppc units (*_cases.hh), as gtest tests.  A new suite is
 * an include and a line here.
 */
#include <gtest/gtest.h>

#include "calls_cases.hh"
#include "fake_boot.hh"
#include "fake_user.hh"
#include "marshal_cases.hh"
#include "pagetable_cases.hh"

namespace {

constexpr const xen::cases::Suite *suites[] = {
	&xen::cases::calls::suite,
	&xen::cases::marshal::suite,
	&xen::cases::pagetable::suite,
};

void report(void *, const xen_case_failure *failure)
{
	::testing::Message said;

	said << failure->what;
	if (failure->has_values != 0)
		said << "\n  left:  " << failure->left << "\n  right: " << failure->right;
	GTEST_MESSAGE_AT_(failure->file, static_cast<int>(failure->line), "",
			  ::testing::TestPartResult::kNonFatalFailure)
		<< said;
}

class ListedCase : public ::testing::Test {
public:
	explicit ListedCase(const xen::cases::Case &listed) : listed_(listed) {}

	void TestBody() override
	{
		/* dom0 on the hypervisor of 2007, and another domain on a younger one. */
		for (const bool younger : {false, true}) {
			/* Whoever calls; it has no memory. */
			const host::User process{younger};
			xen::cases::Context cx{report, nullptr};

			host::reset_boot();
			if (younger) {
				host::announce(xen::ppc::Feature::AtomicHpt);
				host::boot_facts.domain = xen::DomId{1};
			}
			listed_.run(cx);
			EXPECT_GT(cx.checks(), 0U) << "a case that checks nothing proves nothing";
		}
	}

private:
	const xen::cases::Case &listed_;
};

/* Before main() runs them. */
[[maybe_unused]] const bool registered = [] {
	for (const auto *suite : suites)
		for (const auto &listed : suite->cases)
			::testing::RegisterTest(
				suite->name, listed.name, nullptr, nullptr, "cases_test.cc", 1,
				[&listed]() -> ListedCase * { return new ListedCase(listed); });
	return true;
}();

} // namespace
