// SPDX-License-Identifier: GPL-2.0
/*
 * Grants between two domains in both modes: tables, mappings, pins, copies.
 *
 * The fixture's end recounts all references of all frames.
 */
#include "call_guest.hh"

#include <abi/grant.hh>

namespace {

using namespace call_test;
namespace flag = xen::ppc::grant_flag;
namespace map_flag = xen::ppc::map_flag;
using xen::ppc::GrantCopy;
using xen::ppc::GrantEntry;
using xen::ppc::GrantMapRef;
using xen::ppc::GrantSetupTable;
using xen::ppc::GrantUnmapRef;

constexpr u64 page = rma_pages + 3; /* pfn of what dom5 grants */
constexpr u64 window = (1ul << 22) << 12;
constexpr u32 host = map_flag::host, host_ro = map_flag::host | map_flag::readonly;

class GrantOp : public CallTest, public ::testing::WithParamInterface<Mode> {
protected:
	GrantOp() { build(GetParam()); }

	bool direct() const { return GetParam() == Mode::Direct; }
	/* An address for a mapping: slot @n of the window; in direct mode any number. */
	u64 place(u64 n) { return (direct() ? 1ul << 42 : window) + (n << 12); }
	GrantEntry *entry(Guest &guest, u32 ref)
	{
		return phys<GrantEntry>(guest.dom.grants.frames) + ref;
	}
	u16 flags(Guest &guest, u32 ref) { return entry(guest, ref)->flags.load(); }
	void grant(Guest &guest, u32 ref, u64 number, u16 to, u16 bits = flag::permit_access)
	{
		*entry(guest, ref) = {Be<u16>{bits}, Be<u16>{to},
				      Be<u32>{static_cast<u32>(number)}};
	}
	s64 op(Guest &guest, u64 command, u64 count = 1)
	{
		return guest.call(XenCall::GrantTableOp, {command, guest.handle(arg_at), count});
	}
	template <class T> int one(Guest &guest, u64 command, T &arg)
	{
		guest.put(arg_at, arg);
		EXPECT_EQ(op(guest, command), 0);
		arg = guest.get<T>(arg_at);
		return arg.status.load();
	}
	int map(u64 address, u32 how, u32 ref, u16 dom = 5)
	{
		GrantMapRef arg{};

		arg.host_addr.store(address);
		arg.flags.store(how);
		arg.ref.store(ref);
		arg.dom.store(dom);
		arg.handle.store(777);
		const int status = one(dom0, 0, arg);
		handle = arg.handle.load();
		bus = arg.dev_bus_addr.load();
		return status;
	}
	int unmap(u32 which, u64 address, u64 device = 0)
	{
		GrantUnmapRef arg{};

		arg.host_addr.store(address);
		arg.dev_bus_addr.store(device);
		arg.handle.store(which);
		return one(dom0, 1, arg);
	}
	u32 refs(Guest &guest, u64 pfn) { return frames::at(Mfn{guest.frame.at(pfn)})->refs; }

