// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes are what a builder left, a device tree and a p2m table, and
 * then a kernel that looks frames up, changes entries and asks what is contiguous.
 *
 * A tree is refused, or it keeps every promise that the kernel relies on; one that nobody
 * spoilt is taken.  Afterwards each answer must be the one that a plain array of words
 * gives.
 */
#include <array>
#include <csetjmp>
#include <vector>

#include <abi/version.hh>

#include "boot_glue.h"
#include "fake_boot.hh"
#include "fake_paca.hh"
#include "fake_tree.hh"
#include "p2m.hh"
#include "p2m_mode.hh"
#include "p2m_tree.hh"
#include "refhv_program.hh"
#include "translate.hh"
#include "window.hh"

namespace {

using fuzz::must;
using host::pair;
using host::Tree;
using host::word;
using namespace xen::ppc;
using xen::Mfn;
using xen::P2mEntry;
using xen::Pages;
using xen::Pfn;
using xen::PhysAddr;

constexpr u64 mb = 1 << 20, block = 4096, rma_pages = 36 * mb / 4096;
/* Memory from 0 to 40 MB, of which the last 8 are no block, and from 48 to 64 MB. */
constexpr u64 low_end = 0x2800, high_start = 0x3000, frames = 0x4000;
/* A tree may call everything from here to the end of the real-mode area the table. */
constexpr u64 table_at = 0x2200000, table_words = ((rma_pages << 12) - table_at) / 4;
constexpr u64 rma_mfn = 0x7000, max_mfn = 0x20000;
constexpr u64 window = u64{1} << 30, window_pages = 64;

const P2m at_start = p2m_state;
std::jmp_buf after_refusal;
bool was_refused;

[[nodiscard]] bool is_memory(u64 pfn)
{
	return pfn < low_end || (pfn >= high_start && pfn < frames);
}

[[nodiscard]] bool in_whole_block(u64 pfn)
{
	return pfn < low_end / block * block || pfn >= high_start;
}

/* Any frame, or one behind them; a quarter are edges, of blocks and of memory. */
u64 some_frame(fuzz::Bytes &in)
{
	const u64 number = in.number(2);

	return number >> 14 != 3 ? number % (frames + 16)
				 : ((number & 15) + 1) * 0x400 - (number >> 4 & 1);
}

/* What an entry says, by the document's table. */
struct Word {
	u32 raw;

	[[nodiscard]] bool ram() const { return raw < 0x3fffffff; }
	[[nodiscard]] bool aliases() const { return (raw & 0x3fffffff) == 0x3fffffff; }
	[[nodiscard]] P2mEntry entry() const
	{
		const Mfn mfn{raw & 0x3fffffff};

		if (aliases() || raw >> 30 == 3)
			return P2mEntry::missing();
		return raw >> 30 == 0	? P2mEntry::ram(mfn)
		       : raw >> 30 == 1 ? P2mEntry::io(mfn)
					: P2mEntry::foreign(mfn);
	}
};

Tree untouched_tree()
{
	Tree t = host::historical_tree();

	t.memory = {{0, rma_pages << 12},
		    {rma_pages << 12, (low_end - rma_pages) << 12},
		    {high_start << 12, (frames - high_start) << 12}};
	t.nodes["xen"] = {{"p2m-table", pair(table_at, frames * 4)},
			  {"p2m-format", word(1, 4) + word(2, 4)},
			  {"p2m-entries", word(frames, 8)},
			  {"p2m-contig-order", word(12, 4)},
			  {"max-mfn", word(max_mfn, 8)},
			  {"io-hole", pair(low_end, high_start - low_end)},
			  {"foreign-map", pair(30, 4096)}};
	t.table_at = table_at;
	t.table.assign(table_words, xen::Be<u32>{0xffffffff});
	for (u64 pfn = 0; pfn < frames; ++pfn)
		t.enter(pfn, static_cast<u32>(!is_memory(pfn) ? 0x40000000 | pfn
					      : pfn < low_end ? rma_mfn + pfn
							      : 0x1f000 - pfn / block * block +
									pfn % block));
	return t;
}

constexpr const char *names[] = {"p2m-table", "p2m-format", "p2m-entries", "p2m-contig-order",
				 "max-mfn",   "io-hole",    "foreign-map", "mfn-flag"};

/* Answers get_features as told, at one kind of address only. */
class Asked : public host::Hypervisor {
public:
	bool direct = false;
	s64 status = 0;
	u32 bits = 0;
	u64 base = 0;

