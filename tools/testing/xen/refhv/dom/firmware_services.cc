/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The services of the client interface, with the limits and failures of the historical
 * firmware (ABI 2.2).  What is not in the table fails, as it did there.
 *
 * Most services are about a node that their first argument names: one that does not exist
 * is answered with -1, and the call fails.
 */
#include <libfdt.h>

#include "base/print.hh"
#include "dom/firmware.hh"
#include "machine/cpu.hh"

namespace refhv::firmware {

namespace {

constexpr u64 own_size = 0x100000; /* real-size: what claim refuses */
constexpr u32 most_claims = 64;
/* Bytes of one write or read; the rest is the caller's to repeat. */
constexpr u32 most_moved = 4096;
constexpr u64 most_path = 256, most_name = 64;

struct Claim {
	u32 at, bytes; /* 0 bytes: free */
};
constinit Claim claims[most_claims] = {};

u32 package_of(const void *fdt, int node)
{
	u32 package = 1;

	for (int at = 0; at >= 0 && node >= 0; at = fdt_next_node(fdt, at, nullptr), package++)
		if (at == node)
			return package;
	return 0;
}

int node_of(const void *fdt, u32 package)
{
	int at = package ? 0 : -1;

	for (u32 i = 1; i < package && at >= 0; i++)
		at = fdt_next_node(fdt, at, nullptr);
	return at;
}

/* fail - the call fails and leaves -1 */
bool fail(Client &client)
{
	(void)client.give(failed);
	return false;
}

/* find - node of the path at @at; its arguments, behind a colon, are not looked at */
int find(const Client &client, u32 at)
{
	char path[most_path];
	int length = 0;

	if (!client.read_string(at, path, sizeof(path)))
		return -1;
	while (path[length] && path[length] != ':')
		length++;
	return fdt_path_offset_namelen(client.fdt, path, length);
}

/* give_bytes - to the buffer of arg[@at] and arg[@at + 1]; result: how many there are */
bool give_bytes(Client &client, u32 at, const void *data, u64 bytes)
{
	const u64 count = bytes < client.arg[at + 1] ? bytes : client.arg[at + 1];

	return client.write(client.arg[at], data, count) && client.give(static_cast<u32>(bytes));
}

bool give_path(Client &client)
{
	char path[most_path];

	return !fdt_get_path(client.fdt, client.node, path, sizeof(path)) &&
	       give_bytes(client, 1, path, __builtin_strlen(path));
}

/* give_node - the one that @step leads to from the node that was named */
template <int (*step)(const void *fdt, int node)> bool give_node(Client &client)
{
	return client.give(package_of(client.fdt, step(client.fdt, client.node)));
}

int stay(const void *, int node)
{
	return node;
}

bool peer(Client &client)
{
	if (!client.arg[0])
		return client.give(package_of(client.fdt, 0));
	client.node = node_of(client.fdt, client.arg[0]);
	return client.node >= 0 && give_node<fdt_next_subnode>(client);
}

bool open(Client &client)
{
	return client.give(package_of(client.fdt, client.node) | instance);
}

/* getprop, and getproplen, which has no buffer */
bool getprop(Client &client)
{
	char name[most_name];
	int bytes = 0;
	const void *value = client.read_string(client.arg[1], name, sizeof(name))
				    ? fdt_getprop(client.fdt, client.node, name, &bytes)
				    : nullptr;

	if (!value)
		return fail(client);
	return client.nr_args == 2 ? client.give(static_cast<u32>(bytes))
				   : give_bytes(client, 2, value, static_cast<u64>(bytes));
}

/* 1: the name of the one after arg[1] was written to arg[2]; 0: that was the last */
bool nextprop(Client &client)
{
	char previous[most_name] = "";
	int at;

	if (client.arg[1] && !client.read_string(client.arg[1], previous, sizeof(previous)))
		return false;
	bool found = !previous[0];
	fdt_for_each_property_offset(at, client.fdt, client.node)
	{
		const char *name = nullptr;

		if (!fdt_getprop_by_offset(client.fdt, at, &name, nullptr))
			return false;
		if (found)
			return client.write(client.arg[2], name, __builtin_strlen(name) + 1) &&
			       client.give(1);
		found = !__builtin_strcmp(name, previous);
	}
	return client.give(found ? 0 : failed);
}

bool setprop(Client &client)
{
	char name[most_name];
	const u8 *value = client.memory(client.arg[2], client.arg[3]);
	const bool done =
		value && client.read_string(client.arg[1], name, sizeof(name)) && name[0] &&
		!fdt_setprop(client.fdt, client.node, name, value, static_cast<int>(client.arg[3]));

	return client.give(done ? client.arg[3] : failed);
}

/* The historical one printed, and said -1. */
bool write(Client &client)
{
	const u32 count = client.arg[2] < most_moved ? client.arg[2] : most_moved;
	const u8 *text = client.memory(client.arg[1], count);

	for (u32 i = 0; text && i < count; i++)
		put(static_cast<char>(text[i]));
	return text && client.give(options.historical ? failed : count);
}

bool read(Client &client)
{
	const u32 room = client.arg[2] < most_moved ? client.arg[2] : most_moved;
	u8 *to = client.memory(client.arg[1], room);
	u32 count = 0;

	for (int c; to && count < room && (c = board::getc()) >= 0; count++)
		to[count] = static_cast<u8>(c);
	return to && client.give(count);
}

/*
 * Refused are an alignment, the firmware's own range, a range that begins or ends - its
 * end taken in, as it was in history - inside of a claimed one, and the 65th.  Nothing
 * else is looked at.
 */
bool claim(Client &client)
{
	const u32 at = client.arg[0], bytes = client.arg[1], end = at + bytes;
	const bool own = at < entry + own_size && u64{at} + bytes > entry;
	Claim *room = nullptr;

	for (Claim &each : claims) {
		if (!each.bytes)
			room = &each;
		else if (at - each.at < each.bytes || end - each.at < each.bytes)
			return fail(client);
	}
	if (client.arg[2] || !bytes || own || !room)
		return fail(client);
	*room = {at, bytes};
	return client.give(at);
}

bool release(Client &client)
{
	for (Claim &each : claims)
		if (each.bytes && each.at == client.arg[0] && each.bytes == client.arg[1]) {
			each = {};
			return true;
		}
	return false;
}

bool quiesce(Client &)
{
	return true;
}

bool exit(Client &client)
{
	crash(client.dom, "client interface: exit", 0);
	return false;
}

bool test(Client &client);

/* What the first argument names. */
enum class Subject : u8 { None, Package, Instance, Path };

constexpr struct Service {
	const char *name;
	u32 nr_args, nr_returns; /* exactly so many */
	Subject subject;
	bool (*serve)(Client &);
} services[] = {
	{"test", 1, 1, Subject::None, test},
	{"peer", 1, 1, Subject::None, peer},
	{"child", 1, 1, Subject::Package, give_node<fdt_first_subnode>},
	{"parent", 1, 1, Subject::Package, give_node<fdt_parent_offset>},
	{"finddevice", 1, 1, Subject::Path, give_node<stay>},
	{"instance-to-package", 1, 1, Subject::Instance, give_node<stay>},
	{"canon", 3, 1, Subject::Path, give_path},
	{"package-to-path", 3, 1, Subject::Package, give_path},
	{"instance-to-path", 3, 1, Subject::Instance, give_path},
	{"getproplen", 2, 1, Subject::Package, getprop},
	{"getprop", 4, 1, Subject::Package, getprop},
	{"nextprop", 3, 1, Subject::Package, nextprop},
	{"setprop", 4, 1, Subject::Package, setprop},
	{"open", 1, 1, Subject::Path, open},
	{"write", 3, 1, Subject::Instance, write},
	{"read", 3, 1, Subject::Instance, read},
	{"claim", 3, 1, Subject::None, claim},
	{"release", 2, 0, Subject::None, release},
	{"quiesce", 0, 0, Subject::None, quiesce},
	{"exit", 0, 0, Subject::None, exit},
};

const Service *find_service(const char *name)
{
	for (const Service &each : services)
		if (!__builtin_strcmp(each.name, name))
			return &each;
	return nullptr;
}

/* 0: there is such a service. */
bool test(Client &client)
{
	char name[sizeof(client.service)];

	return client.give(client.read_string(client.arg[0], name, sizeof(name)) &&
					   find_service(name)
				   ? 0
				   : failed);
}

} // namespace

void forget_claims()
{
	for (Claim &each : claims)
		each = {};
}

bool serve(Client &client)
{
	const Service *service = find_service(client.service);
	const u32 handle = client.arg[0];

	if (!service || client.nr_args != service->nr_args ||
	    client.nr_returns != service->nr_returns)
		return false;
	if (service->subject == Subject::Package)
		client.node = node_of(client.fdt, handle);
	else if (service->subject == Subject::Instance)
		client.node = node_of(client.fdt, handle & instance ? handle & ~instance : 0);
	else if (service->subject == Subject::Path)
		client.node = find(client, handle);
	return client.node < 0 ? fail(client) : service->serve(client);
}

} // namespace refhv::firmware
