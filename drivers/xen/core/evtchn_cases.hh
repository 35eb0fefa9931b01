/* SPDX-License-Identifier: GPL-2.0 */
/* Cases of the event-channel scan: order, bound, masks, and a page that lies. */
#ifndef XEN_CORE_EVTCHN_CASES_HH
#define XEN_CORE_EVTCHN_CASES_HH

#include <xen/core/evtchn.hh>

#include "cases.hh"
#include "evtchn_program.hh"

namespace xen::cases::evtchn_scan {

using namespace xen::evtchn;

/* One vcpu, its share of the page, and who was handed out, in order. */
struct Rig {
	static constexpr unsigned int room = 2 * ports;

	Bitmaps maps;
	Shared<std::uint64_t> selector;
	Scanner scanner;
	Scanner other;
	unsigned int count;
	std::uint16_t handed[room];
	std::uint8_t times[ports];

	/* As Xen does it. */
	void raise(Port port) noexcept
	{
		maps.set_pending(port);
		if (!maps.masked(port))
			selector.fetch_or(std::uint64_t{1} << word_of(port).raw());
	}

	void note(Port port) noexcept
	{
		if (count < room)
			handed[count] = static_cast<std::uint16_t>(port.raw());
		++count;
		if (port.raw() < ports && times[port.raw()] < 255)
			++times[port.raw()];
	}

	/* A pass whose handlers clear their port and then do @more. */
	template <class More> bool pass(Scanner &who, unsigned int most, More &&more) noexcept
	{
		LivePage page{maps, selector};

		return who.scan(page, most, [&](Port port) noexcept {
			note(port);
			maps.clear_pending(port);
			more(port);
		});
	}
	bool pass(unsigned int most) noexcept
	{
		return pass(scanner, most, [](Port) noexcept {});
	}

