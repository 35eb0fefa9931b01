// SPDX-License-Identifier: GPL-2.0
/* Hypercalls through an area: what reaches the hypervisor, and what comes back. */
#include <gtest/gtest.h>

#include <abi/domctl.hh>
#include <abi/sysctl.hh>

#include "area.hh"
#include "fake_area.hh"
#include "user_memory_glue.h"

namespace {

std::vector<xen::ppc::u64> refused; /* operations that were reported */

} // namespace

void xen_glue_user_refused(unsigned long, unsigned long op, int) noexcept
{
	refused.push_back(op);
}

namespace {

using namespace xen::ppc;
using host::process;
using host::SeenArea;
using host::Trapped;
using xen::Be;

constexpr int eperm = -1, eintr = -4, enxio = -6, e2big = -7, eacces = -13, efault = -14,
	      einval = -22, enosys = -38, eopnotsupp = -95;
constexpr u64 base = 0x10000000, data = base + 4096, somewhere = 0x20000010;
constexpr u64 poison = 0xdeadbeef00000000;
constexpr u64 u = offsetof(Sysctl, u);

/* An area of four data pages, mapped; a structure of the process's in its memory. */
class AreaCall : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_area();
		refused.clear();
		host::hypervisor = &xen;
		start(4);
	}
	void TearDown() override
	{
		EXPECT_FALSE(process.locked) << "an error left the lock taken";
		xen_area_release(&area);
	}

	void start(u32 pages)
	{
		xen_area_release(&area);
		area = {};
		ASSERT_EQ(xen_area_create(&area, pages, 0), 0);

		const xen_area_mapping header{base, 1, 0, 1, 0, nullptr};
		const xen_area_mapping rest{data, pages, 1, 1, 1, nullptr};

		ASSERT_EQ(xen_area_map(&area, &header), 0);
		if (pages != 0) {
			ASSERT_EQ(xen_area_map(&area, &rest), 0);
		}
	}

	/** call - hypercall @number; the result in `result` */
	int call(u32 number, std::initializer_list<u64> arguments)
	{
		xen_area_request request{number, 0, {}, 4711};
		unsigned int i = 0;

		for (const u64 argument : arguments)
			request.argument[i++] = argument;

		const int error = xen_area_call(&area, &request);

		result = request.result;
		return error;
	}

	/** sysctl - one whose fields behind the head are in @op, of the process */
	template <class T> int sysctl(SysctlOp cmd, const T &op, u64 at = somewhere)
	{
		Sysctl whole{};

		whole.cmd.store(static_cast<u32>(cmd));
		whole.interface_version.store(sysctl_version);
		std::memcpy(static_cast<void *>(whole.u), &op, sizeof op);
		process.memory[at].resize(sizeof whole);
		std::memcpy(process.memory[at].data(), &whole, sizeof whole);
		return call(35, {at});
	}
	template <class T> T back(u64 at = somewhere)
	{
		T op;

		std::memcpy(static_cast<void *>(&op), process.memory[at].data() + u, sizeof op);
		return op;
	}

	int list(u64 buffer, u32 domains)
	{
		SysctlGetdomaininfolist op{};

		op.max_domains.store(domains);
		op.buffer.store(buffer);
		return sysctl(SysctlOp::Getdomaininfolist, op);
	}

	xen_area area{};
	host::Xen xen;
	long long result = 0;
};

TEST_F(AreaCall, a_list_arrives_in_the_data_pages)
{
	xen.answer = [](const Trapped &made) {
		const SeenArea seen(made.arg[0]);
		const u64 buffer = seen.read_be(u + 8, 8);

		EXPECT_EQ(made.number, 35U);
		EXPECT_EQ(seen.virt_base(), base);
		EXPECT_EQ(seen.read_be(0, 4), 6U);
		EXPECT_EQ(seen.read_be(u + 4, 4), 100U);
		EXPECT_EQ(buffer, data + 24) << "as the process wrote it";
		for (u8 *at : seen.data(buffer, 100 * 72))
			*at = 0x5a;
		seen.write_be(u + 16, 4, 2);
		return s64{0};
	};
	EXPECT_EQ(list(data + 24, 100), 0);
	EXPECT_EQ(result, 0);
	EXPECT_EQ(xen.calls.size(), 1U);
	EXPECT_EQ(back<SysctlGetdomaininfolist>().num_domains.load(), 2U);
	EXPECT_EQ(back<SysctlGetdomaininfolist>().buffer.load(), data + 24);
	for (u64 i = 0; i < 4 * 4096; ++i)
		EXPECT_EQ(*process.at(data + i, 1), i >= 24 && i < 24 + 7200 ? 0x5a : 0) << i;
}

