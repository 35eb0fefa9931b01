/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/xen/xencomm: hypercalls whose structures keep plain pointers, on Xen/PPC.
 *
 * The device has one area for each open file: a header page that the kernel writes and
 * user space may only read, and up to 255 data pages for what a call's argument points
 * to.  A call's argument itself may lie anywhere in the caller's memory; the kernel copies
 * it behind the header and the results back.  Pointers inside the argument are left as
 * they are: the hypervisor rebases them, and they must point into the data pages.
 *
 *	fd = open("/dev/xen/xencomm", O_RDWR | O_CLOEXEC);
 *	ioctl(fd, XENCOMM_IOC_CREATE, &create);
 *	base = mmap(NULL, (1 + n) * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
 *	mmap(base, 4096, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
 *	mmap(base + 4096, n * 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 4096);
 *	ioctl(fd, XENCOMM_IOC_CALL, &call);
 *
 * Both parts are mapped once, each as a whole, the header first and the data pages right
 * behind it; there is nothing else to map.  The area lives as long as the file, whatever
 * becomes of the mappings.  It belongs to the address space that has mapped the header: a
 * child of fork() has no mapping, unless the process wanted it by MADV_DOFORK, and can make
 * no calls.
 *
 * mmap()'s errors of its own: ENXIO there is no area yet, or the header was not mapped;
 * EBUSY the part has been mapped; EINVAL not MAP_SHARED, not the whole part, or the data
 * pages not right behind the header; EACCES a header that can be written; EPERM another
 * address space has mapped the header.  mremap() neither moves nor grows a part (EINVAL,
 * EFAULT).  What is unmapped stays part of the area: pointers into its range still lead to
 * the area's pages, never to what is mapped there afterwards.
 *
 * Every structure has the same bytes for 32-bit and 64-bit programs.  A pointer of a
 * 32-bit program is widened with zeros.
 */
#ifndef __LINUX_PUBLIC_XENCOMM_H__
#define __LINUX_PUBLIC_XENCOMM_H__

#include <linux/ioctl.h>
#include <linux/types.h>

#define XENCOMM_VERSION		1U
#define XENCOMM_PAGE_SIZE	4096U
#define XENCOMM_MAX_DATA_PAGES	255U
#define XENCOMM_NR_ARGUMENTS	5

/*
 * What the device can do.  Its errors: EFAULT.
 *
 * max_data_pages is 0 on a hypervisor that takes areas of one page only: calls whose
 * argument has no pointer inside work there, and the others have other ways.
 */
struct xencomm_info {
	__u32 version;		/* XENCOMM_VERSION */
	__u32 max_data_pages;	/* of one area */
	__u32 max_all_pages;	/* of all areas together, header pages too */
	__u32 reserved;		/* 0 */
};

/*
 * Make this file's area.  Its errors:
 *
 *	EINVAL		flags are not 0
 *	E2BIG		more than XENCOMM_MAX_DATA_PAGES
 *	EOPNOTSUPP	more than max_data_pages: not on this hypervisor
 *	EBUSY		there is an area already
 *	ENOSPC		all areas together would be too many pages
 *	ENOMEM		no memory
 *	EFAULT		the structure is not the caller's memory
 */
struct xencomm_create {
	__u32 data_pages;	/* may be 0: for arguments without pointers */
	__u32 flags;		/* 0 */
};

/*
 * Make a hypercall.  The ioctl returns 0 if it was made, and then the hypervisor's answer,
 * which may be a negative errno, is in result.  Otherwise the hypervisor was not asked,
 * result is as before, and the errors are:
 *
 *	EINVAL		flags are not 0, a number has more than 32 bits, or there is more
 *			than one structure where structures have pointers
 *	ENXIO		no area, or not all of it has been mapped
 *	EPERM		another address space has mapped the area
 *	ENOSYS		no such call or operation
 *	EOPNOTSUPP	an operation that is not let through
 *	EACCES		a domctl, sysctl or acm_op of another interface version
 *	E2BIG		the argument does not fit behind the header, or a count in it is
 *			more than the operation takes
 *	EFAULT		the argument is not the caller's memory, or a pointer inside it
 *			does not point, with all its elements, into the data pages
 *	EINTR		a fatal signal came while another call used the area
 *
 * One exception: EFAULT also comes when the results cannot be copied back; the call has
 * been made then, and what it has put into the data pages is there.
 */
struct xencomm_call {
	__u32 number;		/* of the hypercall */
	__u32 flags;		/* 0 */
	/* As the hypervisor takes them, pointers included: null means none. */
	__aligned_u64 argument[XENCOMM_NR_ARGUMENTS];
	__s64 result;
};

/*
 * What the header page begins with, in the machine's byte order, for the curious: nobody
 * needs it to make a call.  Behind it are the addresses of the data pages, 8 bytes each.
 */
struct xencomm_area_header {
	__u32 magic;			/* XENCOMM_AREA_MAGIC */
	__u32 nr_pages;			/* the header's too */
	__aligned_u64 virt_base;	/* of the header page, in the caller's memory */
	__aligned_u64 phys_base;	/* of the header page, as the hypervisor sees it */
};

#define XENCOMM_AREA_MAGIC	0x58504147U	/* "XPAG" */

#define XENCOMM_IOC_INFO	_IOR(0xc8, 0, struct xencomm_info)
#define XENCOMM_IOC_CREATE	_IOW(0xc8, 1, struct xencomm_create)
#define XENCOMM_IOC_CALL	_IOWR(0xc8, 2, struct xencomm_call)

#endif /* __LINUX_PUBLIC_XENCOMM_H__ */
