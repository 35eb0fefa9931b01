// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/xen/privcmd for 32-bit programs.
 *
 * Most of its structures have the same bytes there and pass as they are: a hypercall, the
 * restriction to a domain, the mapping of a resource.  Those of mmap and of both versions
 * of mmapbatch hold pointers.  They are rewritten into a page that is added to the caller's
 * memory for the time of the call, because the driver reads its structures from there; the
 * lists behind the pointers have the same bytes and are read and written where they are.
 * Another thread may scribble over that page or unmap it: the driver trusts it no more than
 * any other memory of the caller.
 *
 * dm_op is not translated: Xen/PPC has no such call.
 *
 * No state, no lock.
 */
#include <xen/core/errno.hh>

#include <abi/wire.hh>

#include "layout.h"
#include "privcmd_compat_glue.h"
#include "privcmd_compat_layout.h"

using namespace xen::ppc;

namespace {

constexpr xen::Errno no_such_ioctl{25};

static_assert(sizeof(xen_privcmd_mmap_32) == 12 && sizeof(xen_privcmd_mmap_64) == 16);
static_assert(sizeof(xen_privcmd_batch_32) == 24 && sizeof(xen_privcmd_batch_64) == 32);
static_assert(offsetof(xen_privcmd_batch_64, err) == XEN_PRIVCMD_BATCH_V1);

xen_privcmd_mmap_64 widen(const xen_privcmd_mmap_32 &from) noexcept
{
	return {from.num, from.dom, 0, from.entry};
}

xen_privcmd_batch_64 widen(const xen_privcmd_batch_32 &from) noexcept
{
	return {from.num, from.dom, 0, from.addr, from.arr, from.err};
}

/* Calls the driver with @bytes of the wide structure in a page of the caller's. */
template <class Wide>
long with_page(void *file, unsigned int cmd, const Wide &wide, u64 bytes) noexcept
{
	const long page = xen_glue_compat_page();

	if (page < 0)
		return page;

	const auto at = static_cast<unsigned long>(page);
	long result = xen_glue_compat_copy_out(at, &wide, bytes);

	if (result == 0)
		result = xen_glue_privcmd(file, cmd, at);
	xen_glue_compat_drop(at);
	return result;
}

/* The driver writes into no structure of these, only into the lists. */
template <class Narrow>
long translated(void *file, unsigned int cmd, unsigned long user, u64 bytes) noexcept
{
	Narrow narrow;

	if (const int error = xen_glue_compat_copy_in(&narrow, user, sizeof(narrow)); error != 0)
		return error;
	return with_page(file, cmd, widen(narrow), bytes);
}

} // namespace

long xen_privcmd_compat(void *file, unsigned int cmd, unsigned long user) noexcept
{
	switch (cmd) {
	case XEN_PRIVCMD_HYPERCALL:
	case XEN_PRIVCMD_RESTRICT:
	case XEN_PRIVCMD_MMAP_RESOURCE:
		return xen_glue_privcmd(file, cmd, user);
	case XEN_PRIVCMD_MMAP_32:
		return translated<xen_privcmd_mmap_32>(file, XEN_PRIVCMD_MMAP, user,
						       sizeof(xen_privcmd_mmap_64));
	/* Both have the same size and so the same number, but not the same bytes. */
	case XEN_PRIVCMD_MMAPBATCH:
		return translated<xen_privcmd_batch_32>(file, XEN_PRIVCMD_MMAPBATCH, user,
							XEN_PRIVCMD_BATCH_V1);
	case XEN_PRIVCMD_MMAPBATCH_V2_32:
		return translated<xen_privcmd_batch_32>(file, XEN_PRIVCMD_MMAPBATCH_V2, user,
							sizeof(xen_privcmd_batch_64));
	default:
		return no_such_ioctl.to_linux();
	}
}