/* Around every edge: judged here with numbers that cannot wrap. */
TEST_F(AreaCall, pointers_lead_into_the_data_pages_with_all_elements)
{
	using Wide = unsigned __int128;
	const u64 edges[] = {
		0, base, data, data + 4096, data + 4 * 4096, u64{1} << 62, u64{1} << 63, ~u64{0}};
	unsigned int passed = 0;

	for (const u64 edge : edges)
		for (int shift = -80; shift <= 80; ++shift)
			for (const u32 count : {0U, 1U, 2U, 56U, 57U, 227U, 228U, 1U << 20}) {
				const u64 pointer = edge + static_cast<u64>(shift);
				const Wide bytes = Wide{count} * 72, end = Wide{pointer} + bytes;
				const bool good = count == 0 ||
						  (pointer >= data && end <= Wide{data} + 4 * 4096);

				xen.calls.clear();
				ASSERT_EQ(list(pointer, count), good ? 0 : efault)
					<< std::hex << pointer << " " << count;
				ASSERT_EQ(xen.calls.size(), good ? 1U : 0U);
				passed += good;
			}
	EXPECT_GT(passed, 1000U);
}

TEST_F(AreaCall, nothing_to_follow_where_there_are_no_elements)
{
	xen.answer = [](const Trapped &made) {
		EXPECT_EQ(SeenArea(made.arg[0]).read_be(u + 8, 8), 0U);
		return s64{0};
	};
	EXPECT_EQ(list(base, 0), 0);
	EXPECT_EQ(back<SysctlGetdomaininfolist>().buffer.load(), base) << "the process's own stays";
}

TEST_F(AreaCall, null_is_nothing_only_where_it_may_be)
{
	SysctlPhysinfo info{};

	EXPECT_EQ(list(0, 1), efault);
	info.max_cpu_id.store(7);
	EXPECT_EQ(sysctl(SysctlOp::Physinfo, info), 0);
	EXPECT_EQ(SeenArea(xen.calls.back().arg[0]).read_be(u + 88, 8), 0U);
	/* The count is the last index: eight numbers of four bytes. */
	info.cpu_to_node.store(data + 4 * 4096 - 32);
	EXPECT_EQ(sysctl(SysctlOp::Physinfo, info), 0);
	info.cpu_to_node.store(data + 4 * 4096 - 31);
	EXPECT_EQ(sysctl(SysctlOp::Physinfo, info), efault);
	info.cpu_to_node.store(data);
	info.max_cpu_id.store(~u32{0});
	EXPECT_EQ(sysctl(SysctlOp::Physinfo, info), e2big);
}

TEST_F(AreaCall, bits_share_bytes_and_a_command_decides)
{
	SysctlTbufOp op{};

	op.cpu_mask.bitmap.store(data + 4 * 4096 - 2);
	op.cpu_mask.nr_cpus.store(16);
	op.cmd.store(static_cast<u32>(TbufCommand::SetCpuMask));
	EXPECT_EQ(sysctl(SysctlOp::TbufOp, op), 0);
	EXPECT_EQ(SeenArea(xen.calls.back().arg[0]).read_be(u + 8, 8), data + 4 * 4096 - 2);
	op.cpu_mask.nr_cpus.store(17);
	EXPECT_EQ(sysctl(SysctlOp::TbufOp, op), efault);
	/* Another command has no pointer there. */
	op.cmd.store(static_cast<u32>(TbufCommand::GetInfo));
	op.cpu_mask.bitmap.store(poison);
	EXPECT_EQ(sysctl(SysctlOp::TbufOp, op), 0);
	EXPECT_EQ(SeenArea(xen.calls.back().arg[0]).read_be(u + 8, 8), 0U);
	EXPECT_EQ(back<SysctlTbufOp>().cpu_mask.bitmap.load(), poison);
}

