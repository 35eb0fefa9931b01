/* SPDX-License-Identifier: GPL-2.0 */
/* refhv's command line. */
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "base/options.hh"
#include "machine.hh"

namespace {

using namespace refhv;

/* The word that parse_options() stops at, "" if none. */
std::string stops_at(const std::string &text)
{
	rig::reset();
	const char *at = parse_options(text.c_str());
	return at ? std::string(at, std::strcspn(at, " ")) : "";
}

bool taken(const std::string &text)
{
	return stops_at(text).empty();
}

TEST(Options, none)
{
	EXPECT_TRUE(taken(""));
	EXPECT_TRUE(taken("   "));
	EXPECT_EQ(options.mode, Mode::Translated);
	EXPECT_EQ(options.rma_mb, 64u);
	EXPECT_STREQ(options.guest, "");
}

TEST(Options, all)
{
	ASSERT_EQ(stops_at("mode=direct rma=256 mem=4096 vcpus=3 upcall=prompt start=of "
			   "quirks=historical race=event trace=hcall,mem canary srr=keep "
			   "domu=0x30000000:65536:256:2 domu-first fault=memory_op:3:-12 -- root=/dev/ram0 x"),
		  "");
	EXPECT_EQ(options.mode, Mode::Direct);
	EXPECT_EQ(options.rma_mb, 256u);
	EXPECT_EQ(options.mem_mb, 4096u);
	EXPECT_EQ(options.vcpus, 3u);
	EXPECT_EQ(options.upcall, Upcall::Prompt);
	EXPECT_EQ(options.start, Start::OpenFirmware);
	EXPECT_TRUE(options.historical && options.canary && options.keep_srr);
	EXPECT_EQ(options.race, Race::Event);
	EXPECT_TRUE(options.trace_hcall && options.trace_mem && !options.trace_event);
	EXPECT_EQ(options.domu_address, 0x30000000u);
	EXPECT_EQ(options.domu_bytes, 65536u);
	EXPECT_EQ(options.domu_mb, 256u);
	EXPECT_EQ(options.domu_vcpus, 2u);
	EXPECT_TRUE(options.domu_first);
	EXPECT_STREQ(options.guest, "root=/dev/ram0 x");
}

TEST(Options, the_last_one_counts)
{
	ASSERT_TRUE(taken("mode=direct mode=translated  start=of start=flat"));
	EXPECT_EQ(options.mode, Mode::Translated);
	EXPECT_EQ(options.start, Start::Flat);
}

TEST(Options, names_what_it_does_not_know)
{
	for (const char *word : {"mode=both",
				 "mode=",
				 "mode",
				 "rma=32",
				 "rma=64M",
				 "rma=0x",
				 "mem=0",
				 "mem=63",
				 "mem=1048577",
				 "mem=-1",
				 "mem=99999999999999999999999",
				 "mem=12q",
				 "mem=18446744073709551744",
				 "mem=0x10000000000000080",
				 "vcpus=0",
				 "vcpus=5",
				 "upcall=never",
				 "start=",
				 "quirks=modern",
				 "quirks=historical2",
				 "canary1",
				 "race=none",
				 "trace=",
				 "trace=all",
				 "trace=hcall,all",
				 "srr=lose",
				 "domu=1",
				 "domu=1:2",
				 "domu=1:2:3",
				 "domu=0:1:64:1",
				 "domu=1:0:64:1",
				 "domu=1:18446744073709551618:64:1",
				 "domu=0xffffffffffffffff:2:64:1",
				 "domu=1:1:0:1",
				 "domu=1:1:64:0",
				 "domu=1:1:64:5",
				 "domu=1:1:64:1:1",
				 "fault=",
				 "fault=x",
				 "fault=x:1",
				 "fault=:1:1",
				 "fault=x:1:",
				 "fault=x:1:-",
				 "fault=x:y:1",
				 "fault=x:1:9223372036854775808",
				 "fault=abcdefghijklmnopqrstuvwxyz0123456:1:1",
				 "nonsense",
				 "-",
				 "---"})
		EXPECT_EQ(stops_at(std::string("canary ") + word + " vcpus=1"), word);
}

TEST(Options, guests_text)
{
	ASSERT_TRUE(taken("-- mode=never -- quiet"));
	EXPECT_STREQ(options.guest, "mode=never -- quiet");
	ASSERT_TRUE(taken("canary --"));
	EXPECT_STREQ(options.guest, "");
	ASSERT_TRUE(taken("-- " + std::string(1023, 'a')));
	EXPECT_EQ(std::strlen(options.guest), 1023u);
	EXPECT_FALSE(taken("-- " + std::string(1024, 'a')));
}

/* The historical firmware had room for so much. */
TEST(Options, guests_text_in_history)
{
	ASSERT_TRUE(taken("quirks=historical -- " + std::string(400, 'a')));
	EXPECT_EQ(std::strlen(options.guest), 255u);
	ASSERT_TRUE(taken("quirks=historical -- " + std::string(255, 'a')));
	EXPECT_EQ(std::strlen(options.guest), 255u);
	EXPECT_FALSE(taken("quirks=historical -- " + std::string(1024, 'a')));
}

TEST(Options, faults)
{
	s64 code = 0;

	ASSERT_TRUE(taken("fault=H_ENTER:2:-6 fault=memory_op:0:-12 fault=H_ENTER:3:0x1"));
	EXPECT_FALSE(inject_fault("H_ENTER", &code));
	EXPECT_FALSE(inject_fault("H_ENTE", &code));
	EXPECT_FALSE(inject_fault("", &code));
	EXPECT_TRUE(inject_fault("H_ENTER", &code));
	EXPECT_EQ(code, -6);
	EXPECT_TRUE(inject_fault("H_ENTER", &code));
	EXPECT_EQ(code, 1);
	EXPECT_FALSE(inject_fault("H_ENTER", &code));
	for (int i = 0; i < 5; ++i) {
		EXPECT_TRUE(inject_fault("memory_op", &code));
		EXPECT_EQ(code, -12);
	}
	ASSERT_TRUE(taken("fault=x:1:-1 fault=x:0:-2"));
	EXPECT_TRUE(inject_fault("x", &code));
	EXPECT_EQ(code, -1);
	EXPECT_TRUE(inject_fault("x", &code));
	EXPECT_EQ(code, -2);
	EXPECT_EQ(stops_at("fault=a:1:1 fault=b:1:1 fault=c:1:1 fault=d:1:1 fault=e:1:1"),
		  "fault=e:1:1");
}

/* Each word says once that it made a call fail; one that made none fail says nothing. */
TEST(Options, faults_are_told)
{
	s64 code = 0;

	ASSERT_TRUE(taken("fault=H_ENTER:2:-6 fault=memory_op:0:-12 fault=x:1:-1 fault=x:0:-2"));
	EXPECT_FALSE(inject_fault("H_ENTER", &code));
	EXPECT_EQ(rig::machine.console, "");
	EXPECT_TRUE(inject_fault("H_ENTER", &code));
	EXPECT_EQ(rig::machine.console, "refhv: fault H_ENTER:2\n");
	EXPECT_FALSE(inject_fault("H_ENTER", &code));
	EXPECT_FALSE(inject_fault("sched_op", &code));
	EXPECT_EQ(rig::machine.console, "refhv: fault H_ENTER:2\n");

	rig::machine.console.clear();
	for (int i = 0; i < 3; ++i)
		EXPECT_TRUE(inject_fault("memory_op", &code));
	EXPECT_EQ(rig::machine.console, "refhv: fault memory_op:0\n");

	/* The second word for x counts the first call and does not fail it. */
	rig::machine.console.clear();
	EXPECT_TRUE(inject_fault("x", &code));
	EXPECT_EQ(rig::machine.console, "refhv: fault x:1\n");
	EXPECT_TRUE(inject_fault("x", &code));
	EXPECT_EQ(rig::machine.console, "refhv: fault x:1\nrefhv: fault x:0\n");
}

} // namespace
