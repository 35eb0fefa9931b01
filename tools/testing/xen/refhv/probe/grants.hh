/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The probe's side of grants: the own table's entries, and the calls on one element.
 *
 * The table is seen through four mappings that live as long as the object; an entry's
 * flags are written last and cleared first, as the ABI wants it.
 */
#ifndef PROBE_GRANTS_HH
#define PROBE_GRANTS_HH

#include <abi/grant.hh>

#include "probe/view.hh"

namespace probe {

using abi::GrantOp;

/* op - @count elements at @at (RMA memory) */
inline s64 grant_op(GrantOp op, const void *at, u64 count = 1)
{
	return xen_call(XenCall::GrantTableOp, static_cast<u64>(op), inline_handle(at), count);
}

class GrantTable {
public:
	/* open - ask for the frames and map them; false: one of both failed */
	bool open()
	{
		auto *ask = reinterpret_cast<abi::GrantSetupTable *>(scratch_ ? scratch_ : page());
		Be<u64> *frames = words(ask + 1);
		bool good = true;

		scratch_ = reinterpret_cast<u8 *>(ask);
		*ask = {};
		ask->dom.store(domid_self);
		ask->nr_frames.store(abi::nr_grant_frames);
		ask->frame_list.store(inline_handle(frames));
		if (grant_op(GrantOp::SetupTable, ask) || ask->status.load())
			return false;
		for (u32 i = 0; i < abi::nr_grant_frames; i++) {
			/* The historical one names only the first, and has all. */
			listed += frames[i].load() != none;
			number[i] = frames[i].load() != none ? frames[i].load() : number[0] + i;
			view_[i] = view(number[i], 1 + i);
			good &= static_cast<bool>(view_[i]);
		}
		return good;
	}
	void close()
	{
		for (const View &v : view_)
			(void)drop(v);
	}

	/* set - entry @ref names @frame for @domid; word() - its eight bytes now */
	void set(u32 ref, u16 flags, u16 domid, u32 frame)
	{
		put_word(ref, u64{domid} << 32 | frame);
		put_word(ref, u64{flags} << 48 | u64{domid} << 32 | frame);
	}
	void clear(u32 ref) { put_word(ref, 0); }
	[[nodiscard]] u64 word(u32 ref) const
	{
		return get(view_[ref / abi::grants_per_frame], offset(ref));
	}
	[[nodiscard]] u32 flags(u32 ref) const { return static_cast<u32>(word(ref) >> 48); }

	u64 number[abi::nr_grant_frames]{};
	u32 listed = 0; /* how many the call named */

private:
	static u64 offset(u32 ref) { return (ref % abi::grants_per_frame) * 8; }
	void put_word(u32 ref, u64 value)
	{
		(void)probe::set(view_[ref / abi::grants_per_frame], offset(ref), value);
	}

	View view_[abi::nr_grant_frames]{};
	u8 *scratch_ = nullptr;
};

/* One mapping of somebody's grant. */
struct Mapped {
	s64 result;
	s32 status;
	u32 handle;
	u64 bus;
};

inline Mapped map_grant(abi::GrantMapRef *ask, u64 host_addr, u32 flags, u32 ref, u16 domid)
{
	*ask = {};
	ask->host_addr.store(host_addr);
	ask->flags.store(flags);
	ask->ref.store(ref);
	ask->dom.store(domid);
	const s64 result = grant_op(GrantOp::MapGrantRef, ask);

	return {result, ask->status.load(), ask->handle.load(), ask->dev_bus_addr.load()};
}

inline s64 unmap_grant(abi::GrantUnmapRef *ask, u64 host_addr, u64 bus, u32 handle)
{
	*ask = {};
	ask->host_addr.store(host_addr);
	ask->dev_bus_addr.store(bus);
	ask->handle.store(handle);
	ask->status.store(99);
	const s64 result = grant_op(GrantOp::UnmapGrantRef, ask);

	return result ? result : ask->status.load();
}

/* window_address - host address of window slot @slot
 * mapped_number - the frame number to enter for it */
inline u64 window_address(u64 slot)
{
	return (window_base() + slot) << 12;
}
inline u64 mapped_number(u64 slot, const Mapped &m)
{
	return direct_mode() ? m.bus >> 12 : window_base() + slot;
}

} // namespace probe

#endif
