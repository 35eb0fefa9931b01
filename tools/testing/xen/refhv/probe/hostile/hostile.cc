/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hostile probe: every rule broken once, then a million random calls, always the same.
 *
 * Boot arguments: "calls=N" in all instead of 1000000; "ri" ends by an event with EE=1 and
 * RI=0 (rule V17), which crashes the domain, instead of powering off.  With more than one
 * vcpu, two call at once.
 */
#include "probe/events.hh"
#include "probe/hostile/attacker.hh"
#include "probe/hostile/rules.hh"

namespace probe {

namespace {

constexpr u32 collisions = 1000;

constinit hostile::Attacker attackers[2]{};
u64 share;

u64 wanted()
{
	static constexpr char word[] = "calls=";
	u64 n = 0;

	for (const char *p = bootargs(); *p; p++) {
		if (!same(p, word, sizeof(word) - 1))
			continue;
		for (p += sizeof(word) - 1; *p >= '0' && *p <= '9'; p++)
			n = n * 10 + static_cast<u64>(*p - '0');
		return n;
	}
	return 1'000'000;
}

/* Two vcpus in one group of slots at once: rule V18 where calls are not atomic. */
void same_group(u64 frame)
{
	for (u32 i = 0; i < collisions; i++) {
		const Regs regs = mmu::enter(mmu::plain, frame);

		if (!regs.r3)
			(void)mmu::remove(mmu::plain, regs.r4);
	}
}

void collide()
{
	const u64 frame = frame_number(high_pfn(0));

	(void)mmu::slots(); /* asks the tree, which is for one vcpu at a time */
	if (on_vcpu(1, same_group, frame))
		fail("vcpu 1 does not start");
	same_group(frame);
	if (!vcpu_done(1, 60'000))
		fail("vcpu 1 is lost in one group of slots");
}

void other_attacker(u64)
{
	attackers[1].run(share, false);
}

void random_calls()
{
	const u64 count = wanted();
	const bool two = vcpus() > 1;
	u64 calls = 0, leaks = 0, refused = 0;

	hostile::learn();
	attackers[0].prepare(1);
	attackers[1].prepare(2);
	share = two ? count / 2 : count;
	if (two && on_vcpu(1, other_attacker, 0))
		fail("vcpu 1 does not start");
	attackers[0].run(share, true);
	if (two && !vcpu_done(1, 120'000))
		fail("vcpu 1 is lost after calls", attackers[1].calls);
	for (const auto &a : attackers) {
		calls += a.calls;
		leaks += a.leaks;
		refused += a.refused;
	}
	fact("hostile.calls", calls >= count);
	info("hostile.refused", refused);
	fact("hostile.leaks", leaks);
}

/* The end by V17: an event for this vcpu while EE is on and RI off. */
[[noreturn]] void event_without_ri()
{
	u32 port = 0;

	(void)ev::bind_ipi(0, port);
	info("rule.V17", "the domain ends");
	set_msr((get_msr() | msr::ee) & ~msr::ri);
	(void)ev::send(port);
	fail("an event was delivered with RI off");
}

} // namespace

void probe_main()
{
	put("hostile: start\n");
	hostile::break_rules();
	if (vcpus() > 1)
		collide();
	random_calls();
	put("hostile: end\n");
	if (option("ri"))
		event_without_ri();
}

} // namespace probe
