/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Programs of bytes that use a multicall batch, run against the model.
 *
 * The first byte chooses the batch's dimensions, then each operation is one byte
 * with its operands behind it; what is missing at the end is zero.  Any bytes are a
 * valid program: cases write them with batch_steps.hh, the fuzzer by chance.
 *
 * After each operation the batch must look as the model says.  Whenever code other
 * than the caller's runs (in a hypercall, in an owner, in a callback, under an open
 * guard) it tries everything with the batch, and all of it must be refused.
 */
#ifndef XEN_CORE_BATCH_PROGRAM_HH
#define XEN_CORE_BATCH_PROGRAM_HH

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include <xen/core/batch.hh>

#include "batch_model.hh"
#include "batch_rig.hh"
#include "cases.hh"
#include "fake_hypervisor.hh"

namespace xen::cases {

/* Operations; the operands in parentheses are one byte each. */
enum class Step : std::uint8_t {
	Push,	    /* (owner, op, size) queue as C callers do */
	Reserve,    /* (owner, op, size) open a slot */
	Commit,	    /* the open guard */
	CommitThen, /* the open slot, with a callback; an extension without */
	Drop,	    /* the open guard */
	Extend,	    /* (owner, op, size) open the last entry */
	ExtendRaw,  /* (owner, op, size) extend as C callers do */
	Defer,	    /* a callback by itself */
	Flush,
	Malice,	 /* (ways, skip, at, error) arm the hypervisor */
	Burst,	 /* (owner, op, count) push that many without arguments */
	Move,	 /* hand the open guard on by move */
	TryPush, /* (owner, op, size) push, but only if there is room */
	Keep,	 /* (whether) have arguments kept aside from Xen; at first they are */
	Count,	 /* of steps, not a step */
};

/* Reads a program to its end and zeroes after it. */
class Tape {
public:
	explicit Tape(std::span<const std::uint8_t> bytes) noexcept : bytes_(bytes) {}