	/* Was this port the nth of all? */
	[[nodiscard]] bool was(unsigned int nth, unsigned int port) const noexcept
	{
		return nth < count && nth < room && handed[nth] == port;
	}
};

inline constinit Rig rig{};
inline constinit EvtchnProgram program{};

inline Rig &fresh() noexcept
{
	__builtin_memset(static_cast<void *>(&rig), 0, sizeof(rig));
	return rig;
}

inline Rig &all_bound() noexcept
{
	fresh();
	for (std::uint32_t port = 0; port < ports; ++port)
		rig.scanner.bind(Port{port});
	return rig;
}

XEN_CASE(every_port_is_found)
{
	for (std::uint32_t port = 0; port < ports; ++port) {
		Rig &r = fresh();

		r.scanner.bind(Port{port});
		r.raise(Port{port});
		CHECK(!r.pass(1));
		CHECK_EQ(r.count, 1U);
		CHECK(r.was(0, port));
		CHECK(!r.maps.pending(Port{port}));
	}
}

XEN_CASE(only_numbers_of_the_abi_exist)
{
	CHECK(exists(opaque(Port{0})));
	CHECK(exists(opaque(Port{4095})));
	CHECK(!exists(opaque(Port{4096})));
	CHECK(!exists(opaque(Port{~0U})));
	CHECK_EQ(after(opaque(Port{4095})), Port{0});
}

XEN_CASE(all_ports_at_once_come_once_and_in_order)
{
	Rig &r = all_bound();

	for (std::uint32_t port = 0; port < ports; ++port)
		r.raise(Port{port});
	CHECK(!r.pass(ports));
	CHECK_EQ(r.count, ports);
	for (unsigned int i = 0; i < ports; ++i)
		CHECK(r.was(i, i));
}

XEN_CASE(a_pass_ends_at_its_bound_and_the_next_resumes)
{
	Rig &r = all_bound();
	unsigned int passes = 1;

	for (std::uint32_t port = 0; port < ports; ++port)
		r.raise(Port{port});
	while (r.pass(100)) {
		CHECK_EQ(r.count, 100 * passes);
		++passes;
	}
	/* Nothing was raised after the first pass: what it left is in no selector. */
	CHECK_EQ(r.count, ports);
	CHECK_EQ(passes, (ports + 99) / 100);
	for (unsigned int i = 0; i < ports; ++i)
		CHECK(r.was(i, i));
	CHECK_EQ(r.scanner.counters().resumed, passes - 1);
}

XEN_CASE(exactly_the_bound_leaves_nothing)
{
	Rig &r = all_bound();

	for (std::uint32_t port = 60; port < 68; ++port)
		r.raise(Port{port});
	CHECK(!r.pass(8));
	CHECK_EQ(r.count, 8U);
	CHECK_EQ(r.scanner.counters().resumed, 0U);
}

XEN_CASE(a_pass_begins_behind_the_last_port)
{
	Rig &r = all_bound();

	r.raise(Port{130});
	CHECK(!r.pass(10));
	for (const unsigned int port : {0U, 128U, 130U, 131U, 191U, 192U, 4095U})
		r.raise(Port{port});
	CHECK(!r.pass(10));
	/* The upper part of the word, the other words round the ring, the lower part. */
	const unsigned int order[] = {130, 131, 191, 192, 4095, 0, 128, 130};

	CHECK_EQ(r.count, 8U);
	for (unsigned int i = 0; i < 8; ++i)
		CHECK(r.was(i, order[i]));
}

XEN_CASE(a_busy_port_starves_no_other)
{
	Rig &r = all_bound();
	const auto busy = [&r](Port port) noexcept {
		if (port == Port{70})
			r.raise(port);
	};

	for (const unsigned int port : {69U, 70U, 71U, 1000U, 4095U, 0U})
		r.raise(Port{port});
	/* One port in a pass: after as many passes as there are ports each had its turn. */
	for (unsigned int i = 0; i < 6; ++i)
		CHECK(r.pass(r.scanner, 1, busy));
	for (const unsigned int port : {69U, 70U, 71U, 1000U, 4095U, 0U})
		CHECK_EQ(r.times[port], 1);
}

XEN_CASE(a_raised_port_comes_once_in_a_pass)
{
	Rig &r = all_bound();

	r.raise(Port{5});
	r.raise(Port{63});
	r.raise(Port{64});
	/* For ever: the pass is over nevertheless. */
	CHECK(!r.pass(r.scanner, ports, [&r](Port port) noexcept { r.raise(port); }));
	CHECK_EQ(r.count, 3U);
	CHECK_EQ(r.times[5], 1);
	CHECK_EQ(r.times[63], 1);
	CHECK_EQ(r.times[64], 1);
	/* And nothing of it is lost. */
	CHECK(!r.pass(ports));
	CHECK_EQ(r.count, 6U);
}

XEN_CASE(handlers_raise_what_is_ahead)
{
	Rig &r = all_bound();

	r.raise(Port{10});
	CHECK(!r.pass(r.scanner, ports, [&r](Port port) noexcept {
		if (port == Port{10}) {
			r.raise(Port{11});
			r.raise(Port{9});
		}
	}));
	CHECK_EQ(r.count, 2U);
	CHECK(r.was(1, 11));
	CHECK(!r.pass(ports));
	CHECK(r.was(2, 9));
}

XEN_CASE(masked_ports_stay_pending)
{
	Rig &r = all_bound();

	r.maps.mask(Port{700});
	r.raise(Port{700});
	r.raise(Port{701});
	CHECK(!r.pass(ports));
	CHECK_EQ(r.count, 1U);
	CHECK(r.was(0, 701));
	CHECK(r.maps.pending(Port{700}));
	CHECK(r.maps.masked(Port{700}));
}

XEN_CASE(a_handler_masks_the_next_port)
{
	Rig &r = all_bound();

	for (const unsigned int port : {20U, 21U, 22U, 90U})
		r.raise(Port{port});
	CHECK(!r.pass(r.scanner, ports, [&r](Port port) noexcept {
		if (port == Port{20}) {
			r.maps.mask(Port{21});
			r.maps.mask(Port{90});
		}
	}));
	CHECK_EQ(r.count, 2U);
	CHECK(r.was(1, 22));
	CHECK(r.maps.pending(Port{21}));
}

XEN_CASE(a_port_comes_where_it_is_bound)
{
	Rig &r = fresh();

	r.scanner.bind(Port{33});
	r.other.bind(Port{34});
	r.raise(Port{33});
	r.raise(Port{34});
	r.raise(Port{35});
	CHECK(!r.pass(ports));
	CHECK_EQ(r.count, 1U);
	CHECK(r.was(0, 33));
	/* The selector of the other vcpu, which Xen sets. */
	r.raise(Port{34});
	CHECK(!r.pass(r.other, ports, [](Port) noexcept {}));
	CHECK_EQ(r.count, 2U);
	CHECK(r.was(1, 34));
	CHECK(r.maps.pending(Port{35}));

	r.scanner.unbind(Port{33});
	r.other.bind(Port{33});
	r.raise(Port{33});
	CHECK(!r.pass(ports));
	CHECK_EQ(r.count, 2U);
	CHECK(r.maps.pending(Port{33}));
	CHECK(!r.scanner.bound(Port{33}));
	r.other.unbind_all();
	r.raise(Port{33});
	CHECK(!r.pass(r.other, ports, [](Port) noexcept {}));
	CHECK_EQ(r.count, 2U);
}

XEN_CASE(a_handler_closes_the_next_port)
{
	Rig &r = all_bound();

	r.raise(Port{40});
	r.raise(Port{41});
	CHECK(!r.pass(r.scanner, ports, [&r](Port port) noexcept {
		if (port == Port{40})
			r.scanner.unbind(Port{41});
	}));
	CHECK_EQ(r.count, 1U);
}

XEN_CASE(selected_words_may_be_empty)
{
	Rig &r = all_bound();

	r.selector.fetch_or(~std::uint64_t{0});
	CHECK(!r.pass(ports));
	CHECK_EQ(r.count, 0U);
	CHECK_EQ(r.selector.load(), 0U);
	CHECK_EQ(r.scanner.counters().empty, 1U);
	CHECK_EQ(r.scanner.counters().passes, 1U);
	CHECK_EQ(r.scanner.counters().events, 0U);
}

XEN_CASE(words_are_looked_at_only_when_selected)
{
	Rig &r = all_bound();

	r.maps.set_pending(Port{100});
	CHECK(!r.pass(ports));
	CHECK_EQ(r.count, 0U);
	r.selector.fetch_or(2);
	CHECK(!r.pass(ports));
	CHECK_EQ(r.count, 1U);
}

XEN_CASE(an_event_during_the_pass_is_not_lost)
{
	Rig &r = all_bound();

	r.raise(Port{300});
	/* Behind the scan: Xen selects its word again, which the next pass takes. */
	CHECK(!r.pass(r.scanner, ports, [&r](Port) noexcept { r.raise(Port{299}); }));
	CHECK_EQ(r.times[299], 0);
	CHECK_EQ(r.selector.load(), std::uint64_t{1} << 4);
	CHECK(!r.pass(ports));
	CHECK_EQ(r.times[299], 1);
}

XEN_CASE(ports_that_stay_pending_end_the_loop_too)
{
	Rig &r = all_bound();
	LivePage page{r.maps, r.selector};
	unsigned int passes = 1;

	/* Begin inside a word. */
	r.raise(Port{99});
	CHECK(!r.pass(1));
	r.times[99] = 0;
	for (std::uint32_t port = 0; port < ports; ++port)
		r.raise(Port{port});
	/* Handlers that do not clear their port: once round there is an end. */
	while (passes < 2 * ports &&
	       r.scanner.scan(page, 50, [&r](Port port) noexcept { r.note(port); }))
		++passes;
	CHECK(passes <= (ports + bits_per_word + 49) / 50);
	for (std::uint32_t port = 0; port < ports; ++port)
		CHECK(r.times[port] == 1 || (r.times[port] == 2 && port / bits_per_word == 1));
}

XEN_CASE(unmasking_asks_for_help_when_pending)
{
	Rig &r = fresh();

	r.maps.mask(Port{65});
	r.maps.mask(Port{66});
	CHECK(r.maps.unmask_unless_pending(Port{65}));
	CHECK(!r.maps.masked(Port{65}));
	CHECK(r.maps.masked(Port{66}));
	r.maps.set_pending(Port{66});
	CHECK(!r.maps.unmask_unless_pending(Port{66}));
	CHECK(r.maps.masked(Port{66}));
	CHECK(r.maps.pending(Port{66}));
	r.maps.clear_pending(Port{66});
	CHECK(r.maps.unmask_unless_pending(Port{66}));
	CHECK_EQ(r.selector.load(), 0U);
}

XEN_CASE(bits_are_where_the_abi_has_them)
{
	Rig &r = fresh();
	std::uint64_t words_now[128];

	r.maps.set_pending(Port{0});
	r.maps.set_pending(Port{130});
	r.maps.mask(Port{4095});
	__builtin_memcpy(words_now, static_cast<const void *>(&r.maps), sizeof(words_now));
	CHECK_EQ(words_now[0], 1U);
	CHECK_EQ(words_now[2], 4U);
	CHECK_EQ(words_now[127], std::uint64_t{1} << 63);
}

/* A page of a hypervisor that flips every word between two reads. */
struct Flipping {
	unsigned int reads = 0;
	bool masks = false;

