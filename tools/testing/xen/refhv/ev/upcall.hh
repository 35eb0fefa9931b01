/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exits to the guest: injection of 0x500, forced decrementer, block, SRR destruction.
 *
 * EE of the saved MSR is the mask; the mask byte is never read.  Faithful: an event for
 * the own vcpu that was raised with EE=0 waits for the next exit with EE=1 (hypercall or
 * the 10 ms HDEC tick).  Prompt: a kick to oneself makes refhv enter the moment EE comes
 * on.  Another vcpu is always kicked at once, and so is one's own after a device's
 * interrupt, which a 970 would have held until then.
 *
 * It cannot load FPSCR, DAR or DSISR of a new vcpu: those keep what the core had.
 */
#ifndef REFHV_UPCALL_HH
#define REFHV_UPCALL_HH

#include "base/types.hh"

namespace refhv {

struct Vcpu;

namespace upcall {

/* notify - the upcall byte of @vcpu was just set by this cpu: wake it, kick its core */
void notify(Vcpu &vcpu);

/* wake - @vcpu is neither blocked nor polling any more; its core looks at it at once */
void wake(Vcpu &vcpu);

/* pending - upcall byte of @vcpu in shared_info is not zero */
[[nodiscard]] bool pending(const Vcpu &vcpu);

/**
 * leave - everything that happens between the end of refhv's work and the guest
 * @vcpu: the one that is pinned to this core
 * @vector: why refhv was entered, 0 for a core that starts
 *
 * Waits (napping, lock let go) while the vcpu is blocked, down or its domain stopped;
 * loads the domain's context before the first entry; fires due timers; injects 0x500;
 * destroys SRR0/1 unless @vector is HDEC's or the interrupt came with EE=0; restores the
 * guest's DEC, which stands still in refhv but counts on in a sleep.  Lock held on entry
 * and on return.
 */
void leave(Vcpu &vcpu, u64 vector);

/* inject - redirect @vcpu to its own @vector with SRR0/1 as the hardware would set them */
void inject(Vcpu &vcpu, u64 vector, u64 srr1_bits);

} // namespace upcall

} // namespace refhv

#endif