/* As many counters as the hypervisor has, whatever the process believes. */
TEST_F(AreaCall, the_hypervisor_is_asked_for_counts_that_only_it_knows)
{
	SysctlPerfcOp op{};
	u32 counters = 3, values = 5;

	xen.answer = [&](const Trapped &made) {
		const SeenArea seen(made.arg[0]);

		if (seen.read_be(u + 16, 8) == 0) {
			EXPECT_EQ(seen.read_be(u, 4), 2U) << "to ask must not reset";
			EXPECT_EQ(seen.read_be(u + 24, 8), 0U);
		} else {
			EXPECT_EQ(seen.read_be(u, 4), 1U);
			for (u8 *at : seen.data(seen.read_be(u + 16, 8), counters * 84))
				*at = 1;
			for (u8 *at : seen.data(seen.read_be(u + 24, 8), values * 4))
				*at = 2;
		}
		seen.write_be(u + 4, 4, counters);
		seen.write_be(u + 8, 4, values);
		return s64{0};
	};
	op.cmd.store(static_cast<u32>(PerfcCommand::Reset));
	op.desc.store(data);
	op.val.store(data + 4 * 4096 - 20);
	EXPECT_EQ(sysctl(SysctlOp::PerfcOp, op), 0);
	EXPECT_EQ(xen.calls.size(), 2U);
	EXPECT_EQ(back<SysctlPerfcOp>().cmd.load(), 1U);
	EXPECT_EQ(back<SysctlPerfcOp>().nr_counters.load(), 3U);
	EXPECT_EQ(back<SysctlPerfcOp>().desc.load(), data);
	values = 6;
	EXPECT_EQ(sysctl(SysctlOp::PerfcOp, op), efault);
	EXPECT_EQ(xen.calls.size(), 3U) << "only asked";
	/* Without pointers there is nothing to ask for. */
	op.desc.store(0);
	op.val.store(0);
	op.cmd.store(static_cast<u32>(PerfcCommand::Query));
	EXPECT_EQ(sysctl(SysctlOp::PerfcOp, op), 0);
	EXPECT_EQ(xen.calls.size(), 4U);
	/* The answer to the question is the answer. */
	op.desc.store(data);
	xen.answer = [](const Trapped &) {
		return s64{-19};
	};
	EXPECT_EQ(sysctl(SysctlOp::PerfcOp, op), 0);
	EXPECT_EQ(result, -19);
	EXPECT_EQ(xen.calls.size(), 5U);
}

/* Half of a 32-bit program's pointer field is padding, with anything in it. */
TEST_F(AreaCall, padding_beside_a_narrow_pointer_is_not_looked_at)
{
	EXPECT_EQ(list(poison | data, 1), efault);
	process.narrow = true;
	xen.answer = [](const Trapped &made) {
		EXPECT_EQ(SeenArea(made.arg[0]).read_be(u + 8, 8), data);
		return s64{0};
	};
	EXPECT_EQ(list(poison | data, 1), 0);
	EXPECT_EQ(back<SysctlGetdomaininfolist>().buffer.load(), poison | data);
}

TEST_F(AreaCall, pointers_come_back_as_they_were_whatever_the_hypervisor_did)
{
	xen.answer = [](const Trapped &made) {
		const SeenArea seen(made.arg[0]);

		for (u64 at = 0; at < sizeof(Sysctl); ++at)
			seen.write_be(at, 1, 0xee);
		return s64{-22};
	};
	EXPECT_EQ(list(data, 1), 0);
	EXPECT_EQ(result, -22);
	for (u64 i = 0; i < sizeof(Sysctl); ++i)
		if (i < u + 8 || i >= u + 16) {
			EXPECT_EQ(process.memory[somewhere][i], 0xee) << i;
		}
	EXPECT_EQ(back<SysctlGetdomaininfolist>().buffer.load(), data);
}

TEST_F(AreaCall, an_argument_without_pointers_comes_back_whole)
{
	std::vector<u8> &text = process.memory[somewhere];

	text.assign(17, 0x77);
	xen.answer = [](const Trapped &made) {
		const SeenArea seen(made.arg[1]);

		EXPECT_EQ(made.arg[0], 1U);
		for (u64 at = 0; at < 16; ++at)
			seen.write_be(at, 1, at);
		return s64{0};
	};
	EXPECT_EQ(call(17, {1, somewhere}), 0);
	for (u8 i = 0; i < 16; ++i)
		EXPECT_EQ(text[i], i);
	EXPECT_EQ(text[16], 0x77);
	/* Also where the argument itself lies in the area. */
	EXPECT_EQ(call(17, {1, data + 100}), 0);
	EXPECT_EQ(*process.at(data + 115, 1), 15);
}

TEST_F(AreaCall, what_only_goes_in_is_not_written_back)
{
	std::vector<u8> &text = process.memory[somewhere];

	text = {'x', 'e', 'n'};
	process.unwritable = 0;
	xen.answer = [](const Trapped &made) {
		EXPECT_EQ(made.arg[0], 0U);
		EXPECT_EQ(made.arg[1], 3U);
		EXPECT_EQ(SeenArea(made.arg[2]).read_be(0, 3), 0x78656eU);
		return s64{3};
	};
	EXPECT_EQ(call(18, {0, 3, somewhere}), 0);
	EXPECT_EQ(result, 3);
}

