/* SPDX-License-Identifier: GPL-2.0 */
/* Test domains (world.hh). */
#include "world.hh"

#include <cstdio>
#include <cstdlib>

namespace rig {
namespace {

constexpr u64 table_at = 0x100000; /* the frame table; refhv's own first 2 MB lie around it */
std::vector<u32> p2m_array[2];

void must(bool ok, const char *what)
{
	if (!ok) {
		std::fprintf(stderr, "test world: %s\n", what);
		std::abort();
	}
}

void give(Domain &dom, std::vector<u64> &mfn, Mfn first, u64 pages)
{
	must(first != frames::none, "no frames");
	for (u64 i = 0; i < pages; ++i) {
		p2m::set(dom, Pfn{mfn.size()}, first + Pages{i});
		mfn.push_back(first.raw() + i);
	}
	dom.tot_pages += pages;
}

void build(u32 index, bool direct, std::vector<u64> &mfn)
{
	Domain &dom = domains[index];

	dom.id = DomId{static_cast<u16>(index * 5)};
	dom.present = true;
	dom.privileged = index == 0;
	dom.direct = direct;
	dom.first_cpu = index * 2;
	dom.nr_vcpus = 2;
	dom.max_pages = all_pages;
	for (u32 v = 0; v < dom.nr_vcpus; ++v) {
		dom.vcpu[v].dom = &dom;
		dom.vcpu[v].id = VcpuId{v};
		dom.vcpu[v].cpu = dom.first_cpu + v;
	}
	p2m_array[index].assign(all_pages, p2m_invalid);
	dom.p2m = {direct ? nullptr : p2m_array[index].data(), all_pages, Pfn{0}};

	const Mfn rma = frames::allocate(12, dom.id, FrameType::Rma);

	give(dom, mfn, rma, rma_pages);
	give(dom, mfn, frames::allocate(12, dom.id, FrameType::Ram), extent_pages);
	for (u64 i = 0; i < single_pages; ++i) {
		/* Every second frame goes to nobody for good, so that none are neighbours. */
		give(dom, mfn, frames::allocate(0, dom.id, FrameType::Ram), 1);
		must(frames::allocate(0, owner_xen, FrameType::Xen) != frames::none, "no gap");
	}
	dom.rma = MachAddr{rma.raw() << page_shift};
	dom.rma_bytes = rma_pages << page_shift;
	dom.shared_info_at = MachAddr{(rma.raw() + rma_pages - 1) << page_shift};
	must(hpt::create(dom, 18) == 0, "no page table");
	must(grant::init(dom) == 0, "no grant table");
}

} // namespace

World::World(bool direct, u64 bytes) : dom0(domains[0]), domu(domains[1])
{
	reset(bytes);
	std::memset(static_cast<void *>(domains), 0, sizeof(domains));
	frames::init(MachAddr{table_at}, bytes >> page_shift);
	frames::reserve(Mfn{0}, 512);
	build(0, direct, mfn[0]);
	build(1, direct, mfn[1]);
}

Mapping &World::map_grant(Domain &dom, u32 handle, Domain &owner, u64 frame, u32 slot,
			  bool read_only)
{
	Mapping &m = dom.grants.mapping[handle];

	m = {.host_addr = (p2m::window_base(dom) + slot) << page_shift,
	     .ref = handle,
	     .granter = owner.id,
	     .active = true,
	     .read_only = read_only,
	     .host = true,
	     .device = false,
	     .frame = Mfn{frame}};
	++frames::at(Mfn{frame})->refs;
	return m;
}

s64 papr(Call call, Vcpu &vcpu, std::initializer_list<u64> args)
{
	u32 r = 4;

	for (const u64 arg : args)
		vcpu.regs.gpr[r++] = arg;
	hypervisor_lock();
	const s64 code = call(*vcpu.dom, vcpu.regs);
	hypervisor_unlock();
	return code;
}

std::vector<u64> Rules::now()
{
	std::vector<u64> counts;

	for (u8 r = 0; r < static_cast<u8>(Rule::Count); ++r)
		counts.push_back(violations(Rule{r}));
	const std::vector<u64> before = seen_.empty() ? counts : seen_;

	seen_ = counts;
	for (size_t i = 0; i < counts.size(); ++i)
		counts[i] -= before[i];
	return counts;
}

bool Rules::only(Rule rule, u64 times)
{
	std::vector<u64> since = now();
	bool ok = since[static_cast<size_t>(rule)] == times;

	since[static_cast<size_t>(rule)] = 0;
	for (const u64 n : since)
		ok = ok && n == 0;
	return ok;
}

bool Rules::none()
{
	return only(Rule::FrameOutOfRange, 0);
}

} // namespace rig
