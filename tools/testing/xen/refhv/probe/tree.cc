/* SPDX-License-Identifier: GPL-2.0 */
/* The tree by either start: one question, two back ends. */
#include "probe/tree.hh"

#include "probe/guest.hh"
#include "probe/of_tree.hh"

namespace probe::tree {

Node root()
{
	return of_start() ? of_tree::root() : flat_tree::root();
}

Node find(const char *path)
{
	return of_start() ? of_tree::find(path) : flat_tree::find(path);
}

Node child(Node of)
{
	return of_start() ? of_tree::child(of) : flat_tree::child(of);
}

Node peer(Node of)
{
	return of_start() ? of_tree::peer(of) : flat_tree::peer(of);
}

s64 get(Node of, const char *property, void *into, u64 room)
{
	if (of == none)
		return -1;
	return of_start() ? of_tree::get(of, property, into, room)
			  : flat_tree::get(of, property, into, room);
}

s64 length(Node of, const char *property)
{
	return get(of, property, nullptr, 0);
}

namespace {

/* cell - @bytes of @property from @offset, big-endian */
u64 cell(Node of, const char *property, u64 offset, u64 bytes, u64 otherwise)
{
	static constinit u8 value[512]{};
	const s64 full = get(of, property, value, sizeof(value));
	u64 number = 0;

	if (full < 0 || offset + bytes > static_cast<u64>(full) || offset + bytes > sizeof(value))
		return otherwise;
	for (u64 i = 0; i < bytes; i++)
		number = number << 8 | static_cast<volatile u8 *>(value)[offset + i];
	return number;
}

} // namespace

u64 u32_at(Node of, const char *property, u32 index, u64 otherwise)
{
	return cell(of, property, u64{index} * 4, 4, otherwise);
}

u64 u64_at(Node of, const char *property, u32 index, u64 otherwise)
{
	return cell(of, property, u64{index} * 8, 8, otherwise);
}

bool has_string(Node of, const char *property, const char *text)
{
	static constinit char list[513]{};
	const s64 bytes = get(of, property, list, sizeof(list) - 1);

	if (bytes <= 0 || static_cast<u64>(bytes) >= sizeof(list))
		return false;
	list[bytes] = 0;
	for (const char *p = list; p < list + bytes; p += probe::length(p) + 1)
		if (same(p, text))
			return true;
	return false;
}

void name(Node of, char *into, u64 room)
{
	return of_start() ? of_tree::name(of, into, room) : flat_tree::name(of, into, room);
}

bool next_property(Node of, const char *previous, char *into)
{
	return of_start() ? of_tree::next_property(of, previous, into)
			  : flat_tree::next_property(of, previous, into);
}

} // namespace probe::tree
