# SPDX-License-Identifier: GPL-2.0
#
# The bare guests: OUT/probe/abi-probe.elf, hostile.elf, second.elf, peer.elf.  Included by the
# Makefile of refhv.  They are built for a 970, and have no word of refhv's own in them.

probe-runtime := start notes string output of flat tree runtime trap vcpu mmu
probe-abi := $(notdir $(basename $(wildcard probe/facts_*.cc))) abi_probe

probe-cpu := -mbig-endian -m64 -mcpu=970 -mno-altivec -msoft-float -mabi=elfv2 -mcmodel=medium \
	     -fno-pic
probe-cxx := $(probe-cpu) $(cxx) -O2 -g -MMD -MP -ffreestanding -fno-asynchronous-unwind-tables \
	     -fno-stack-protector -fno-delete-null-pointer-checks -fno-strict-aliasing -isystem $(OUT)/include
probe-object = $(patsubst %,$(OUT)/probe/%.o,$(1))

# Objects of the binary $(1).
probe-files-abi-probe := $(call probe-object,$(probe-runtime) $(probe-abi))
probe-files-hostile := $(call probe-object,$(probe-runtime) \
	$(patsubst probe/%.cc,%,$(wildcard probe/hostile/*.cc)))
probe-files-second := $(call probe-object,$(probe-runtime) \
	$(patsubst probe/%.cc,%,$(wildcard probe/second/*.cc)))
probe-files-peer := $(call probe-object,$(probe-runtime) \
	$(patsubst probe/%.cc,%,$(wildcard probe/peer/*.cc)))
probe-binaries := abi-probe hostile second peer

.PHONY: probe hostile second peer
probe: $(OUT)/probe/abi-probe.elf
hostile: $(OUT)/probe/hostile.elf
second: $(OUT)/probe/second.elf
peer: $(OUT)/probe/peer.elf

.SECONDEXPANSION:
$(probe-binaries:%=$(OUT)/probe/%.elf): $(OUT)/probe/%.elf: $$(probe-files-%) probe/probe.lds
	$(call say,LINK    $(@F))
	$(Q)$(CROSS)ld -m elf64ppc --no-warn-rwx-segments --build-id=none -z max-page-size=4096 \
		-S -T probe/probe.lds -o $@ $(filter %.o,$^)

# The units that the compiler itself calls, or that read memory at address 0.
$(OUT)/probe/string.o: extra := -fno-builtin -fno-tree-loop-distribute-patterns

$(OUT)/probe/%.o: probe/%.cc Makefile probe/probe.mk probe/probe.allow $(gate) | $(stubs)
	@mkdir -p $(@D)
	$(call say,CXX     probe/$*.o)
	$(Q)$(CROSS)g++ $(probe-cxx) $(warnings) $(extra) -c -o $@ $<
	$(Q)ALLOW=probe/probe.allow NM=$(CROSS)nm READELF=$(CROSS)readelf $(gate) $@

$(OUT)/probe/%.o: probe/%.S Makefile probe/probe.mk | $(stubs)
	@mkdir -p $(@D)
	$(call say,AS      probe/$*.o)
	$(Q)$(CROSS)gcc $(probe-cpu) -g -MMD -MP -I. -c -o $@ $<

-include $(wildcard $(OUT)/probe/*.d $(OUT)/probe/*/*.d)
