/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Domains before their first instruction: memory, tables, image, tree, entry state.
 *
 * A domain becomes present as the last step.  One that cannot be built leaves the memory
 * that it got behind: refhv does not start then.
 */
#include "dom/build.hh"

#include <abi/p2m.hh>

#include <bit>

#include "base/print.hh"
#include "dom/firmware.hh"
#include "dom/tree.hh"
#include "machine/cpu.hh"
#include "mm/frames.hh"

namespace refhv {

namespace {

constexpr u64 first_dec = 0x7fffffff;
constexpr u64 entry_mask = (1ul << 42) - 1;
constexpr u64 filler = 0x5555555555555555; /* what the tools leave in unused registers */

using Entry = xen::ppc::p2m::Entry;

/* allocate - a run of @bytes, rounded up to a power of two; false without */
bool allocate(u64 bytes, DomId owner, FrameType type, MachAddr &at)
{
	const u32 log2 = static_cast<u32>(std::countr_zero(std::bit_ceil(bytes)));
	const Mfn first = frames::allocate(log2 - u32{page_shift}, owner, type);

	at = MachAddr{first.raw() << page_shift};
	return first != frames::none;
}

void write_entry(const Domain &dom, const Plan &plan, u64 pfn, u32 value)
{
	*phys<Entry>(dom.rma + (plan.table + pfn * sizeof(Entry))) = Entry{value};
}

/* enter_run - @bytes of memory at @at become the pages from @pfn on */
void enter_run(Domain &dom, const Plan &plan, u64 pfn, MachAddr at, u64 bytes)
{
	for (u64 i = 0; i < bytes >> page_shift; i++) {
		const u64 mfn = (at.raw() >> page_shift) + i;

		p2m::set(dom, Pfn{pfn + i}, Mfn{mfn});
		if (plan.direct)
			write_entry(dom, plan, pfn + i, static_cast<u32>(mfn));
	}
	dom.tot_pages += bytes >> page_shift;
}

/* make_p2m - where pfns are recorded: refhv's array, or the guest's table; not yet filled */
const char *make_p2m(Domain &dom, const Plan &plan)
{
	using xen::ppc::p2m::Kind;
	using xen::ppc::p2m::KindField;
	MachAddr array;

	dom.p2m.entries = plan.pfns;
	if (plan.direct) {
		dom.p2m.table = Pfn{plan.table >> page_shift};
		__builtin_memset(phys(dom.rma + plan.table), 0xff, plan.table_bytes);
		for (u64 pfn = io_hole_first;
		     pfn < io_hole_first + io_hole_pages && pfn < plan.pfns; pfn++)
			write_entry(dom, plan, pfn,
				    KindField::make(Kind::Identity) | static_cast<u32>(pfn));
		return nullptr;
	}
	if (!allocate(plan.pfns * sizeof(u32), owner_xen, FrameType::Xen, array))
		return "no memory for the p2m array";
	dom.p2m.entry = phys<u32>(array);
	__builtin_memset(dom.p2m.entry, 0xff, plan.pfns * sizeof(u32));
	return nullptr;
}

const char *make_memory(Domain &dom, const Plan &plan)
{
	const u64 extents = (plan.mem_bytes - plan.rma_bytes) / large_bytes;
	MachAddr extent;

	if (!allocate(plan.rma_bytes, dom.id, FrameType::Rma, dom.rma))
		return "no memory for the real-mode area";
	dom.rma_bytes = plan.rma_bytes;
	dom.shared_info_at = dom.rma + (plan.rma_bytes - page_bytes);
	dom.max_pages = plan.mem_bytes >> page_shift;
	if (const char *why = make_p2m(dom, plan))
		return why;
	enter_run(dom, plan, 0, dom.rma, plan.rma_bytes);
	for (u64 i = 0; i < extents; i++) {
		if (!allocate(large_bytes, dom.id, FrameType::Ram, extent))
			return "not enough memory";
		enter_run(dom, plan, extent_pfn(plan, i), extent, large_bytes);
	}
	return nullptr;
}

const char *make_tables(Domain &dom, const Plan &plan)
{
	if (hpt::create(dom, plan.hpt_log2))
		return "no memory for the hashed page table";
	/* There are codes of LPCR[RMLS] for all sizes but these. */
	if (plan.rma_bytes == 64 << 20 || plan.rma_bytes == 128 << 20)
		hpt::map_vrma(dom);
	evtchn::init(dom);
	if (grant::init(dom))
		return "no memory for grant frames";
	if (!dom.privileged)
		for (const u32 port : {tree::store_port, tree::console_port})
			dom.events.channel[port] = {PortState::Unbound, 0, DomId{0}, 0};
	return nullptr;
}

const char *load_images(Domain &dom, const BuildRequest &request, const Plan &plan,
			const Image &image)
{
	const bool flat = request.start == Start::Flat;

	if (!elf::load(image, phys(dom.rma), firmware::entry))
		return "a segment lies outside of the first 32 MB";
	if (plan.initrd)
		__builtin_memcpy(phys(dom.rma + plan.initrd), phys(request.initrd.at),
				 request.initrd.bytes);
	cpu::sync_icache(dom.rma, firmware::entry);
	/* Out of the guest's reach: libfdt must never see a tree that a guest wrote. */
	if (!flat && !allocate(tree_room, owner_xen, FrameType::Xen, dom.tree))
		return "no memory for the device tree";
	if (!flat)
		firmware::install(dom);
	return tree::build({dom, request.command_line, plan.initrd,
			    plan.initrd ? plan.initrd + request.initrd.bytes : 0, flat},
			   phys(flat ? dom.rma + flat_tree : dom.tree), tree_room);
}

void init_vcpus(Domain &dom)
{
	for (u32 i = 0; i < dom.nr_vcpus; i++) {
		Vcpu &vcpu = dom.vcpu[i];

		vcpu = {};
		vcpu.dom = &dom;
		vcpu.id = VcpuId{i};
		vcpu.cpu = dom.first_cpu + i;
		vcpu.dec = first_dec;
		vcpu.dec_saved = true;
		vcpu.pteg = -1;
	}
}

/* enter_state - vcpu 0's registers, the table of ABI 1.4 */
void enter_state(Domain &dom, const BuildRequest &request, const Plan &plan, const Image &image)
{
	Vcpu &vcpu = dom.vcpu[0];
	Regs &regs = vcpu.regs;
	u64 *gpr = regs.gpr;

	regs.pc = image.entry & entry_mask;
	regs.msr = image.file.is64 ? msr::sf : 0;
	if (!dom.privileged) {
		for (u64 &each : regs.gpr)
			each = filler;
		gpr[1] = gpr[13] = 0;
		regs.lr = regs.ctr = filler;
		regs.cr = filler >> 32;
		regs.msr = 0;
		regs.pc = image.entry;
	}
	if (request.start == Start::Flat) {
		gpr[3] = flat_tree;
		gpr[4] = image.low;
		gpr[5] = 0;
	} else {
		gpr[1] = firmware::entry - 112;
		gpr[3] = plan.initrd;
		/* The historical one gave the kernel's length for the initrd's. */
		gpr[4] = !plan.initrd	      ? 0
			 : options.historical ? image.file.size
					      : request.initrd.bytes;
		gpr[5] = firmware::entry;
	}
	vcpu.initialised = vcpu.online = true;
}

} // namespace

const char *build_domain(const BuildRequest &request)
{
	Domain *dom = find_domain(request.id);
	Image image;
	Plan plan;

	if (dom)
		return "there is such a domain";
	for (Domain &each : domains)
		if (!each.present && !dom)
			dom = &each;
	if (!dom)
		return "no more domains";
	if (!request.vcpus || request.vcpus > max_vcpus || request.first_cpu >= cpu::online() ||
	    request.vcpus > cpu::online() - request.first_cpu)
		return "not as many cores";
	if (!request.privileged && request.start != Start::Flat)
		return "the client interface is dom0's";
	if (const char *why =
		    elf::parse(phys<const u8>(request.kernel.at), request.kernel.bytes, image))
		return why;
	if (const char *why = plan_domain(request, image, plan))
		return why;
	if (plan.note)
		print("refhv: ", plan.note, "\n");

	dom->id = request.id;
	dom->privileged = request.privileged;
	dom->direct = plan.direct;
	dom->first_cpu = request.first_cpu;
	dom->nr_vcpus = request.vcpus;
	init_vcpus(*dom);
	if (const char *why = make_memory(*dom, plan))
		return why;
	if (const char *why = make_tables(*dom, plan))
		return why;
	if (const char *why = load_images(*dom, request, plan, image))
		return why;
	enter_state(*dom, request, plan, image);
	time::copy_wallclock(*dom);
	dom->present = true;
	return nullptr;
}

} // namespace refhv
