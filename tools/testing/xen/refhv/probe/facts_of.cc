/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about the OF client interface (ABI 2.2).  In a flat start there is none, and none
 * is printed.  Claims are made above the probe and released again, but for the last row.
 */
#include "probe/facts.hh"
#include "probe/view.hh"

namespace probe {

namespace {

using of::Answer;
using of::address;

constexpr u32 minus_one = ~u32{0};
constexpr u32 claims = 64;

constinit char buffer[256]{};

template <class... T> Answer ask(const char *service, u32 nreturns, T... arguments)
{
	const u32 cells[] = {static_cast<u32>(arguments)..., 0};

	return of::call(service, sizeof...(arguments), nreturns, cells);
}

/* result - the first cell of an answer, or that the service failed */
void result(const char *name, const Answer &answer)
{
	if (answer.status == 0)
		return fact(name, static_cast<s32>(answer.cell[0]));
	fact(name, "failed");
}

void put_buffer(const char *name)
{
	/* The firmware wrote the buffer behind the compiler's back. */
	asm volatile("" ::: "memory");
	fact(name, static_cast<const char *>(buffer));
}

u32 chosen()
{
	return static_cast<u32>(tree::find("/chosen"));
}

/* failing - services that always fail; the name is known or not, that is all the same */
void failing()
{
	static constexpr const char *names[] = {
		"seek",		"start-cpu",
		"stop-self",	"idle-self",
		"resume-cpu",	"interpret",
		"set-callback", "set-symbol-lookup",
		"milliseconds", "test-method",
		"map",		"unmap",
		"translate",	"probe-no-such-service",
	};

	for (const char *name : names)
		if (ask(name, 1, 0, 0, 0).status != -1)
			return fact("of.failing", name, " does not fail");
	fact("of.failing", "all return -1");
}

void properties()
{
	static constinit char value[] = "set";
	const Answer set = ask("setprop", 1, chosen(), address("probe,word"), address(value), 4);

	result("of.finddevice.unknown", ask("finddevice", 1, address("/no/such/node")));
	result("of.finddevice.path", ask("finddevice", 1, address("/xen/no-such-child")));
	fact("of.finddevice.known", ask("finddevice", 1, address("/chosen")).status);
	result("of.getproplen.absent", ask("getproplen", 1, chosen(), address("no-such")));
	result("of.getprop.absent",
	       ask("getprop", 1, chosen(), address("no-such"), address(buffer), 4));
	result("of.setprop", set);
	result("of.setprop.length", ask("getproplen", 1, chosen(), address("probe,word")));
	fill(buffer, 0, sizeof(buffer));
	result("of.getprop.cut",
	       ask("getprop", 1, chosen(), address("probe,word"), address(buffer), 2));
	put_buffer("of.getprop.cut.bytes");
	result("of.getprop.bad-node",
	       ask("getprop", 1, 0x7ffffff0, address("name"), address(buffer), 4));
}

void names()
{
	const u32 stdout_handle = static_cast<u32>(tree::u32_at(chosen(), "stdout", 0));
	const u32 stdin_handle = static_cast<u32>(tree::u32_at(chosen(), "stdin", 0));

	fill(buffer, 0, sizeof(buffer));
	(void)ask("package-to-path", 1, chosen(), address(buffer), sizeof(buffer));
	put_buffer("of.package-to-path");
	fill(buffer, 0, sizeof(buffer));
	(void)ask("canon", 1, address("/chosen"), address(buffer), sizeof(buffer));
	put_buffer("of.canon");
	fact("of.chosen.stdin", stdin_handle == stdout_handle ? "is stdout" : "differs");
	fact("of.chosen.cpu", tree::length(chosen(), "cpu"), " bytes");
	fact("of.chosen.mmu", tree::length(chosen(), "mmu"), " bytes");
	fact("of.instance-to-package",
	     ask("instance-to-package", 1, stdout_handle).status == 0 ? "works" : "failed");
	fact("of.instance-to-path",
	     ask("instance-to-path", 1, stdout_handle, address(buffer), sizeof(buffer)).status == 0
		     ? "works"
		     : "failed");
	fact("of.test.known", ask("test", 1, address("getprop")).status);
	fact("of.write", ask("write", 1, stdout_handle, address("of: written\r\n"), 13).status == 0
				 ? "works"
				 : "failed");
	fact("of.read",
	     ask("read", 1, stdin_handle, address(buffer), 8).status == 0 ? "works" : "failed");
	fact("of.open.unknown",
	     ask("open", 1, address("/no/such/node")).status == 0 ? "works" : "failed");
}

/* options - what the firmware says of itself */
void options()
{
	static constinit char text[32]{};
	const tree::Node node = tree::find("/options");

	fill(text, 0, sizeof(text));
	tree::get(node, "real-base", text, sizeof(text) - 1);
	fact("of.options.real-base", static_cast<const char *>(text));
	fill(text, 0, sizeof(text));
	tree::get(node, "real-size", text, sizeof(text) - 1);
	fact("of.options.real-size", static_cast<const char *>(text));
}

void claiming()
{
	constexpr u32 base = 0x1000000, bytes = 0x1000;
	u32 made = 0;

	result("of.claim.align", ask("claim", 1, base, bytes, 0x1000));
	fact("of.claim", hex(ask("claim", 1, base, bytes, 0).cell[0]));
	result("of.claim.twice", ask("claim", 1, base, bytes, 0));
	result("of.claim.firmware", ask("claim", 1, 0x2000000, bytes, 0));
	fact("of.claim.shared-info", ask("claim", 1, rma_bytes() - page_bytes, bytes, 0).status == 0
					     ? "not refused"
					     : "failed");
	fact("of.release", ask("release", 0, base, bytes).status);
	fact("of.claim.again", ask("claim", 1, base, bytes, 0).status);
	(void)ask("release", 0, base, bytes);
	(void)ask("release", 0, rma_bytes() - page_bytes, bytes);
	/* The historical one writes behind its table when that is full. */
	if (!daring())
		return absent("of.claim.most");
	while (made < 2 * claims) {
		const Answer answer = ask("claim", 1, base + made * bytes, bytes, 0);

		if (answer.status != 0 || answer.cell[0] == minus_one)
			break;
		made++;
	}
	fact("of.claim.most", made);
	while (made)
		(void)ask("release", 0, base + --made * bytes, bytes);
}

/* calling - in 64-bit and in 32-bit mode */
void calling()
{
	static constinit u32 block[] = {0, 1, 1, 0, 0};
	const u64 before = get_msr();
	s64 status;

	block[0] = address("peer");
	status = probe_of(block, probe_entry.gpr[5]);
	fact("of.mode.64-bit", static_cast<s32>(status) == 0 && block[4] ? "works" : "fails");
	fact("of.msr", get_msr() == before ? "kept" : "changed");
	block[4] = 0;
	set_msr(before & ~msr::sf);
	status = probe_of(block, probe_entry.gpr[5]);
	set_msr(before | msr::sf);
	fact("of.mode.32-bit", static_cast<s32>(status) == 0 && block[4] ? "works" : "fails");
}

} // namespace

void facts_of()
{
	if (!of_start())
		return;
	failing();
	properties();
	names();
	options();
	claiming();
	calling();
}

} // namespace probe
