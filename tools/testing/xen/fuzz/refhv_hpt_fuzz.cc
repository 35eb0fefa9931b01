// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes are calls of two domains on their page tables, with grants,
 * TCEs and frames that come and go between them, also while race=hpt has let go of the
 * lock.  Afterwards every count is right, every entry maps what its domain may have, and
 * the pages of nobody in the game are as they were.
 */
#include <new>

#include "refhv_program.hh"
#include "world.hh"

namespace {

using namespace rig;
using fuzz::must;

constexpr u64 window_slots = 4;

class Target {
public:
	Target() { mark(); }

	void run(fuzz::Bytes input)
	{
		const u8 mode = input.byte();

		reset_rules();
		machine.console.clear();
		machine.flushes.clear();
		w_.dom0.direct = w_.domu.direct = mode & 1;
		options.historical = mode & 2;
		options.race = mode & 4 ? Race::Hpt : Race::None;
		machine.on_relax = [&] {
			if (depth_++ == 0)
				step(input);
			--depth_;
		};
		while (!input.empty())
			step(input);
		judge();
		clean();
	}

private:
	World w_{false, u64{96} << 20}; /* as small as its domains allow: audits are frequent */
	u32 depth_ = 0;

	/* The gaps between single frames are refhv's: none may ever change. */
	void mark()
	{
		for (const auto &mfn : w_.mfn)
			for (u64 pfn = 8192; pfn < hole_pfn; ++pfn)
				std::memset(w_.page(mfn[pfn] - 1), 0xc5, page_bytes);
	}

	u64 slot(fuzz::Bytes &in)
	{
		const u8 choice = in.byte();

		return choice < 0xf0   ? choice & 31
		       : choice < 0xf8 ? 16384 - 4 + (choice & 7)
				       : in.number();
	}
	/* A frame number: mostly one that means something to somebody. */
	u64 number(Domain &dom, fuzz::Bytes &in)
	{
		const u8 choice = in.byte();
		const u64 small = choice >> 4;
		const auto &mfn = w_.mfn[&dom == &w_.domu];
		const auto &others = w_.mfn[&dom == &w_.dom0];

		switch (choice & 15) {
		case 0:
		case 1:
			return 8192 + small;
		case 2:
			return mfn[8192 + small];
		case 3:
			return others[8192 + small];
		case 4:
			return p2m::window_base(dom) + small % 5;
		case 5:
			return 0x80000 + small;
		case 6:
			return frames::count() + small;
		case 7:
			return dom.grants.frames.raw() + small;
		case 8:
			return dom.direct ? mfn[4096] : 4096;
		case 9:
			return small << 12;
		case 10:
			return others[4096];
		case 11:
			return 0x90000;
		case 12:
			return mfn[8192] - 1 - small;
		case 13:
			return (dom.direct ? mfn[4096] : 4096) + small;
		default:
			return in.number();
		}
	}
	u64 low_word(Domain &dom, fuzz::Bytes &in)
	{
		const u8 bits = in.byte();

		if (bits == 0xff)
			return in.number();
		return number(dom, in) << 12 | (bits & 0x80 ? 1ul << 63 : 0) | (bits & 0x7f);
	}
	u64 high_word(fuzz::Bytes &in)
	{
		const u8 bits = in.byte();

		return bits == 0xff ? in.number()
				    : u64{bits & 3u} << 7 | (bits & 0x78) | 1 | (bits & 4);
	}

