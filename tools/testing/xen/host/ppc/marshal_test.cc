// SPDX-License-Identifier: GPL-2.0
/* Hypercalls of user space: what reaches the hypervisor, and what comes back. */
#include "abi/acm.hh"
#include "user_ops.hh"

namespace {

using namespace xen::ppc;
using namespace host;

INSTANTIATE_TEST_SUITE_P(Modes, UserCalls, ::testing::Bool(), mode_name);

TEST_P(UserCalls, a_list_arrives_whole_and_the_pointer_stays)
{
	process.map(heap, 1);
	process.map(list, 3);
	process.store(heap + 8, list_of(100, list + 4000));
	xen.answer = [](const Arrived &made) {
		auto op = Machine::get<Sysctl>(made.arg[0]);
		auto &args = in<SysctlGetdomaininfolist>(op);
		std::vector<u8> domains(72 * 100);

		for (std::size_t i = 0; i < domains.size(); ++i)
			domains[i] = static_cast<u8>(i * 7);
		Machine::write(args.buffer.load(), domains);
		args.num_domains.store(100);
		Machine::put(made.arg[0], op);
		return s64{0};
	};
	EXPECT_EQ(call(sysctl, heap + 8), 0);

	auto op = process.load<Sysctl>(heap + 8);
	const auto seen = process.get(list + 4000, 7200);

	EXPECT_EQ(in<SysctlGetdomaininfolist>(op).num_domains.load(), 100U);
	EXPECT_EQ(in<SysctlGetdomaininfolist>(op).buffer.load(), list + 4000);
	for (std::size_t i = 0; i < seen.size(); ++i)
		ASSERT_EQ(seen[i], static_cast<u8>(i * 7)) << i;
	EXPECT_EQ(process.get(list + 3999, 1)[0], 0);
	EXPECT_EQ(process.get(list + 4000 + 7200, 1)[0], 0);
	ASSERT_EQ(xen.calls.size(), 1U);
	EXPECT_EQ(xen.calls[0].number, 35U);
}

TEST_P(UserCalls, pages_that_follow_each_other_need_no_descriptor)
{
	process.map(heap, 1);
	process.map(list, 4, {.straight = true});
	process.store(heap, list_of(200, list));
	xen.answer = [](const Arrived &made) {
		auto op = Machine::get<Sysctl>(made.arg[0]);
		const u64 handle = in<SysctlGetdomaininfolist>(op).buffer.load();

		EXPECT_EQ(handle >> 63, 1U);
		Machine::write(handle, std::vector<u8>(200 * 72, 5));
		return s64{0};
	};
	EXPECT_EQ(call(sysctl, heap), 0);
	EXPECT_EQ(process.get(list + 200 * 72 - 1, 2), (std::vector<u8>{5, 0}));
}

/* The low half is the pointer, the other half nobody's, and both come back. */
TEST_P(UserCalls, a_pointer_of_a_32_bit_process_is_half_of_the_field)
{
	process.compat = true;
	process.map(heap, 1);
	process.map(list, 1);
	xen.answer = [](const Arrived &made) {
		auto op = Machine::get<Sysctl>(made.arg[0]);

		Machine::write(in<SysctlGetdomaininfolist>(op).buffer.load(),
			       std::vector<u8>(72, 9));
		return s64{0};
	};
	for (const u64 pad : {u64{1}, u64{0x12345678}, u64{0xdeadbeef}}) {
		process.put(list, std::vector<u8>(72, 0));
		process.store(heap, list_of(1, pad << 32 | list));
		EXPECT_EQ(call(sysctl, pad << 32 | heap), 0) << pad;

		auto op = process.load<Sysctl>(heap);

		EXPECT_EQ(in<SysctlGetdomaininfolist>(op).buffer.load(), pad << 32 | list);
		EXPECT_EQ(process.get(list, 72), std::vector<u8>(72, 9));
	}
	process.compat = false;
	EXPECT_EQ(call(sysctl, heap), efault) << "a 64-bit process means all of it";
}

TEST_P(UserCalls, a_mapping_of_a_driver_is_taken_by_its_own_way)
{
	process.map(heap, 1, {.io = true});
	process.map(list, 1);
	process.map(list + 4096, 2, {.io = true});
	process.map(list + 3 * 4096, 1);
	process.store(heap, list_of(220, list));
	xen.answer = [this](const Arrived &made) {
		auto op = Machine::get<Sysctl>(made.arg[0]);

		EXPECT_EQ(process.held(), 4U);
		Machine::write(in<SysctlGetdomaininfolist>(op).buffer.load(),
			       std::vector<u8>(72 * 220, 3));
		return s64{0};
	};
	EXPECT_EQ(call(sysctl, heap), 0);
	EXPECT_EQ(process.get(list, 72 * 220), std::vector<u8>(72 * 220, 3));
	process.pin_at_once = 1;
	EXPECT_EQ(call(sysctl, heap), 0);
}

TEST_P(UserCalls, registers_of_another_domains_vcpu_go_both_ways)
{
	process.map(heap, 1);
	process.map(list, 2);

	const std::vector<u8> registers(360, 0x42);
	auto op = domctl_of(DomctlOp::Setvcpucontext);

	in<DomctlVcpucontext>(op).ctxt.store(list + 4096 - 8);
	process.store(heap, op);
	process.put(list + 4096 - 8, registers);
	xen.answer = [&](const Arrived &made) {
		auto seen = Machine::get<Domctl>(made.arg[0]);

		EXPECT_EQ(Machine::read(in<DomctlVcpucontext>(seen).ctxt.load(), 360), registers);
		return s64{0};
	};
	EXPECT_EQ(call(domctl, heap), 0);
	op.cmd.store(static_cast<u32>(DomctlOp::Getvcpucontext));
	process.store(heap, op);
	xen.answer = [&](const Arrived &made) {
		auto seen = Machine::get<Domctl>(made.arg[0]);

		Machine::write(in<DomctlVcpucontext>(seen).ctxt.load(), std::vector<u8>(360, 1));
		return s64{0};
	};
	EXPECT_EQ(call(domctl, heap), 0);
	EXPECT_EQ(process.get(list + 4096 - 8, 361).back(), 0);
	EXPECT_EQ(process.get(list + 4096 - 8, 360), std::vector<u8>(360, 1));
}

TEST_P(UserCalls, what_the_hypervisor_only_reads_may_be_read_only)
{
	process.map(heap, 1);
	process.map(list, 1, {.write = false});

	auto op = sysctl_of(SysctlOp::DebugKeys);

	in<SysctlDebugKeys>(op).keys.store(list + 3);
	in<SysctlDebugKeys>(op).nr_keys.store(2);
	process.put(list + 3, std::vector<u8>{'h', 'q'});
	process.store(heap, op);
	xen.answer = [](const Arrived &made) {
		auto seen = Machine::get<Sysctl>(made.arg[0]);

		EXPECT_EQ(Machine::read(in<SysctlDebugKeys>(seen).keys.load(), 2),
			  (std::vector<u8>{'h', 'q'}));
		return s64{0};
	};
	EXPECT_EQ(call(sysctl, heap), 0);
	in<SysctlDebugKeys>(op).keys.store(0);
	process.store(heap, op);
	EXPECT_EQ(call(sysctl, heap), efault) << "it would keep a lock";
}

TEST_P(UserCalls, texts_of_the_hypervisor_are_written_whole)
{
	process.map(heap, 2);
	xen.answer = [](const Arrived &made) {
		Machine::write(made.arg[1], std::vector<u8>(1024, 'c'));
		return s64{0};
	};
	EXPECT_EQ(call(xen_version, 3, heap + 3500), 0);
	EXPECT_EQ(process.get(heap + 3500, 1025).back(), 0);
	EXPECT_EQ(process.get(heap + 3500, 1024), std::vector<u8>(1024, 'c'));
	EXPECT_EQ(call(xen_version, 9, heap), enosys);
	xen.answer = [](const Arrived &) {
		return s64{0x30000};
	};
	EXPECT_EQ(call(xen_version, 0, 0xdeadbeef), 0x30000);
	EXPECT_EQ(xen.calls.back().arg[1], 0U) << "no address of the process's";
	EXPECT_EQ(call(xen_version, 1, heap), eio);
}

TEST_P(UserCalls, numbers_arrive_where_they_belong)
{
	process.map(heap, 1);
	EXPECT_EQ(call(vcpu_op, 3, 5, 0xdeadbeef), 0);
	EXPECT_EQ(xen.calls.back().arg[0], 3U);
	EXPECT_EQ(xen.calls.back().arg[1], 5U);
	EXPECT_EQ(xen.calls.back().arg[2], 0U);
	EXPECT_EQ(call(vcpu_op, 3, u64{1} << 32, 0), einval);
	EXPECT_EQ(call(21, 0, 3, 0xdeadbeef), 0);
	EXPECT_EQ(xen.calls.back().arg[1], 3U);
	xen.answer = [](const Arrived &made) {
		Machine::write(made.arg[2], std::vector<u8>(48, 8));
		return s64{0};
	};
	EXPECT_EQ(call(vcpu_op, 4, 1, heap + 16), 0);
	EXPECT_EQ(xen.calls.back().arg[1], 1U);
	EXPECT_EQ(process.get(heap + 16, 49).back(), 0);
	EXPECT_EQ(process.get(heap + 16, 48), std::vector<u8>(48, 8));
}

TEST_P(UserCalls, policies_are_bytes)
{
	process.map(heap, 1);
	process.map(list, 1);

	AcmCtl op{};
	auto &args = *reinterpret_cast<AcmCache *>(op.u);

	op.cmd.store(1);
	op.interface_version.store(acm_version);
	args.cache.store(list + 1);
	args.size.store(40);
	process.store(heap, op);
	xen.answer = [](const Arrived &made) {
		auto seen = Machine::get<AcmCtl>(made.arg[0]);

		EXPECT_EQ(Machine::read(reinterpret_cast<AcmCache *>(seen.u)->cache.load(), 40)
				  .size(),
			  40U);
		return s64{0};
	};
	EXPECT_EQ(call(acm_op, heap), 0);
	op.cmd.store(6);
	process.store(heap, op);
	EXPECT_EQ(call(acm_op, heap), eopnotsupp);
	op.cmd.store(1);
	op.interface_version.store(1);
	process.store(heap, op);
	EXPECT_EQ(call(acm_op, heap), eacces);
}

} // namespace
