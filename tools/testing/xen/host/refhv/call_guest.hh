/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two domains for the tests of hypercalls: dom0 (privileged) and domain 5, in either mode.
 *
 * A guest calls through hypercall::enter with its registers, like `sc 1`, and executes a
 * continued call again as a processor would.  Where its pages lie is remembered here, not
 * asked of refhv; arguments travel by inline handles or by a descriptor built by hand.
 */
#ifndef REFHV_CALL_GUEST_HH
#define REFHV_CALL_GUEST_HH

#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <abi/hcall.hh>
#include <abi/xencomm.hh>

#include "base/options.hh"
#include "base/rules.hh"
#include "call/hypercall.hh"
#include "dom/domain.hh"
#include "machine.hh"
#include "mm/frames.hh"

namespace call_test {

using namespace refhv;
using xen::ppc::Papr;
using xen::ppc::XenCall;

inline constexpr u64 rma_pages = 256, ram_pages = 64; /* at the start, from pfn 0 */
inline constexpr u64 limit_pages = 16384;	      /* of the frame numbers, and of max_pages */
inline constexpr u64 arg_at = 0x10000, list_at = 0x20000, data_at = 0x30000; /* in the RMA */
inline constexpr u64 self = 0x7ff0;

[[nodiscard]] inline std::string console_output() /* since the last look */
{
	return std::exchange(rig::machine.console, {});
}

inline s64 no(int errno_number)
{
	return -errno_number;
}

struct Guest {
	Domain &dom;
	std::map<u64, u64> frame{}; /* pfn to machine frame */
	u64 restarts = 0;	    /* of the last call */

	/* The number that names page @pfn in a call, and an address by it. */
	u64 number(u64 pfn) const { return dom.direct ? frame.at(pfn) : pfn; }
	u64 address(u64 at) const { return number(at >> 12) << 12 | (at & 0xfff); }
	u64 handle(u64 at) const { return xen::ppc::inline_flag | address(at); }
	u8 *memory(u64 at) const { return phys(MachAddr{frame.at(at >> 12) << 12 | (at & 0xfff)}); }
	/* An own address: the byte before it may be used, no byte from it on. */
	u64 edge() const
	{
		u64 pfn = rma_pages - 1;

		while (frames::ram_of(Mfn{frame.at(pfn) + 1}, dom.id) && dom.direct)
			++pfn;
		return (dom.direct ? pfn + 1 : rma_pages + ram_pages) << 12;
	}
	template <class T> void put(u64 at, const T &value) const
	{
		std::memcpy(memory(at), &value, sizeof(T));
	}
	template <class T> T get(u64 at) const
	{
		T value;

		std::memcpy(&value, memory(at), sizeof(T));
		return value;
	}
	void put_list(u64 at, const std::vector<u64> &list) const
	{
		for (u64 i = 0; i < list.size(); ++i)
			put(at + i * 8, Be<u64>{list[i]});
	}
	u64 word(u64 at) const { return get<Be<u64>>(at).load(); }

	/* A descriptor at @at for the pages of @pieces (guest addresses); its handle. */
	u64 describe(u64 at, const std::vector<u64> &pieces) const
	{
		put(at, Be<u32>{0x58434f4d});
		put(at + 4, Be<u32>{static_cast<u32>(pieces.size())});
		for (u64 i = 0; i < pieces.size(); ++i)
			put(at + 8 + i * 8, Be<u64>{address(pieces[i])});
		return address(at);
	}

	s64 trap(u64 r3, const std::vector<u64> &args, u32 v = 0)
	{
		Regs &regs = dom.vcpu[v].regs;

		regs.gpr[3] = r3;
		for (u64 i = 0; i < args.size(); ++i)
			regs.gpr[4 + i] = args[i];
		regs.pc = 0x4004;
		regs.msr = msr::sf | msr::me | msr::ri;
		for (restarts = 0; restarts < 100000; ++restarts) {
			hypercall::enter(dom.vcpu[v]);
			if (regs.pc == 0x4004)
				break;
			EXPECT_EQ(regs.pc, 0x4000U);
			EXPECT_EQ(regs.gpr[3], r3);
			regs.pc += 4;
		}
		return static_cast<s64>(regs.gpr[3]);
	}
	s64 call(XenCall number, const std::vector<u64> &args, u32 v = 0)
	{
		return trap(xen::ppc::xen_mark | static_cast<u64>(number), args, v);
	}
	s64 papr(Papr token, const std::vector<u64> &args)
	{
		return trap(static_cast<u64>(token), args);
	}
	/* The call with @arg at arg_at as its argument, which is read back. */
	template <class T> s64 with(XenCall number, u64 command, T &arg)
	{
		put(arg_at, arg);
		const s64 result = call(number, {command, handle(arg_at)});
		arg = get<T>(arg_at);
		return result;
	}
};

class CallTest : public ::testing::Test {
protected:
	CallTest() { build(Mode::Translated); }
	~CallTest() override;

	void build(Mode mode, u64 machine_bytes = u64{96} << 20); /* everything anew */
	u64 broken(Rule rule) { return violations(rule); }

	Guest dom0{domains[0]}, dom5{domains[1]};
};

} // namespace call_test

#endif
