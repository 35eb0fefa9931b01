/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of user space's hypercalls have in common: a process in a domain of either
 * kind, and a hypervisor that reaches memory by nothing but what it was given.
 *
 * It follows handles as the ABI's text says, page by page, and fails the test for what the
 * text forbids: a page that is not the caller's or not held, a descriptor across a page.
 */
#ifndef HOST_PPC_MARSHAL_RIG_HH
#define HOST_PPC_MARSHAL_RIG_HH

#include <gtest/gtest.h>

#include "calls_glue.h"
#include "fake_user.hh"

namespace host {

/* One hypercall of a process's, as it arrives. */
struct Arrived {
	u64 number;
	u64 arg[8];
};

class Machine : public Hypervisor {
public:
	std::vector<Arrived> calls;
	std::function<s64(const Arrived &)> answer = [](const Arrived &) {
		return s64{0};
	};

	void trap(u64 *r) override
	{
		Arrived call{r[0] & 0xffff, {}};

		EXPECT_EQ(r[0] >> 16, 0xffffffffffffU);
		EXPECT_EQ(kernel.irqs_off, 0) << "a hypercall of a process with interrupts off";
		std::copy_n(r + 1, 8, call.arg);
		calls.push_back(call);
		r[0] = static_cast<u64>(answer(call));
	}

	/** each - the pieces of the machine's memory behind a handle, one after the other */
	template <class F> static void each(u64 handle, std::size_t bytes, bool write, F &&f)
	{
		if (handle >> 63 != 0) {
			for (u64 at = handle << 1 >> 1; bytes != 0;)
				piece(at, bytes, write, f), at = at / 4096 * 4096 + 4096;
			return;
		}
		ASSERT_NE(handle, 0U) << "the null handle is followed";
		EXPECT_EQ(handle % 8, 0U);
		ASSERT_EQ(word(handle) >> 32, 0x58434f4dU) << "no descriptor";

		const u64 count = word(handle) & 0xffffffff;

		EXPECT_LE(handle % 4096 + 8 + 8 * count, 4096U) << "a descriptor across a page";
		for (u64 i = 0; i < count && bytes != 0; ++i) {
			const u64 at = word(handle + 8 + 8 * i);

			EXPECT_TRUE(i == 0 || at % 4096 == 0);
			piece(at, bytes, write, f);
		}
		EXPECT_EQ(bytes, 0U) << "the descriptor is too short";
	}
	static std::vector<u8> read(u64 handle, std::size_t bytes)
	{
		std::vector<u8> data;

		each(handle, bytes, false,
		     [&data](u8 *at, std::size_t n) { data.insert(data.end(), at, at + n); });
		data.resize(bytes);
		return data;
	}
	static void write(u64 handle, std::span<const u8> data)
	{
		each(handle, data.size(), true, [&data](u8 *at, std::size_t n) {
			std::copy_n(data.begin(), n, at);
			data = data.subspan(n);
		});
	}
	template <class T> static T get(u64 handle)
	{
		T value;

		std::memcpy(static_cast<void *>(&value), read(handle, sizeof value).data(),
			    sizeof value);
		return value;
	}
	template <class T> static void put(u64 handle, const T &value)
	{
		write(handle, {reinterpret_cast<const u8 *>(&value), sizeof value});
	}

private:
	static u64 word(u64 at)
	{
		const u8 *const memory = at % 8 == 0 ? user->machine(at, false) : nullptr;
		u64 value = 0;

		if (memory == nullptr)
			ADD_FAILURE() << "a descriptor that is not there";
		for (u64 i = 0; memory != nullptr && i < 8; ++i)
			value = value << 8 | memory[i];
		return value;
	}
	template <class F> static void piece(u64 at, std::size_t &bytes, bool write, F &&f)
	{
		const std::size_t here = std::min<std::size_t>(bytes, 4096 - at % 4096);
		u8 *const memory = user->machine(at, write);

		if (memory == nullptr)
			ADD_FAILURE()
				<< "memory that is not the caller's for this: " << std::hex << at;
		else
			f(memory, here);
		bytes -= here;
	}
};

/* A process that makes hypercalls; the parameter is whether the domain is a direct one. */
class UserCalls : public ::testing::TestWithParam<bool> {
protected:
	UserCalls() : process(GetParam()) {}
	void SetUp() override
	{
		reset_calls();
		hypervisor = &xen;
	}
	void TearDown() override
	{
		EXPECT_EQ(process.held(), 0U) << "pages of the process stay held";
		EXPECT_EQ(process.kernel_pages(), 0U) << "pages of the kernel are lost";
		hypervisor = nullptr;
	}

	static long call(unsigned int number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0)
	{
		return privcmd_call(number, a, b, c, d, e);
	}

	User process;
	Machine xen;
};

/* The numbers of the calls, and of errors, as in the ABI. */
inline constexpr unsigned int memory_op = 12, xen_version = 17, console_io = 18, grant_op = 20,
			      vcpu_op = 24, acm_op = 27, sched_op = 29, evtchn_op = 32,
			      physdev_op = 33, sysctl = 35, domctl = 36;
inline constexpr long e2big = -7, enomem = -12, eacces = -13, eintr = -4;

} // namespace host

#endif