	u32 handle = 0;
	u64 bus = 0;
};
INSTANTIATE_TEST_SUITE_P(Modes, GrantOp, ::testing::Values(Mode::Translated, Mode::Direct),
			 [](const auto &param) {
				 return param.param == Mode::Direct ? "Direct" : "Translated";
			 });

TEST_P(GrantOp, SetupSaysWhereTheTableIs)
{
	GrantSetupTable arg{};

	arg.dom.store(self);
	arg.nr_frames.store(4);
	arg.frame_list = Be<u64>{dom5.handle(list_at)};
	EXPECT_EQ(one(dom5, 2, arg), 0);
	for (u64 i = 0; i < 4; ++i)
		EXPECT_EQ(dom5.word(list_at + i * 8),
			  (direct() ? domains[1].grants.frames.raw() : frames::count()) + i);
	arg.frame_list.store(0);
	EXPECT_EQ(one(dom5, 2, arg), 0) << "a bad list is not reported";
	arg.nr_frames.store(5);
	EXPECT_EQ(one(dom5, 2, arg), -1);
	arg.nr_frames.store(1);
	arg.dom.store(0);
	EXPECT_EQ(one(dom5, 2, arg), -8);
	arg.dom.store(9);
	EXPECT_EQ(one(dom0, 2, arg), -2);

	xen::ppc::GrantQuerySize size{};
	size.dom.store(self);
	EXPECT_EQ(one(dom5, 6, size), 0);
	EXPECT_EQ(size.nr_frames.load(), 4U);
	EXPECT_EQ(size.max_nr_frames.load(), 4U);
	size.dom.store(0);
	EXPECT_EQ(one(dom5, 6, size), -8);
}

TEST_P(GrantOp, CountsAndPrivilegeAreJudgedFirst)
{
	EXPECT_EQ(op(dom0, 0, 513), no(22));
	EXPECT_EQ(op(dom0, 0, ~0ul), no(22));
	EXPECT_EQ(op(dom0, 2, 2), no(22));
	EXPECT_EQ(op(dom0, 6, 0), no(22));
	EXPECT_EQ(op(dom0, 5, 0), 0);
	for (u64 command : {0ul, 1ul, 4ul, 7ul})
		EXPECT_EQ(op(dom5, command), no(1)) << command;
	for (u64 command : {3ul, 7ul, 8ul})
		EXPECT_EQ(op(dom0, command), no(38)) << command;
	EXPECT_EQ(op(dom0, 1ul << 32 | 8), no(38)) << "32 bits of it";
	EXPECT_EQ(op(dom5, 8), no(38));
	EXPECT_EQ(op(dom0, 5, 2ul << 32 | 1), no(22)) << "more done than there is";
	EXPECT_EQ(dom0.call(XenCall::GrantTableOp, {0, 0, 1}), no(14));
}

TEST_P(GrantOp, AMappingPinsItsEntryAndItsFrame)
{
	grant(dom5, 8, dom5.number(page), 0);
	ASSERT_EQ(map(place(0), host, 8), 0);
	EXPECT_EQ(bus, dom5.frame[page] << 12);
	EXPECT_EQ(flags(dom5, 8), 1 | 8 | 16);
	EXPECT_EQ(refs(dom5, page), 1U);
	const u32 first = handle;
	ASSERT_EQ(map(place(1), host_ro, 8), 0);
	EXPECT_NE(handle, first);
	EXPECT_EQ(refs(dom5, page), 2U);
	EXPECT_EQ(unmap(first, place(0)), 0);
	EXPECT_EQ(flags(dom5, 8), 1 | 8) << "no writer is left";
	EXPECT_EQ(unmap(handle, place(1)), 0);
	EXPECT_EQ(flags(dom5, 8), 1);
	EXPECT_EQ(refs(dom5, page), 0U);
	EXPECT_EQ(unmap(handle, place(1)), -4) << "once is enough";
	EXPECT_EQ(unmap(512, 0), -4);
}

TEST_P(GrantOp, BothSidesOfAMappingEndIt)
{
	grant(dom5, 8, dom5.number(page), 0);
	ASSERT_EQ(map(place(0), host | map_flag::device, 8), 0);
	EXPECT_EQ(unmap(handle, 0, bus + 4096), -1);
	EXPECT_EQ(unmap(handle, place(1)), -5);
	EXPECT_EQ(refs(dom5, page), 1U);
	EXPECT_EQ(unmap(handle, place(0)), 0);
	EXPECT_EQ(refs(dom5, page), 1U) << "the device side holds on";
	EXPECT_EQ(unmap(handle, 0, bus), 0);
	EXPECT_EQ(refs(dom5, page), 0U);
	EXPECT_EQ(flags(dom5, 8), 1);
}

TEST_P(GrantOp, EntriesThatDoNotAllowIt)
{
	grant(dom5, 8, dom5.number(page), 0, 0);
	EXPECT_EQ(map(place(0), host, 8), -1) << "no type";
	EXPECT_EQ(handle, 777U) << "only on success";
	grant(dom5, 8, dom5.number(page), 0, flag::accept_transfer);
	EXPECT_EQ(map(place(0), host, 8), -1);
	grant(dom5, 8, dom5.number(page), 3);
	EXPECT_EQ(map(place(0), host, 8), -1) << "for another domain";
	grant(dom5, 8, dom5.number(page), 0, flag::permit_access | flag::readonly);
	EXPECT_EQ(map(place(0), host, 8), -1);
	EXPECT_EQ(flags(dom5, 8), 1 | 4);
	EXPECT_EQ(map(place(0), host_ro, 8), 0);
	EXPECT_EQ(flags(dom5, 8), 1 | 4 | 8) << "not writing";
	EXPECT_EQ(unmap(handle, place(0)), 0);
	EXPECT_EQ(map(place(0), host, 2048), -3);
	EXPECT_EQ(map(place(0), 0, 8), -3) << "neither host nor device";
	EXPECT_EQ(map(place(0), host, 8, 9), -2);
	EXPECT_EQ(map(place(0), host, 8, self), -2);
	/* The frame must be the granter's own RAM: not dom0's, not its grant table, not nothing. */
	const u64 table = direct() ? domains[1].grants.frames.raw() : frames::count();
	grant(dom5, 8, table, 0);
	EXPECT_EQ(map(place(0), host, 8), -1);
	EXPECT_EQ(broken(Rule::SharedFrameUse), 1U);
	grant(dom5, 8, direct() ? dom0.frame[page] : limit_pages, 0);
	EXPECT_EQ(map(place(0), host, 8), -1);
	EXPECT_EQ(broken(Rule::GrantFrame), 1U);
	EXPECT_EQ(flags(dom5, 8), 1) << "no pin is left";
}

TEST_P(GrantOp, DangerousFlagsAreRefused)
{
	grant(dom5, 8, dom5.number(page), 0);
	EXPECT_EQ(map(place(0), host | map_flag::application, 8), -1);
	EXPECT_EQ(map(place(0), host | map_flag::contains_pte, 8), -1);
	EXPECT_EQ(broken(Rule::DangerousCall), 2U);
	EXPECT_EQ(map(0, host, 8), -5);
	if (direct())
		return;
	EXPECT_EQ(broken(Rule::DangerousCall), 3U);
	EXPECT_EQ(map(place(65536), host, 8), -5) << "beyond the window";
	EXPECT_EQ(map(place(0) + 8, host, 8), -5);
	EXPECT_EQ(map(place(65535), host, 8), 0);
	EXPECT_EQ(map(place(65535), host, 8), -1) << "taken";
	EXPECT_EQ(unmap(0, place(65535)), 0);
	options.historical = true;
	EXPECT_EQ(map(place(2048), host, 8), -5);
	EXPECT_EQ(map(place(2047), host, 8), 0);
	EXPECT_EQ(unmap(handle, place(2047)), 0);
}

TEST_P(GrantOp, OwnGrantsMayBeMappedWithoutQuirks)
{
	grant(dom0, 9, dom0.number(page), 0);
	ASSERT_EQ(map(place(0), host, 9, 0), 0);
	EXPECT_EQ(refs(dom0, page), 1U);
	EXPECT_EQ(unmap(handle, place(0)), 0);
	options.historical = true;
	EXPECT_EQ(map(place(0), host, 9, 0), -8);
	EXPECT_EQ(broken(Rule::DangerousCall), 1U);
}

TEST_P(GrantOp, HandlesRunOut)
{
	grant(dom5, 8, dom5.number(page), 0);
	for (u64 i = 0; i < 512; ++i)
		ASSERT_EQ(map(place(i), host, 8), 0);
	EXPECT_EQ(map(place(512), host, 8), -7);
	EXPECT_EQ(refs(dom5, page), 512U);
	for (u32 i = 0; i < 512; ++i)
		ASSERT_EQ(unmap(i, place(i)), 0);
	EXPECT_EQ(flags(dom5, 8), 1);
}

TEST_P(GrantOp, AnHpteKeepsItsMappingAlive)
{
	grant(dom5, 8, dom5.number(page), 0);
	ASSERT_EQ(map(place(5), host, 8), 0);
	const u64 frame = direct() ? dom5.frame[page] : place(5) >> 12;
	ASSERT_EQ(dom0.papr(Papr::Enter, {0, 8, 0x1001, frame << 12 | 0x12}), 0);
	const u64 slot = domains[0].vcpu[0].regs.gpr[4];
	EXPECT_EQ(refs(dom5, page), 2U);
	EXPECT_EQ(unmap(handle, place(5)), -1);
	EXPECT_EQ(broken(Rule::GrantStillMapped), 1U);
	EXPECT_EQ(flags(dom5, 8), 1 | 8 | 16);
	if (direct()) { /* another mapping covers it */
		const u32 first = handle;
		ASSERT_EQ(map(place(6), host, 8), 0);
		EXPECT_EQ(unmap(first, place(5)), 0);
		EXPECT_EQ(unmap(handle, place(6)), -1);
		ASSERT_EQ(map(place(5), host, 8), 0);
		EXPECT_EQ(unmap(1, place(6)), 0);
	}
	EXPECT_EQ(dom0.papr(Papr::Remove, {0, slot, 0}), 0);
	EXPECT_EQ(unmap(handle, place(5)), 0);
	EXPECT_EQ(refs(dom5, page), 0U);

	/* The historical hypervisor let it go; the frame stays referenced by the HPTE. */
	options.historical = true;
	ASSERT_EQ(map(place(5), host, 8), 0);
	ASSERT_EQ(dom0.papr(Papr::Enter, {0, 8, 0x1001, frame << 12 | 0x12}), 0);
	EXPECT_EQ(unmap(handle, place(5)), 0);
	EXPECT_EQ(refs(dom5, page), 1U);
}

TEST_P(GrantOp, AReadOnlyMappingAllowsNoWritableHpte)
{
	grant(dom5, 8, dom5.number(page), 0);
	ASSERT_EQ(map(place(5), host_ro, 8), 0);
	const u64 frame = direct() ? dom5.frame[page] : place(5) >> 12;
	EXPECT_NE(dom0.papr(Papr::Enter, {0, 8, 0x1001, frame << 12 | 0x12}), 0);
	EXPECT_EQ(broken(Rule::WriteNotGranted), 1U);
	EXPECT_EQ(dom0.papr(Papr::Enter, {0, 8, 0x1001, frame << 12 | 0x13}), 0);
	/* A second, writable mapping of the same frame allows it where frames are judged. */
	ASSERT_EQ(map(place(6), host, 8), 0);
	EXPECT_EQ(dom0.papr(Papr::Enter, {0, 16, 0x2001, frame << 12 | 0x12}) == 0, direct());
}

TEST_P(GrantOp, AMappedFrameDoesNotLeaveItsDomain)
{
	grant(dom5, 8, dom5.number(page), 0);
	ASSERT_EQ(map(place(5), host_ro, 8), 0);
	dom5.put_list(list_at, {dom5.number(page)});
	dom5.put_list(arg_at, {dom5.handle(list_at), 1, 0, self << 48});
	EXPECT_EQ(dom5.call(XenCall::MemoryOp, {1, dom5.handle(arg_at)}), 0);
	EXPECT_EQ(broken(Rule::FrameReferenced), 1U);
	EXPECT_EQ(unmap(handle, place(5)), 0);
	EXPECT_EQ(dom5.call(XenCall::MemoryOp, {1, dom5.handle(arg_at)}), 1);
}

TEST_P(GrantOp, ListsGoOnAfterABadElementAndStopAtAFault)
{
	grant(dom5, 8, dom5.number(page), 0);
	const u64 end = dom0.edge();
	for (u64 i = 0; i < 3; ++i) {
		GrantMapRef arg{};

		arg.host_addr.store(place(i));
		arg.flags.store(host);
		arg.ref.store(i == 1 ? 5000 : 8);
		arg.dom.store(5);
		dom0.put(end - (3 - i) * sizeof(arg), arg);
	}
	EXPECT_EQ(dom0.call(XenCall::GrantTableOp,
			    {0, dom0.handle(end - 3 * sizeof(GrantMapRef)), 4}),
		  no(14));
	EXPECT_EQ(dom0.get<GrantMapRef>(end - 64).status.load(), -3);
	EXPECT_EQ(refs(dom5, page), 2U);
	EXPECT_EQ(unmap(0, place(0)), 0);
	EXPECT_EQ(unmap(1, place(2)), 0);
}

TEST_P(GrantOp, ASlowListIsContinued)
{
	rig::machine.hz = 999; /* any time at all is more than a thousandth of a second */
	grant(dom5, 8, dom5.number(page), 0);
	for (u64 i = 0; i < 5; ++i) {
		GrantMapRef arg{};

		arg.host_addr.store(place(i));
		arg.flags.store(host);
		arg.ref.store(8);
		arg.dom.store(5);
		dom0.put(arg_at + i * sizeof(arg), arg);
	}
	EXPECT_EQ(op(dom0, 0, 5), 0);
	EXPECT_EQ(dom0.restarts, 4U);
	EXPECT_EQ(refs(dom5, page), 5U) << "none twice";
	for (u32 i = 0; i < 5; ++i) {
		EXPECT_EQ(dom0.get<GrantMapRef>(arg_at + i * sizeof(GrantMapRef)).handle.load(), i);
		EXPECT_EQ(unmap(i, place(i)), 0);
	}
}

TEST_P(GrantOp, AGranterThatClearsAUsedEntryIsNoticed)
{
	grant(dom5, 8, dom5.number(page), 0);
	ASSERT_EQ(map(place(0), host, 8), 0);
	entry(dom5, 8)->flags.store(flag::permit_access | flag::reading);
	EXPECT_EQ(unmap(handle, place(0)), 0) << "that is not the mapper's business";
	EXPECT_EQ(broken(Rule::GrantFrame), 1U);
	EXPECT_EQ(flags(dom5, 8), 1);
	ASSERT_EQ(map(place(0), host_ro, 8), 0);
	EXPECT_EQ(unmap(handle, place(0)), 0);
	EXPECT_EQ(broken(Rule::GrantFrame), 1U);
	ASSERT_EQ(map(place(0), host_ro, 8), 0);
	entry(dom5, 8)->flags.store(0);
	EXPECT_EQ(unmap(handle, place(0)), 0);
	EXPECT_EQ(broken(Rule::GrantFrame), 2U);
}

TEST_P(GrantOp, TransferIsRefused)
{
	xen::ppc::GrantTransfer arg{};

	arg.mfn.store(dom0.number(page));
	arg.domid.store(5);
	EXPECT_EQ(one(dom0, 4, arg), -1);
	EXPECT_EQ(broken(Rule::DangerousCall), 1U);
	arg.mfn.store(~0ul);
	EXPECT_EQ(one(dom0, 4, arg), -9);
}

class GrantCopyOp : public GrantOp {
protected:
	static constexpr u16 from_ref = 1, to_ref = 2;

