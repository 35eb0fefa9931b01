/* SPDX-License-Identifier: GPL-2.0 */
/* The model of event channels (event_model.hh). */
#include "event_model.hh"

#include <abi/sched.hh>

namespace event_world {

namespace {

constexpr u32 last_port = 4095, vcpus = 2, self = 0x7ff0;
constexpr s64 eperm = -1, enoent = -2, esrch = -3, eexist = -17, einval = -22, enospc = -28,
	      enosys = -38;
constexpr u32 guest_actions = 12; /* first step kind that is no operation */

bool per_vcpu(u32 virq)
{
	return virq < 2 || virq == 7;
}

/* Mostly numbers that meet each other, at times any. */
u32 number(const u8 *bytes)
{
	const u32 low = bytes[0], high = bytes[1];

	switch (high >> 5) {
	case 0:
		return high << 27 | low;
	case 1:
		return 4090 + low % 10;
	case 2:
		return low;
	default:
		return low % 10;
	}
}

} // namespace

Model::Side *Model::find(u32 id)
{
	for (Side &side : side_)
		if (side.id == id)
			return &side;
	return nullptr;
}

Model::Side *Model::named(Side &caller, u32 name, s64 &error)
{
	error = 0;
	if (name == self)
		return &caller;
	error = caller.privileged ? esrch : eperm;
	if (!caller.privileged)
		caller.refused += name != caller.id;
	return caller.privileged ? find(name) : nullptr;
}

Model::Answer Model::take(Side &side, const End &end)
{
	u32 port = 1;

	for (const auto &[at, unused] : side.used)
		if (at == port)
			++port;
	if (port > last_port)
		return {enospc};
	side.used[port] = end;
	return {0, port};
}

void Model::select(Side &side, u32 port)
{
	const auto at = side.used.find(port);
	const u32 vcpu = at == side.used.end() ? 0 : at->second.vcpu;

	if (side.selected.insert({vcpu, port / 64}).second)
		side.upcall.insert(vcpu);
}

void Model::mark(Side &side, u32 port)
{
	if (side.pending.insert(port).second && !side.masked.count(port))
		select(side, port);
}

void Model::raise_virq(Side &side, u32 virq, u32 vcpu)
{
	for (const auto &[at, end] : side.used)
		if (end.kind == Kind::Virq && end.number == virq &&
		    (!per_vcpu(virq) || end.vcpu == vcpu))
			return mark(side, at);
}

s64 Model::close(Side &side, u32 port)
{
	const auto at = side.used.find(port);

	if (at == side.used.end())
		return einval;

	const End end = at->second;

	side.used.erase(at);
	if (end.kind == Kind::Interdomain) {
		End &peer = find(end.dom)->used.at(end.number);

		peer.kind = Kind::Unbound;
		peer.dom = side.id;
	}
	return 0;
}

Model::Answer Model::expect(Side &side, u32 command, const u32 (&arg)[3])
{
	const auto at = side.used.find(arg[0]);
	const bool known = at != side.used.end();
	s64 error;

	switch (command) {
	case 0: { /* bind_interdomain: domain, port */
		Side *const peer = find(u16(arg[0]) == self ? side.id : u16(arg[0]));

		if (!peer)
			return {esrch};
		if (side.used.size() == last_port)
			return {enospc};
		const auto other = peer->used.find(arg[1]);
		if (other == peer->used.end() || other->second.kind != Kind::Unbound)
			return {einval};
		if (other->second.dom != side.id) {
			side.refused += peer != &side;
			return {einval};
		}
		const Answer answer = take(side, {Kind::Interdomain, 0, peer->id, arg[1]});
		End &end = peer->used.at(arg[1]);
		end.kind = Kind::Interdomain;
		end.number = answer.port;
		mark(side, answer.port);
		return answer;
	}
	case 1: { /* bind_virq: number, vcpu */
		if (arg[0] > 23 || (!per_vcpu(arg[0]) && arg[1]))
			return {einval};
		if (arg[1] >= vcpus)
			return {enoent};
		for (const auto &[port, end] : side.used)
			if (end.kind == Kind::Virq && end.number == arg[0] &&
			    (!per_vcpu(arg[0]) || end.vcpu == arg[1]))
				return {eexist};
		return take(side, {Kind::Virq, arg[1], 0, arg[0]});
	}
	case 2: /* bind_pirq */
		if (arg[0] > 255)
			return {einval};
		if (!side.privileged)
			return {eperm};
		for (const auto &[port, end] : side.used)
			if (end.kind == Kind::Pirq && end.number == arg[0])
				return {eexist};
		return arg[0] ? take(side, {Kind::Pirq, 0, 0, arg[0]}) : Answer{einval};
	case 3:
		return {close(side, arg[0])};
	case 4: /* send */
		if (!known || at->second.kind == Kind::Pirq || at->second.kind == Kind::Virq)
			return {einval};
		if (at->second.kind == Kind::Interdomain)
			mark(*find(at->second.dom), at->second.number);
		if (at->second.kind == Kind::Ipi)
			mark(side, arg[0]);
		return {0};
	case 6: { /* alloc_unbound: owner, who may bind */
		Side *const owner = named(side, u16(arg[0]), error);

		return owner ? take(*owner, {Kind::Unbound, 0,
					     u16(arg[1]) == self ? side.id : u16(arg[1]), 0})
			     : Answer{error};
	}
	case 7:
		return arg[0] < vcpus ? take(side, {Kind::Ipi, arg[0], 0, 0}) : Answer{enoent};
	case 8: /* bind_vcpu: port, vcpu */
		if (arg[1] >= vcpus)
			return {enoent};
		if (!known || at->second.kind == Kind::Ipi ||
		    (at->second.kind == Kind::Virq && per_vcpu(at->second.number)))
			return {einval};
		at->second.vcpu = arg[1];
		return {0};
	case 9: /* unmask */
		if (arg[0] > last_port)
			return {einval};
		if (side.masked.erase(arg[0]) && side.pending.count(arg[0]))
			select(side, arg[0]);
		return {0};
	case 10: { /* reset */
		Side *const owner = named(side, u16(arg[0]), error);

		while (owner && !owner->used.empty())
			close(*owner, owner->used.begin()->first);
		return {owner ? 0 : error};
	}
	default:
		return {enosys};
	}
}

/* Words as the operation has them: domains are halves of the first one. */
Model::Answer Model::really(u32 d, u32 v, u32 command, const u32 (&arg)[3])
{
	Be<u32> word[3] = {Be<u32>{arg[0]}, Be<u32>{arg[1]}, Be<u32>{~0u}};
	const bool halves = command == 6;
	u32 out = 3; /* index of the word with the bound port */

	if (command == 0 || command == 10)
		word[0] = Be<u32>{arg[0] << 16};
	if (halves)
		word[0] = Be<u32>{arg[0] << 16 | u16(arg[1])};
	if (command <= 2)
		out = 2;
	if (command == 6 || command == 7)
		out = 1;
	if (out == 1)
		word[1] = Be<u32>{~0u};

	const s64 result = w_.call(w_.vcpu(d, v), do_event_channel_op, command, word);

	return {result, out < 3 ? word[out].load() : ~0u};
}

/* What guests do beside their calls, and the way out of refhv. */
std::string Model::guest(u32 d, u32 v, u32 action, u32 port, u32 value)
{
	Side &side = side_[d];
	Vcpu &vcpu = w_.vcpu(d, v);

	port &= last_port;
	switch (action % 7) {
	case 0:
		w_.mask(d, port, true);
		side.masked.insert(port);
		break;
	case 1: /* an upcall handler */
		w_.upcall(d, v) = 0;
		side.upcall.erase(v);
		for (u32 word = 0; word < 64; ++word) {
			w_.select(d, v, word, false);
			side.selected.erase({v, word});
		}
		break;
	case 2:
		w_.set_pending(d, port, false);
		side.pending.erase(port);
		break;
	case 3:
		evtchn::raise_virq(w_.dom(d), value, VcpuId{port});
		if (port < vcpus)
			raise_virq(side, value, port);
		break;
	case 4: { /* the way out, with any vector and MSR */
		constexpr u64 vectors[] = {0xc00, 0x980, 0x500, 0xe80};
		const bool ee = value & 4, deliver = side.upcall.count(v) != 0;

		if (options.race == Race::Event && vectors[value & 3] == 0x980 && !ee)
			raise_virq(side, 1, v);
		vcpu.regs.msr = ee ? msr_open : msr_shut;
		vcpu.regs.pc = 0x1000;
		w_.enter(vcpu, vectors[value & 3]);
		w_.leave(vcpu);
		if ((vcpu.regs.pc == 0x500) != (ee && deliver))
			return "injection";
		break;
	}
	case 5: { /* block, and what ends it */
		const bool sleeps = !side.upcall.count(v);
		u32 naps = 0;

		vcpu.regs.msr = msr_shut; /* RI on: block turns EE on */
		vcpu.timer.deadline = value & 1 ? machine.timebase + value : 0;
		w_.enter(vcpu, 0xc00);
		w_.call(vcpu, do_sched_op, {1});
		machine.on_nap = [&] {
			if (++naps > 2)
				throw SleepsForEver{};
			machine.timebase += value + 1;
		};
		try {
			w_.leave(vcpu);
		} catch (const SleepsForEver &) {
			hypervisor_lock_state.held = 1;
			if (!sleeps || value & 1)
				return "a sleep without end";
		}
		vcpu.blocked = false;
		if (!sleeps && naps)
			return "a nap with an event pending";
		vcpu.regs.msr = msr_shut;
		break;
	}
	case 6: { /* a poll that somebody else's event may end later */
		xen::ppc::SchedPoll arg{};
		const Be<u32> list{port};

		std::memcpy(w_.memory(d, argument_at + 64), &list, sizeof(list));
		arg.ports.store(inline_flag | (argument_at + 64));
		arg.nr_ports.store(1);
		vcpu.regs.msr = msr_shut;
		w_.enter(vcpu, 0xc00);
		if (w_.call(vcpu, do_sched_op, 3, arg))
			return "poll fails";
		if (vcpu.blocked != !side.pending.count(port))
			return "poll";
		vcpu.blocked = false;
		vcpu.poll = Poll::No;
		break;
	}
	}
	return {};
}

std::string Model::compare_status(u32 d, u32 port)
{
	const Side &side = side_[d];
	const auto at = side.used.find(port);
	xen::ppc::EvtchnStatus status{};
	u32 source = 0, peer = 0;

	status.dom.store(u16(side.id));
	status.port.store(port);
	if (w_.call(w_.vcpu(0, 0), do_event_channel_op, 5, status))
		return "status fails";
	if (at == side.used.end())
		return status.status.load() ? "a port that should be closed" : "";

	const End &end = at->second;

	if (status.status.load() != u32(end.kind) || status.vcpu.load() != end.vcpu)
		return "state or vcpu of a port";
	if (end.kind == Kind::Unbound || end.kind == Kind::Interdomain) {
		if (status.u.peer.dom.load() != end.dom)
			return "peer of a port";
		peer = end.kind == Kind::Interdomain ? end.number : 0;
		return status.u.peer.port.load() == peer ? "" : "peer's port";
	}
	source = end.kind == Kind::Ipi ? 0 : end.number;
	return status.u.source.number.load() == source ? "" : "source of a port";
}

std::string Model::compare()
{
	u64 refused = 0;

	for (u32 d = 0; d < 2; ++d) {
		const Side &side = side_[d];
		u8 expected[0xa00] = {};
		const auto set = [&](u32 base, u32 n) {
			expected[base + n / 8 / 8 * 8 + 7 - n / 8 % 8] |= u8(1 << n % 8);
		};

		for (const u32 port : side.pending)
			set(0x600, port);
		for (const u32 port : side.masked)
			set(0x800, port);
		for (const auto &[v, word] : side.selected)
			set(v * 0x30 + 8, word);
		for (const u32 v : side.upcall)
			expected[v * 0x30] = 1;
		if (std::memcmp(expected, w_.shared(d), sizeof(expected)))
			return "shared page of domain " + std::to_string(d);
		for (u32 port = 0; port < 12; ++port)
			if (const std::string wrong = compare_status(d, port); !wrong.empty())
				return wrong;
		refused += side.refused;
	}
	return refused == violations(Rule::PortNotOwned) ? "" : "violations";
}

std::string Model::step(std::span<const u8, 8> bytes)
{
	constexpr u32 names[] = {self, 0, 5, 9, self, 5, 0, 0x7ff1};
	const u32 kind = bytes[0] % 20, d = bytes[1] & 1, v = bytes[1] >> 1 & 1;
	u32 arg[3] = {number(&bytes[2]), number(&bytes[4]), 0};

	options.upcall = bytes[1] & 4 ? Upcall::Prompt : Upcall::Faithful;
	options.race = bytes[1] & 8 ? Race::Event : Race::None;
	machine.kicks.clear();
	machine.on_nap = nullptr;
	if (kind >= guest_actions)
		return guest(d, v, kind - guest_actions, arg[0], arg[1]);
	if (kind == 5)
		return {}; /* status: asked by every comparison */
	if (kind == 0 || kind == 6 || kind == 10)
		arg[0] = names[bytes[2] % 8];
	if (kind == 6)
		arg[1] = names[bytes[4] % 8];

	const Answer wanted = expect(side_[d], kind, arg), got = really(d, v, kind, arg);

	if (wanted.result != got.result)
		return "result " + std::to_string(got.result) + ", not " +
		       std::to_string(wanted.result);
	if (wanted.port != ~0u && wanted.port != got.port)
		return "port " + std::to_string(got.port) + ", not " + std::to_string(wanted.port);
	return machine.kicks.size() > 2 * 2 ? "more kicks than vcpus" : "";
}

std::string Model::run(std::span<const u8> program)
{
	w_.restart();
	for (u32 at = 0; program.size() - at >= 8; at += 8) {
		std::string wrong = step(program.subspan(at).first<8>());

		if (wrong.empty())
			wrong = compare();
		if (!wrong.empty())
			return "step " + std::to_string(at / 8) + " (kind " +
			       std::to_string(program[at] % 20) + "): " + wrong;
	}
	for (u32 d = 0; d < 2; ++d)
		for (u32 port = 12; port <= last_port; ++port)
			if (side_[d].used.count(port) || !(port % 256))
				if (const std::string wrong = compare_status(d, port);
				    !wrong.empty())
					return wrong;
	return {};
}

} // namespace event_world
