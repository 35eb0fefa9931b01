/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What cpu_nodes.cc and cpu_nodes_glue.c lend each other.  Compiles as C11 and C++20.
 *
 * Context of all: one cpu; the tree is unflattened, there is no slab, and nobody takes
 * nodes away.
 */
#ifndef ARCH_POWERPC_XEN_CPU_NODES_GLUE_H
#define ARCH_POWERPC_XEN_CPU_NODES_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* cpu_nodes.cc: called from the platform's probe. */
void xen_smp_clone_cpu_nodes(void) XEN_NOEXCEPT;

/* A node of the device tree. */
struct xen_node;

/* One of its properties; @value is big-endian, as firmware left it. */
struct xen_node_property {
	const char *name;
	const void *value;
	unsigned int bytes;
};

/* What a new node holds of its own; it lives as long as the kernel. */
struct xen_new_node {
	char name[32];
	unsigned char number[4];
};

/**
 * xen_glue_next_cpu - the cpu node behind @previous, null: the first
 *
 * Return: null behind the last one.
 */
struct xen_node *xen_glue_next_cpu(struct xen_node *previous) XEN_NOEXCEPT;

/** xen_glue_node_name - a node's name with its unit address */
const char *xen_glue_node_name(const struct xen_node *node) XEN_NOEXCEPT;

/**
 * xen_glue_node_property - the @index-th property of a node
 *
 * Return: 0, or -ENOENT if there are not as many.
 */
int xen_glue_node_property(const struct xen_node *node, unsigned int index,
			   struct xen_node_property *property) XEN_NOEXCEPT;

/** xen_glue_new_node - memory for a node with that many properties, all zero, or null */
struct xen_new_node *xen_glue_new_node(unsigned int properties) XEN_NOEXCEPT;

/** xen_glue_add_property - its @index-th property; in order, from 0; name and value stay */
void xen_glue_add_property(struct xen_new_node *node, unsigned int index,
			   const struct xen_node_property *property) XEN_NOEXCEPT;

/**
 * xen_glue_link_node - put it into the tree, under its name
 * @like: whose type it has
 * @behind: becomes its elder sibling
 *
 * Return: the node that it is from now on.
 */
struct xen_node *xen_glue_link_node(struct xen_new_node *node, struct xen_node *like,
				    struct xen_node *behind) XEN_NOEXCEPT;

/** xen_glue_max_cpus - how many cpus this kernel takes */
unsigned int xen_glue_max_cpus(void) XEN_NOEXCEPT;

/* Messages. */
void xen_glue_cpus_odd(const char *what, unsigned int number) XEN_NOEXCEPT __cold;
void xen_glue_cpus_unknown(unsigned int vcpu, long status) XEN_NOEXCEPT __cold;

XEN_GLUE_END

#endif
