/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Each canary frame is full of one number, a magic one with the frame's own mixed in, so
 * that a copied frame is noticed too.  Frame::flags marks them; they are dirty.
 *
 * The second domain's frames count as long as it leaves them alone itself: the option is
 * meant for a second domain that only waits.
 */
#include "base/print.hh"
#include "dom/domain.hh"
#include "mm/frames.hh"

namespace refhv {

namespace {

constexpr u64 magic = 0xca9a2e5f0b51c3d7;
constexpr u64 words = page_bytes / sizeof(u64);

constexpr u64 image_end = 0x02200; /* pfn: image, initrd and tree end below 34 MB */

/* spare - @frame is nobody's, or another domain's where the builder put nothing */
bool spare(const Frame &frame)
{
	const Domain *dom = find_domain(frame.owner);

	if (!dom || dom->privileged)
		return frame.owner == owner_none;
	return frame.type == FrameType::Ram ||
	       (frame.type == FrameType::Rma && frame.gfn >= image_end &&
		frame.gfn < (dom->rma_bytes >> page_shift) - 3); /* the special pages */
}

bool intact(u64 frame)
{
	const u64 *word = phys<u64>(Mfn{frame});
	u64 right = 0;

	while (right < words && word[right] == (magic ^ frame))
		right++;
	return right == words;
}

} // namespace

void canary::plant()
{
	for (u64 i = 0; options.canary && i < frames::count(); i++) {
		Frame *frame = frames::at(Mfn{i});

		if (!frame || !spare(*frame))
			continue;
		for (u64 w = 0; w < words; w++)
			phys<u64>(Mfn{i})[w] = magic ^ i;
		frame->flags = frame_flag::canary | frame_flag::dirty;
	}
}

bool canary::verify()
{
	u64 good = 0, broken = 0;

	if (!options.canary)
		return true;
	for (u64 i = 0; i < frames::count(); i++) {
		const Frame *frame = frames::at(Mfn{i});

		if (!frame || !(frame->flags & frame_flag::canary))
			continue;
		if (intact(i))
			good++;
		else if (++broken <= 5)
			print("refhv: canary: frame ", hex(i), " was written to\n");
	}
	const u64 miscounted = hpt::audit();

	print("refhv: canary: ", good, " frames intact");
	if (broken || miscounted)
		print(", FAILED: ", broken, " written to, ", miscounted, " miscounted");
	print("\n");
	return !broken && !miscounted;
}

} // namespace refhv
