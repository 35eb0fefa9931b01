// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes are a kernel that maps, protects, evicts and flushes pages
 * through the port's page-table hooks, on a hypervisor of either kind that fails calls now
 * and then.
 *
 * After each step the processor may find a page only as the kernel last asked for it, with
 * that frame and that protection, and must find none that was removed.  No rule of the
 * hypervisor may ever be broken, whatever sizes, flags, frames and groups are asked for.
 */
#include <array>

#include "p2m.hh"
#include "pagetable.hh"
#include "pagetable_rig.hh"
#include "refhv_program.hh"
#include "window.hh"

namespace {

using namespace host;
using fuzz::must;
using xen::ppc::Feature;
using xen::ppc::P2m;
using xen::ppc::p2m_state;
using xen::ppc::u32;
using xen::ppc::window_enter;
using xen::ppc::window_start;

/* A page of the kernel that runs here, and what it believes. */
struct Known {
	Page page{};
	bool entered = false;
	bool bolted = false;
	u64 slot = 0;
	u64 place = 0; /* as Linux's PTE has it */
	u64 frame = 0;
	u64 pp = 0;
};

class Kernels : public PageTable {
public:
	~Kernels() override
	{
		window_start(xen::Pfn{0}, xen::Pages{0}, nullptr);
		p2m_state = translated;
	}
	void TestBody() override {}

	void run(fuzz::Bytes input)
	{
		if ((input.byte() & 1) != 0)
			be_direct();
		begin(input.byte());
		while (!input.empty() && services.stale.empty()) {
			step(input);
			judge();
		}
		end();
	}

private:
	static constexpr u64 linear = 0xc000000000000000;
	static constexpr u64 window_pages = 64, mapped = 7;
	static inline const P2m translated = p2m_state;
	std::array<Known, 24> user_{};
	std::array<Known, 8> linear_{};
	bool faults_ = false;
	bool direct_ = false;
	bool empties_ = false;

	/* In a direct domain: memory's frames in another order, some of them missing. */
	static u32 word(u64 pfn)
	{
		return pfn % 64 == 63 ? 0xffffffff : static_cast<u32>(pfn ^ 0x5000);
	}

	void be_direct()
	{
		static std::array<xen::ppc::p2m::Entry, FakeHpt::ram_pages> words;
		static std::array<xen::ppc::p2m::Entry, window_pages> window;

		if (words[1].load() == 0)
			for (u64 pfn = 0; pfn < words.size(); ++pfn)
				words[pfn].store(word(pfn));
		p2m_state.direct = direct_ = true;
		p2m_state.table = xen::ppc::P2mTable{words.data(), words.size()};
		p2m_state.linear_offset = u64{word(0)} << 12;
		p2m_state.hole_first = FakeHpt::device_first;
		p2m_state.hole_pages = FakeHpt::device_last + 1 - FakeHpt::device_first;
		window_start(xen::Pfn{FakeHpt::window_first}, xen::Pages{window_pages},
			     window.data());
		must(window_enter(xen::Pfn{FakeHpt::window_first + mapped},
				  xen::Mfn{FakeHpt::window_first + mapped},
				  xen::ppc::Access::ReadOnly)
			     .ok(),
		     "a window");
		xen.foreign.insert(FakeHpt::window_first + mapped);
	}
	/* What the processor must find there. */
	[[nodiscard]] u64 behind(u64 where) const
	{
		return direct_ && where < FakeHpt::ram_pages ? word(where) : where;
	}

	void begin(u8 mode)
	{
		char words[][4] = {"4k", "16m", "8k"};

		rules_matter = false;
		xen.remembers = false;
		empties_ = (mode & 0xf0) == 0xf0;
		xen.enter_keeps_pp0 = mode & 1;
		xen.protect_keeps_pp0 = mode & 2;
		xen.historical = !(mode & 4);
		xen_linear_option(words[mode >> 6 & 1]);
		must(xen_linear_option(words[2]) != 0, "an option that does not exist");
		if (mode & 32)
			xen.fail(mode & 64 ? h_read_token : h_enter_token, 1, -1);
		start({mode & 8 ? Feature::Pp0Kept : Feature::Multicall,
		       mode & 16 ? Feature::AtomicHpt : Feature::Multicall,
		       xen.historical ? Feature::Multicall : Feature::BulkRemove});
		xen.atomic = mode & 16;
		must(!services.kernel_ro || (xen.enter_keeps_pp0 && xen.protect_keeps_pp0),
		     "a lie about PP0 is believed");
		xen.fail_none();
		must(xen.used() == 0, "something is left of the trial of PP0", xen.used());
		for (u64 n = 0; n < user_.size(); ++n)
			user_[n].page = n < 18 ? in_group(u64{0x240} ^ (n % 2) * 0x3db8, n)
					       : Page{0x111 * n, n << 11};
		for (u64 n = 0; n < linear_.size(); ++n)
			linear_[n].page = {kernel_vsid(address(n)), address(n) >> 12 & 0xffff};
	}
	static u64 address(u64 n) { return linear + n * 0x3001000; }

