/* SPDX-License-Identifier: GPL-2.0 */
/* The OF client interface (ABI 2.2): the argument block, and the tree's functions on it. */
#include "probe/of_tree.hh"

#include "probe/guest.hh"

namespace probe {

namespace of {

namespace {

struct Block {
	u32 service, nargs, nreturns;
	u32 cell[2 * max_cells];
};
constinit Block block{};

} // namespace

u32 address(const volatile void *at)
{
	return static_cast<u32>(reinterpret_cast<u64>(at));
}

Answer call(const char *service, u32 nargs, u32 nreturns, const u32 *args)
{
	Answer answer{};

	block.service = address(service);
	block.nargs = nargs;
	block.nreturns = nreturns;
	for (u32 i = 0; i < nargs; i++)
		block.cell[i] = args[i];
	for (u32 i = 0; i < nreturns; i++)
		block.cell[nargs + i] = 0x5a5a5a5a;
	answer.status = static_cast<s32>(probe_of(&block, probe_entry.gpr[5]));
	for (u32 i = 0; i < nreturns; i++)
		answer.cell[i] = static_cast<volatile Block &>(block).cell[nargs + i];
	return answer;
}

} // namespace of

namespace of_tree {

namespace {

Node node(const of::Answer &answer)
{
	if (answer.status != 0 || answer.cell[0] == 0 || answer.cell[0] == ~u32{0})
		return tree::none;
	return answer.cell[0];
}

Node ask(const char *service, u32 argument)
{
	return node(of::call(service, 1, 1, &argument));
}

} // namespace

Node root()
{
	return ask("peer", 0);
}

Node find(const char *path)
{
	return ask("finddevice", of::address(path));
}

Node child(Node of)
{
	return ask("child", static_cast<u32>(of));
}

Node peer(Node of)
{
	return ask("peer", static_cast<u32>(of));
}

s64 get(Node of, const char *property, void *into, u64 room)
{
	const u32 ask_length[] = {static_cast<u32>(of), of::address(property)};
	const of::Answer length = of::call("getproplen", 2, 1, ask_length);

	if (length.status != 0 || length.cell[0] == ~u32{0})
		return -1;
	if (room) {
		const u32 ask_value[] = {static_cast<u32>(of), of::address(property),
					 of::address(into), static_cast<u32>(room)};

		if (of::call("getprop", 4, 1, ask_value).status != 0)
			return -1;
	}
	return length.cell[0];
}

void name(Node of, char *into, u64 room)
{
	static constinit char path[256]{};
	const u32 ask_path[] = {static_cast<u32>(of), of::address(path), sizeof(path) - 1};
	const char *last = path;
	u64 n = 0;

	fill(path, 0, sizeof(path));
	if (of::call("package-to-path", 3, 1, ask_path).status != 0)
		path[0] = 0;
	for (const char *p = path; *p; p++)
		if (*p == '/')
			last = p + 1;
	for (; last[n] && n + 1 < room; n++)
		into[n] = last[n];
	into[n] = 0;
}

bool next_property(Node of, const char *previous, char *into)
{
	const u32 arguments[] = {static_cast<u32>(of), of::address(previous), of::address(into)};
	const of::Answer answer = of::call("nextprop", 3, 1, arguments);

	return answer.status == 0 && answer.cell[0] == 1;
}

} // namespace of_tree

} // namespace probe
