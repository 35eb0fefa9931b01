/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command line: one row for each word, every value checked.
 *
 * A word may come twice: the last one counts, but for fault=, of which each takes a row
 * of its own.  The text is the user's, not a guest's, and still never trusted for length.
 */
#include "base/options.hh"

#include <bit>

#include "base/print.hh"
#include "base/text.hh"

namespace refhv {

constinit Options options = {};

namespace {

constexpr u64 max_mb = 1ul << 20;
constexpr u64 historical_bootargs = 255; /* bytes of dom0's command line; the rest was cut off */

/* is - @word is @name: @option becomes @value */
template <class T> bool is(Text word, const char *name, T &option, T value)
{
	if (!word.is(name))
		return false;
	option = value;
	return true;
}

/* begins - @word begins with @name, which is cut off */
bool begins(Text &word, const char *name)
{
	if (!word.starts(name))
		return false;
	word.drop(__builtin_strlen(name));
	return true;
}

bool set_fault(Text text)
{
	const Text name = text.take(':'), nth = text.take(':');
	const bool minus = begins(text, "-");
	u64 code;

	for (Fault &fault : options.fault) {
		if (fault.name[0])
			continue;
		if (!name.size || name.size >= sizeof(fault.name) || !nth.number(fault.nth) ||
		    !text.number(code, 0, all_ones >> 1))
			return false;
		fault.code = minus ? -static_cast<s64>(code) : static_cast<s64>(code);
		__builtin_memcpy(fault.name, name.at, name.size);
		return true;
	}
	return false;
}

bool set_trace(Text list)
{
	bool right = list.size;

	while (list.size && right) {
		const Text word = list.take(',');

		right = is(word, "hcall", options.trace_hcall, true) ||
			is(word, "event", options.trace_event, true) ||
			is(word, "mem", options.trace_mem, true);
	}
	return right;
}

bool set_domu(Text text)
{
	return text.take(':').number(options.domu_address, 1) &&
	       text.take(':').number(options.domu_bytes, 1, all_ones - options.domu_address) &&
	       text.take(':').number(options.domu_mb, 1, max_mb) &&
	       text.number(options.domu_vcpus, 1, max_vcpus);
}

bool understood(Text word)
{
	Options &o = options;

	if (begins(word, "rma="))
		return word.number(o.rma_mb, 64, 256) && std::has_single_bit(o.rma_mb);
	if (begins(word, "mem="))
		return word.number(o.mem_mb, 64, max_mb);
	if (begins(word, "vcpus="))
		return word.number(o.vcpus, 1, max_vcpus);
	if (begins(word, "fault="))
		return set_fault(word);
	if (begins(word, "trace="))
		return set_trace(word);
	if (begins(word, "domu="))
		return set_domu(word);
	return !word.size || is(word, "mode=translated", o.mode, Mode::Translated) ||
	       is(word, "mode=direct", o.mode, Mode::Direct) ||
	       is(word, "upcall=faithful", o.upcall, Upcall::Faithful) ||
	       is(word, "upcall=prompt", o.upcall, Upcall::Prompt) ||
	       is(word, "start=of", o.start, Start::OpenFirmware) ||
	       is(word, "start=flat", o.start, Start::Flat) ||
	       is(word, "race=hpt", o.race, Race::Hpt) ||
	       is(word, "race=timer", o.race, Race::Timer) ||
	       is(word, "race=event", o.race, Race::Event) ||
	       is(word, "quirks=historical", o.historical, true) ||
	       is(word, "domu-first", o.domu_first, true) || is(word, "canary", o.canary, true) ||
	       is(word, "srr=keep", o.keep_srr, true);
}

bool set_guest(Text line)
{
	if (line.size >= sizeof(options.guest))
		return false;
	if (options.historical && line.size > historical_bootargs)
		line.size = historical_bootargs;
	__builtin_memcpy(options.guest, line.at, line.size);
	options.guest[line.size] = 0;
	return true;
}

/* tell - print once that @fault came: of one that makes each call fail there would be no end */
void tell(Fault &fault)
{
	if (!fault.told)
		print("refhv: fault ", fault.name, ":", fault.nth, "\n");
	fault.told = true;
}

} // namespace

const char *parse_options(const char *text)
{
	Text rest{text, __builtin_strlen(text)};

	while (rest.size) {
		const Text word = rest.take(' ');

		if (word.is("--"))
			return set_guest(rest) ? nullptr : rest.at;
		if (!understood(word))
			return word.at;
	}
	return nullptr;
}

bool inject_fault(const char *name, s64 *code)
{
	bool fails = false;

	/* Every row counts every call, also one that another row has already failed. */
	for (Fault &fault : options.fault) {
		if (!fault.name[0] || __builtin_strcmp(fault.name, name))
			continue;
		fault.seen++;
		if (fails || (fault.nth && fault.nth != fault.seen))
			continue;
		*code = fault.code;
		fails = true;
		tell(fault);
	}
	return fails;
}

} // namespace refhv