	void trap(u64 *r) override
	{
		const u64 address = r[2] & ~(u64{1} << 63);

		r[0] = static_cast<u64>(status);
		if (status != 0)
			return;
		if (direct != (address >= u64{1} << 50)) {
			r[0] = static_cast<u64>(-14);
			return;
		}
		reinterpret_cast<FeatureInfo *>(address & ((u64{1} << 50) - 1))->submap.store(bits);
	}
};

class Domain {
public:
	Domain()
	{
		changed_.reserve(4096);
		host::tree = &plain_;
		read();
		must(!was_refused, "a good table is refused");
		plain_state_ = p2m_state;
	}

	void run(fuzz::Bytes input)
	{
		const u8 mode = input.byte();
		/* A look at every frame takes long: most inputs start behind it. */
		const bool whole = mode % 16 % 5 == 0 && mode % 16 != 15;

		host::reset_cpu();
		tree_ = whole ? &read_ : &plain_;
		host::tree = tree_;
		was_refused = false;
		if (!whole) {
			p2m_state = plain_state_;
			use(input);
		} else {
			const unsigned int spoilt = mode % 16 / 5 + mode / 64;

			for (unsigned int n = spoilt; n > 0; --n)
				spoil(input);
			read();
			must(!was_refused || spoilt > 0, "a good table is refused");
			if (!was_refused) {
				must(is_direct() == tree_->nodes["xen"].contains("p2m-table"),
				     "the wrong kind");
				if (is_direct())
					judge_promises();
				use(input);
			}
			read_.nodes["xen"] = good_.nodes.at("xen");
		}
		for (const u64 pfn : changed_)
			tree_->enter(pfn, good_.entry(pfn));
		changed_.clear();
		tree_->odd.clear();
	}

private:
	/* A tree that nobody spoilt; copies of it between runs, read once, or in each run. */
	const Tree good_ = untouched_tree();
	Tree plain_ = good_, read_ = good_;
	P2m plain_state_;
	Tree *tree_ = &plain_;
	/* Where the table of tree_ may differ from the good one. */
	std::vector<u64> changed_;
	unsigned int looks_left_ = 0;
	std::array<p2m::Entry, window_pages> window_{};

	void use(fuzz::Bytes &input)
	{
		ask(input);
		looks_left_ = 1;
		while (is_direct() && !input.empty())
			step(input);
		if (!is_direct())
			judge_translated(input.number(3));
		window_start(Pfn{0}, Pages{0}, nullptr);
	}

	void spoil(fuzz::Bytes &in)
	{
		const u8 how = in.byte();
		const char *name = names[in.byte() % std::size(names)];
		auto &properties = tree_->nodes["xen"];
		std::string &value = properties[name];

		switch (how % 8) {
		case 0:
			properties.erase(name);
			break;
		case 1:
			value = word(in.number(), 8);
			break;
		case 2:
			value = pair(in.number(), in.number());
			break;
		case 3:
			if (value.size() != 0)
				value[in.byte() % value.size()] = static_cast<char>(in.byte());
			break;
		case 4:
			value = word(in.byte(), 4);
			break;
		default:
			if (value.empty())
				properties.erase(name);
			spoil_entries(in, how);
		}
	}
	void spoil_entries(fuzz::Bytes &in, u8 how)
	{
		const u64 pfn = some_frame(in) % frames;
		const u32 entry = static_cast<u32>(how & 64 ? in.number(4) : in.number(2));
		/* One, an aligned run in a row, or a run of the same. */
		const u64 run = u64{1} << (how >> 3 & 7);

		for (u64 i = 0; i < run && (pfn & ~(run - 1)) + i < frames; ++i) {
			changed_.push_back((pfn & ~(run - 1)) + i);
			tree_->enter(changed_.back(),
				     how & 128 ? entry : static_cast<u32>(entry * run + i));
		}
	}

	void read()
	{
		was_refused = false;
		p2m_state = at_start;
		if (setjmp(after_refusal) == 0) {
			const int node = xen_glue_fdt_node(nullptr);

			p2m_peek(node);
			const Range kept = p2m_read(node, Pfn{frames});

			must(kept.bytes == 0 || xen_glue_is_memory(kept.start.raw(), kept.bytes),
			     "what is kept is no memory");
		}
	}

