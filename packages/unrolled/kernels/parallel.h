// Threads: a small pool of our own, the same source natively and in WASM. A worker spins for a moment and then parks.
//
//   parallel(n, grain, [&](size_t begin, size_t end) { … });      independent items, cut into one contiguous piece a thread
//   shares(threads(), [&](const Team& t) { … });                  shares that do not meet; many pieces are drawn with Tickets
//   team(threads(), [&](const Team& t) { … t.barrier(); … });     all at once, t.id of t.size, with barriers between steps
//
// Pieces and shares do not wait for a thread that has no processor because something else in the process has it: what it has not begun when
// the caller is done with its own, the caller does. A team has to wait.
//
// No result may depend on how many threads there are: cut between outputs, or sum fixed chunks in a fixed order. A call may
// be given fewer threads than it asks for, so a body reads t.size and never assumes it. Neither form may be used inside a body.

#pragma once
#include "simd.h"

namespace KERNELS {

/** At most this many threads: the slots of the pool. */
constexpr size_t max_threads = 64;

/** Threads that this call may use, its own included: 1 when somebody else is using the pool. */
size_t threads();

struct Team {
  size_t id;
  size_t size;
  /** Waits until every member is here; all that was written before it can be read after it. */
  void barrier() const;
  /** This member's share of n items in units of `unit`: [begin, end). */
  size_t begin(size_t n, size_t unit = 1) const { return share(n, unit, id); }
  size_t end(size_t n, size_t unit = 1) const { return share(n, unit, id + 1); }

 private:
  size_t share(size_t n, size_t unit, size_t i) const {
    const size_t units = (n + unit - 1) / unit, cut = (size_t)((uint64_t)units * i / size) * unit;
    return cut < n ? cut : n;
  }
};

typedef void (*TeamBody)(void* argument, const Team& team);

/**
 * body(argument, {id, size}) on `size` ≤ threads() threads; the caller is member 0. Returns when all are done. Where they do not `meet` at
 * barriers, the caller takes the place of members that have not begun.
 */
void run_team(size_t size, TeamBody body, void* argument, bool meet);

template <class F>
struct TeamCall {
  static void run(void* f, const Team& t) { (*(F*)f)(t); }
};

/** All members at once. */
template <class F>
void team(size_t size, F&& body) {
  run_team(size, TeamCall<F>::run, (void*)&body, true);
}

/** Each member by itself: the body has no barriers. */
template <class F>
void shares(size_t size, F&& body) {
  run_team(size, TeamCall<F>::run, (void*)&body, false);
}

/** body(begin, end) over [0, items). No thread gets less than `grain` items; where that leaves one, nobody is woken. Cuts are multiples of
 * `unit`. */
template <class F>
void parallel(size_t items, size_t grain, F&& body, size_t unit = 1) {
  if (items == 0) return;
  size_t size = items / (grain ? grain : 1);
  const size_t most = threads();
  if (size > most) size = most;
  if (size <= 1) return body((size_t)0, items);
  shares(size, [&](const Team& t) {
    const size_t begin = t.begin(items, unit), end = t.end(items, unit);
    if (begin < end) body(begin, end);
  });
}

/**
 * Threads for this many multiply-adds where one is worth waking for `enough` of them; at least 1. A double: the products of sizes do not
 * fit WASM's size_t.
 */
inline size_t threads_for(double multiply_adds, double enough) {
  const double wanted = multiply_adds / enough, most = (double)threads();
  return wanted < 2 ? 1 : (size_t)(wanted < most ? wanted : most);
}

/** Enough floats of light work (a load, an operation, a store) to be worth waking a thread for. */
constexpr size_t light_grain = 32768;
/** The same for exp, tanh and their like. */
constexpr size_t heavy_grain = 8192;

/**
 * A counter that threads draw from, for pieces of unequal cost. Which thread does a piece never matters for its result.
 *   Tickets tickets; shares(n, [&](const Team&) { for (size_t i; (i = tickets.next()) < pieces;) … });
 */
struct Tickets {
  size_t drawn = 0;
  size_t next() { return __atomic_fetch_add(&drawn, (size_t)1, __ATOMIC_RELAXED); }
};

// For the entry points only ------------------------------------------------------------------------------------------

/** What threads() says on the calling thread. */
void limit_threads(size_t most);

/** Takes the pool for one call and sees that it has `wanted` threads (natively it starts them). threads() is 1 where another call has the
 * pool. */
struct PoolUse {
  explicit PoolUse(size_t wanted);
  ~PoolUse();

 private:
  bool taken;
};

/** A worker's life: it joins the pool and never returns. In WASM each worker calls it on a stack of its own. */
void serve();

/** Whether the calling thread may sleep (a page's main thread may not: it spins). WASM only; true at the start. */
void caller_may_park(bool may);

/** Workers that have arrived. */
size_t pool_size();

}  // namespace KERNELS
