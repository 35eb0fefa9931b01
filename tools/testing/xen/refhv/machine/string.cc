/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The functions of C's string.h that the compiler and libfdt call.
 *
 * Compiled so that no loop here is turned into a call of the function that it implements.
 * The header is the compiler's C library's, for the declarations alone.
 */
#include <string.h>

#include "base/types.hh"

using refhv::u64;
using refhv::u8;

namespace {

/* Eight bytes at a time where both sides allow it; guests' pages always do. */
using Word [[gnu::may_alias]] = u64;

bool aligned(const void *a, const void *b)
{
	return !((reinterpret_cast<u64>(a) | reinterpret_cast<u64>(b)) % sizeof(Word));
}

} // namespace

void *memcpy(void *to, const void *from, size_t n)
{
	u8 *t = static_cast<u8 *>(to);
	const u8 *f = static_cast<const u8 *>(from);

	if (aligned(t, f))
		for (; n >= sizeof(Word); n -= sizeof(Word), t += sizeof(Word), f += sizeof(Word))
			*reinterpret_cast<Word *>(t) = *reinterpret_cast<const Word *>(f);
	while (n--)
		*t++ = *f++;
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	u8 *t = static_cast<u8 *>(to);
	const u8 *f = static_cast<const u8 *>(from);

	if (t <= f || t >= f + n) /* forwards is right: memcpy goes upwards */
		return memcpy(to, from, n);
	while (n--)
		t[n] = f[n];
	return to;
}

void *memset(void *to, int value, size_t n)
{
	u8 *t = static_cast<u8 *>(to);
	const u8 byte = static_cast<u8>(value);

	if (aligned(t, t))
		for (; n >= sizeof(Word); n -= sizeof(Word), t += sizeof(Word))
			*reinterpret_cast<Word *>(t) = byte * 0x0101010101010101;
	while (n--)
		*t++ = byte;
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = static_cast<const u8 *>(a), *y = static_cast<const u8 *>(b);

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

const void *memchr(const void *at, int value, size_t n)
{
	for (const u8 *a = static_cast<const u8 *>(at); n; n--, a++)
		if (*a == static_cast<u8>(value))
			return a;
	return nullptr;
}

size_t strlen(const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	return n;
}

const char *strrchr(const char *text, int c)
{
	for (size_t n = strlen(text) + 1; n--;)
		if (text[n] == static_cast<char>(c))
			return text + n;
	return nullptr;
}

int strcmp(const char *a, const char *b)
{
	for (; *a && *a == *b; a++)
		b++;
	return static_cast<u8>(*a) - static_cast<u8>(*b);
}
