/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Offsets and addresses that start.S and the C++ of the runtime share; plain macros.
 *
 * The save areas of the first instructions lie below 32 KB, where a store reaches them
 * without a base register.  cpu.hh asserts that its structures have these offsets.
 */
#ifndef PROBE_OFFSETS_HH
#define PROBE_OFFSETS_HH

#define ENTRY_AREA 0x2000
#define SECONDARY_AREA 0x2400
#define ENTRY_MSR 0x100
#define ENTRY_LR 0x108
#define ENTRY_CTR 0x110
#define ENTRY_XER 0x118
#define ENTRY_CR 0x120
#define ENTRY_SPRG 0x128
#define ENTRY_DAR 0x148
#define ENTRY_DEC 0x150
#define ENTRY_PC 0x160

#define FRAME_PC 0x100
#define FRAME_MSR 0x108
#define FRAME_LR 0x110
#define FRAME_CTR 0x118
#define FRAME_XER 0x120
#define FRAME_CR 0x128
#define FRAME_DAR 0x130
#define FRAME_DSISR 0x138
#define FRAME_VECTOR 0x140
#define FRAME_HANDLER_MSR 0x148
#define CPU_TRAP_STACK 0x150
#define CPU_STACK 0x158
#define CPU_USER_R1 0x160
#define CPU_USER_MSR 0x168
#define CPU_BYTES 0x400
#define MAX_VCPUS 8

/* probe_sc1_all: 32 registers, then these. */
#define ALL_LR 0x100
#define ALL_CTR 0x108
#define ALL_XER 0x110
#define ALL_CR 0x118

#endif
