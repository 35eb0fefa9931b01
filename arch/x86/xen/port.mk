# SPDX-License-Identifier: GPL-2.0
#
# Included at the end of this folder's Makefile: what the port replaces leaves
# the object list, what it brings enters it.  The sources of the former are
# removed from the tree (scripts/xen/overlay.removed), because Kbuild would
# prefer them without a word.

xen-replaced := irq.o multicalls.o
obj-y := $(filter-out $(xen-replaced),$(obj-y))

obj-$(CONFIG_XEN_PV_CXX)		+= flags.o flags_glue.o
obj-$(CONFIG_XEN_PV_CXX)		+= multicall.o multicall_glue.o
obj-$(CONFIG_XEN_PV_CXX)		+= hypercall_counters.o hypercall_counters_glue.o
ifdef CONFIG_XEN_DEBUG_FS
obj-$(CONFIG_XEN_PV_CXX)		+= counters_glue.o
endif

obj-$(CONFIG_XEN_PV_CXX_KUNIT_TEST)	+= xen_pv_cxx_kunit.o
xen_pv_cxx_kunit-y			:= pv_kunit_glue.o

# Idle and shutdown paths are in it, where the function tracer must not look.
CFLAGS_REMOVE_flags.o			:= $(CC_FLAGS_FTRACE)

ifdef CONFIG_XEN_PV_CXX
include $(srctree)/scripts/Makefile.cxx
endif