	void step(fuzz::Bytes &in)
	{
		const u8 choice = in.byte();
		Domain &dom = choice & 0x80 ? w_.domu : w_.dom0;
		Vcpu &vcpu = dom.vcpu[depth_ ? 1 : choice >> 6 & 1];
		const u64 flags = (choice & 0x20 ? xen::ppc::hflag::exact : 0);
		const u8 more = in.byte();

		switch (choice & 15) {
		case 0:
		case 1:
		case 2: {
			const u64 at = slot(in), high = high_word(in);

			papr(hpt::enter, vcpu,
			     {flags | (more == 0x77 ? xen::ppc::hflag::zero_page : 0), at, high,
			      low_word(dom, in)});
			return;
		}
		case 3:
			papr(hpt::remove, vcpu, {u64{more} << 24, slot(in), high_word(in)});
			return;
		case 4:
			papr(hpt::read, vcpu, {u64{more} << 32, slot(in)});
			return;
		case 5:
			papr(hpt::protect, vcpu,
			     {u64{more} << 24 | (more & 7) | (more & 8 ? 0x100 : 0), slot(in),
			      high_word(in)});
			return;
		case 6:
			papr(more & 1 ? hpt::clear_mod : hpt::clear_ref, vcpu, {0, slot(in)});
			return;
		case 7: {
			u64 word[8];

			for (u32 i = 0; i < 4; ++i) {
				const u8 kind = in.byte();

				word[2 * i] = (kind & 0x3c ? 1ul << 62 | u64{kind & 3u} << 56
							   : u64{kind} << 56) |
					      (slot(in) & 0xffffff);
				word[2 * i + 1] = high_word(in);
			}
			papr(hpt::bulk_remove, vcpu,
			     {word[0], word[1], word[2], word[3], word[4], word[5], word[6],
			      word[7]});
			return;
		}
		case 8: {
			const u64 word = number(dom, in) << 12 | (more >> 4 & 3);

			papr(tce::put, vcpu,
			     {more & 0x80 ? 16u : more >> 6, u64{more & 15u} << 12 | (more == 0x4f),
			      word});
			return;
		}
		case 9:
			map_grant(dom, more);
			return;
		case 10:
			unmap_grant(dom, more);
			return;
		case 11:
			give_up(dom, 8192 + more % single_pages);
			return;
		case 12:
			w_.domu.present = more & 3;
			return;
		case 13:
			if (more & 7)
				papr(more & 8 ? hpt::clear_mod : hpt::read, vcpu,
				     {in.number(), in.number()});
			else if (depth_ == 0)
				tables(dom, more);
			return;
		default:
			/* Whatever it says, as registers. */
			static constexpr Call calls[] = {
				hpt::enter,	  hpt::remove, hpt::read,      hpt::protect,
				hpt::bulk_remove, tce::put,    hpt::clear_mod, hpt::clear_ref};

			papr(calls[more & 7], vcpu,
			     {in.number(), in.number(4), in.number(), in.number()});
		}
	}

	void map_grant(Domain &dom, u8 what)
	{
		Domain &owner = what & 0x40 ? dom : &dom == &w_.dom0 ? w_.domu : w_.dom0;
		const u64 frame = w_.mfn[&owner == &w_.domu][8192 + (what >> 2 & 7)];
		const u32 handle = what & 3;

		if (!dom.grants.mapping[handle].active && frames::ram_of(Mfn{frame}, owner.id))
			w_.map_grant(dom, handle, owner, frame, handle, what & 0x80);
	}
	/* As grant_table_op does it: not while an entry refers to the window's slot. */
	void unmap_grant(Domain &dom, u8 what)
	{
		Mapping &m = dom.grants.mapping[what & 3];

		if (!m.active || hpt::window_mappings(dom, what & 3) ||
		    (dom.direct && frames::at(m.frame)->foreign))
			return;
		m.active = false;
		--frames::at(m.frame)->refs;
	}
	/* As memory_op does it: only frames that nothing refers to. */
	void give_up(Domain &dom, u64 pfn)
	{
		const Mfn frame{w_.mfn[&dom == &w_.domu][pfn]};
		Frame &f = *frames::at(frame);

		if (f.owner == dom.id && f.refs == 0) {
			p2m::clear(dom, dom.direct ? frame.raw() : pfn);
			frames::release(frame, 0);
		} else if (f.owner == owner_none) {
			take_back(dom, pfn);
		}
	}
	/* The frame that was there before: the world's list stays the truth. */
	void take_back(Domain &dom, u64 pfn)
	{
		const Mfn wanted{w_.mfn[&dom == &w_.domu][pfn]};
		Mfn passed[4 * single_pages];
		u32 nr = 0;

		if (frames::at(wanted)->owner != owner_none)
			return;
		while ((passed[nr] = frames::allocate(0, dom.id, FrameType::Ram)) != wanted)
			must(++nr < std::size(passed), "single frames come from the top");
		while (nr)
			frames::release(passed[--nr], 0);
		const bool direct = dom.direct;

		dom.direct = false; /* the array is there in either mode */
		p2m::set(dom, Pfn{pfn}, wanted);
		dom.direct = direct;
	}

