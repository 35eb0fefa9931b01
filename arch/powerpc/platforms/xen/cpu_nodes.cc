// SPDX-License-Identifier: GPL-2.0
/*
 * The cpu nodes of the device tree: one for each vcpu.
 *
 * Linux counts cpus by these nodes, and dom0's tree has one for the boot cpu only.  The
 * others are copies of it that differ in name and number, linked behind it in the order
 * of their vcpus.  So cpu n of Linux is vcpu n of Xen, whatever number its node has.
 *
 * It happens once, before Linux looks at the nodes.  What cannot be copied is reported,
 * and the kernel goes on with the cpus it has.
 */
#include <xen/core/endian.hh>
#include <xen/core/errno.hh>

#include <abi/shared_info.hh>
#include <abi/vcpu.hh>

#include "cpu_nodes_glue.h"
#include "hypercall.hh"

namespace xen::ppc {

namespace {

/* Linux keeps it in 16 bits where starting cpus look for themselves. */
constexpr u32 max_number = 0xffff;

/* The end of every copy's name: '@', four digits at most, a null. */
constexpr u32 address_bytes = 6;

/* What is known of the cpu nodes that are linked. */
struct Nodes {
	xen_node *first, *last;
	u32 cpus;    /* as Linux will count them */
	u32 highest; /* of their numbers */
};

[[nodiscard]] bool same(const char *left, const char *right) noexcept
{
	for (; *left != 0 && *left == *right; ++left)
		++right;
	return *left == *right;
}

/* A number for each thread; Linux prefers them to reg. */
[[nodiscard]] bool is_threads(const xen_node_property &p) noexcept
{
	return same(p.name, "ibm,ppc-interrupt-server#s");
}

[[nodiscard]] bool is_number(const xen_node_property &p) noexcept
{
	return same(p.name, "reg") || is_threads(p);
}

/* Phandles are unique: the first node keeps them. */
[[nodiscard]] bool is_phandle(const xen_node_property &p) noexcept
{
	return same(p.name, "phandle") || same(p.name, "linux,phandle") ||
	       same(p.name, "ibm,phandle");
}

[[nodiscard]] u32 cell(const xen_node_property &p, u32 index) noexcept
{
	Be<u32> value;

	__builtin_memcpy(&value, static_cast<const u8 *>(p.value) + index * sizeof(value),
			 sizeof(value));
	return value.load();
}

/* Takes a node into account. */
void survey(Nodes &nodes, xen_node *node) noexcept
{
	xen_node_property p{};
	u32 reg = 0, threads = 0;
	bool has_reg = false, has_threads = false;

	for (u32 i = 0; xen_glue_node_property(node, i, &p) == 0; ++i) {
		if (!is_number(p))
			continue;

		const u32 cells = p.bytes / static_cast<u32>(sizeof(u32));

		(is_threads(p) ? has_threads : has_reg) = true;
		(is_threads(p) ? threads : reg) = cells;
		for (u32 at = 0; at < cells; ++at)
			if (const u32 number = cell(p, at); number > nodes.highest)
				nodes.highest = number;
	}
	/* Linux numbers a cpu without a number by its place. */
	if (!has_threads && !has_reg && nodes.cpus > nodes.highest)
		nodes.highest = nodes.cpus;
	nodes.cpus += has_threads ? threads : has_reg ? reg : 1;
	if (nodes.first == nullptr)
		nodes.first = node;
	nodes.last = node;
}

/* "PowerPC,970@3": the name before the '@', as much as there is room for, and @number. */
void name_node(xen_new_node &node, const char *like, u32 number) noexcept
{
	char *at = node.name;
	u32 shift = 12;

	while (*like != 0 && *like != '@' && at < node.name + sizeof(node.name) - address_bytes)
		*at++ = *like++;
	*at++ = '@';
	while (shift != 0 && number >> shift == 0)
		shift -= 4;
	for (;; shift -= 4) {
		*at++ = "0123456789abcdef"[number >> shift & 0xf];
		if (shift == 0)
			break;
	}
	*at = 0;
}

/* All properties of the first node but who it is. */
void copy_properties(xen_new_node &node, const xen_node *from) noexcept
{
	xen_node_property p{};
	u32 copied = 0;

	for (u32 i = 0; xen_glue_node_property(from, i, &p) == 0; ++i) {
		if (is_phandle(p))
			continue;
		if (is_number(p)) {
			p.value = node.number;
			p.bytes = sizeof(node.number);
		}
		xen_glue_add_property(&node, copied++, &p);
	}
}

/* False: there is no memory, or no number left; nothing has changed. */
[[nodiscard]] bool clone(Nodes &nodes) noexcept
{
	if (nodes.highest >= max_number)
		return false;

	xen_node_property p{};
	u32 count = 0;

	while (xen_glue_node_property(nodes.first, count, &p) == 0)
		++count;

	xen_new_node *const node = xen_glue_new_node(count);

	if (node == nullptr)
		return false;

	const Be<u32> number{++nodes.highest};

	__builtin_memcpy(node->number, &number, sizeof(node->number));
	name_node(*node, xen_glue_node_name(nodes.first), nodes.highest);
	copy_properties(*node, nodes.first);
	/* The boot cpu stays the first, and the next copy comes behind this one. */
	nodes.last = xen_glue_link_node(node, nodes.first, nodes.last);
	++nodes.cpus;
	return true;
}

} // namespace

} // namespace xen::ppc

using namespace xen::ppc;

/**
 * xen_smp_clone_cpu_nodes - a node for each vcpu that the tree has none for
 *
 * Context: ppc_md.probe: one cpu, the tree is unflattened, there is no slab.
 */
void xen_smp_clone_cpu_nodes() noexcept
{
	const u32 most = xen_glue_max_cpus() < max_vcpus ? xen_glue_max_cpus() : max_vcpus;
	Nodes nodes{};

	for (xen_node *n = nullptr; (n = xen_glue_next_cpu(n)) != nullptr;)
		survey(nodes, n);
	if (nodes.cpus == 0) {
		xen_glue_cpus_odd("no cpu node in the device tree, but", most);
		return;
	}
	while (nodes.cpus < max_vcpus) {
		const u32 vcpu = nodes.cpus;
		const s64 status = xen_call(XenCall::VcpuOp, VcpuOp::IsUp, vcpu, u64{0});

		if (status == xen::err::noent.to_linux())
			return;
		if (status < 0) {
			xen_glue_cpus_unknown(vcpu, status);
			return;
		}
		if (vcpu >= most) {
			xen_glue_cpus_odd("vcpus are left unused from number", vcpu);
			return;
		}
		if (!clone(nodes)) {
			xen_glue_cpus_odd("no device tree node for vcpu", vcpu);
			return;
		}
	}
}
