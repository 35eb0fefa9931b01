// SPDX-License-Identifier: GPL-2.0
/* Text to and from the hypervisor's console. */
#include "boot_glue.h"
#include "calls_glue.h"
#include "calls_rig.hh"

namespace {

using namespace xen::ppc;
using host::Calls;
using host::efault;
using host::einval;
using host::eio;
using host::kernel;
using host::MappedMemory;
using host::Trapped;
using host::Xen;

class Console : public Calls {
protected:
	std::string written;

	void write_down()
	{
		xen.answer = [this](const Trapped &call) {
			EXPECT_LE(call.arg[1], 127U);
			const auto text = Xen::read(call.arg[2], call.arg[1]);

			written.append(text.begin(), text.end());
			return s64{0};
		};
	}
};

TEST_F(Console, long_text_goes_out_in_pieces)
{
	std::string text(300, 'x');

	text[126] = 'a';
	text[127] = 'b';
	text[299] = 'c';
	write_down();
	EXPECT_EQ(HYPERVISOR_console_io(0, 300, text.data()), 0);
	EXPECT_EQ(written, text);
	/* One more if it crosses a page, which no piece may. */
	EXPECT_GE(xen.calls.size(), 3U);
	EXPECT_LE(xen.calls.size(), 4U);
	for (const Trapped &call : xen.calls)
		EXPECT_LE(call.arg[2] % 4096 + call.arg[1], 4096U);
	written.clear();
	xen_console_write(text.data(), 300);
	EXPECT_EQ(written, text);
}

/* The next page may be anywhere in the machine. */
TEST_F(Console, no_piece_crosses_a_page)
{
	alignas(4096) static char text[2 * 4096];

	for (std::size_t i = 0; i < sizeof text; ++i)
		text[i] = static_cast<char>('a' + i % 26);
	write_down();
	for (int before = 1; before < 130; before += 16) {
		written.clear();
		xen.calls.clear();
		EXPECT_EQ(HYPERVISOR_console_io(0, 200, text + 4096 - before), 0);
		EXPECT_EQ(written, std::string(text + 4096 - before, 200));
		for (const Trapped &call : xen.calls)
			EXPECT_LE(call.arg[2] % 4096 + call.arg[1], 4096U) << before;
	}
	xen.answer = [](const Trapped &call) {
		EXPECT_LE(call.arg[2] % 4096 + call.arg[1], 4096U);
		Xen::write(call.arg[2], std::vector<u8>(5, 'k'));
		return s64{5};
	};
	EXPECT_EQ(HYPERVISOR_console_io(1, 16, text + 4096 - 2), 5);
	EXPECT_EQ(std::string(text + 4096 - 2, 5), "kkkkk");
}

TEST_F(Console, text_in_a_module_goes_out)
{
	MappedMemory memory(2);

	for (std::size_t i = 0; i < 300; ++i)
		*memory.at(4000 + i) = static_cast<u8>('a' + i % 26);
	write_down();
	EXPECT_EQ(HYPERVISOR_console_io(0, 300, reinterpret_cast<char *>(memory.at(4000))), 0);
	EXPECT_EQ(written, std::string(memory.at(4000), memory.at(4000) + 300));
	EXPECT_EQ(kernel.irqs_off_calls, 0U);
}

TEST_F(Console, a_refusal_ends_the_text_and_is_not_printed)
{
	std::string text(300, 'x');

	always(-14);
	EXPECT_EQ(HYPERVISOR_console_io(0, 300, text.data()), efault);
	EXPECT_EQ(xen.calls.size(), 1U);
	xen_console_write(text.data(), 300);
	EXPECT_EQ(xen.calls.size(), 2U);
	EXPECT_TRUE(kernel.refusals.empty());
}

TEST_F(Console, what_was_typed_is_read)
{
	MappedMemory memory(1);
	char near[16] = {};

	xen.answer = [](const Trapped &call) {
		EXPECT_EQ(call.arg[0], 1U);
		EXPECT_EQ(call.arg[1], 16U);
		Xen::write(call.arg[2], std::vector<u8>{'h', 'i'});
		return s64{2};
	};
	EXPECT_EQ(HYPERVISOR_console_io(1, 16, near), 2);
	EXPECT_EQ(std::string(near), "hi");
	EXPECT_EQ(HYPERVISOR_console_io(1, 16, reinterpret_cast<char *>(memory.at(4090 - 16))), 2);
	EXPECT_EQ(*memory.at(4090 - 15), 'i');
}

TEST_F(Console, a_count_beyond_the_buffer_is_no_count)
{
	char near[16];

	always(17);
	EXPECT_EQ(HYPERVISOR_console_io(1, 16, near), eio);
	EXPECT_EQ(HYPERVISOR_console_io(1, -1, near), einval);
}

} // namespace
