// SPDX-License-Identifier: GPL-2.0
/*
 * The question who keeps the p2m, how its entries are stored, and the way back from a machine
 * frame: what is looked at for it.
 */
#include <optional>
#include <vector>

#include <abi/version.hh>

#include "p2m_mode.hh"
#include "p2m_rig.hh"

namespace {

using namespace xen::ppc;
using xen::Mfn;
using xen::P2mEntry;
using xen::Pfn;
using xen::PhysAddr;

/* ---- who keeps the table ---- */

/* Answers get_features, if the address is one that this kind of domain passes. */
class Asked : public host::Hypervisor {
public:
	bool direct = false;
	std::optional<s64> status; /* instead */
	std::vector<u64> addresses;

	void trap(u64 *r) override
	{
		const u64 address = r[2] & ~(u64{1} << 63);

		ASSERT_EQ(r[0], 0xffffffffffff0011U);
		ASSERT_EQ(r[1], 6U);
		ASSERT_EQ(r[2] >> 63, 1U);
		ASSERT_EQ(address % 8, 0U);
		addresses.push_back(address);
		if (status) {
			r[0] = static_cast<u64>(*status);
			return;
		}
		if (direct != (address >= machine_base)) {
			r[0] = static_cast<u64>(-14);
			return;
		}
		auto *info = reinterpret_cast<FeatureInfo *>(address - (direct ? machine_base : 0));

		EXPECT_EQ(info->submap_idx.load(), 0U);
		info->submap.store(bits);
		r[0] = 0;
	}

	/* Where this process is in the machine. */
	static constexpr u64 machine_base = u64{1} << 50;
	u32 bits = 0;
};

class P2mMode : public host::P2mTest {
protected:
	P2mMode() { host::hypervisor = &xen; }
	~P2mMode() override { host::hypervisor = nullptr; }

	std::string check(bool table)
	{
		EXPECT_EQ(read(table ? host::direct_tree({}) : host::historical_tree()), "");
		/* A test's own objects are anywhere. */
		p2m_state.linear_limit = ~u64{0};
		p2m_state.linear_offset = table ? Asked::machine_base : 0;
		if (setjmp(host::after_refusal) == 0)
			p2m_check_mode();
		return host::refusal;
	}

	Asked xen;
};

TEST_F(P2mMode, both_sides_agree)
{
	xen.bits = 0x5;
	EXPECT_EQ(check(false), "");
	xen.direct = true;
	xen.bits = 0x1;
	EXPECT_EQ(check(true), "");
	EXPECT_EQ(xen.addresses.size(), 2U);
	EXPECT_TRUE(tree_.odd.empty());
}

TEST_F(P2mMode, a_table_for_a_domain_that_is_translated)
{
	for (const bool direct : {false, true}) {
		xen.direct = direct; /* by which address it is reached */
		xen.bits = 0x5;
		const std::string message = check(true);

		EXPECT_NE(message.find("p2m-table"), std::string::npos) << message;
		EXPECT_NE(message.find("XENVER_get_features"), std::string::npos);
		EXPECT_NE(message.find("0x5"), std::string::npos);
	}
	/* Where only its own addresses reach the hypervisor, the message goes by those. */
	xen.direct = false;
	check(true);
	EXPECT_EQ(machine_address(PhysAddr{0x1000}), 0x1000U);
}

TEST_F(P2mMode, no_table_for_a_domain_that_is_direct)
{
	xen.bits = 0x1;
	std::string message = check(false);

	EXPECT_NE(message.find("no p2m-table"), std::string::npos) << message;
	EXPECT_NE(message.find("XENVER_get_features"), std::string::npos);
	xen.direct = true;
	message = check(false);
	EXPECT_NE(message.find("no p2m-table"), std::string::npos) << message;
	EXPECT_NE(message.find("XENVER_get_features"), std::string::npos);
}

TEST_F(P2mMode, a_hypervisor_that_does_not_answer_is_reported)
{
	for (const bool table : {false, true}) {
		xen.status = -22;
		EXPECT_EQ(check(table), "");
		EXPECT_EQ(tree_.odd.size(), 1U);
		EXPECT_EQ(is_direct(), table);
	}
	/* By neither address. */
	xen.status = -14;
	xen.addresses.clear();
	EXPECT_EQ(check(true), "");
	EXPECT_EQ(xen.addresses.size(), 2U);
	EXPECT_EQ(tree_.odd.size(), 1U);
}

/* ---- the way back ---- */

class WayBack : public host::P2mTest {
protected:
	static Pfn found(u64 mfn) { return own_frame_of(xen::Gfn{mfn}).value_or(nowhere); }