	std::uint64_t take_selector() noexcept { return ~std::uint64_t{0}; }
	std::uint64_t pending(PortWord) noexcept
	{
		return ++reads % 2 != 0 ? 0xaaaaaaaaaaaaaaaa : 0x5555555555555555;
	}
	std::uint64_t masked(PortWord) noexcept
	{
		return masks && reads % 3 == 0 ? ~std::uint64_t{0} : 0;
	}
};

XEN_CASE(a_page_that_changes_between_reads)
{
	for (const bool masks : {false, true}) {
		Rig &r = all_bound();
		Flipping page{0, masks};

		r.scanner.unbind(Port{77});
		for (unsigned int pass = 0; pass < 3; ++pass) {
			for (std::uint8_t &times : r.times)
				times = 0;
			r.count = 0;
			page.reads = 0;

			const bool more = r.scanner.scan(
				page, 100, [&r](Port port) noexcept { r.note(port); });

			CHECK(more);
			CHECK_EQ(r.count, 100U);
			CHECK(page.reads <= r.count + words + 2);
			for (std::uint32_t port = 0; port < ports; ++port)
				CHECK(r.times[port] <= 1);
			CHECK_EQ(r.times[77], 0);
		}
		/* With a bound that it never reaches: each port comes once. */
		r.count = 0;
		page.reads = 0;
		CHECK(!r.scanner.scan(page, 2 * ports, [&r](Port port) noexcept { r.note(port); }));
		CHECK(r.count <= ports);
		CHECK(page.reads <= ports + words + 2);
	}
}

XEN_CASE(random_programs_agree_with_the_model)
{
	static constinit std::uint8_t bytes[400];
	std::uint64_t x = 0x2545f4914f6cdd1d;
	EvtchnTally all{};

	for (unsigned int run = 0; run < 150; ++run) {
		for (std::uint8_t &byte : bytes) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			byte = static_cast<std::uint8_t>(x >> 24);
		}
		program.run(cx, bytes);
		all.handed += program.tally().handed;
		all.resumed += program.tally().resumed;
		all.remasked += program.tally().remasked;
		all.hostile += program.tally().hostile;
	}
	/* They did something. */
	CHECK(all.handed > 1000);
	CHECK(all.resumed > 20);
	CHECK(all.remasked > 20);
	CHECK(all.hostile > 1000);
}

