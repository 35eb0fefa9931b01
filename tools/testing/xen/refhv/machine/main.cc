/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The start: machine's tree, options, frame table, domains - then the cores run them.
 *
 * Runs on core 0 alone.  Whatever is wrong ends in "refhv: FAILED: ..." and its reason.
 */
#include "base/options.hh"
#include "base/print.hh"
#include "dom/build.hh"
#include "dom/tree.hh"
#include "machine/core.hh"
#include "mm/frames.hh"

namespace refhv {

extern "C" [[noreturn]] void hv_main(const void *tree);

namespace {

constexpr u64 megabyte = 1 << 20;
/* Where QEMU puts -kernel; what follows is -initrd's. */
constexpr u64 kernel_at = 512 * megabyte, kernel_most = 128 * megabyte;
constexpr u64 tree_most = 2 * megabyte;

[[noreturn]] void fail(const char *what, const char *why)
{
	print("refhv: ", what, ":\n");
	finish(why, true);
}

/* Images are read while domains are built: no domain may get their frames. */
void keep(const Blob &image, const tree::Machine &machine, const char *what)
{
	const u64 at = image.at.raw();

	if (!image.bytes)
		return;
	if (at > machine.ram_bytes || image.bytes > machine.ram_bytes - at)
		fail(what, "does not lie in the machine's memory");

	const u64 first = at >> page_shift, last = (at + image.bytes - 1) >> page_shift;

	frames::reserve(Mfn{first}, last - first + 1);
}

/* All below the end of the tree is refhv's; the frame table follows, and ends below the kernel. */
void make_frames(const void *fdt, const tree::Machine &machine)
{
	const u64 table = reinterpret_cast<u64>(fdt) + tree_most;
	const u64 count = machine.ram_bytes >> page_shift;

	if (table >= kernel_at || count > (kernel_at - table) / sizeof(Frame))
		fail("memory", "more than the frame table has room for");
	frames::init(MachAddr{table}, count);
	frames::reserve(Mfn{0}, table >> page_shift);
}

void build(const BuildRequest &request)
{
	const char *why = build_domain(request);

	if (why)
		fail("domain cannot be built", why);
	const Domain &dom = *find_domain(request.id);
	print("refhv: domain ", dom.id.raw(), ": ", dom.tot_pages * page_bytes / megabyte,
	      " MB, real-mode area ", dom.rma_bytes / megabyte, " MB, ", dom.nr_vcpus,
	      " vcpus from cpu ", dom.first_cpu, dom.direct ? ", direct" : ", translated",
	      dom.tree.raw() ? ", client interface\n" : ", flat tree\n");
}

void build_domains(const tree::Machine &machine)
{
	const Options &o = options;
	const Blob kernel{MachAddr{kernel_at}, kernel_most};
	const Blob initrd{MachAddr{machine.initrd_start},
			  machine.initrd_end - machine.initrd_start};
	const Blob domu{MachAddr{o.domu_address}, o.domu_bytes};
	const u32 others = domu.bytes ? o.domu_vcpus : 0;
	const u32 most = cpu::online() > others ? cpu::online() - others : 0;
	const u32 vcpus = o.vcpus ? o.vcpus : most < max_vcpus ? most : max_vcpus;
	const u64 share = machine.ram_bytes / 16 / megabyte, usual = share > 192 ? share : 192;

	keep(kernel, machine, "kernel");
	keep(initrd, machine, "initrd");
	keep(domu, machine, "second domain's image");
	if (!vcpus || vcpus > most)
		fail("vcpus", "not as many cores");
	const BuildRequest first{.id = DomId{0},
				 .kernel = kernel,
				 .initrd = initrd,
				 .command_line = o.guest,
				 .mem_mb = o.mem_mb ? o.mem_mb : usual,
				 .rma_mb = o.rma_mb,
				 .first_cpu = 0,
				 .vcpus = vcpus,
				 .privileged = true,
				 .mode = o.mode,
				 .start = o.start};
	const BuildRequest second{.id = DomId{1},
				  .kernel = domu,
				  .initrd = {},
				  .command_line = "",
				  .mem_mb = o.domu_mb,
				  .rma_mb = 64,
				  .first_cpu = vcpus,
				  .vcpus = others,
				  .privileged = false,
				  .mode = o.mode,
				  .start = Start::Flat};

	if (domu.bytes && o.domu_first)
		build(second);
	build(first);
	if (domu.bytes && !o.domu_first)
		build(second);
}

} // namespace

void hv_main(const void *fdt)
{
	tree::Machine machine{};

	if (const char *why = tree::read_machine(fdt, machine))
		fail("machine's tree", why);
	smp::start(machine.cpus < max_cpus ? machine.cpus : max_cpus, machine.timebase_hz);
	board::init(0);
	print("refhv: reference hypervisor for Xen/PPC, ", cpu::online(), " cores, ",
	      machine.ram_bytes / megabyte, " MB\n");
	if (const char *word = parse_options(machine.bootargs))
		fail("option not understood", word);
	make_frames(fdt, machine);
	build_domains(machine);
	canary::plant();
	smp::release();
	smp::run();
}

} // namespace refhv
