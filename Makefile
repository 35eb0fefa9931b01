# SPDX-License-Identifier: GPL-2.0
#
# Every command a user or a maintainer needs; `make help` lists them.  This is no
# second build system: it unpacks Debian's kernel source, lays this tree over it
# and calls Kbuild (scripts/xen), and it calls the tests (tools/testing/xen).

SHELL		:= /bin/bash
MAKEFLAGS	+= --no-print-directory
.DEFAULT_GOAL	:= help
.SUFFIXES:

B		:= build
T		:= tools/testing/xen
BOOT		:= $(T)/qemu/boot
LOGS		:= $(B)/logs
JOBS		?= $(shell nproc)
VCPUS		?= 2
DOM0		?= debian
SECONDS		?= 60
export JOBS

# $(call step,WHAT,LOG,RERUN,COMMAND): progress, a log, and how to rerun it alone.
step		= @scripts/xen/step '$(1)' $(LOGS)/$(2).log 'make $(3)' -- $(4)

help:
	@sed -n 's/^#: //p' Makefile

#: Two commands do everything, on a fresh Debian 12:
#:   make demo             install packages (as root), build, boot both architectures, show it
#:   make check            all tests, ends with "N passed, N failed"; 25 minutes at most
#:
#: Build
#:   make kernel           the x86-64 PV kernel; the product is in build/out
#:   make kernel-ppc-dom0  the Xen/PPC dom0 kernel, big-endian ppc64
#:   make kernel-ppc64     the C++ core and its KUnit suites for QEMU's pseries
#:   make kernel-cport     Linux's own C port, same configuration, to compare with
#:   make kernel-ppc-pseries  Linux's own LPAR port, same configuration as the Xen/PPC dom0
#:   make menuconfig       change the configuration of the x86-64 kernel
#:   make compile_commands for clangd and friends, C++ included
#:   make setup            only the packages
#:
#: Boot (DEBUG=1 gives a gdb stub with symbols, Xen's console, demangled traces; VCPUS=N;
#: DOM0=debian|cport|self is the kernel that hosts the domU)
#:   make boot-x86-domu    PV domU under Xen 4.17, workload, power off
#:   make boot-x86-dom0    our kernel as dom0 hosting such a domU
#:   make shell-x86-domu   an interactive shell in the domU
#:   make shell-x86-dom0   an interactive shell in the dom0
#:   make boot-ppc-dom0    Linux as dom0 of Xen/PPC on the reference hypervisor, workload, power off;
#:                         MODE=translated|direct START=of|flat RMA=64|128|256 MEM=MB DOMU=1
#:                         UPCALL=faithful|prompt QUIRKS=1;
#:                         XENPPC=xen-syms QEMU_PPC=qemu: on a genuine Xen/PPC
#:   make shell-ppc-dom0   an interactive shell there
#:   make refhv            the reference hypervisor for Xen/PPC and its probes, in build/refhv
#:   make boot-ppc-probe   the probe of the Xen/PPC contract on it; MODE= START= UPCALL= RMA= QUIRKS=1
#:   make boot-ppc-hostile malformed hypercalls, from every kind of guest
#:
#: Test
#:   make host-test        units on this machine under sanitizers, seconds
#:   make fuzz             SECONDS=60 of fuzzing, line coverage printed
#:   make kunit            the same cases in QEMU (x86-64, ppc64), in a live domU and a live ppc dom0
#:   make mutants          breaking patches that the host tests must kill; -full: live kernels and probe
#:   make gate-test        the object gate refuses one bad object of each kind
#:   make lint             sparse, W=1, clang, checkpatch, what is no longer compiled
#:   make bench            instructions and transitions into Xen against Linux's own ports
#:   make check-full       the whole matrix, repeats and long fuzzing
#:
#:   make docs             Documentation/xen as HTML
#:   make clean            objects; distclean: all of build/
#:
#: V=1 shows what runs.  JOBS=N.  CC=clang.  KCONFIG=FILE adds a config fragment.
#: Logs are in build/logs.

# ---- build -------------------------------------------------------------------

setup:
	@scripts/xen/setup

source: setup
	$(call step,unpack the kernel source,unpack,source,scripts/xen/unpack $(B))
	@tail -1 $(LOGS)/unpack.log | sed 's/^unpack/  source/'

kernel: source
	$(call step,build the x86-64 kernel,kernel-x86,kernel,scripts/xen/kernel x86)
	@scripts/xen/product

kernel-ppc64: source
	$(call step,build the ppc64 kernel,kernel-ppc64,kernel-ppc64,scripts/xen/kernel ppc64)

kernel-ppc-dom0: source
	$(call step,build the Xen/PPC dom0 kernel,kernel-ppc-dom0,kernel-ppc-dom0,scripts/xen/kernel ppc-dom0)