inline constexpr Case all[] = {
	XEN_LIST(every_port_is_found),
	XEN_LIST(only_numbers_of_the_abi_exist),
	XEN_LIST(all_ports_at_once_come_once_and_in_order),
	XEN_LIST(a_pass_ends_at_its_bound_and_the_next_resumes),
	XEN_LIST(exactly_the_bound_leaves_nothing),
	XEN_LIST(a_pass_begins_behind_the_last_port),
	XEN_LIST(a_busy_port_starves_no_other),
	XEN_LIST(a_raised_port_comes_once_in_a_pass),
	XEN_LIST(handlers_raise_what_is_ahead),
	XEN_LIST(masked_ports_stay_pending),
	XEN_LIST(a_handler_masks_the_next_port),
	XEN_LIST(a_port_comes_where_it_is_bound),
	XEN_LIST(a_handler_closes_the_next_port),
	XEN_LIST(selected_words_may_be_empty),
	XEN_LIST(words_are_looked_at_only_when_selected),
	XEN_LIST(an_event_during_the_pass_is_not_lost),
	XEN_LIST(ports_that_stay_pending_end_the_loop_too),
	XEN_LIST(unmasking_asks_for_help_when_pending),
	XEN_LIST(bits_are_where_the_abi_has_them),
	XEN_LIST(a_page_that_changes_between_reads),
	XEN_LIST(random_programs_agree_with_the_model),
};
inline constexpr Suite suite{"evtchn", all};

} // namespace xen::cases::evtchn_scan

#endif
