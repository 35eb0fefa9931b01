// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of cpu_nodes.cc: the device tree, before there is a slab.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/memblock.h>
#include <linux/of.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/spinlock.h>

#include "cpu_nodes_glue.h"

/* In one piece of memory that is never given back. */
struct new_node {
	struct xen_new_node own;
	struct device_node node;
	struct property property[];
};

static struct device_node *of(const struct xen_node *node)
{
	return (struct device_node *)node;
}

static struct new_node *whole(struct xen_new_node *own)
{
	return container_of(own, struct new_node, own);
}

struct xen_node *xen_glue_next_cpu(struct xen_node *previous)
{
	return (struct xen_node *)of_get_next_cpu_node(of(previous));
}

const char *xen_glue_node_name(const struct xen_node *node)
{
	return of(node)->full_name;
}

int xen_glue_node_property(const struct xen_node *node, unsigned int index,
			   struct xen_node_property *property)
{
	const struct property *p = of(node)->properties;

	for (; p && index; p = p->next)
		index--;
	if (!p)
		return -ENOENT;
	*property = (struct xen_node_property){p->name, p->value, p->length};
	return 0;
}

struct xen_new_node __ref *xen_glue_new_node(unsigned int properties)
{
	struct new_node *new;

	new = memblock_alloc(struct_size(new, property, properties), SMP_CACHE_BYTES);
	return new ? &new->own : NULL;
}

void xen_glue_add_property(struct xen_new_node *node, unsigned int index,
			   const struct xen_node_property *property)
{
	struct new_node *new = whole(node);
	struct property *to = &new->property[index];

	to->name = (char *)property->name;
	to->value = (void *)property->value;
	to->length = property->bytes;
	*(index ? &to[-1].next : &new->node.properties) = to;
}

struct xen_node *xen_glue_link_node(struct xen_new_node *own, struct xen_node *like,
				    struct xen_node *behind)
{
	struct device_node *node = &whole(own)->node;
	unsigned long flags;

	node->name = of(like)->name;
	node->full_name = own->name;
	of_node_init(node);
	raw_spin_lock_irqsave(&devtree_lock, flags);
	node->parent = of(behind)->parent;
	node->sibling = of(behind)->sibling;
	of(behind)->sibling = node;
	raw_spin_unlock_irqrestore(&devtree_lock, flags);
	return (struct xen_node *)node;
}

unsigned int xen_glue_max_cpus(void)
{
	return nr_cpu_ids;
}

void xen_glue_cpus_odd(const char *what, unsigned int number)
{
	pr_warn("xen: %s %u\n", what, number);
}

void xen_glue_cpus_unknown(unsigned int vcpu, long status)
{
	pr_err("xen: is there a vcpu %u? vcpu_op is_up was refused (%ld)\n", vcpu, status);
}
