// SPDX-License-Identifier: GPL-2.0
/*
 * console_io: writing in pieces and turns, reading, and who may.
 */
#include "call_guest.hh"

namespace {

using namespace call_test;

class Console : public CallTest {
protected:
	s64 write(Guest &guest, const std::string &text)
	{
		for (u64 i = 0; i < text.size(); ++i)
			guest.put(data_at + i, text[i]);
		return guest.call(XenCall::ConsoleIo, {0, text.size(), guest.handle(data_at)});
	}
	static void type(const std::string &bytes)
	{
		rig::machine.input.insert(rig::machine.input.end(), bytes.begin(), bytes.end());
	}
	s64 read(Guest &guest, u64 room)
	{
		return guest.call(XenCall::ConsoleIo, {1, room, guest.handle(data_at)});
	}
};

TEST_F(Console, Dom0WritesRaw)
{
	EXPECT_EQ(write(dom0, "hello\n"), 0);
	EXPECT_EQ(console_output(), "hello\n");
	EXPECT_EQ(write(dom0, ""), 0);
	EXPECT_EQ(dom0.call(XenCall::ConsoleIo, {0, ~0ul, dom0.handle(data_at)}), 0) << "count -1";
	EXPECT_EQ(console_output(), "");
}

TEST_F(Console, AZeroDropsTheRestOfItsPieceOnly)
{
	std::string text(300, 'a');

	text[3] = '\0';
	EXPECT_EQ(write(dom0, text), 0);
	EXPECT_EQ(console_output(), std::string(3 + 300 - 127, 'a'));
}

TEST_F(Console, LongWritesAreContinuedByBothKindsOfHandle)
{
	std::string text;

	for (int i = 0; text.size() < 7000; ++i)
		text += std::to_string(i) + "\n";
	EXPECT_EQ(write(dom0, text), 0);
	EXPECT_EQ(dom0.restarts, (text.size() - 1) / (4 * 127));
	EXPECT_EQ(console_output(), text);

	/* Pieces in the wrong order of pages, from the middle of the first. */
	std::string expected;
	for (u64 i = 0; i < 4096; ++i)
		dom0.put(data_at + i, static_cast<char>('a' + i % 26));
	for (u64 i = 0; i < 4096; ++i)
		dom0.put(data_at + 0x2000 + i, static_cast<char>('A' + i % 26));
	const u64 handle = dom0.describe(list_at, {data_at + 0x2800, data_at});
	for (u64 i = 0; i < 5000; ++i)
		expected +=
			static_cast<char>(i < 2048 ? 'A' + (i + 2048) % 26 : 'a' + (i - 2048) % 26);
	EXPECT_EQ(dom0.call(XenCall::ConsoleIo, {0, 5000, handle}), 0);
	EXPECT_EQ(console_output(), expected);
	EXPECT_EQ(dom0.word(list_at + 8), dom0.address(data_at + 0x2800)) << "not advanced";
}

TEST_F(Console, WithQuirksADescriptorCarriesOnePiece)
{
	const std::string text(200, 'q');

	options.historical = true;
	EXPECT_EQ(write(dom0, text), 0) << "inline handles work";
	EXPECT_EQ(console_output(), text);
	const u64 handle = dom0.describe(list_at, {data_at});
	EXPECT_EQ(dom0.call(XenCall::ConsoleIo, {0, 127, handle}), 0);
	EXPECT_EQ(dom0.call(XenCall::ConsoleIo, {0, 128, handle}), no(14));
	EXPECT_EQ(console_output(), std::string(254, 'q'));
}

TEST_F(Console, OtherDomainsLinesSayWhoseTheyAre)
{
	EXPECT_EQ(write(dom0, "\n"), 0);
	static_cast<void>(console_output());
	EXPECT_EQ(write(dom5, "one\ntwo"), 0);
	EXPECT_EQ(write(dom5, "!\n"), 0);
	EXPECT_EQ(console_output(), "(d5) one\n(d5) two!\n");
	EXPECT_EQ(write(dom0, "prompt: "), 0);
	EXPECT_EQ(write(dom5, "three\n"), 0);
	EXPECT_EQ(console_output(), "prompt: \n(d5) three\n");
	EXPECT_EQ(read(dom5, 10), no(1));
	options.historical = true;
	EXPECT_EQ(write(dom5, "four\n"), no(1));
	EXPECT_EQ(console_output(), "");
}

TEST_F(Console, ReadGivesWhatThereIs)
{
	EXPECT_EQ(read(dom0, 10), 0) << "it never waits";
	type("abc");
	EXPECT_EQ(read(dom0, 2), 2);
	EXPECT_EQ(dom0.get<char>(data_at + 1), 'b');
	EXPECT_EQ(read(dom0, 0), 0);
	EXPECT_EQ(read(dom0, ~0ul), 0);
	EXPECT_EQ(read(dom0, 10), 1);
	EXPECT_EQ(dom0.get<char>(data_at), 'c');
	type(std::string(300, 'z'));
	EXPECT_EQ(read(dom0, 1000), 128);
	EXPECT_EQ(read(dom0, 100), 100);
	EXPECT_EQ(dom0.call(XenCall::ConsoleIo, {1, 10, 0}), no(14));
}

TEST_F(Console, OtherCommandsAndBadBuffers)
{
	EXPECT_EQ(dom0.call(XenCall::ConsoleIo, {2, 1, dom0.handle(data_at)}), no(38));
	EXPECT_EQ(dom0.call(XenCall::ConsoleIo, {0, 1, 0}), no(14));
	EXPECT_EQ(
		dom0.call(XenCall::ConsoleIo, {0, 1, xen::ppc::inline_flag | (limit_pages << 12)}),
		no(14));
	EXPECT_EQ(broken(Rule::XencommFrame), 1U);
}

} // namespace
