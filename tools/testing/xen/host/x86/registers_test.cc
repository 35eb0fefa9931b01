// SPDX-License-Identifier: GPL-2.0
/*
 * Call sites of the hooks are patched into code that saves nothing: every general
 * register comes back as it was, whichever way the hook took.
 */
#include <array>

#include "fixture.hh"

namespace host {

/* In the order of entry.S. */
constexpr std::array names{"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8",
			   "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
using Registers = std::array<unsigned long, names.size()>;

extern "C" void call_with_registers(Registers *registers, void *hook);

class HookRegisters : public Unit {
protected:
	/* Calls @hook with a canary in each register; checks all from @first on. */
	static Registers call(void *hook, std::size_t first)
	{
		Registers before, after;

		for (std::size_t i = 0; i < before.size(); ++i)
			before[i] = 0x5aa5c33c0ff0e100UL + i;
		after = before;
		call_with_registers(&after, hook);
		for (std::size_t i = first; i < before.size(); ++i)
			EXPECT_EQ(after[i], before[i]) << names[i] << " is lost";
		return after;
	}
};

TEST_F(HookRegisters, SurviveSaveFl)
{
	const auto hook = reinterpret_cast<void *>(xen_save_fl_direct);

	mask_byte() = 0;
	EXPECT_EQ(call(hook, 1)[0], interrupts_on);
	mask_byte() = 1;
	EXPECT_EQ(call(hook, 1)[0], 0UL) << "all of rax is the result";
}

TEST_F(HookRegisters, SurviveDisable)
{
	mask_byte() = 0;
	call(reinterpret_cast<void *>(xen_irq_disable_direct), 0);
	EXPECT_EQ(mask_byte(), 1);
}

TEST_F(HookRegisters, SurviveEnable)
{
	call(reinterpret_cast<void *>(xen_irq_enable_direct), 0);
	EXPECT_EQ(mask_byte(), 0);
	EXPECT_TRUE(fake.calls.empty());
}

TEST_F(HookRegisters, SurviveEnableThroughXen)
{
	pending_byte() = 1;
	call(reinterpret_cast<void *>(xen_irq_enable_direct), 0);
	EXPECT_EQ(fake.delivered, 1U);
	EXPECT_EQ(fake.calls.size(), 1U);
}

} // namespace host
