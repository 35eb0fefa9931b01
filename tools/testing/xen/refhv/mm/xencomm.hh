/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xencomm: how a hypercall's pointers become guest memory (ABI 8; protocol 6.4, 7.8).
 *
 * A handle is null, inline (bit 63), a descriptor's address, or - the announced page
 * scheme - a pointer into an area (bit 62).  Addresses are guest-physical in translated
 * mode and machine addresses in direct mode; only own RAM is followed, page by page, each
 * page judged when it is used.  Everything is read once: nr_addrs and each address into
 * locals before use.  All-or-nothing is not promised: a copy that fails may have written
 * what lies before the fault, as the ABI has it.
 */
#ifndef REFHV_XENCOMM_HH
#define REFHV_XENCOMM_HH

#include <span>

#include "base/types.hh"

namespace refhv {

struct Domain;

/* The area that the running hypercall's argument lies in: pointers nested in it are rebased. */
struct Area {
	u64 virt_base = 0; /* 0 pages: no area, nested handles are ordinary ones */
	u32 pages = 0;
	Mfn first{0}; /* machine frame with the header */
};

/*
 * What a handler copies with, one for each call: whose memory, and the call's area.  The
 * area is opened by the first copy, if that goes through an area handle: what a register
 * holds in a call without an argument is never looked at.  An area with a wrong header
 * stays closed (copies through it fail) and is a violation.
 */
struct Memory {
	Domain &dom;
	Area area{};
	bool looked = false; /* there was a copy */
};

namespace xencomm {

[[nodiscard]] bool is_null(Memory &mem, u64 handle); /* ABI: 0, inline|0, or all entries invalid */

/**
 * read, write - copy between guest memory behind @handle, from byte @offset, and refhv
 * Return: true if every byte was copied; else the hypercall answers -EFAULT.
 */
[[nodiscard]] bool read(Memory &mem, u64 handle, u64 offset, void *into, size_t bytes);
[[nodiscard]] bool write(Memory &mem, u64 handle, u64 offset, const void *from, size_t bytes);

/* get, put - element @index of an array of wire structures behind @handle */
template <class T> [[nodiscard]] bool get(Memory &mem, u64 handle, T &value, u64 index = 0)
{
	u64 offset;
	return !__builtin_mul_overflow(index, sizeof(T), &offset) &&
	       read(mem, handle, offset, &value, sizeof(T));
}
template <class T> [[nodiscard]] bool put(Memory &mem, u64 handle, const T &value, u64 index = 0)
{
	u64 offset;
	return !__builtin_mul_overflow(index, sizeof(T), &offset) &&
	       write(mem, handle, offset, &value, sizeof(T));
}

} // namespace xencomm

} // namespace refhv

#endif
