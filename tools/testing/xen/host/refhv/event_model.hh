/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Event channels once more, as sets and maps, for random sequences of operations.
 *
 * A program is bytes: operations of two domains, what their guests do to their own pages
 * meanwhile, and exits of refhv.  After each step refhv's answer, both shared pages and
 * the status of every port in use must be as the model has them.  Used by the tests and
 * by the fuzzer.
 */
#ifndef REFHV_EVENT_MODEL_HH
#define REFHV_EVENT_MODEL_HH

#include <map>
#include <set>
#include <span>
#include <string>

#include "event_world.hh"

namespace event_world {

class Model {
public:
	explicit Model(World &world) : w_(world) {}

	/* Runs the program; empty, or what was wrong, in words. */
	std::string run(std::span<const u8> program);

private:
	enum class Kind { Unbound = 1, Interdomain, Pirq, Virq, Ipi }; /* as status has it */
	struct End {
		Kind kind;
		u32 vcpu, dom, number; /* number: peer's port, VIRQ or physical interrupt */
	};
	struct Side {
		u32 id;
		bool privileged;
		std::map<u32, End> used{};
		std::set<u32> pending{}, masked{}, upcall{};
		std::set<std::pair<u32, u32>> selected{}; /* vcpu, word */
		u64 refused = 0;			  /* violations */
	};
	struct Answer {
		s64 result;
		u32 port = ~0u; /* bound by the operation */
	};

	Side *named(Side &caller, u32 name, s64 &error);
	Side *find(u32 id);
	Answer take(Side &side, const End &end);
	void select(Side &side, u32 port);
	void mark(Side &side, u32 port);
	void raise_virq(Side &side, u32 virq, u32 vcpu);
	s64 close(Side &side, u32 port);
	Answer expect(Side &side, u32 command, const u32 (&arg)[3]);
	Answer really(u32 d, u32 v, u32 command, const u32 (&arg)[3]);
	std::string step(std::span<const u8, 8> bytes);
	std::string guest(u32 d, u32 v, u32 action, u32 port, u32 value);
	std::string compare();
	std::string compare_status(u32 d, u32 port);

	World &w_;
	Side side_[2] = {{0, true}, {5, false}};
};

} // namespace event_world

#endif
