# SPDX-License-Identifier: GPL-2.0-only

config XEN_PV_CXX
	def_bool y
	depends on XEN_PV
	select XEN_CXX_CORE
	help
	  Multicall batching and interrupt flags of PV domains are C++ units.
	  There is no choice: the C files they replace are not in this tree.

config XEN_PV_CXX_KUNIT_TEST
	tristate "KUnit suites that need a live PV domain" if !KUNIT_ALL_TESTS
	depends on KUNIT && XEN_PV_CXX
	default KUNIT_ALL_TESTS
	help
	  Watches the hooks of the port at work under the hypervisor: the event
	  mask, a pending event, a batch that Xen really executes.  Outside a PV
	  domain every case is skipped.

	  If unsure, say N.
