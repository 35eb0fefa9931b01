// SPDX-License-Identifier: GPL-2.0
/*
 * The calls of user space by their numbers: whatever they are, no address of a process
 * reaches the hypervisor.
 */
#include "calls_rig.hh"
#include "marshal_rig.hh"

namespace {

using namespace host;

INSTANTIATE_TEST_SUITE_P(Modes, UserCalls, ::testing::Bool(),
			 [](const auto &mode) { return mode.param ? "direct" : "translated"; });

/* Where nothing is mapped: only what takes no pointer gets through. */
TEST_P(UserCalls, numbers_pass_and_addresses_do_not)
{
	constexpr u64 poison = 0xdeadbeef000;

	for (unsigned int number = 0; number < 70; ++number)
		for (u64 op = 0; op < 64; ++op)
			for (const u64 count : {u64{0}, u64{1}, poison})
				static_cast<void>(call(number, op, count, poison, poison, poison));
	EXPECT_FALSE(xen.calls.empty());
	for (const Arrived &made : xen.calls)
		for (const u64 word : made.arg)
			EXPECT_LT(word, 64U) << made.number;
	EXPECT_EQ(call(36, poison), efault);
	EXPECT_EQ(call(20, 2, poison, 1), efault);
	EXPECT_EQ(call(13, poison, 1), eopnotsupp);
	EXPECT_EQ(call(34, 0, poison, 1), enosys);
	EXPECT_EQ(call(~0U, poison), enosys);
}

/*
 * Every structure full of one address: where it is a pointer it becomes a handle, and where
 * it is a number it is one.
 */
TEST_P(UserCalls, pointers_of_every_operation_become_handles)
{
	constexpr u64 heap = 0x10000000, list = 0x2000000020000000;

	process.map(heap, 2);
	xen.answer = [](const Arrived &made) {
		/* The structure is the kernel's own page. */
		for (const u64 word : made.arg)
			if (word >= 4096 && (made.number != vcpu_op || word != heap)) {
				EXPECT_EQ(word >> 63, 1U);
				EXPECT_NE(user->machine(word << 1 >> 1, true), nullptr);
			}
		return s64{-1};
	};
	for (const unsigned int number : {12U, 17U, 18U, 20U, 24U, 29U, 32U, 33U})
		for (u64 op = 0; op < 64; ++op) {
			for (u64 at = heap; at < heap + 4096; at += 8)
				process.store(at, xen::Be<u64>{list});
			static_cast<void>(call(number, op, heap, heap, heap));
			static_cast<void>(call(number, op, 1, heap, 1));
			static_cast<void>(call(number, op, heap, 1, 1));
			for (u64 at = heap; at < heap + 4096; at += 8)
				ASSERT_EQ(process.load<xen::Be<u64>>(at).load(), list)
					<< number << " " << op << " " << at - heap;
		}
	EXPECT_FALSE(xen.calls.empty());
}

} // namespace
