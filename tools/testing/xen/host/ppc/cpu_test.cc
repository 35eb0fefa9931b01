// SPDX-License-Identifier: GPL-2.0
/* The stub: what a hypercall does to the PACA, and how words travel through registers. */
#include <array>

#include <gtest/gtest.h>

#include "fake_paca.hh"
#include "hypercall.hh"

namespace {

using namespace xen::ppc;

/* Writes down what came, and answers with something else in every register. */
struct Recorder : host::Hypervisor {
	std::array<u64, 9> came{};
	u8 srr_valid = 0xff;
	bool raise = false;
	u8 byte = 0;

	void trap(u64 *r) override
	{
		srr_valid = host::paca_get<u8>(XEN_PACA_SRR_VALID);
		for (unsigned int i = 0; i < came.size(); ++i) {
			came[i] = r[i];
			r[i] = 0x1000 + i;
		}
		if (raise)
			byte = 1;
	}
};

class Stub : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_cpu();
		host::hypervisor = &xen;
		host::paca_set<const u8 *>(XEN_PACA_UPCALL_PENDING, &xen.byte);
		host::paca_set<u8>(XEN_PACA_SRR_VALID, 1);
	}

	Recorder xen;
};

TEST_F(Stub, passes_every_argument_and_returns_every_result)
{
	const PaprAnswer<8> answer = papr<8>(Papr::BulkRemove, u64{1}, u64{2}, u64{3}, u64{4},
					     u64{5}, u64{6}, u64{7}, u64{8});

	EXPECT_EQ(xen.came, (std::array<u64, 9>{0x124, 1, 2, 3, 4, 5, 6, 7, 8}));
	EXPECT_EQ(answer.code, 0x1000);
	for (unsigned int i = 0; i < 8; ++i)
		EXPECT_EQ(answer.out[i], 0x1001 + i);
}

TEST_F(Stub, marks_calls_of_xen)
{
	EXPECT_EQ(xen_call(XenCall::SchedOp, u32{1}), 0x1000);
	EXPECT_EQ(xen.came[0], 0xffffffffffff001dU);
	EXPECT_EQ(xen.came[1], 1U);
}

TEST_F(Stub, takes_back_that_srr0_and_srr1_are_valid)
{
	EXPECT_EQ(papr(Papr::Remove).code, 0x1000);
	EXPECT_EQ(xen.srr_valid, 0);
}

TEST_F(Stub, marks_an_event_for_replay_only_when_it_could_not_be_injected)
{
	struct {
		u8 soft_masked;
		u64 msr;
		bool raise;
		u8 expected;
	} const rows[] = {
		{XEN_IRQS_DISABLED, 0, true, XEN_IRQ_HARD_DIS | XEN_IRQ_EE},
		{XEN_IRQS_DISABLED, 0, false, 0},
		{XEN_IRQS_DISABLED, XEN_MSR_EE, true, 0},
		{0, XEN_MSR_EE, true, 0},
		{0, 0, true, 0},
	};

	for (const auto &row : rows) {
		for (const bool of_papr : {true, false}) {
			xen.byte = 0;
			xen.raise = row.raise;
			xen_host_msr = row.msr;
			host::paca_set<u8>(XEN_PACA_SOFT_MASK, row.soft_masked);
			host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, 0);
			if (of_papr)
				EXPECT_EQ(papr(Papr::Read).code, 0x1000);
			else
				EXPECT_EQ(xen_call(XenCall::VcpuOp), 0x1000);
			EXPECT_EQ(host::paca_get<u8>(XEN_PACA_IRQ_HAPPENED), row.expected);
		}
	}
}

} // namespace
