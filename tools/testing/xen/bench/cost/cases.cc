// SPDX-License-Identifier: GPL-2.0
/*
 * Runs each function of sample.cc once in user mode, on a cpu of its own, and checks what
 * it returns.
 *
 * Prints "cost NAME CALLS" for each, in the order of the calls of on_cpu(), between whose
 * marks somebody outside counts instructions.  Linked with the kernel's own objects; what
 * these borrow from Linux is here, and not counted.
 */
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "p2m.hh"

using namespace xen;
using namespace xen::ppc;

extern "C" {

u64 cost_ram(u64 pfn);
u64 cost_translate(u64 pfn);
u64 cost_inline_handle(const void *object);
u64 cost_descriptor(const void *object, u64 bytes);

/* Calls @function with r13 as the kernel has it: the cpu's own area. */
u64 on_cpu(const void *function, u64 first, u64 second, void *paca);

asm("	.section \".text\"\n"
    "	.globl on_cpu, .on_cpu, cost_enter, cost_leave\n"
    "	.section \".opd\",\"aw\"\n"
    "	.align 3\n"
    "on_cpu: .quad .on_cpu, .TOC.@tocbase, 0\n"
    "	.previous\n"
    "	.type .on_cpu, @function\n"
    ".on_cpu:\n"
    "	mflr 0\n"
    "	std 0,16(1)\n"
    "	std 13,-8(1)\n"
    "	stdu 1,-160(1)\n"
    "	std 2,40(1)\n"
    "	mr 13,6\n"
    "	ld 0,0(3)\n"
    "	ld 2,8(3)\n"
    "	mr 3,4\n"
    "	mr 4,5\n"
    "	mtctr 0\n"
    "	.type cost_enter, @function\n"
    "cost_enter:\n"
    "	bctrl\n"
    "	.type cost_leave, @function\n"
    "cost_leave:\n"
    "	ld 2,40(1)\n"
    "	addi 1,1,160\n"
    "	ld 13,-8(1)\n"
    "	ld 0,16(1)\n"
    "	mtlr 0\n"
    "	blr\n");

/* ---- what the kernel's objects borrow ---- */

/* Scattered pages: every second one. */
unsigned long xen_glue_mapped_address(const void *at)
{
	const u64 page = (reinterpret_cast<u64>(at) & 0xffffff) >> 12;

	return (page % 512 * 2) << 12;
}
unsigned long xen_glue_irqs_off()
{
	return 0;
}
void xen_glue_irqs_restore(unsigned long) {}
void xen_glue_bug(const char *what, const char *file, unsigned int line)
{
	std::fprintf(stderr, "%s:%u: broken invariant: %s\n", file, line, what);
	std::exit(1);
}

} // extern "C"

namespace {

constexpr u64 frames = 4096;
p2m::Entry table[frames];
alignas(4096) unsigned char paca[1 << 14];

/* Which frame of the machine is behind one of the guest's. */
u32 machine(u64 pfn)
{
	return static_cast<u32>(0x123456 - pfn);
}

template <class F> void expect(const char *name, F *function, u64 first, u64 second, u64 wanted)
{
	const u64 got = on_cpu(reinterpret_cast<const void *>(function), first, second, paca);

	std::printf("cost %s\n", name);
	if (got != wanted) {
		std::fprintf(stderr, "%s: %#lx instead of %#lx\n", name,
			     static_cast<unsigned long>(got), static_cast<unsigned long>(wanted));
		std::exit(1);
	}
}

void lookups()
{
	expect("ram", cost_ram, 77, 0, machine(77));
	expect("translate-direct", cost_translate, 78, 0, machine(78));
	p2m_state.direct = false;
	expect("translate-translated", cost_translate, 79, 0, 79);
	p2m_state.direct = true;
}

void handles()
{
	constexpr u64 base = 0xc000000000000000, flag = u64{1} << 63;

	p2m_state.linear_limit = 16 << 12;
	p2m_state.linear_offset = u64{0x1000} << 12;
	expect("inline-rma", cost_inline_handle, base | 0x5008, 0, flag | (0x1005 << 12 | 8));
	expect("inline-above", cost_inline_handle, base | 77 << 12 | 8, 0,
	       flag | u64{machine(77)} << 12 | 8);
}

/* What the descriptor is: at the head of a page. */
u64 descriptor_of(u64 pages)
{
	constexpr u64 mapped = 0xc0003f0000000000;

	return on_cpu(reinterpret_cast<const void *>(cost_descriptor), mapped, pages << 12, paca);
}

void descriptors()
{
	/* It is built in the kernel image, which begins where this program does not. */
	p2m_state.linear_limit = ~u64{0};
	p2m_state.linear_offset = 0;
	for (const u64 pages : {u64{2}, u64{511}}) {
		const u64 at = descriptor_of(pages);

		std::printf("cost descriptor-%lu\n", static_cast<unsigned long>(pages));
		if (at == 0 || at == ~u64{0}) {
			std::fprintf(stderr, "descriptor: %#lx\n", static_cast<unsigned long>(at));
			std::exit(1);
		}
		const auto *const words = reinterpret_cast<const u64 *>(at);

		for (u64 i = 0; i < pages; ++i) {
			const u64 wanted = u64{machine(i * 2)} << 12;

			if (words[1 + i] != wanted) {
				std::fprintf(stderr, "descriptor: page %lu is %#lx, not %#lx\n",
					     static_cast<unsigned long>(i),
					     static_cast<unsigned long>(words[1 + i]),
					     static_cast<unsigned long>(wanted));
				std::exit(1);
			}
		}
	}
}

} // namespace

int main()
{
	std::setvbuf(stdout, nullptr, _IOLBF, 0);
	for (u64 i = 0; i < frames; ++i)
		table[i].store(machine(i));
	p2m_state.direct = true;
	p2m_state.table = P2mTable{table, frames};
	p2m_state.ram_end = frames;
	p2m_state.hole_pages = 0;
	lookups();
	handles();
	descriptors();
	return 0;
}