	int copy(Guest &guest, u16 how, u64 source, u16 from, u64 dest, u16 to, u16 bytes)
	{
		GrantCopy arg{};

		const auto side = [](xen::ppc::GrantCopySide &s, bool by_ref, u64 what, u16 other) {
			if (by_ref)
				s.u.grant.ref.store(static_cast<u32>(what));
			else
				s.u.gmfn.store(what);
			s.domid.store(by_ref ? other : u16{self});
		};
		const u16 other = guest.dom.id.raw() == 0 ? u16{5} : u16{0};
		side(arg.source, how & from_ref, source, other);
		side(arg.dest, how & to_ref, dest, other);
		arg.source.offset.store(from);
		arg.dest.offset.store(to);
		arg.len.store(bytes);
		arg.flags.store(how);
		return one(guest, 5, arg);
	}
	void fill(Guest &guest, u64 pfn, char first)
	{
		for (u64 i = 0; i < 4096; ++i)
			guest.put(pfn << 12 | i,
				  static_cast<char>(first + static_cast<char>(i % 16)));
	}
};
INSTANTIATE_TEST_SUITE_P(Modes, GrantCopyOp, ::testing::Values(Mode::Translated, Mode::Direct),
			 [](const auto &param) {
				 return param.param == Mode::Direct ? "Direct" : "Translated";
			 });

TEST_P(GrantCopyOp, CopiesInBothDirections)
{
	fill(dom0, page, 'A');
	fill(dom5, page, 'a');
	grant(dom0, 9, dom0.number(page), 5, flag::permit_access | flag::readonly);
	EXPECT_EQ(copy(dom5, from_ref, 9, 3, dom5.number(page), 4000, 5), 0);
	EXPECT_EQ(std::memcmp(dom5.memory((page << 12) + 3999), "pDEFGHf", 7), 0);
	EXPECT_EQ(flags(dom0, 9), 1 | 4);
	grant(dom0, 10, dom0.number(page + 1), 5);
	EXPECT_EQ(copy(dom5, to_ref, dom5.number(page), 0, 10, 0, 4096), 0);
	EXPECT_EQ(std::memcmp(dom0.memory((page + 1) << 12), dom5.memory(page << 12), 4096), 0);
	EXPECT_EQ(copy(dom5, from_ref | to_ref, 9, 0, 10, 16, 8), 0);
	EXPECT_EQ(std::memcmp(dom0.memory(((page + 1) << 12) + 16), "ABCDEFGHi", 9), 0);
	EXPECT_EQ(copy(dom5, 0, dom5.number(page), 1, dom5.number(page), 0, 100), 0)
		<< "overlapping, without grants";
	EXPECT_EQ(dom5.get<char>(page << 12), 'b');
	EXPECT_EQ(flags(dom0, 10), 1);
	EXPECT_EQ(copy(dom5, 0, dom5.number(page), 4096, dom5.number(page), 0, 0), 0);
}

TEST_P(GrantCopyOp, Refusals)
{
	grant(dom0, 9, dom0.number(page), 5, flag::permit_access | flag::readonly);
	const u64 own = dom5.number(page);
	EXPECT_EQ(copy(dom5, to_ref, own, 0, 9, 0, 1), -1) << "read-only";
	EXPECT_EQ(copy(dom5, from_ref, 9, 4095, own, 0, 2), -10);
	EXPECT_EQ(copy(dom5, from_ref, 9, 0, own, 1, 4096), -10);
	EXPECT_EQ(copy(dom5, from_ref, 9, 0xffff, own, 0, 0xffff), -10);
	EXPECT_EQ(copy(dom5, from_ref, 9, 4097, own, 0, 0), -10);
	EXPECT_EQ(copy(dom5, from_ref, 4000, 0, own, 0, 1), -3);
	EXPECT_EQ(copy(dom5, 0, 1ul << 50, 0, own, 0, 1), -1);
	EXPECT_EQ(broken(Rule::FrameOutOfRange), 1U);
	EXPECT_EQ(copy(dom5, from_ref, 9, 0, direct() ? dom0.frame[page] : frames::count(), 0, 1),
		  -1)
		<< "into what is not its own";
	EXPECT_EQ(broken(direct() ? Rule::ForeignNotGranted : Rule::SharedFrameUse), 1U);
	EXPECT_EQ(flags(dom0, 9), 1 | 4) << "the source's pin is gone too";
	GrantCopy arg{};
	arg.source.domid.store(0);
	arg.dest.domid.store(self);
	EXPECT_EQ(one(dom5, 5, arg), -8) << "another domain's page without a reference";
	arg.flags.store(1);
	arg.source.domid.store(9);
	EXPECT_EQ(one(dom5, 5, arg), -2);
	arg.source.domid.store(self);
	EXPECT_EQ(one(dom5, 5, arg), -1) << "an own reference, not granted to itself";
}

} // namespace
