// SPDX-License-Identifier: GPL-2.0
/*
 * The cpu nodes that Linux will find, for trees and vcpus of many kinds.
 *
 * The tree is a list of siblings, cpus among others; properties are bytes as firmware
 * writes them.
 */
#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cpu_nodes_glue.h"
#include "fake_paca.hh"

using namespace xen::ppc;

struct xen_node {
	std::string name;
	std::vector<std::pair<std::string, std::string>> property;
	bool cpu = true, cloned = false;

	const std::string *find(const char *which) const
	{
		const auto at = std::find_if(property.begin(), property.end(),
					     [which](const auto &p) { return p.first == which; });

		return at == property.end() ? nullptr : &at->second;
	}
};

namespace {

constexpr s64 no_entry = -2;

std::string cells(std::initializer_list<u32> numbers)
{
	std::string bytes;

	for (const u32 n : numbers)
		for (const unsigned int shift : {24U, 16U, 8U, 0U})
			bytes.push_back(static_cast<char>(n >> shift & 0xff));
	return bytes;
}

/* A new node while it is filled in, without its place in the tree. */
struct Pending {
	std::unique_ptr<xen_new_node> own;
	std::vector<xen_node_property> property;
	unsigned int room;
};

std::vector<std::unique_ptr<xen_node>> siblings;
std::vector<Pending> pending;
std::vector<std::string> odd;
std::vector<s64> unknown;
unsigned int max_cpus, memory; /* memory: for how many nodes there is some */

struct Xen : host::Hypervisor {
	u64 vcpus = 4;
	s64 fault = 0;
	std::vector<u64> asked;

	void trap(u64 *r) override
	{
		EXPECT_EQ(r[0], 0xffffffffffff0018U);
		EXPECT_EQ(r[1], 3U);
		EXPECT_EQ(r[3], 0U);
		asked.push_back(r[2]);
		r[0] = static_cast<u64>(fault != 0 ? fault : r[2] < vcpus ? r[2] == 0 : no_entry);
	}
};

class CpuNodes : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_cpu();
		host::hypervisor = &xen;
		siblings.clear();
		pending.clear();
		odd.clear();
		unknown.clear();
		max_cpus = 8;
		memory = 100;
	}

	static xen_node &add(const char *name, const std::string &reg)
	{
		siblings.push_back(std::make_unique<xen_node>());
		xen_node &node = *siblings.back();

		node.name = name;
		node.property = {{"name", "PowerPC,970"},
				 {"device_type", "cpu"},
				 {"reg", reg},
				 {"timebase-frequency", cells({33333333})}};
		return node;
	}
	static std::vector<std::string> names()
	{
		std::vector<std::string> all;

		for (const auto &node : siblings)
			all.push_back(node->name);
		return all;
	}

	Xen xen;
};

using Names = std::vector<std::string>;

TEST_F(CpuNodes, every_vcpu_gets_one_in_order)
{
	add("PowerPC,970@0", cells({0}));
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(names(),
		  (Names{"PowerPC,970@0", "PowerPC,970@1", "PowerPC,970@2", "PowerPC,970@3"}));
	for (u32 i = 0; i < 4; ++i)
		EXPECT_EQ(*siblings[i]->find("reg"), cells({i}));
	EXPECT_EQ(xen.asked, (std::vector<u64>{1, 2, 3, 4}));
	EXPECT_TRUE(odd.empty() && unknown.empty());
}

TEST_F(CpuNodes, copies_come_directly_behind_the_cpus)
{
	add("cache", "").cpu = false;
	add("PowerPC,970@0", cells({0}));
	add("l2-cache", "").cpu = false;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(names(), (Names{"cache", "PowerPC,970@0", "PowerPC,970@1", "PowerPC,970@2",
				  "PowerPC,970@3", "l2-cache"}));
}

TEST_F(CpuNodes, a_copy_has_what_the_first_has_but_who_it_is)
{
	xen_node &boot = add("PowerPC,970@0", cells({0}));

	boot.property.insert(boot.property.begin(), {"phandle", cells({7})});
	boot.property.insert(boot.property.begin() + 3, {"linux,phandle", cells({7})});
	boot.property.emplace_back("ibm,ppc-interrupt-server#s", cells({0}));
	boot.property.emplace_back("ibm,phandle", cells({7}));
	boot.property.emplace_back("regs", "x");
	boot.property.emplace_back("64-bit", "");
	xen.vcpus = 2;
	xen_smp_clone_cpu_nodes();
	ASSERT_EQ(siblings.size(), 2U);
	EXPECT_EQ(siblings[1]->property, (std::vector<std::pair<std::string, std::string>>{
						 {"name", "PowerPC,970"},
						 {"device_type", "cpu"},
						 {"reg", cells({1})},
						 {"timebase-frequency", cells({33333333})},
						 {"ibm,ppc-interrupt-server#s", cells({1})},
						 {"regs", "x"},
						 {"64-bit", ""}}));
	EXPECT_EQ(boot.property.size(), 10U) << "the first is left alone";
	EXPECT_EQ(*boot.find("reg"), cells({0}));
}

TEST_F(CpuNodes, those_that_exist_are_not_made_again)
{
	for (u32 i = 0; i < 4; ++i)
		add("cpu", cells({i}));
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(siblings.size(), 4U);
}

TEST_F(CpuNodes, numbers_are_unique)
{
	add("cpu@28", cells({40}));
	add("cpu@8", cells({8}));
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(names(), (Names{"cpu@28", "cpu@8", "cpu@29", "cpu@2a"}));
	EXPECT_EQ(*siblings[2]->find("reg"), cells({41}));
	EXPECT_EQ(*siblings[3]->find("reg"), cells({42}));
}

