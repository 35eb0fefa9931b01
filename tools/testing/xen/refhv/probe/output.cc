/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines to the hypervisor's console, in pieces that every hypervisor takes (ABI 8.6).
 */
#include <abi/console.hh>
#include <abi/sched.hh>

#include <xen/glue.h>

#include "probe/cpu.hh"

namespace probe {

namespace {

/* The only buffer that console_io sees: in one page. */
struct alignas(128) Line {
	char text[abi::console_write_piece + 1];
	u32 used;
};
constinit Line line{};

void flush()
{
	xen_call(abi::XenCall::ConsoleIo, static_cast<u64>(abi::ConsoleOp::Write), line.used,
		 inline_handle(line.text));
	line.used = 0;
}

struct Name {
	s64 code;
	const char *text;
};

constexpr Name xen_names[] = {
	{-1, "-EPERM"},	  {-2, "-ENOENT"},  {-3, "-ESRCH"},  {-11, "-EAGAIN"}, {-12, "-ENOMEM"},
	{-13, "-EACCES"}, {-14, "-EFAULT"}, {-16, "-EBUSY"}, {-17, "-EEXIST"}, {-22, "-EINVAL"},
	{-28, "-ENOSPC"}, {-38, "-ENOSYS"}, {-62, "-ETIME"},
};

constexpr Name papr_names[] = {
	{0, "H_Success"},     {1, "H_Busy"},	       {-1, "H_Hardware"},    {-2, "H_Function"},
	{-3, "H_Privilege"},  {-4, "H_Parameter"},     {-5, "H_Bad_Mode"},    {-6, "H_PTEG_Full"},
	{-7, "H_Not_Found"},  {-8, "H_Reserved_DABR"}, {-11, "H_Permission"}, {-16, "H_Resource"},
	{-18, "H_Rescinded"},
};

template <std::size_t count> void put_named(const Name (&names)[count], s64 code)
{
	for (const Name &name : names)
		if (name.code == code)
			return put(name.text);
	put_signed(code);
}

} // namespace

void put(char c)
{
	line.text[line.used++] = c;
	if (c == '\n' || line.used == abi::console_write_piece)
		flush();
}

void put(const char *text)
{
	while (*text)
		put(*text++);
}

void put(Hex value)
{
	int shift = 60;

	put("0x");
	while (shift && !(value.value >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		put("0123456789abcdef"[(value.value >> shift) & 15]);
}

void put_unsigned(u64 value)
{
	char digits[20];
	u32 n = 0;

	do
		digits[n++] = static_cast<char>('0' + value % 10);
	while (value /= 10);
	while (n)
		put(digits[--n]);
}

void put_signed(s64 value)
{
	if (value < 0)
		put('-');
	put_unsigned(value < 0 ? -static_cast<u64>(value) : static_cast<u64>(value));
}

void put(XenResult value)
{
	put_named(xen_names, value.value);
}

void put(PaprResult value)
{
	put_named(papr_names, value.value);
}

namespace {

[[noreturn]] void shut_down(abi::ShutdownReason reason)
{
	static constinit abi::SchedShutdown argument{};

	ee_off();
	argument.reason.store(static_cast<u32>(reason));
	for (;;)
		xen_call(abi::XenCall::SchedOp, static_cast<u64>(abi::SchedOp::Shutdown),
			 inline_handle(&argument));
}

} // namespace

void fail(const char *why, u64 value)
{
	if (line.used)
		put('\n');
	put("probe: FAILED: ");
	put(why);
	put(' ');
	put(hex(value));
	put('\n');
	shut_down(abi::ShutdownReason::Crash);
}

void power_off()
{
	put("probe: finished\n");
	shut_down(abi::ShutdownReason::Poweroff);
}

} // namespace probe

/* A broken contract of the shared vocabulary is an error of the probe. */
void xen_glue_bug(const char *what, const char *, unsigned int line) noexcept
{
	probe::fail(what, line);
}