	u64 frame(fuzz::Bytes &in)
	{
		switch (in.byte() % 8) {
		case 0:
			return FakeHpt::window_first + in.number(2);
		case 1:
			return FakeHpt::device_first + in.byte();
		case 2:
			return in.number();
		case 3:
			xen.foreign.insert(FakeHpt::window_first + 7);
			return FakeHpt::window_first + 7;
		default:
			return in.number(2) % FakeHpt::ram_pages;
		}
	}
	/* RAM is cached and a device is not: that much Linux gets right. */
	u64 flags(fuzz::Bytes &in, u64 where)
	{
		const bool device = where >= FakeHpt::device_first && where <= FakeHpt::device_last;
		const u64 choice = in.byte();

		return 0x180 | (choice & 7) | (device ? 0x20 : 0x10) |
		       (choice == 0xff ? in.number() & ~u64{0x20} : 0) |
		       (choice & 0x40 ? u64{1} << 63 : 0);
	}
	static u64 pp_of(u64 bits) { return (bits & 3) | bits >> 63 << 2; }

	void enter(Known &known, fuzz::Bytes &in, u64 vflags)
	{
		const bool secondary = (vflags & second) != 0;
		const u64 where = frame(in) & ~u64{0} >> 12, rflags = flags(in, where);
		/* Now and then a machine check comes in the middle and changes another page. */
		if (in.byte() >= 0xe0)
			xen.meanwhile = [this] {
				update(user_[0], 3);
			};
		const long result = insert(known.page, where, rflags, vflags);
		xen.meanwhile = nullptr;

		must(result >= -2 && result < 16, "insert's answer", static_cast<u64>(result));
		/* Bolted pages of the window are pretended. */
		if (result < 0 || ((vflags & bolted) != 0 && !look_up(known.page)))
			return;
		known.entered = true;
		known.bolted = (vflags & bolted) != 0;
		known.place = static_cast<u64>(result);
		known.slot = (secondary ? known.page.second_group() : known.page.first_group()) +
			     known.place % 8;
		known.frame = behind(where);
		must(known.frame != 0xffffffff, "nothing is there", where);
		must(!direct_ || where != FakeHpt::window_first + mapped || (rflags & 3) == 3 ||
			     ((rflags & 2) != 0 && rflags >> 63 != 0),
		     "a frame that may only be read");
		known.pp = pp_of(rflags);
		must((result & 8) != 0 == secondary, "the bit of the secondary group");
		must(look_up(known.page).has_value(), "insert succeeded and nothing is there");
	}
	void update(Known &known, u64 newpp)
	{
		if (!known.entered)
			return;
		if (xen_hpte_updatepp(known.slot, newpp, known.page.vpn(), small, small, 0, 0) == 0)
			known.pp = pp_of(newpp);
		else
			known.entered = false;
	}
	void forget_missing()
	{
		for (Known &known : user_)
			known.entered = known.entered && look_up(known.page).has_value();
	}
	void flush(u64 number)
	{
		u64 index = 0;
		const unsigned int psize = small;

		std::memset(services.batch, 0, sizeof services.batch);
		std::memcpy(services.batch + XEN_BATCH_PSIZE, &psize, sizeof psize);
		for (Known &known : user_) {
			if (!known.entered || known.bolted || index == number)
				continue;
			const u64 pte = known.place << 53, vpn = known.page.vpn();

			for (unsigned int i = 0; i < 8; ++i)
				services.batch[XEN_BATCH_PTE + 8 * index + i] =
					static_cast<unsigned char>(pte >> (56 - 8 * i));
			std::memcpy(services.batch + XEN_BATCH_VPN + 8 * index, &vpn, sizeof vpn);
			known.entered = false;
			++index;
		}
		xen_hpte_flush_range(index, 0);
	}

	void fail(fuzz::Bytes &in)
	{
		constexpr u64 tokens[] = {h_enter_token, h_remove_token, h_read_token,
					  h_protect_token, h_bulk_token};
		constexpr s64 codes[] = {-1, -3, -4, -6, -18, 1, 100, -2};
		const u8 choice = in.byte();

		xen.fail(tokens[choice % 5], in.byte() % 6, codes[choice / 5 % 8]);
		faults_ = true;
	}

	void on_linear(Known &known, u64 n, fuzz::Bytes &in)
	{
		switch (in.byte() % 4) {
		case 0: {
			const u64 pp = in.number(1) | (in.byte() & 1 ? u64{1} << 63 : 0);

			xen_hpte_updateboltedpp(pp, address(n), small, 0);
			/* A protection that failed is reported and left as it was. */
			if (known.entered && look_up(known.page))
				known.pp = protected_or_kept(known, pp);
			return;
		}
		case 1:
			if (xen_hpte_removebolted(address(n), small, 0) == 0)
				known.entered = false;
			return;
		default:
			if (!known.entered)
				enter(known, in, bolted | (in.byte() & 1 ? second : 0));
		}
	}
	u64 protected_or_kept(const Known &known, u64 newpp) const
	{
		const u64 now = look_up(known.page)->pp;

		must(now == known.pp || now == pp_of(newpp), "neither old nor new protection", now);
		must(faults_ || now == pp_of(newpp) || newpp >> 63 != 0, "not protected", now);
		return now;
	}

