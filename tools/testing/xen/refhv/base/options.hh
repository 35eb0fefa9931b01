/* SPDX-License-Identifier: GPL-2.0 */
/*
 * refhv's command line: the words before " -- " in QEMU's -append; the rest is dom0's.
 *
 *	mode=translated|direct  rma=64|128|256 (MB)  mem=MB  vcpus=N  upcall=faithful|prompt
 *	start=of|flat  quirks=historical  race=hpt|timer|event  fault=NAME:N:CODE
 *	trace=hcall,event,mem  domu=ADDRESS:BYTES:MB:VCPUS  domu-first  canary  srr=keep
 *
 * A word that is not understood stops the start with one message that names it.
 */
#ifndef REFHV_OPTIONS_HH
#define REFHV_OPTIONS_HH

#include "base/types.hh"

namespace refhv {

enum class Mode : u8 { Translated, Direct };
enum class Upcall : u8 { Faithful, Prompt };
enum class Start : u8 { OpenFirmware, Flat };
enum class Race : u8 { None, Hpt, Timer, Event };

struct Fault {
	char name[32]; /* name of a hypercall or PAPR call as in the ABI; empty: none */
	u64 nth;       /* the call, from 1, that fails; 0: every one */
	s64 code;      /* what it answers */
	u64 seen;
	bool told = false; /* that it made a call fail was printed */
};

struct Options {
	Mode mode = Mode::Translated;
	Upcall upcall = Upcall::Faithful;
	Start start = Start::Flat;
	Race race = Race::None;
	bool historical = false; /* quirks=historical */
	bool canary = false;
	bool keep_srr = false; /* srr=keep: SRR0/1 survive, for comparison only */
	u64 rma_mb = 64;
	u64 mem_mb = 0;	      /* dom0's memory; 0: max(machine/16, 192) */
	u32 vcpus = 0;	      /* dom0's; 0: every core not given to another domain */
	u64 domu_address = 0; /* second domain's image in machine memory; 0: none */
	u64 domu_bytes = 0;
	u64 domu_mb = 128;
	u32 domu_vcpus = 1;
	bool domu_first = false; /* domu-first: its memory is taken before dom0's */
	Fault fault[4] = {};
	bool trace_hcall = false, trace_event = false, trace_mem = false;
	char guest[1024] = {}; /* dom0's command line */
};

extern constinit Options options;

/**
 * parse_options - take @text apart into options
 *
 * Return: null, or the first word that was not understood (a pointer into @text).
 */
[[nodiscard]] const char *parse_options(const char *text);

/**
 * inject_fault - whether a call fails now because of a word "fault="
 *
 * @name: the call, as in the ABI
 * @code: what it is to answer; written only if it fails
 *
 * The first call that a word makes fail prints "refhv: fault NAME:N", NAME and N being the
 * word's.  Nothing else would tell a fault that a guest bore from one whose call never came.
 *
 * Return: true if the call fails.
 */
[[nodiscard]] bool inject_fault(const char *name, s64 *code);

} // namespace refhv

#endif
