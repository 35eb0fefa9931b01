/* SPDX-License-Identifier: GPL-2.0 */
/* The two back ends of tree.hh; only tree.cc chooses between them. */
#ifndef PROBE_OF_TREE_HH
#define PROBE_OF_TREE_HH

#include "probe/tree.hh"

namespace probe {

using Node = tree::Node;

namespace of_tree {
[[nodiscard]] Node root();
[[nodiscard]] Node find(const char *path);
[[nodiscard]] Node child(Node of);
[[nodiscard]] Node peer(Node of);
std::int64_t get(Node of, const char *property, void *into, std::uint64_t room);
void name(Node of, char *into, std::uint64_t room);
[[nodiscard]] bool next_property(Node of, const char *previous, char *into);
} // namespace of_tree

namespace flat_tree {
[[nodiscard]] Node root();
[[nodiscard]] Node find(const char *path);
[[nodiscard]] Node child(Node of);
[[nodiscard]] Node peer(Node of);
std::int64_t get(Node of, const char *property, void *into, std::uint64_t room);
void name(Node of, char *into, std::uint64_t room);
[[nodiscard]] bool next_property(Node of, const char *previous, char *into);
} // namespace flat_tree

} // namespace probe

#endif