/* The header page has as much room as the header leaves. */
TEST_F(AreaCall, an_argument_fits_behind_the_header_or_is_refused)
{
	for (const u32 pages : {0U, 4U, 255U}) {
		const u64 room = 4096 - 24 - 8 * pages;

		start(pages);
		process.memory[somewhere].assign(room + 1, 1);
		xen.answer = [room](const Trapped &made) {
			const SeenArea seen(made.arg[2]);

			EXPECT_EQ(seen.read_be(room - 1, 1), 1U);
			EXPECT_LE(seen.argument() + room, seen.page(0) + 4096);
			return s64{0};
		};
		xen.calls.clear();
		EXPECT_EQ(call(18, {0, room, somewhere}), 0);
		EXPECT_EQ(xen.calls.size(), 1U);
		EXPECT_EQ(call(18, {0, room + 1, somewhere}), e2big);
		EXPECT_EQ(xen.calls.size(), 1U);
	}
}

TEST_F(AreaCall, no_pointer_passes_where_there_are_no_data_pages)
{
	start(0);
	EXPECT_EQ(list(data, 1), efault);
	EXPECT_EQ(list(base, 1), efault);
	EXPECT_EQ(list(0, 0), 0);
}

TEST_F(AreaCall, only_a_calls_own_words_reach_the_hypervisor)
{
	EXPECT_EQ(call(17, {0, poison, poison, poison, poison}), 0);
	for (const u64 word : xen.calls.back().arg)
		EXPECT_EQ(word, 0U);
	EXPECT_EQ(call(24, {3, 1, poison, poison, poison}), 0);
	EXPECT_EQ(xen.calls.back().arg, (std::vector<u64>{3, 1, 0, 0, 0, 0, 0, 0}));
	EXPECT_EQ(call(24, {3, poison, 0, 0, 0}), einval);
	EXPECT_EQ(call(18, {0, 0, poison}), 0) << "no bytes";
	EXPECT_EQ(xen.calls.back().arg[2], 0U);
}

TEST_F(AreaCall, what_no_table_knows_is_refused_and_reported)
{
	process.memory[somewhere].assign(4096, 0);
	EXPECT_EQ(call(63, {1, somewhere}), enosys);
	EXPECT_EQ(call(~0U, {1, somewhere}), enosys);
	EXPECT_EQ(call(17, {99, somewhere}), enosys);
	EXPECT_EQ(call(12, {11, somewhere}), eopnotsupp);
	EXPECT_EQ(call(13, {somewhere, 1}), eopnotsupp);
	EXPECT_EQ(call(35, {somewhere}), eacces) << "version 0";
	EXPECT_EQ(sysctl(SysctlOp{99}, SysctlSchedId{}), enosys);
	EXPECT_EQ(refused, (std::vector<u64>{1, 1, 99, 11, somewhere, 0, 99}));
	EXPECT_TRUE(xen.calls.empty());
	EXPECT_EQ(result, 4711) << "there was no answer";
}

TEST_F(AreaCall, arguments_that_are_not_the_processs_memory)
{
	process.memory[somewhere].assign(sizeof(Sysctl) - 1, 0);
	EXPECT_EQ(call(35, {somewhere}), efault);
	EXPECT_EQ(call(35, {0}), efault);
	EXPECT_EQ(call(35, {~u64{0} - 8}), efault);
	EXPECT_EQ(call(17, {1, reinterpret_cast<u64>(area.page[1])}), efault);
	EXPECT_TRUE(xen.calls.empty());
}

/* The call was made; that its results are lost is told. */
TEST_F(AreaCall, results_that_cannot_be_written)
{
	for (const u64 from : {somewhere, somewhere + u + 8, somewhere + sizeof(Sysctl) - 1}) {
		process.unwritable = from;
		xen.calls.clear();
		EXPECT_EQ(list(data, 1), efault);
		EXPECT_EQ(xen.calls.size(), 1U);
	}
}

TEST_F(AreaCall, who_may_call_and_when)
{
	const int child = 0;
	xen_area fresh{};
	xen_area_request request{17, 0, {}, 0};

	EXPECT_EQ(xen_area_call(&fresh, &request), enxio);
	EXPECT_EQ(xen_area_create(&fresh, 1, 0), 0);
	EXPECT_EQ(xen_area_call(&fresh, &request), enxio);

	const xen_area_mapping header{base, 1, 0, 1, 0, nullptr};

	EXPECT_EQ(xen_area_map(&fresh, &header), 0);
	EXPECT_EQ(xen_area_call(&fresh, &request), enxio) << "half";
	xen_area_release(&fresh);

	request.flags = 1;
	EXPECT_EQ(xen_area_call(&area, &request), einval);
	request.flags = 0;
	process.who = &child;
	EXPECT_EQ(xen_area_call(&area, &request), eperm);
	process.who = &process;
	process.killed = true;
	EXPECT_EQ(xen_area_call(&area, &request), eintr);
	process.killed = false;
	EXPECT_TRUE(xen.calls.empty());
	EXPECT_EQ(xen_area_call(&area, &request), 0);
}

} // namespace