	/* A third domain's table is asked for; a real-mode area is entered. */
	void tables(Domain &dom, u8 what)
	{
		if (what & 0x80) {
			static_cast<void>(hpt::create(domains[2], what >> 3 & 15 ? 18 : 40));
		} else if (what & 0x40) {
			static_cast<void>(hpt::create(domains[2], 30)); /* too large */
		} else if (!dom.hpt.vrma) {
			hpt::map_vrma(dom);
		}
	}

	bool writable(u64 low)
	{
		const u64 key = (low >> 63) * 4 + (low & 3);

		return key != 3 && key != 6;
	}
	/* May @dom have frame @mfn, and how?  By what this target itself gave out. */
	void judge_frame(const Domain &dom, u64 mfn, u64 low, bool large)
	{
		const Frame *f = frames::at(Mfn{mfn});

		if (!f) {
			must(dom.privileged && mfn >= 0x80000 && mfn < 0x100000, "a device's frame",
			     mfn);
			must((low & 0x68) == 0x28, "a device's attributes", low);
			return;
		}
		if (!options.historical)
			must(!(low & 0x60), "memory is cacheable", low);
		if (f->owner == dom.id && f->type != FrameType::Xen)
			return;
		if (f->type == FrameType::Shared) {
			must(mfn - dom.grants.frames.raw() < 4 && !large, "own grant frame", mfn);
			return;
		}
		must(f->owner != owner_xen && f->owner != owner_none, "nobody's frame", mfn);
		must(!large, "foreign frames one by one", mfn);
		if (dom.privileged)
			return;
		bool granted = false;

		for (u32 i = 0; i < window_slots; ++i) {
			const Mapping &m = dom.grants.mapping[i];

			granted |= m.active && m.frame.raw() == mfn &&
				   (!m.read_only || !writable(low));
		}
		must(granted, "granted frame", mfn);
	}
	void judge()
	{
		for (const Domain *dom : {&w_.dom0, &w_.domu}) {
			for (u64 i = 0; i < dom->hpt.slots; ++i) {
				const u64 high = dom->hpt.entry[i].high.load();
				const u64 low = dom->hpt.entry[i].low.load();
				const u64 mfn = (low & ~(3ul << 62)) >> 12;

				if (!(high & 1))
					continue;
				for (u64 p = 0; p < (high & 4 ? 4096 : 1); ++p)
					judge_frame(*dom, mfn + p, low, high & 4);
				const u32 window = dom->hpt.window[i];

				if (window == 0xffffffff)
					continue;
				must(window < window_slots && dom->grants.mapping[window].active &&
					     dom->grants.mapping[window].frame.raw() == mfn,
				     "entry by a window's mapping", window);
				must(!dom->grants.mapping[window].read_only || !writable(low),
				     "read-only grant", low);
			}
		}
		must(hpt::audit() == 0, "counts");
		for (const auto &mfn : w_.mfn)
			for (u64 pfn = 8192; pfn < hole_pfn; ++pfn) {
				const u8 *page = w_.page(mfn[pfn] - 1);

				must(page[0] == 0xc5 &&
					     !std::memcmp(page, page + 1, page_bytes - 1),
				     "refhv's page", pfn);
			}
	}

	/* What was built for good goes with its world: tables, real-mode areas. */
	void start_anew()
	{
		w_.~World();
		new (&w_) World(false, u64{96} << 20);
		mark();
	}
	void clean()
	{
		options.race = Race::None;
		if (w_.dom0.hpt.vrma || w_.domu.hpt.vrma || domains[2].hpt.entry)
			return start_anew();
		for (Domain *dom : {&w_.dom0, &w_.domu}) {
			for (u64 i = 0; i < dom->hpt.slots; ++i)
				if (dom->hpt.entry[i].high.load())
					papr(hpt::remove, dom->vcpu[0], {0, i, 0});
			for (u64 i = 0; i < tce_entries; ++i)
				for (const u64 liobn : {0u, 1u})
					papr(tce::put, dom->vcpu[0], {liobn, i << 12, 0});
			for (u32 i = 0; i < window_slots; ++i) {
				Mapping &m = dom->grants.mapping[i];

				if (m.active)
					--frames::at(m.frame)->refs;
				m.active = false;
			}
		}
		w_.domu.present = true;
		options.historical = false;
		w_.dom0.direct = w_.domu.direct = false;
		for (Domain *dom : {&w_.dom0, &w_.domu})
			for (u64 pfn = 8192; pfn < hole_pfn; ++pfn)
				take_back(*dom, pfn);
	}
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	static Target target;

	target.run({data, size});
	return 0;
}