	[[nodiscard]] Word at(u64 pfn) const { return {tree_->table[pfn].load()}; }
	/* A spoilt tree may have more than there are frames, up to all words. */
	[[nodiscard]] static u64 entries() { return p2m_state.table.entries(); }
	[[nodiscard]] static bool in_hole(u64 pfn)
	{
		return pfn - p2m_state.hole_first < p2m_state.hole_pages;
	}

	/* On which the kernel relies from here on. */
	void judge_promises() const
	{
		must(entries() >= frames && entries() <= table_words, "entries", entries());
		for (u64 pfn = 0; pfn < frames; ++pfn) {
			if (!is_memory(pfn))
				continue;
			must(at(pfn).ram() && at(pfn).raw < p2m_state.max_mfn && !in_hole(pfn),
			     "memory without its frame", pfn);
			if (pfn % 4 != 0 && in_whole_block(pfn))
				must(at(pfn).raw == at(pfn - 1).raw + 1, "a stack in pieces", pfn);
			if (pfn < rma_pages)
				must(at(pfn).raw == at(0).raw + pfn, "the area in pieces", pfn);
		}
		must(p2m_state.linear_offset == u64{at(0).raw} << 12, "the wrong offset");
		must(p2m_state.linear_limit == rma_pages << 12, "the wrong limit");
		for (u64 pfn = 0; pfn < frames; pfn += block)
			must(p2m_state.blocks.holds(Pfn{pfn + 7}) == in_a_row(pfn), "contiguity",
			     pfn);
	}
	[[nodiscard]] bool in_a_row(u64 first) const
	{
		const u32 start = at(first).raw;

		for (u64 i = 0; i < block; ++i)
			if (!at(first + i).ram() || at(first + i).raw != start + i)
				return false;
		return start % block == 0;
	}

	static void judge_translated(u64 pfn)
	{
		must(translate(Pfn{pfn}).ok() == (pfn < frames), "own memory only", pfn);
		must(what_is(Pfn{pfn}).mfn() == Mfn{pfn}, "translated numbers are the own", pfn);
		must(machine_address(PhysAddr{pfn}) == pfn, "translated addresses too", pfn);
	}

	void ask(fuzz::Bytes &in)
	{
		const bool direct = is_direct();
		const u64 limit = p2m_state.linear_limit, offset = p2m_state.linear_offset;
		Asked xen;

		xen.direct = in.byte() % 4 != 0 ? direct : !direct;
		xen.status = in.byte() % 8 != 0 ? 0 : -static_cast<s64>(in.byte() % 40);
		xen.bits = static_cast<u32>(in.byte());
		host::hypervisor = &xen;
		p2m_state.linear_limit = ~u64{0};
		p2m_state.linear_offset = direct ? u64{1} << 50 : 0;
		was_refused = false;
		if (setjmp(after_refusal) == 0)
			p2m_check_mode();
		host::hypervisor = nullptr;

		const bool translates = (xen.bits & 4) != 0;

		/* All that the tree and the hypervisor can say against each other. */
		if (xen.status == 0 && xen.direct == direct)
			must(was_refused == (translates == direct), "a contradiction");
		else if (xen.status == 0 || xen.status == -14)
			must(was_refused == (xen.status == 0 || !direct), "no answer");
		else
			must(!was_refused, "a failed call is no contradiction");
		p2m_state.linear_limit = limit;
		p2m_state.linear_offset = offset;
	}

