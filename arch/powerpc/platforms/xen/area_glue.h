/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What area.cc, area_call.cc and the glue of /dev/xen/xencomm lend each other.  Compiles
 * as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_AREA_GLUE_H
#define ARCH_POWERPC_XEN_AREA_GLUE_H

#include <xen/glue.h>

#define XEN_AREA_PAGES		256
#define XEN_AREA_ARGUMENTS	5

/* A file's area; all zero when the file is opened.  Fields are area.cc's business. */
struct xen_area {
	unsigned int stage;	/* how far it is, area.cc */
	unsigned int nr_pages;	/* the header's too */
	unsigned long virt_base;
	const void *owner;	/* the address space that has mapped it, held */
	void *page[XEN_AREA_PAGES];
};

/* struct xencomm_call of <uapi/xen/xencomm.h>. */
struct xen_area_request {
	unsigned int number;
	unsigned int flags;
	unsigned long long argument[XEN_AREA_ARGUMENTS];
	long long result;
};

/* What a mapping of the device is asked to be. */
struct xen_area_mapping {
	unsigned long start;	/* the user's address, page aligned */
	unsigned long pages;
	unsigned long first;	/* page of the area */
	int shared;
	int writable;
	void *handle;		/* the glue's */
};

XEN_GLUE_BEGIN

/* ---- area.cc ---- */

/** xen_area_offered - does the hypervisor take areas from this domain? any context */
int xen_area_offered(void) XEN_NOEXCEPT;

/** xen_area_max_data_pages - of one area; 0: header pages only.  Any context. */
unsigned int xen_area_max_data_pages(void) XEN_NOEXCEPT;

/** xen_area_max_all_pages - of all areas together */
unsigned int xen_area_max_all_pages(void) XEN_NOEXCEPT;

/**
 * xen_area_create - give a file its area
 * @data_pages: behind the header page
 *
 * Context: process; sleeps.  Return: 0, or what <uapi/xen/xencomm.h> says.
 */
int xen_area_create(struct xen_area *area, unsigned int data_pages,
		    unsigned int flags) XEN_NOEXCEPT;

/**
 * xen_area_map - insert pages into a new mapping of the file
 *
 * Context: process, the address space's lock is held for writing; sleeps.  Takes no lock
 * that a call holds while it touches user memory.
 *
 * Return: 0, or a negative errno; the mapping then goes away as a whole.
 */
int xen_area_map(struct xen_area *area, const struct xen_area_mapping *mapping) XEN_NOEXCEPT;

/**
 * xen_area_release - the file's end: give everything back
 *
 * Context: process; there is no mapping any more and no call.
 */
void xen_area_release(struct xen_area *area) XEN_NOEXCEPT;

/* ---- area_call.cc ---- */

/**
 * xen_area_call - make a hypercall
 * @request: a copy of the user's; result is set if the hypercall was made
 *
 * Context: process; sleeps.  One call at a time for each area.
 *
 * Return: 0 if it was made, else a negative errno as <uapi/xen/xencomm.h> says.
 */
int xen_area_call(struct xen_area *area, struct xen_area_request *request) XEN_NOEXCEPT;

/* ---- area_glue.c ---- */

/** xen_glue_area_page - a page of zeros that stays where it is, or null; sleeps */
void *xen_glue_area_page(void) XEN_NOEXCEPT;
/** xen_glue_area_put_page - give it back; it lives on while somebody else uses it */
void xen_glue_area_put_page(void *page) XEN_NOEXCEPT;

/**
 * xen_glue_area_insert - map a page
 * @handle: of the mapping
 * @address: the user's
 *
 * Return: 0 or a negative errno.
 */
int xen_glue_area_insert(void *handle, unsigned long address, void *page) XEN_NOEXCEPT;
/** xen_glue_area_seal - the mapping can never be made writable, not even by force */
void xen_glue_area_seal(void *handle) XEN_NOEXCEPT;

/** xen_glue_area_caller - the caller's address space, a name for comparisons */
const void *xen_glue_area_caller(void) XEN_NOEXCEPT;
/* The name is no other's as long as it is held. */
void xen_glue_area_hold(const void *owner) XEN_NOEXCEPT;
void xen_glue_area_drop(const void *owner) XEN_NOEXCEPT;

/** xen_glue_area_lock - the area's calls, one by one; 0, or -EINTR for who is killed */
int xen_glue_area_lock(struct xen_area *area) XEN_NOEXCEPT;
void xen_glue_area_unlock(struct xen_area *area) XEN_NOEXCEPT;

/* Copies between kernel and caller; 0 or -EFAULT.  Sleep. */
int xen_glue_area_copy_in(void *to, unsigned long user, unsigned long bytes) XEN_NOEXCEPT;
int xen_glue_area_copy_out(unsigned long user, const void *from,
			   unsigned long bytes) XEN_NOEXCEPT;

/** xen_glue_area_narrow - is the caller a 32-bit program? */
int xen_glue_area_narrow(void) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
