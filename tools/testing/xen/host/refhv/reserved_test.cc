/* SPDX-License-Identifier: GPL-2.0 */
/* Words of shared_info that nobody may write (V23), and who is told how often. */
#include <gtest/gtest.h>

#include <string>

#include "base/rules.hh"
#include "built.hh"

namespace {

using namespace rig;

/* By the table of the ABI: 32 entries of 48 bytes, pending and mask words, the wall clock. */
bool reserved(u64 at)
{
	if (at < 0x600)
		return at % 48 >= 16;
	return (at >= 0xa0c && at < 0xa10) || at >= 0xa18;
}

TEST(Reserved, each_byte_of_the_page)
{
	Built built;
	Domain &dom = built.build();
	u8 *page = phys(dom.shared_info_at);
	u64 count = 0;

	check_reserved(dom);
	EXPECT_EQ(violations(Rule::ReservedPageWrite), 0u);
	for (u64 at = 0; at < 4096; ++at) {
		page[at] = 0x40;
		check_reserved(dom);
		count += reserved(at);
		ASSERT_EQ(violations(Rule::ReservedPageWrite), count) << at;
		ASSERT_EQ(page[at], reserved(at) ? 0 : 0x40) << at;
	}
	check_reserved(dom);
	EXPECT_EQ(violations(Rule::ReservedPageWrite), count);
}

TEST(Reserved, at_the_end)
{
	Built built;

	(void)built.build();
	Domain &other = built.add();
	phys(domains[0].shared_info_at)[0x20] = 1;
	phys(other.shared_info_at)[0xfff] = 1;
	shut_down(other, 0);
	EXPECT_THROW(shut_down(domains[0], 0), PoweredOff);
	EXPECT_NE(machine.console.find("V23 reserved-page-write: domain 0: store to shared_info, "
				       "at offset (0x20)\n"),
		  std::string::npos);
	EXPECT_NE(machine.console.find("domain 1: store to shared_info, at offset (0xffc)\n"),
		  std::string::npos);
	EXPECT_NE(machine.console.find("refhv: V23 reserved-page-write: 2\n"), std::string::npos);
	EXPECT_NE(machine.console.find("refhv: violations: 2\n"), std::string::npos);
}

/* One domain's messages run out, the other's do not; the sum counts all. */
TEST(Rules, messages_of_each_domain)
{
	Built built;
	Domain &dom = built.build(), &other = built.add();
	const auto lines = [](const char *who) {
		u64 n = 0;

		for (size_t at = 0; (at = machine.console.find(who, at)) != std::string::npos; ++at)
			++n;
		return n;
	};

	for (int i = 0; i < 100; ++i)
		violation(Rule::PortNotOwned, other, "test", 1);
	EXPECT_EQ(lines("V24 port-not-owned: domain 1: test (0x1)"), 5u);
	EXPECT_EQ(lines("further ones only counted"), 1u);
	violation(Rule::PortNotOwned, dom, "test", 2);
	EXPECT_EQ(lines("V24 port-not-owned: domain 0: test (0x2)\n"), 1u);
	EXPECT_EQ(violations(Rule::PortNotOwned), 101u);
	violation(Rule::FrameOutOfRange, other, "test", 3);
	EXPECT_EQ(lines("V01 frame-out-of-range: domain 1: test (0x3)\n"), 1u);
	violation(Rule::VcpuContext, other, "test", 4);
	EXPECT_EQ(lines("V27 vcpu-context: domain 1: test (0x4)\n"), 1u);
}

} // namespace