	static constexpr Pfn nowhere{~u64{0}};
};

/* Entries that appear behind the port's back show where it looks. */
TEST_F(WayBack, blocks_without_memory_are_not_searched)
{
	ASSERT_EQ(read(host::direct_tree({3 << 10, 64, 0x30000})), "");
	for (u64 pfn = 0x80000; pfn < 0x100000; pfn += 0x1000) {
		const u64 mfn = pfn + 0x1000000;

		ASSERT_TRUE(p2m_state.table.enter(Pfn{pfn + 7}, P2mEntry::ram(Mfn{mfn})));
		EXPECT_EQ(found(mfn), nowhere) << std::hex << pfn;
		p2m_state.blank.clear(Pfn{pfn});
		EXPECT_EQ(found(mfn), Pfn{pfn + 7}) << "the bit alone kept it from that";
	}
	EXPECT_FALSE(p2m_state.blank.holds(Pfn{0x7ffff}));
	EXPECT_FALSE(p2m_state.blank.holds(Pfn{0x100000}));
}

TEST_F(WayBack, blocks_with_some_memory_are_searched)
{
	host::Tree given = host::direct_tree({});

	/* The end is in the middle of a block; and Linux does not use the one before it. */
	given.memory = {{0, 0x4000000}, {0x4000000, 0x6000000}, {0xb000000, 0xffd000}};
	for (u64 pfn = 0xbffd; pfn < 0xc000; ++pfn)
		given.enter(pfn, 0xffffffff);
	ASSERT_EQ(read(given), "");
	for (const u64 pfn : {u64{0xa000}, u64{0xafff}, u64{0xb000}, u64{0xbffc}}) {
		EXPECT_FALSE(p2m_state.blank.holds(Pfn{pfn}));
		EXPECT_EQ(found(given.entry(pfn)), Pfn{pfn});
	}
}

TEST_F(WayBack, a_block_that_is_leaving_is_not_somewhere)
{
	ASSERT_EQ(read(host::direct_tree({})), "");
	ASSERT_TRUE(p2m_state.table.leave(Pfn{0x5000}));
	ASSERT_TRUE(p2m_state.blocks.holds(Pfn{0x5000})) << "as another cpu may see it";
	for (const u64 mfn : {u64{0}, u64{5}, u64{4094}})
		EXPECT_EQ(found(mfn), nowhere);
}

TEST_F(WayBack, the_last_block_has_a_bit)
{
	const Pfn last{P2mBlocks::end - 1}, behind{P2mBlocks::end};

	p2m_state.blank.set(last);
	p2m_state.blank.set(behind);
	p2m_state.blank.clear(behind);
	EXPECT_TRUE(p2m_state.blank.holds(last));
	EXPECT_FALSE(p2m_state.blank.holds(behind));
	EXPECT_FALSE(p2m_state.blank.holds(Pfn{P2mBlocks::end - 1 - P2mBlocks::block_pages}));
	EXPECT_FALSE(p2m_state.blank.holds(Pfn{~u64{0}}));
}

/* ---- stored words ---- */

TEST(P2mWordsTest, any_word_is_an_entry_and_comes_back)
{
	for (const u32 frame : {0U, 1U, 0x12345U, 0x3ffffffeU}) {
		EXPECT_EQ(P2mWords::decode(frame), P2mEntry::ram(Mfn{frame}));
		EXPECT_EQ(P2mWords::decode(0x40000000 | frame), P2mEntry::io(Mfn{frame}));
		EXPECT_EQ(P2mWords::decode(0x80000000 | frame), P2mEntry::foreign(Mfn{frame}));
		EXPECT_FALSE(P2mWords::decode(0xc0000000 | frame).present());
		for (const u32 kind : {0U, 0x40000000U, 0x80000000U})
			EXPECT_EQ(P2mWords::encode(P2mWords::decode(kind | frame)).value_or(1),
				  kind | frame);
	}
	for (const u32 kind : {0U, 0x40000000U, 0x80000000U, 0xc0000000U})
		EXPECT_FALSE(P2mWords::decode(kind | 0x3fffffff).present());
	EXPECT_EQ(P2mWords::encode(P2mEntry::missing()).value_or(0), 0xffffffffU);
	for (const u64 frame : {u64{0x3fffffff}, u64{0x40000000}, u64{1} << 32, ~u64{0}}) {
		EXPECT_EQ(P2mWords::encode(P2mEntry::ram(Mfn{frame})).error(), xen::err::inval);
		EXPECT_EQ(P2mWords::encode(P2mEntry::io(Mfn{frame})).error(), xen::err::inval);
		EXPECT_EQ(P2mWords::encode(P2mEntry::foreign(Mfn{frame})).error(), xen::err::inval);
	}
}

TEST(P2mWordsTest, words_are_big_endian)
{
	p2m::Entry entry;
	P2mTable table{&entry, 1};

	EXPECT_TRUE(table.enter(Pfn{0}, P2mEntry::foreign(Mfn{0x123456})).ok());

	const auto *bytes = reinterpret_cast<const unsigned char *>(&entry);

	EXPECT_EQ(bytes[0], 0x80);
	EXPECT_EQ(bytes[1], 0x12);
	EXPECT_EQ(bytes[2], 0x34);
	EXPECT_EQ(bytes[3], 0x56);
}

} // namespace