	void step(fuzz::Bytes &in)
	{
		const u8 choice = in.byte();
		Known &known = user_[in.byte() % user_.size()];

		switch (choice % 10) {
		case 0:
		case 1:
		case 2:
			if (!known.entered)
				enter(known, in,
				      (choice & 0x80 ? second : 0) |
					      ((choice & 0x60) == 0x60 ? bolted : 0));
			return;
		case 3:
			must(xen_hpte_remove(in_game(in)) < 8, "remove's answer");
			forget_missing();
			return;
		case 4: {
			const u64 newpp = in.number(1) | (choice & 0x80 ? u64{1} << 63 : 0);

			update(known, newpp);
			return;
		}
		case 5:
			if (known.entered) {
				xen_hpte_invalidate(known.slot, known.page.vpn(), small, small, 0,
						    0);
				known.entered = false;
			}
			return;
		case 6: {
			const u64 n = in.byte() % linear_.size();

			on_linear(linear_[n], n, in);
			return;
		}
		case 7:
			flush(in.byte() % 20);
			return;
		case 8:
			if (choice & 0x80)
				fail(in);
			else
				xen.fail_none();
			return;
		default:
			strange(in);
		}
	}
	/* Mostly a group in use. */
	u64 in_game(fuzz::Bytes &in)
	{
		const Known &known = user_[in.byte() % user_.size()];

		return in.byte() == 0xff ? in.number() & ~u64{7} : known.page.first_group();
	}
	/* What Linux never does, or only at boot: nothing of it may harm. */
	void strange(fuzz::Bytes &in)
	{
		const u8 choice = in.byte();
		const int psize = in.byte() % 32 - 8;

		if (choice & 1)
			real_mode();
		if (choice & 2)
			xen_hpte_insert(in.number() | FakeHpt::slots, in.number(), in.number(),
					in.number(), in.byte() & 0x12, psize, psize, in.byte() & 1);
		if (choice & 4)
			xen_hpte_insert(in_game(in), in.number(), in.number() << 12, 0x190, bolted,
					psize, psize ^ (choice >> 7), 0);
		if (choice & 8)
			xen_hpte_updatepp(in.number() | FakeHpt::slots, 3, 0, psize, psize, 0, 0);
		if (choice & 16)
			xen_hpte_invalidate(in.number() | FakeHpt::slots, 0, psize, psize, 0, 0);
		if (choice & 32)
			xen_hpte_removebolted(linear + (FakeHpt::window_first << 12) +
						      (in.number(2) << 12),
					      small, 0);
		if (choice & 64)
			xen_hpte_updateboltedpp(3, linear + (FakeHpt::window_first << 12), small,
						0);
		be_a_cpu();
		if ((choice & 6) == 0)
			return;
		/* What was bolted by it is nobody's in the game. */
		for (auto &entry : xen.table)
			if (entry.valid() && !expected(entry))
				entry = {};
		forget_missing();
	}
	bool expected(const Entry &entry) const
	{
		const u64 slot = static_cast<u64>(&entry - xen.table.data());

		for (const Known &known : user_)
			if (known.entered && known.slot == slot)
				return true;
		for (const Known &known : linear_)
			if (known.entered && known.slot == slot)
				return true;
		return false;
	}

	void judge()
	{
		for (const auto &[rule, times] : xen.broken)
			if (rule != "large page misaligned")
				must(false, rule.c_str(), times);
		if (!services.stale.empty())
			return; /* the kernel has stopped */
		for (const Known &known : user_)
			judge(known);
		for (const Known &known : linear_)
			judge(known);
		must(paca_get<u8>(XEN_PACA_SOFT_MASK) == 0, "interrupts stay masked");
	}
	void judge(const Known &known) const
	{
		const auto found = look_up(known.page);

		if (!found) {
			must(!known.entered, "a page is gone", known.page.vpn());
			return;
		}
		must(known.entered, "a page is still there", known.page.vpn());
		must(found->frame == known.frame, "another frame", found->frame);
		must(found->pp == known.pp, "another protection", found->pp);
		must(found->bolted == known.bolted, "bolted or not", found->bolted);
		must((found->wimg & 8) == 0 && (found->wimg >> 2 & 1) == (found->wimg & 1), "WIMG",
		     found->wimg);
	}
	void end()
	{
		/* A call for each slot: not each time. */
		if (!services.stale.empty() || !empties_)
			return;
		xen.fail_none();
		xen_hpte_clear_all();
		must(xen.used() == 0, "entries left for the next kernel", xen.used());
	}
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	Kernels{}.run(fuzz::Bytes{data, size});
	return 0;
}
