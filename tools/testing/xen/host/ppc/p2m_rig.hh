/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of p2m*.cc start from: a tree that is read, and a refusal that comes back.
 */
#ifndef HOST_PPC_P2M_RIG_HH
#define HOST_PPC_P2M_RIG_HH

#include <csetjmp>
#include <string>

#include <gtest/gtest.h>

#include "boot_glue.h"
#include "fake_boot.hh"
#include "fake_paca.hh"
#include "fake_tree.hh"
#include "p2m.hh"
#include "p2m_tree.hh"
#include "translate.hh"
#include "window.hh"

namespace host {

inline const xen::ppc::P2m p2m_at_start = xen::ppc::p2m_state;

/* A refusal does not return: it comes back here. */
inline std::jmp_buf after_refusal;
inline std::string refusal;

class P2mTest : public ::testing::Test {
protected:
	P2mTest()
	{
		reset_cpu();
		reset_boot();
		on_refusal = [](const char *message) {
			refusal = message;
			std::longjmp(after_refusal, 1);
		};
	}
	~P2mTest() override
	{
		xen::ppc::window_start(xen::Pfn{0}, xen::Pages{0}, nullptr);
		host::tree = nullptr;
		on_refusal = nullptr;
		xen::ppc::p2m_state = p2m_at_start;
	}

	/* Reads @given; the text of the refusal, or none. */
	std::string read(const Tree &given)
	{
		tree_ = given;
		host::tree = &tree_;
		xen::ppc::p2m_state = p2m_at_start;
		kept_ = {};
		refusal.clear();
		if (setjmp(after_refusal) == 0) {
			const int node = xen_glue_fdt_node(nullptr);

			xen::ppc::p2m_peek(node);
			kept_ = xen::ppc::p2m_read(
				node, xen::Pfn{xen_glue_memory_end() >> xen::ppc::page_shift});
		}
		return refusal;
	}
	void expect_refused(const Tree &given, const char *part)
	{
		EXPECT_NE(read(given).find(part), std::string::npos)
			<< "'" << refusal << "' has no '" << part << "'";
		EXPECT_FALSE(xen::ppc::is_direct());
	}

	Tree tree_;
	xen::ppc::Range kept_{};
};

} // namespace host

#endif
