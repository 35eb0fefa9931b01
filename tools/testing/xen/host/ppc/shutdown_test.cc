// SPDX-License-Identifier: GPL-2.0
/*
 * The end of the domain: which reason Xen hears, and what happens when it does not listen.
 *
 * Nothing of it returns: the test leaves from the pause between two tries.
 */
#include <csetjmp>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "abi/sched.hh"
#include "abi/xencomm.hh"
#include "fake_paca.hh"
#include "hypercall.hh"
#include "shutdown_glue.h"

namespace {

using namespace xen::ppc;

jmp_buf out;
unsigned int waits, leave_after, messages;
bool flushed, flushed_first;
s64 message_status;
u32 message_reason;

struct Xen : host::Hypervisor {
	s64 answer = 0;
	u32 reason = ~0U;
	unsigned int main_calls = 0, compat_calls = 0;

	void trap(u64 *r) override
	{
		EXPECT_EQ(r[1], 2U);
		EXPECT_EQ(r[2] >> 63, 1U);
		reason = reinterpret_cast<const SchedShutdown *>(r[2] & inline_address)
				 ->reason.load();
		flushed_first = flushed;
		if (r[0] == 0xffffffffffff001dU)
			++main_calls;
		else if (r[0] == 0xffffffffffff0006U)
			++compat_calls;
		else
			ADD_FAILURE() << std::hex << r[0];
		r[0] = static_cast<u64>(answer);
	}
};

class Shutdown : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_cpu();
		host::hypervisor = &xen;
		waits = messages = message_reason = 0;
		leave_after = 1;
		flushed = flushed_first = false;
		message_status = 0;
	}

	Xen xen;
};

TEST_F(Shutdown, power_off_is_reason_0)
{
	if (setjmp(out) == 0)
		xen_ppc_power_off();
	EXPECT_EQ(xen.reason, 0U);
	EXPECT_EQ(xen.main_calls, 1U);
	EXPECT_EQ(xen.compat_calls, 0U);
	EXPECT_EQ(messages, 0U);
}

TEST_F(Shutdown, reboot_is_reason_1)
{
	char command[] = "other";

	if (setjmp(out) == 0)
		xen_ppc_restart(command);
	EXPECT_EQ(xen.reason, 1U);
}

TEST_F(Shutdown, halt_is_reason_0)
{
	if (setjmp(out) == 0)
		xen_ppc_halt();
	EXPECT_EQ(xen.reason, 0U);
}

TEST_F(Shutdown, panic_is_reason_3_and_gets_its_messages_out_first)
{
	char message[] = "Attempted to kill init!";

	if (setjmp(out) == 0)
		xen_ppc_panic(message);
	EXPECT_EQ(xen.reason, 3U);
	EXPECT_TRUE(flushed_first);
}

TEST_F(Shutdown, refused_asks_the_other_way_and_again_but_says_so_once)
{
	xen.answer = -22;
	leave_after = 3;
	if (setjmp(out) == 0)
		xen_ppc_restart(nullptr);
	EXPECT_EQ(xen.main_calls, 3U);
	EXPECT_EQ(xen.compat_calls, 3U);
	EXPECT_EQ(messages, 1U);
	EXPECT_EQ(message_status, -22);
	EXPECT_EQ(message_reason, 1U);
}

} // namespace

void xen_glue_flush_messages() noexcept
{
	flushed = true;
}

void xen_glue_shutdown_refused(unsigned int reason, long status) noexcept
{
	++messages;
	message_reason = reason;
	message_status = status;
}

void xen_glue_shutdown_wait() noexcept
{
	if (++waits == leave_after)
		longjmp(out, 1);
}