	[[nodiscard]] bool done() const noexcept { return at_ >= bytes_.size(); }
	std::uint8_t next() noexcept { return done() ? std::uint8_t{0} : bytes_[at_++]; }

private:
	std::span<const std::uint8_t> bytes_;
	std::size_t at_ = 0;
};

/**
 * class BatchProgram - a batch of one size, its model and its enemies
 *
 * Static objects only: too big for a stack.  run() starts from zeroed memory.
 */
template <unsigned int E, unsigned int A, unsigned int C> class BatchProgram {
public:
	/* Sizes a byte from first_special on stands for; below it is the size itself. */
	static constexpr unsigned int first_special = 200;
	static constexpr unsigned int specials = 12;
	static constexpr std::size_t special[specials] = {
		A,     A - 8, A - 1, A + 1,	 A + 8,		  A / 2,
		A * 2, 256,   1000,  0x80000000, ~std::size_t{0}, ~std::size_t{0} - 7,
	};

	/** run - @tape to its end, then one flush; what happened is in tally() */
	void run(Context &cx, Tape tape) noexcept
	{
		Live live{*this};

		live_ = &live;
		start(cx);
		while (!tape.done())
			step(tape);
		drop();
		flush();
		compare_counters();
		live_ = nullptr;
	}

	[[nodiscard]] const Tally &tally() const noexcept { return tally_; }
	[[nodiscard]] BatchCounters counters() const noexcept
	{
		return batch_.counters().snapshot();
	}

	/* As FakeHypervisor's Judge. */
	void entered(unsigned int n, bool multicall) noexcept
	{
		model_.entered(*cx_, n, multicall, tally_);
	}
	void issued(unsigned int i, unsigned long op, const unsigned long *args,
		    unsigned int n) noexcept
	{
		model_.issued(*cx_, i, op, args, n);
	}
	void event() noexcept { meddle(); }
	void answered(unsigned int i, bool written, long result, bool scribbled) noexcept
	{
		model_.answered(*cx_, i, written, result, scribbled);
	}
	void left(long whole) noexcept { model_.left(whole, tally_); }

private:
	using Queue = Batch<E, A, C>;

	/* What an entry's or a callback's pointer leads back to. */
	struct Token {
		BatchProgram *program;
		unsigned int serial;
	};

	static void owner_done(void *who, const MulticallEntry &entry, Result<long> status) noexcept
	{
		BatchProgram &self = *static_cast<Token *>(who)->program;

		self.model_.told(*self.cx_, who, entry, status, self.rig_.keep, self.tally_);
		self.meddle();
	}
	/* What the rig leads back to. */
	static long enter(void *self, unsigned long op, const unsigned long *args) noexcept
	{
		return static_cast<BatchProgram *>(self)->live_->hypervisor.call(op, args);
	}
	static long enter_many(void *self, MulticallEntry *list, unsigned int n) noexcept
	{
		return static_cast<BatchProgram *>(self)->live_->hypervisor.multicall(list, n);
	}
	static void begin(void *self, FlushReason why, const BatchFill &fill) noexcept
	{
		BatchProgram &program = *static_cast<BatchProgram *>(self);

		program.model_.flushing(*program.cx_, why, fill, program.tally_);
		program.meddle();
	}
	static void tell(void *self, const FailedEntry &what) noexcept
	{
		BatchProgram &program = *static_cast<BatchProgram *>(self);

		program.model_.message(*program.cx_, what, program.rig_.keep, program.tally_);
		program.meddle();
	}

	static void callback(void *data) noexcept
	{
		Token &token = *static_cast<Token *>(data);

		token.program->model_.ran(*token.program->cx_, token.serial, token.program->tally_);
		token.program->meddle();
	}

	static constexpr Owner owners[] = {
		{"linux", Owner::Kind::CodeAddress, nullptr},
		{"silent", Owner::Kind::Unit, nullptr},
		{"listener", Owner::Kind::Unit, owner_done},
		{"rival", Owner::Kind::Unit, owner_done},
	};

	/* The operands that most operations have. */
	struct Wish {
		const Owner &owner;
		unsigned long op;
		std::size_t size;
	};
	static Wish read_wish(Tape &tape) noexcept;

	/* What an operation will come to: 0 or an errno's number. */
	int predict_queueing(std::size_t size, bool needs_callback) noexcept;
	int predict_extension(const Wish &wish) noexcept;
	/* Note a refusal; true if the operation came about as predicted. */
	bool as_predicted(int predicted, const Result<void> &status) noexcept;

	void start(Context &cx) noexcept;
	void step(Tape &tape) noexcept;
	void push(const Wish &wish) noexcept;
	void try_push(const Wish &wish) noexcept;
	void fill(const Wish &wish, const RawSlot &raw, Token &token) noexcept;
	void reserve(const Wish &wish) noexcept;
	void extend(const Wish &wish) noexcept;
	void extend_raw(const Wish &wish) noexcept;
	void commit(bool with_callback) noexcept;
	void drop() noexcept;
	void move_guard() noexcept;
	void defer() noexcept;
	void flush() noexcept;
	void meddle() noexcept;

	[[nodiscard]] bool guarded() const noexcept { return live_->slot || live_->extension; }
	Token &next_token() noexcept { return token_[serial_ % (E + 1)] = {this, serial_}; }
	Token &next_callback() noexcept
	{
		return callback_token_[callback_serial_ % (C + 1)] = {this, callback_serial_};
	}
	ModelEntry describe(const Wish &wish, std::byte *args, void *who) const noexcept;
	void check_place(const std::byte *args, std::size_t size, bool aligned) noexcept;
	static void write_pattern(const ModelEntry &entry, std::byte *at, std::size_t from,
				  std::size_t size) noexcept;
	void compare_level() noexcept;
	void compare_counters() noexcept;

	/* Guards have destructors, which no static object may have. */
	struct Live {
		explicit Live(BatchProgram &program) noexcept : hypervisor(program) {}

		FakeHypervisor<BatchProgram> hypervisor;
		std::optional<typename Queue::Slot> slot;
		std::optional<typename Queue::Extension> extension;
	};

	Context *cx_ = nullptr;
	Live *live_ = nullptr;
	ModelEntry pending_{}; /* what the open slot becomes */
	unsigned int serial_ = 0;
	unsigned int callback_serial_ = 0;
	bool meddling_ = false;
	Tally tally_{};
	Rig rig_{};
	Queue batch_{};
	BatchModel<E, A, C> model_{};
	Token token_[E + 1]{};
	Token callback_token_[C + 1]{};
	Token intruder_{}; /* must never lead back here */
};

} // namespace xen::cases

#include "batch_program_steps.hh"

#endif
