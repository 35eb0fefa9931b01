/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device tree by either start: a flat tree, or the OF client interface.
 *
 * One set of functions for both, so that facts on properties are written once; what only
 * one of them has stands in of:: and flat::.
 */
#ifndef PROBE_TREE_HH
#define PROBE_TREE_HH

#include <cstdint>

namespace probe {

namespace tree {

using Node = std::uint64_t; /* phandle, or offset in the flat tree */
inline constexpr Node none = ~std::uint64_t{0};

[[nodiscard]] Node root();
[[nodiscard]] Node find(const char *path); /* "/xen/console"; none: unknown */
[[nodiscard]] Node child(Node of);	   /* first; none */
[[nodiscard]] Node peer(Node of);	   /* next sibling; none */
/* length - bytes of a property, -1: absent */
[[nodiscard]] std::int64_t length(Node of, const char *property);
/* get - copy at most @room bytes; the property's full length, -1: absent */
std::int64_t get(Node of, const char *property, void *into, std::uint64_t room);
/* u32_at, u64_at - cell @index of @property; @otherwise if it is too short */
[[nodiscard]] std::uint64_t u32_at(Node of, const char *property, std::uint32_t index,
				   std::uint64_t otherwise = ~std::uint64_t{0});
[[nodiscard]] std::uint64_t u64_at(Node of, const char *property, std::uint32_t index,
				   std::uint64_t otherwise = ~std::uint64_t{0});
/* has_string - a list of strings contains @text */
[[nodiscard]] bool has_string(Node of, const char *property, const char *text);
/* name - the node's name with its unit address, ended by zero ("" for the root) */
void name(Node of, char *into, std::uint64_t room);
/* next_property - the name after @previous ("" first) into @into[32]; false: no more */
[[nodiscard]] bool next_property(Node of, const char *previous, char *into);

} // namespace tree

extern "C" std::int64_t probe_of(void *block, std::uint64_t entry); /* start.S */

namespace of {

/* address - a pointer as a cell; all our memory lies below 4 GB */
[[nodiscard]] std::uint32_t address(const volatile void *at);

inline constexpr unsigned int max_cells = 8;
struct Answer {
	std::int32_t status;	       /* r3 */
	std::uint32_t cell[max_cells]; /* return cells */
};
/* call - @service with @nargs cells of @args and @nreturns cells back */
[[nodiscard]] Answer call(const char *service, std::uint32_t nargs, std::uint32_t nreturns,
			  const std::uint32_t *args);

} // namespace of

namespace flat {

[[nodiscard]] const std::uint8_t *blob(); /* null in an OF start */
struct Range {
	std::uint64_t start, bytes;
};
/* reserved - entry @index of the memreserve map; bytes 0: the end */
[[nodiscard]] Range reserved(std::uint32_t index);

} // namespace flat

} // namespace probe

#endif
