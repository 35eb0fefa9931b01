// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes are operations on the event channels of two domains of refhv
 * (tools/testing/xen/host/refhv/event_model.hh).
 *
 * Besides agreeing with the model at every step, at the end both ends of every channel
 * must name each other, and what says where a VIRQ or interrupt is bound must be true.
 */
#include <cstdio>
#include <cstdlib>

#include "event_model.hh"

namespace {

using namespace event_world;

void require(bool holds, const char *what)
{
	if (holds)
		return;
	std::fprintf(stderr, "event channels: %s\n", what);
	std::abort();
}

void check(const Domain &dom)
{
	for (u32 port = 0; port < nr_ports; ++port) {
		const Channel &end = dom.events.channel[port];

		require((end.state == PortState::Reserved) == (port == 0),
			"port 0 alone is reserved");
		require(end.vcpu < dom.nr_vcpus, "the notified vcpu is there");
		if (end.state == PortState::Interdomain) {
			const Domain *const peer = find_domain(end.remote);

			require(peer && end.remote_port < nr_ports, "the peer is there");

			const Channel &other = peer->events.channel[end.remote_port];

			require(other.state == PortState::Interdomain && other.remote == dom.id &&
					other.remote_port == port,
				"a pair is symmetric");
		}
		if (end.state == PortState::Pirq)
			require(dom.events.pirq_port[end.remote_port] == port, "a bound interrupt");
	}
	for (const u16 port : dom.events.pirq_port)
		require(!port || dom.events.channel[port].state == PortState::Pirq,
			"an interrupt's port");
	for (u32 v = 0; v < dom.nr_vcpus; ++v)
		for (u32 virq = 0; virq < nr_virqs; ++virq)
			if (const u64 port = dom.vcpu[v].virq_port[virq])
				require(dom.events.channel[port].state == PortState::Virq &&
						dom.events.channel[port].remote_port == virq,
					"a VIRQ's port");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	static World &world = *new World;
	const std::string wrong = Model(world).run({data, size});

	require(wrong.empty(), wrong.c_str());
	check(world.dom(0));
	check(world.dom(1));
	return 0;
}
