/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel memory of every kind for hypercalls, and a Xen that follows their handles.
 *
 * All of a test's own memory is the linear region: its guest-physical addresses are its
 * addresses.  Mapped memory is what vmalloc is to the kernel: pages that lie elsewhere, in
 * another order, in guest-physical space.  Addresses made by alien() are user space's.
 */
#ifndef HOST_PPC_FAKE_CALLS_HH
#define HOST_PPC_FAKE_CALLS_HH

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "fake_paca.hh"
#include "hypercall.hh"
#include "xencomm.hh"

namespace host {

using xen::ppc::u16;
using xen::ppc::u32;

/* Some pages that are contiguous here and scattered, backwards, in guest-physical space. */
class MappedMemory {
public:
	explicit MappedMemory(unsigned int pages);
	~MappedMemory();
	MappedMemory(const MappedMemory &) = delete;
	MappedMemory &operator=(const MappedMemory &) = delete;

	u8 *at(std::size_t offset) { return view_ + offset; }
	/** hole - take away what is mapped at a page, as far as the kernel's tables say */
	void hole(unsigned int page) { holes_.push_back(page); }

	/** physical - of an address inside the view; all ones in a hole */
	u64 physical(const void *at) const;
	bool holds(const void *at) const;

private:
	unsigned int pages_;
	u8 *view_, *memory_;
	std::vector<unsigned int> holes_;
};

/** alien - a pointer that is not the kernel's */
inline void *alien()
{
	return reinterpret_cast<void *>(u64{0x10000});
}

/* One refusal that was reported. */
struct Refusal {
	std::string call, op;
	u32 number;
	s64 status;
};

/* What the glue was asked for. */
struct Kernel {
	std::vector<Refusal> refusals;
	int irqs_off = 0; /* how deep */
	unsigned int irqs_off_calls = 0;
	u64 rma_bytes = u64{64} << 20;
};
extern Kernel kernel;

/** reset_calls - a new Kernel, a new cpu, dom0 on a historical hypervisor */
void reset_calls();

/* One hypercall as the hypervisor sees it. */
struct Trapped {
	u64 number; /* Xen's, without the mark */
	std::vector<u64> arg;
};

/*
 * Xen: writes down every call and answers as the test says.  Reading and writing behind
 * handles follows the ABI's text word by word and fails the test where that is broken.
 */
class Xen : public Hypervisor {
public:
	std::vector<Trapped> calls;
	std::function<s64(const Trapped &)> answer = [](const Trapped &) {
		return s64{0};
	};

	void trap(u64 *r) override;

	static std::vector<u8> read(u64 handle, std::size_t bytes);
	static void write(u64 handle, std::span<const u8> data);
	template <class T> static T get(u64 handle)
	{
		T value;

		std::memcpy(static_cast<void *>(&value), read(handle, sizeof value).data(),
			    sizeof value);
		return value;
	}
	template <class T> static void put(u64 handle, const T &value)
	{
		write(handle, {reinterpret_cast<const u8 *>(&value), sizeof value});
	}
};

} // namespace host

#endif
