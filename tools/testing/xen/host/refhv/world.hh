/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Small domains for tests of memory, without dom/build: dom0 and a domU in 256 MB.
 *
 * Each has an RMA of 16 MB, one more 16 MB extent, and scattered single frames behind it.
 * The test keeps its own list of which frame it gave for which pfn: that is its truth.
 */
#ifndef REFHV_TEST_WORLD_HH
#define REFHV_TEST_WORLD_HH

#include <cstring>
#include <initializer_list>
#include <vector>

#include <abi/hcall.hh>
#include <abi/hpte.hh>
#include <abi/xencomm.hh>

#include "base/lock.hh"
#include "base/options.hh"
#include "base/phys.hh"
#include "base/rules.hh"
#include "dom/domain.hh"
#include "machine.hh"
#include "mm/frames.hh"
#include "mm/hpt.hh"
#include "mm/p2m.hh"
#include "mm/xencomm.hh"

namespace rig {

inline constexpr u64 rma_pages = 4096;	  /* pfns 0 .. 4095 */
inline constexpr u64 extent_pages = 4096; /* pfns 4096 .. 8191 */
inline constexpr u64 single_pages = 64;	  /* pfns 8192 .. 8255, no two in a row */
inline constexpr u64 hole_pfn = rma_pages + extent_pages + single_pages; /* never mapped */
inline constexpr u64 all_pages = hole_pfn + 8;

struct World {
	/* @direct: dom0 and domU both in direct mode.  @bytes: the machine's memory */
	explicit World(bool direct = false, u64 bytes = u64{256} << 20);

	Domain &dom0, &domu;
	std::vector<u64> mfn[2]; /* of each pfn below hole_pfn: dom0's, domU's */

	/* An active mapping of @owner's frame @frame in @dom, at window slot @slot. */
	Mapping &map_grant(Domain &dom, u32 handle, Domain &owner, u64 frame, u32 slot,
			   bool read_only);
	u8 *page(u64 frame) { return phys(Mfn{frame}); }
};

using Call = s64 (*)(Domain &, Regs &);

/* papr - a PAPR call from @vcpu with r4.. = @args; results stay in vcpu.regs */
s64 papr(Call call, Vcpu &vcpu, std::initializer_list<u64> args);

/* What broke which rule how often since the last look. */
class Rules {
public:
	Rules() { now(); }
	/* exactly @times of @rule and nothing else since the last call */
	bool only(Rule rule, u64 times = 1);
	bool none();

private:
	std::vector<u64> now();
	std::vector<u64> seen_;
};

} // namespace rig

#endif
