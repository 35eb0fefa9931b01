/* SPDX-License-Identifier: GPL-2.0 */
/* Memory and text of the probes; the first four are what a compiler calls by itself. */
#include "probe/guest.hh"

extern "C" {

void *memset(void *at, int byte, std::size_t bytes);
void *memcpy(void *into, const void *from, std::size_t bytes);
void *memmove(void *into, const void *from, std::size_t bytes);
int memcmp(const void *a, const void *b, std::size_t bytes);

void *memset(void *at, int byte, std::size_t bytes)
{
	auto *p = static_cast<volatile probe::u8 *>(at);

	for (std::size_t i = 0; i < bytes; i++)
		p[i] = static_cast<probe::u8>(byte);
	return at;
}

void *memcpy(void *into, const void *from, std::size_t bytes)
{
	auto *to = static_cast<volatile probe::u8 *>(into);
	auto *p = static_cast<const probe::u8 *>(from);

	for (std::size_t i = 0; i < bytes; i++)
		to[i] = p[i];
	return into;
}

void *memmove(void *into, const void *from, std::size_t bytes)
{
	auto *to = static_cast<volatile probe::u8 *>(into);
	auto *p = static_cast<const volatile probe::u8 *>(from);

	if (to <= p)
		return memcpy(into, from, bytes);
	while (bytes--)
		to[bytes] = p[bytes];
	return into;
}

int memcmp(const void *a, const void *b, std::size_t bytes)
{
	auto *p = static_cast<const volatile probe::u8 *>(a);
	auto *q = static_cast<const volatile probe::u8 *>(b);

	for (std::size_t i = 0; i < bytes; i++)
		if (p[i] != q[i])
			return p[i] < q[i] ? -1 : 1;
	return 0;
}

} /* extern "C" */

namespace probe {

void fill(void *at, u8 byte, u64 bytes)
{
	memset(at, byte, bytes);
}

bool same(const void *a, const void *b, u64 bytes)
{
	return memcmp(a, b, bytes) == 0;
}

bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

u64 length(const char *text)
{
	u64 n = 0;

	while (text[n])
		n++;
	return n;
}

} // namespace probe