TEST_F(CpuNodes, threads_count_as_linux_counts_them)
{
	add("cpu@0", cells({0}))
		.property.emplace_back("ibm,ppc-interrupt-server#s", cells({0, 17}));
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(names(), (Names{"cpu@0", "cpu@12", "cpu@13"}));
	EXPECT_EQ(*siblings[1]->find("ibm,ppc-interrupt-server#s"), cells({18}));
	EXPECT_EQ(xen.asked.at(0), 2U);
}

TEST_F(CpuNodes, a_cpu_without_a_number_has_its_place)
{
	for (const char *name : {"cpu", "cpu"})
		add(name, "").property.erase(siblings.back()->property.begin() + 2);
	xen.vcpus = 3;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(names(), (Names{"cpu", "cpu", "cpu@2"}));
}

TEST_F(CpuNodes, long_names_keep_their_number)
{
	add("a-name-that-is-much-longer-than-the-room-for-it@0", cells({0xffa}));
	xen.vcpus = 3;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(names().at(1), "a-name-that-is-much-longer@ffb");
	EXPECT_EQ(names().at(2), "a-name-that-is-much-longer@ffc");
}

TEST_F(CpuNodes, all_sixteen_bits_of_a_number_are_used)
{
	add("cpu@fffd", cells({0xfffd}));
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(names(), (Names{"cpu@fffd", "cpu@fffe", "cpu@ffff"}));
	EXPECT_EQ(odd.size(), 1U) << "there is no number for the fourth";
}

TEST_F(CpuNodes, the_kernels_limit_is_kept_and_named)
{
	add("cpu@0", cells({0}));
	max_cpus = 2;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(siblings.size(), 2U);
	EXPECT_EQ(odd.size(), 1U);
}

TEST_F(CpuNodes, the_abis_limit_is_kept)
{
	add("cpu@0", cells({0}));
	max_cpus = 64;
	xen.vcpus = 40;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(siblings.size(), 32U);

	const Names all = names();

	EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 32U);
	EXPECT_EQ(all.back(), "cpu@1f");
}

TEST_F(CpuNodes, an_answer_for_ever_yes_ends)
{
	add("cpu@0", cells({0}));
	xen.fault = 1;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(siblings.size(), 8U);
}

TEST_F(CpuNodes, a_refusal_leaves_one_cpu)
{
	add("cpu@0", cells({0}));
	xen.fault = -38;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(siblings.size(), 1U);
	EXPECT_EQ(unknown, std::vector<s64>{-38});
}

TEST_F(CpuNodes, without_memory_the_others_are_kept)
{
	add("cpu@0", cells({0}));
	memory = 2;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(names(), (Names{"cpu@0", "cpu@1", "cpu@2"}));
	EXPECT_EQ(odd.size(), 1U);
}

TEST_F(CpuNodes, a_tree_without_cpus_is_reported)
{
	add("l2-cache", "").cpu = false;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(siblings.size(), 1U);
	EXPECT_EQ(odd.size(), 1U);
	EXPECT_TRUE(xen.asked.empty());
}

} // namespace

xen_node *xen_glue_next_cpu(xen_node *previous) noexcept
{
	bool passed = previous == nullptr;

	for (const auto &node : siblings) {
		if (passed && node->cpu)
			return node.get();
		passed = passed || node.get() == previous;
	}
	return nullptr;
}

const char *xen_glue_node_name(const xen_node *node) noexcept
{
	return node->name.c_str();
}

int xen_glue_node_property(const xen_node *node, unsigned int index,
			   xen_node_property *property) noexcept
{
	if (index >= node->property.size())
		return no_entry;

	const auto &[name, value] = node->property[index];

	/* As the kernel has them: a property without a value has no memory either. */
	*property = {name.c_str(), value.empty() ? nullptr : value.data(),
		     static_cast<unsigned int>(value.size())};
	return 0;
}

xen_new_node *xen_glue_new_node(unsigned int properties) noexcept
{
	if (memory == 0)
		return nullptr;
	--memory;
	pending.push_back({std::make_unique<xen_new_node>(), {}, properties});
	return pending.back().own.get();
}

void xen_glue_add_property(xen_new_node *node, unsigned int index,
			   const xen_node_property *property) noexcept
{
	Pending &to = pending.back();

	ASSERT_EQ(node, to.own.get());
	ASSERT_EQ(index, to.property.size());
	ASSERT_LT(index, to.room);
	to.property.push_back(*property);
}

xen_node *xen_glue_link_node(xen_new_node *own, xen_node *like, xen_node *behind) noexcept
{
	auto node = std::make_unique<xen_node>();

	EXPECT_EQ(own, pending.back().own.get());
	EXPECT_FALSE(like->cloned);
	EXPECT_NE(std::memchr(own->name, 0, sizeof own->name), nullptr);
	node->name = own->name;
	node->cloned = true;
	for (const xen_node_property &p : pending.back().property)
		node->property.emplace_back(
			p.name, std::string(static_cast<const char *>(p.value), p.bytes));

	const auto at = std::find_if(siblings.begin(), siblings.end(),
				     [behind](const auto &n) { return n.get() == behind; });

	return siblings.insert(at + 1, std::move(node))->get();
}

unsigned int xen_glue_max_cpus() noexcept
{
	return max_cpus;
}

void xen_glue_cpus_odd(const char *what, unsigned int) noexcept
{
	odd.emplace_back(what);
}

void xen_glue_cpus_unknown(unsigned int, long status) noexcept
{
	unknown.push_back(status);
}
