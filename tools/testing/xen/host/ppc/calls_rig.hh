/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of the hypercall functions have in common: a Xen that each test tells how
 * to behave, kernel memory of every kind, and the end of each: interrupts as they were.
 */
#ifndef HOST_PPC_CALLS_RIG_HH
#define HOST_PPC_CALLS_RIG_HH

#include <gtest/gtest.h>

#include "fake_calls.hh"

namespace host {

/* Numbers of Linux's headers. */
inline constexpr int enosys = -38, efault = -14, einval = -22, eopnotsupp = -95, eio = -5,
		     eperm = -1;

class Calls : public ::testing::Test {
protected:
	void SetUp() override
	{
		reset_calls();
		hypervisor = &xen;
	}
	void TearDown() override { EXPECT_EQ(kernel.irqs_off, 0); }

	/** always - what Xen returns from now on */
	void always(s64 status)
	{
		xen.answer = [status](const Trapped &) {
			return status;
		};
	}

	Xen xen;
};

} // namespace host

#endif
