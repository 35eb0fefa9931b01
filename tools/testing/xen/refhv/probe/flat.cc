/* SPDX-License-Identifier: GPL-2.0 */
/* A flat tree in memory: nodes are offsets of their begin tokens in the structure block. */
#include "probe/of_tree.hh"

#include "probe/guest.hh"

namespace probe {

namespace flat {

namespace {

constexpr u32 magic = 0xd00dfeed;
constexpr u32 begin_node = 1, end_node = 2, property_token = 3, nop = 4;
/* Words of the header. */
constexpr u32 off_struct = 2, off_strings = 3, off_reserved = 4;

u32 word(u64 offset)
{
	return *reinterpret_cast<const u32 *>(blob() + offset);
}

u32 token(u64 at)
{
	return word(word(off_struct * 4) + at);
}

const char *text(u64 at)
{
	return reinterpret_cast<const char *>(blob() + word(off_struct * 4) + at);
}

u64 round_up(u64 bytes)
{
	return (bytes + 3) & ~u64{3};
}

/* after - the token behind the one at @at */
u64 after(u64 at)
{
	switch (token(at)) {
	case begin_node:
		return at + 4 + round_up(length(text(at + 4)) + 1);
	case property_token:
		return at + 12 + round_up(token(at + 4));
	case end_node:
	case nop:
		return at + 4;
	default:
		fail("flat tree: bad token", token(at));
	}
}

const char *property_name(u64 at)
{
	return reinterpret_cast<const char *>(blob() + word(off_strings * 4) + token(at + 8));
}

/* first_property - the property token at or behind @at, 0: the properties end there */
u64 first_property(u64 at)
{
	while (token(at) == nop)
		at = after(at);
	return token(at) == property_token ? at : 0;
}

/* skip - the token behind the end of the node at @at */
u64 skip(u64 at)
{
	u32 depth = 0;

	do {
		depth += token(at) == begin_node;
		depth -= token(at) == end_node;
		at = after(at);
	} while (depth);
	return at;
}

u64 node_at(u64 at)
{
	while (token(at) == nop)
		at = after(at);
	return token(at) == begin_node ? at : tree::none;
}

/* step - the child of @of whose name, with or without unit, is the @bytes at @name */
Node step(Node of, const char *name, u64 bytes)
{
	for (Node n = flat_tree::child(of); n != tree::none; n = flat_tree::peer(n)) {
		const char *own = text(n + 4);

		if (length(own) >= bytes && same(own, name, bytes) &&
		    (own[bytes] == 0 || own[bytes] == '@'))
			return n;
	}
	return tree::none;
}

} // namespace

const u8 *blob()
{
	const u8 *at = reinterpret_cast<const u8 *>(probe_entry.gpr[3]);

	if (of_start())
		return nullptr;
	if (*reinterpret_cast<const u32 *>(at) != magic)
		for (;;)
			; /* nothing to print with */
	return at;
}

Range reserved(u32 index)
{
	const u64 at = word(off_reserved * 4) + u64{index} * 16;

	return {u64{word(at)} << 32 | word(at + 4), u64{word(at + 8)} << 32 | word(at + 12)};
}

} // namespace flat

namespace flat_tree {

using namespace flat;

Node root()
{
	return node_at(0);
}

Node child(Node of)
{
	u64 at = after(of);

	while (token(at) == property_token || token(at) == nop)
		at = after(at);
	return node_at(at);
}

Node peer(Node of)
{
	return of == root() ? tree::none : node_at(skip(of));
}

Node find(const char *path)
{
	Node n = root();

	while (*path == '/' && n != tree::none) {
		u64 bytes = 0;

		path++;
		while (path[bytes] && path[bytes] != '/')
			bytes++;
		if (bytes)
			n = step(n, path, bytes);
		path += bytes;
	}
	return n;
}

s64 get(Node of, const char *property, void *into, u64 room)
{
	for (u64 at = first_property(after(of)); at; at = first_property(after(at))) {
		const u64 bytes = token(at + 4);

		if (!same(property_name(at), property))
			continue;
		__builtin_memcpy(into, text(at + 12), bytes < room ? bytes : room);
		return static_cast<s64>(bytes);
	}
	return -1;
}

void name(Node of, char *into, u64 room)
{
	const char *own = text(of + 4);
	u64 n = 0;

	for (; own[n] && n + 1 < room; n++)
		into[n] = own[n];
	into[n] = 0;
}

bool next_property(Node of, const char *previous, char *into)
{
	u64 at = first_property(after(of));

	while (at && *previous) {
		const bool here = same(property_name(at), previous);

		at = first_property(after(at));
		if (here)
			break;
	}
	if (!at || length(property_name(at)) > 31)
		return false;
	__builtin_memcpy(into, property_name(at), length(property_name(at)) + 1);
	return true;
}

} // namespace flat_tree

} // namespace probe
