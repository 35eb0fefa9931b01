# SPDX-License-Identifier: GPL-2.0
# ==========================================================================
# Freestanding C++20 (.cc) in Kbuild.
#
# A directory opts in at the END of its own Makefile:
#
#	obj-y += batch.o			# batch.cc; never also batch.c or batch.S
#	include $(srctree)/scripts/Makefile.cxx
#
# What it gives: %.o, %.s, %.i and %.lst from %.cc with the kernel's own flags
# minus those that only C knows; an object gate behind every compilation; and,
# where the directory has a layout_glue.c, a generated layout.h that brings
# facts of kernel headers (offsets, constants) to C++ units, which never see
# those headers.
#
# All of Kbuild's per-file knobs work as for C (CFLAGS_x.o, CFLAGS_REMOVE_x.o,
# ccflags-y, KASAN_SANITIZE_x.o, ...), and cxxflags-y, CXXFLAGS_x.o and
# CXXFLAGS_REMOVE_x.o besides.
#
# This file is read inside Makefile.build before Makefile.lib, therefore every
# variable that uses Makefile.lib's is recursive.  Makefile.clean reads the
# directory's Makefile as well; there is nothing to do for it here.
# ==========================================================================
ifneq ($(filter %/Makefile.build,$(MAKEFILE_LIST)),)

cxx-scripts	:= $(srctree)/scripts/cxx