	void step(fuzz::Bytes &in)
	{
		const u8 what = in.byte();
		const u64 pfn = some_frame(in);

		switch (what % 8) {
		case 0:
			change(pfn, what >> 3, static_cast<u32>(in.number(what & 128 ? 4 : 2)));
			break;
		case 1:
			leave(pfn);
			break;
		case 2:
			p2m_state.blocks.clear(Pfn{pfn});
			must(!p2m_state.blocks.holds(Pfn{pfn}), "a cleared block", pfn);
			break;
		case 3:
			if (pfn >= frames || looks_left_ == 0)
				break;
			--looks_left_;
			must(p2m_state.blocks.examine(
				     Pfn{pfn}, [](Pfn of) { return p2m_state.table.ram(of); }) ==
				     in_a_row(pfn / block * block),
			     "a look at a block", pfn);
			break;
		case 4:
			judge_row(pfn, what >> 3);
			break;
		case 5:
			in_window(in, what);
			break;
		case 6:
			if (looks_left_ != 0)
				judge_way_back(pfn);
			break;
		default:
			judge(pfn);
			judge(in.number(4));
			break;
		}
	}
	/* Entries change here without their block's bit, which the search believes. */
	void judge_way_back(u64 pfn)
	{
		const bool known = pfn < entries() && at(pfn).ram() &&
				   (!p2m_state.blocks.holds(Pfn{pfn}) || in_a_row(pfn / block * block));

		if (!known)
			return;
		--looks_left_;
		const xen::Result<Pfn> found = own_frame_of(xen::Gfn{at(pfn).raw});

		must(found.ok(), "own memory is not found", pfn);
		must(p2m_state.blocks.holds(found.value()) ||
			     at(found.value().raw()).raw == at(pfn).raw,
		     "another frame is found", pfn);
	}
	void change(u64 pfn, u8 kind, u32 frame)
	{
		const P2mEntry made[] = {P2mEntry::ram(Mfn{frame}), P2mEntry::io(Mfn{frame}),
					 P2mEntry::foreign(Mfn{frame}), P2mEntry::missing()};
		const P2mEntry entry = made[kind % 4];
		changed_.push_back(pfn);

		const bool fits = pfn < entries() && (kind % 4 == 3 || frame < 0x3fffffff);
		const u32 before = pfn < entries() ? at(pfn).raw : 0;

		must(p2m_state.table.enter(Pfn{pfn}, entry).ok() == fits, "an entry", frame);
		if (pfn < entries())
			must(fits ? at(pfn).entry() == entry : at(pfn).raw == before,
			     "an entry is what it was made", pfn);
		judge(pfn);
	}
	void leave(u64 pfn)
	{
		changed_.push_back(pfn);

		const P2mEntry before = pfn < entries() ? at(pfn).entry() : P2mEntry::missing();
		const xen::Result<P2mEntry> left = p2m_state.table.leave(Pfn{pfn});

		must(left.ok() == (pfn < entries()), "leaving", pfn);
		if (left.ok())
			must(left.value() == before && at(pfn).raw == 0xffffffff, "what left", pfn);
		judge(pfn);
	}
	void in_window(fuzz::Bytes &in, u8 what)
	{
		const u64 place = in.number(2) % (window_pages + 2);
		const u32 frame = static_cast<u32>(in.number(4));
		const Pfn pfn{window + place};

		if ((what & 8) != 0)
			window_start(Pfn{window}, Pages{window_pages}, window_.data());
		if (window_enter(pfn, Mfn{frame}, Access::ReadWrite).ok()) {
			must(what_is(pfn) == P2mEntry::foreign(Mfn{frame}), "a foreign frame",
			     place);
			must(window_leave(pfn).ok(), "a foreign frame leaves", place);
		}
		must(!what_is(pfn).present() && !translate(pfn).ok(), "an empty window", place);
	}
	void judge_row(u64 pfn, u64 pages) const
	{
		bool row = true;

		for (u64 i = 0; i < pages; ++i)
			row = row && pfn + i < entries() && at(pfn + i).ram() &&
			      at(pfn + i).raw == at(pfn).raw + i;
		must(contiguous(Pfn{pfn}, Pages{pages}) == row, "a row of frames", pfn);
	}
	void judge(u64 pfn) const
	{
		const Word own = pfn < entries() ? at(pfn) : Word{0xffffffff};
		const xen::Result<xen::Gfn> gfn = translate(Pfn{pfn});
		const xen::Result<u64> address = translate(PhysAddr{pfn << 12 | 0x123});

		must(gfn.ok() == own.ram() && address.ok() == own.ram(), "own memory only", pfn);
		if (gfn.ok())
			must(gfn.value().raw() == own.raw &&
				     address.value() == (u64{own.raw} << 12 | 0x123),
			     "the wrong frame", pfn);
		if (pfn >= window && pfn < window + window_pages)
			return;
		must(what_is(Pfn{pfn}) == (in_hole(pfn) ? P2mEntry::io(Mfn{pfn}) : own.entry()),
		     "the wrong entry", pfn);
		if (own.ram() && pfn >= rma_pages)
			must(machine_address(PhysAddr{pfn << 12}) == u64{own.raw} << 12,
			     "an address", pfn);
	}
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	host::reset_boot();
	host::on_refusal = [](const char *) {
		was_refused = true;
		std::longjmp(after_refusal, 1);
	};

	static Domain domain;

	domain.run(fuzz::Bytes{data, size});
	return 0;
}
