/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a multicall batch needs from outside: a way into Xen, and someone to tell.
 *
 * Both are template parameters, usually empty structs, so that the calls are inlined
 * and an architecture that forgets one fails to compile with the requirement's name.
 * Both are only called with the batch locked against reuse: neither may queue.
 */
#ifndef XEN_CORE_BATCH_BACKEND_HH
#define XEN_CORE_BATCH_BACKEND_HH

#include <concepts>
#include <cstdint>

#include <xen/core/abi.hh>
#include <xen/core/batch_owner.hh>

namespace xen {

/* Why a batch was issued. */
enum class FlushReason : std::uint8_t {
	Asked,	       /* by the user */
	EntriesFull,   /* no entry left for the next one */
	ArgsFull,      /* no room for the next one's arguments */
	CallbacksFull, /* no callback left */
};

/* How full a batch is. */
struct BatchFill {
	unsigned int entries;
	unsigned int arg_bytes;
	unsigned int callbacks;
};

/**
 * concept HypercallBackend - the way into Xen
 *
 * call(op, args): a single hypercall with five arguments; Xen's result.
 * multicall(list, n): n >= 2 entries at once; 0, or why the whole failed.  Neither is
 * trusted: entries may come back unwritten or scribbled over.
 */
template <class B>
concept HypercallBackend = requires(B &backend, unsigned long op, const unsigned long *args,
				    MulticallEntry *list, unsigned int n) {
	{ backend.call(op, args) } noexcept -> std::same_as<long>;
	{ backend.multicall(list, n) } noexcept -> std::same_as<long>;
};

/**
 * concept BatchSink - who is told
 *
 * flushing(reason, fill): a batch is about to be issued (for tracepoints).
 * keeps_arguments(): whether failed() and owners want op and arguments as they were
 * issued, even if Xen scribbles over them; asked once a flush, best inline.
 * failed(what): an entry failed; once for each, before the owner's done().  Cold.
 */
template <class S>
concept BatchSink = requires(S &sink, FlushReason reason, const BatchFill &fill,
			     const FailedEntry &what) {
	{ sink.flushing(reason, fill) } noexcept;
	{ sink.keeps_arguments() } noexcept -> std::same_as<bool>;
	{ sink.failed(what) } noexcept;
};

} // namespace xen

#endif