# Kbuild would take foo.c or foo.S instead of foo.cc without a word.  A module's
# folder outside of the tree is an absolute path.
$(foreach unit,$(wildcard $(srctree)/$(src)/*.cc $(filter /%,$(src))/*.cc),$(foreach twin,$(wildcard $(unit:.cc=.c) $(unit:.cc=.S)),\
	$(error $(unit): second source of the same name: $(twin))))

# The C driver compiles .cc with the cc1plus beside it, so that CROSS_COMPILE=,
# LLVM=1, "ccache gcc" and gcc-12 all work without a CXX variable.
cxx-target	:= $(filter -m32 -m64 --target=% -mbig-endian -mlittle-endian, \
			$(KBUILD_CPPFLAGS) $(KBUILD_CFLAGS))
cxx-stdlib	:= $(shell LC_ALL=C $(CC) $(cxx-target) -x c++ -std=c++20 -E -v /dev/null 2>&1 | \
			sed -n '/^\#include </,/^End/s,^ \(.*/c++/[0-9].*\),\1,p' | grep -v '/backward$$')
ifeq ($(cxx-stdlib),)
$(error '$(CC)' finds no C++ standard library headers: install the g++ that belongs to it)
endif

# The hermetic include path: libstdc++'s headers, the compiler's own, a stand-in
# for the C library's <features.h>, and our include/xen as <xen/...>.  Neither
# glibc's nor the kernel's headers can be reached: a hosted or a kernel header
# in a C++ unit does not compile.
cxx-root	:= $(objtree)/include/generated/cxx
$(shell mkdir -p $(cxx-root) && ln -sfn $(abspath $(srctree))/include/xen $(cxx-root)/xen)

cxx-include	:= -nostdinc $(addprefix -isystem ,$(cxx-stdlib)) \
		   -isystem $(shell $(CC) -print-file-name=include) \
		   -isystem $(cxx-scripts)/shim -I$(cxx-root)

# Options that cc1plus rejects or warns about, and every include directory of
# the kernel's.
cxx-drop	:= -std=% -fplugin=% -fplugin-arg-% -I% \
		   -Werror=strict-prototypes -Wstrict-prototypes -Wmissing-prototypes \
		   -Werror=implicit-function-declaration -Werror=implicit-int \
		   -Werror=incompatible-pointer-types -Werror=designated-init \
		   -Wno-pointer-sign -Wdeclaration-after-statement -Wold-style-definition \
		   -Wold-style-declaration -Wnested-externs -Wbad-function-cast \
		   -Wmissing-parameter-type -Wframe-larger-than=%

# -fno-threadsafe-statics and -fno-use-cxa-atexit are absent on purpose: they
# would hide from the gate just what it is there to catch.
cxx-lang	:= -std=c++20 -ffreestanding -fno-exceptions -fno-rtti \
		   -fno-asynchronous-unwind-tables -fno-unwind-tables -fcheck-new \
		   $(call cc-option,-fno-gnu-unique)
cxx-warn	:= -Wall -Wextra -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-qual \
		   -Wshadow -Wmissing-declarations -Wnon-virtual-dtor -Woverloaded-virtual \
		   -Wextra-semi -Werror=vla \
		   -Wframe-larger-than=1024 -Werror

# clang refuses libstdc++'s (unused) long double overloads under -mno-80387, and
# takes the 0 inside a defaulted <=> for a null pointer.
ifndef CONFIG_CC_IS_CLANG
cxx-warn	+= -Wzero-as-null-pointer-constant
else
cxx-lang	+= $(if $(CONFIG_X86),-mx87)
endif

# Full debug information for our units only: it is stripped from the image,
# and a debugger shows C++ lines.
cxx-debug	:= $(if $(CONFIG_DEBUG_INFO),,-g)

# "-I dir" is two words in some Makefiles: joined before the filter sees it.
cxx-kflags	= $(filter-out $(cxx-drop) $(CXXFLAGS_REMOVE_$(target-stem).o), \
			$(subst -I$(space),-I,$(_c_flags))) \
		  $(cxx-lang) $(cxx-warn) $(cxx-debug) $(cxxflags-y) $(CXXFLAGS_$(target-stem).o)

# The configuration is included by force, as for C; no header search needed.
cxx_flags	= -Wp,-MMD,$(depfile) $(cxx-include) \
		  -include $(objtree)/include/generated/autoconf.h \
		  -include $(srctree)/include/linux/compiler-version.h \
		  -I$(srctree)/$(src) -I$(objtree)/$(obj) \
		  $(cxx-kflags) $(filter-out $(cxx-drop),$(modkern_cflags)) \
		  $(basename_flags) $(modname_flags)

# vmlinux.lds knows no COMDAT sections (.text._Z*): they are folded before
# objtool looks at the object, else two units that share a template fail to link.
cmd_cxx_fold	= ; $(LD) $(KBUILD_LDFLAGS) -r --force-group-allocation \
		  -T $(cxx-scripts)/fold-comdat.lds -o $(tmp-target) $@; mv $(tmp-target) $@

quiet_cmd_cxx_o_cc = CXX $(quiet_modtag) $@
      cmd_cxx_o_cc = $(CC) $(cxx_flags) -c -o $@ $< $(cmd_cxx_fold) $(cmd_objtool)

quiet_cmd_cxx_gate = CXXGATE $@
      cmd_cxx_gate = NM='$(NM)' READELF='$(READELF)' \
		     $(CONFIG_SHELL) $(cxx-scripts)/gate.sh $@

define rule_cxx_o_cc
	$(call cmd_and_fixdep,cxx_o_cc)
	$(call cmd,cxx_gate)
	$(call cmd,gen_ksymdeps)
	$(call cmd,check_local_export)
	$(call cmd,gen_objtooldep)
	$(call cmd,record_mcount)
endef

cxx-gate-deps	:= $(cxx-scripts)/gate.sh $(cxx-scripts)/gate.allow $(cxx-scripts)/fold-comdat.lds

$(obj)/%.o: $(src)/%.cc $(recordmcount_source) $(cxx-gate-deps) FORCE
	$(call if_changed_rule,cxx_o_cc)

quiet_cmd_cxx_s_cc = CXX $(quiet_modtag) $@
      cmd_cxx_s_cc = $(CC) $(filter-out -g $(DEBUG_CFLAGS) $(CC_FLAGS_LTO), $(cxx_flags)) \
		     -fverbose-asm -S -o $@ $<
$(obj)/%.s: $(src)/%.cc FORCE
	$(call if_changed_dep,cxx_s_cc)

quiet_cmd_cxx_i_cc = CPP $(quiet_modtag) $@
      cmd_cxx_i_cc = $(CC) -E $(cxx_flags) -o $@ $<
$(obj)/%.i: $(src)/%.cc FORCE
	$(call if_changed_dep,cxx_i_cc)

quiet_cmd_cxx_lst_cc = MKLST   $@
      cmd_cxx_lst_cc = $(CC) $(cxx_flags) -g -c -o $*.o $< && \
		       $(CONFIG_SHELL) $(srctree)/scripts/makelst $*.o System.map $(OBJDUMP) > $@
$(obj)/%.lst: $(src)/%.cc FORCE
	$(call if_changed_dep,cxx_lst_cc)

# Facts of kernel headers for C++: compiled to assembly, turned into a header.
ifneq ($(wildcard $(srctree)/$(src)/layout_glue.c),)
targets		+= layout_glue.s layout.h
$(obj)/layout.h: $(obj)/layout_glue.s FORCE
	$(call filechk,offsets,XEN_CXX_LAYOUT_H)
$(addprefix $(obj)/,$(patsubst %.cc,%.o,$(notdir $(wildcard $(srctree)/$(src)/*.cc)))): $(obj)/layout.h
endif

endif # Makefile.build