kernel-ppc-pseries: source
	$(call step,build the LPAR port of Linux,kernel-ppc-pseries,kernel-ppc-pseries,scripts/xen/kernel ppc-pseries)

kernel-cport: source
	$(call step,build the C port of Linux,kernel-cport,kernel-cport,scripts/xen/kernel cport)

menuconfig: source
	scripts/xen/kernel x86 menuconfig

compile_commands: kernel
	@scripts/xen/compile-commands x86

# ---- boot --------------------------------------------------------------------

export DEBUG

boot-x86-domu: kernel
	@$(BOOT) domu --vcpus $(VCPUS) --dom0 $(DOM0)

boot-x86-dom0: kernel
	@$(BOOT) dom0 --vcpus $(VCPUS)

shell-x86-domu: kernel
	@$(BOOT) shell domu --dom0 $(DOM0)

shell-x86-dom0: kernel
	@$(BOOT) shell dom0

# The device tree library comes with the kernel source; no kernel is built for these.
refhv: source
	$(call step,build refhv and its probes,refhv,refhv,$(MAKE) -C $(T)/refhv -j$(JOBS))

boot-ppc-probe: refhv
	@$(BOOT) ppc-probe $(PROBE_ARGS)

boot-ppc-hostile: refhv
	@$(BOOT) ppc-probe --hostile $(PROBE_ARGS)

boot-ppc-dom0: kernel-ppc-dom0 refhv
	@$(BOOT) ppc-dom0 $(DOM0_ARGS)

shell-ppc-dom0: kernel-ppc-dom0 refhv
	@$(BOOT) shell ppc-dom0

DOM0_ARGS	= $(if $(MODE),--mode $(MODE)) $(if $(DOMU),--domu) $(if $(START),--start $(START)) \
		  $(if $(UPCALL),--upcall $(UPCALL)) $(if $(RMA),--rma $(RMA)) \
		  $(if $(MEM),--mem $(MEM)) $(if $(QUIRKS),--quirks) --vcpus $(VCPUS)

# What the probe runs with: MODE=translated|direct START=of|flat UPCALL=faithful|prompt
# RMA=64|128|256 QUIRKS=1.
PROBE_ARGS	= $(if $(MODE),--mode $(MODE)) $(if $(START),--start $(START)) $(if $(UPCALL),--upcall $(UPCALL)) \
		  $(if $(RMA),--rma $(RMA)) $(if $(QUIRKS),--quirks) --vcpus $(VCPUS)

# The packages first: a minimal Debian has no python3 to run the rest with.
demo: setup
	@scripts/xen/demo

# ---- test --------------------------------------------------------------------

host-test: source
	@$(T)/host/run
	@$(T)/host/x86/run
	@$(T)/host/refhv/run
	@$(T)/host/ppc/run
	@$(T)/xencomm-lib/run

fuzz: source
	@$(T)/fuzz/run $(SECONDS)

kunit: kernel kernel-ppc64 kernel-ppc-dom0 refhv
	@$(BOOT) kunit-x86
	@$(BOOT) kunit-ppc
	@$(BOOT) kunit-ppc-dom0 --vcpus $(VCPUS)
	@$(BOOT) kunit-domu --vcpus $(VCPUS) --dom0 $(DOM0)

gate-test: source
	@$(T)/gate/run x86
	@$(T)/gate/run ppc64

mutants: source
	@$(T)/mutants/run host

mutants-full: kernel kernel-cport kernel-ppc-dom0 refhv
	@$(T)/mutants/run host boot probe ppc-dom0

lint: kernel
	@scripts/xen/lint

bench: kernel kernel-cport kernel-ppc-dom0 kernel-ppc-pseries refhv
	@$(T)/bench/bench --check

check: setup
	@scripts/xen/check

check-full: setup
	@scripts/xen/check --full

# ---- the rest ----------------------------------------------------------------

docs:
	@command -v sphinx-build >/dev/null || { echo "make docs wants the package python3-sphinx"; exit 1; }
	$(call step,documentation,docs,docs,sphinx-build -W -q -b html Documentation/xen $(B)/docs)
	@echo "  $(B)/docs/index.html"

clean:
	rm -rf $(B)/linux/out-* $(B)/cport/out-* $(B)/{host,host-x86,host-refhv,host-ppc,refhv,fuzz,out,docs,demo,bench,initramfs,mutants,xencomm,xencomm-test} \
		$(B)/gate-* $(LOGS)

distclean:
	rm -rf $(B)

.PHONY: help setup source kernel kernel-ppc64 kernel-ppc-dom0 kernel-ppc-pseries kernel-cport menuconfig compile_commands \
	boot-x86-domu boot-x86-dom0 shell-x86-domu shell-x86-dom0 refhv boot-ppc-probe \
	boot-ppc-hostile boot-ppc-dom0 shell-ppc-dom0 demo host-test fuzz kunit \
	gate-test mutants mutants-full lint bench check check-full docs clean distclean
