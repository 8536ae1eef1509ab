// The pool: one per process natively, one per memory in WASM (its data lies in the shared heap). Workers arrive and stay; each waits on a
// word of its own, so a call wakes exactly those it needs. Everything waits alike: spin a little, then sleep on the word.

#include "parallel.h"

#if defined(__wasm__)
#if defined(__wasm_atomics__)
#define PARK 1
#endif
#else
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#endif
#endif

namespace KERNELS {

namespace {

// About a hundred microseconds: longer than a step's imbalance and than what JavaScript does between two kernels, shorter than a time
// slice. WASM has no pause, so its turns are shorter.
#if defined(__wasm__)
constexpr int spins = 10000;
#else
constexpr int spins = 6000;
#endif

/** Somebody waits until `value` changes. */
struct alignas(64) Word {
  uint32_t value;
  uint32_t sleepers;
};

struct Pool {
  Word orders[max_threads];  // counts the calls for worker i
  Word places[max_threads];  // 1: its place in this call is free; who takes it, the worker or the caller, sets it to 0
  Word remaining;            // workers that have not finished this call
  Word generation;           // of the barrier
  alignas(64) uint32_t waiting;
  alignas(64) uint32_t members;  // workers that have arrived
  uint32_t started;
  uint32_t taken;
  TeamBody body;
  void* argument;
  size_t size;
  uint32_t caller_spins;  // 1: the caller may not sleep
};

Pool pool;

#if defined(__wasm__)
size_t allowed = 1;
#else
thread_local size_t allowed = 1;  // callers on several threads: one has the pool, the others run alone
#endif

void relax() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

void sleep_on(uint32_t* word, uint32_t value) {
#if defined(PARK)
  __builtin_wasm_memory_atomic_wait32((int*)word, (int)value, -1);
#elif defined(__linux__)
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
#elif !defined(__wasm__)
  if (__atomic_load_n(word, __ATOMIC_SEQ_CST) == value) usleep(50);
#else
  (void)word, (void)value;
#endif
}

void wake_all(uint32_t* word) {
#if defined(PARK)
  __builtin_wasm_memory_atomic_notify((int*)word, max_threads);
#elif defined(__linux__)
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, max_threads, nullptr, nullptr, 0);
#else
  (void)word;
#endif
}

/** Returns once word.value is not `value`. */
void wait_for_change(Word& word, uint32_t value, bool may_sleep) {
  for (int left = spins; __atomic_load_n(&word.value, __ATOMIC_ACQUIRE) == value;) {
    if (left > 0 || !may_sleep) {
      left--;
      relax();
      continue;
    }
    __atomic_fetch_add(&word.sleepers, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&word.value, __ATOMIC_SEQ_CST) == value) sleep_on(&word.value, value);
    __atomic_fetch_sub(&word.sleepers, 1, __ATOMIC_SEQ_CST);
  }
}

/** To be called after word.value was changed (sequentially consistent). */
void wake(Word& word) {
  if (__atomic_load_n(&word.sleepers, __ATOMIC_SEQ_CST)) wake_all(&word.value);
}

bool may_sleep(size_t id) { return id > 0 || !pool.caller_spins; }

#if !defined(__wasm__)
void* start(void*) {
  serve();
  return nullptr;
}

/** Starts workers until there are `count`, and waits for them to arrive. Signals stay with the threads that were there before. */
void start_workers(size_t count) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 1 << 20);
  while (pool.started < count) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, start, nullptr) != 0) break;  // fewer threads, same results
    pool.started++;
  }
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  while (pool_size() < pool.started) usleep(20);
}
#endif

}  // namespace

size_t threads() { return allowed; }

size_t pool_size() { return __atomic_load_n(&pool.members, __ATOMIC_ACQUIRE); }

void caller_may_park(bool may) { pool.caller_spins = !may; }

void limit_threads(size_t most) { allowed = most ? most : 1; }

void Team::barrier() const {
  if (size == 1) return;
  const uint32_t generation = __atomic_load_n(&pool.generation.value, __ATOMIC_RELAXED);
  if (__atomic_add_fetch(&pool.waiting, 1, __ATOMIC_ACQ_REL) == size) {
    __atomic_store_n(&pool.waiting, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&pool.generation.value, generation + 1, __ATOMIC_SEQ_CST);
    wake(pool.generation);
  } else {
    wait_for_change(pool.generation, generation, may_sleep(id));
  }
}

/** Whether the place of member i was still free. */
static bool take_place(size_t i) { return __atomic_exchange_n(&pool.places[i].value, 0, __ATOMIC_ACQ_REL); }

void run_team(size_t size, TeamBody body, void* argument, bool meet) {
  if (size > allowed) size = allowed;
  if (size <= 1) return body(argument, Team{0, 1});
  pool.body = body;
  pool.argument = argument;
  pool.size = size;
  __atomic_store_n(&pool.remaining.value, (uint32_t)size - 1, __ATOMIC_RELAXED);
  for (size_t i = 1; i < size; i++) {
    __atomic_store_n(&pool.places[i].value, 1, __ATOMIC_RELEASE);
    __atomic_fetch_add(&pool.orders[i].value, 1, __ATOMIC_SEQ_CST);
    wake(pool.orders[i]);
  }
  body(argument, Team{0, size});
  for (size_t i = 1; i < size && !meet; i++) {
    if (!take_place(i)) continue;
    body(argument, Team{i, size});
    __atomic_sub_fetch(&pool.remaining.value, 1, __ATOMIC_SEQ_CST);
  }
  for (uint32_t left; (left = __atomic_load_n(&pool.remaining.value, __ATOMIC_ACQUIRE)) != 0;)
    wait_for_change(pool.remaining, left, may_sleep(0));
}

void serve() {
  const size_t id = __atomic_add_fetch(&pool.members, 1, __ATOMIC_ACQ_REL);
  if (id >= max_threads) return;
  for (uint32_t seen = 0;;) {
    wait_for_change(pool.orders[id], seen, true);
    seen = __atomic_load_n(&pool.orders[id].value, __ATOMIC_ACQUIRE);
    if (!take_place(id)) continue;  // the caller has done it
    pool.body(pool.argument, Team{id, pool.size});
    if (__atomic_sub_fetch(&pool.remaining.value, 1, __ATOMIC_SEQ_CST) == 0) wake(pool.remaining);
  }
}

PoolUse::PoolUse(size_t wanted) {
  uint32_t free = 0;
  taken = wanted > 1 && __atomic_compare_exchange_n(&pool.taken, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
  if (!taken) {
    limit_threads(1);
    return;
  }
  if (wanted > max_threads) wanted = max_threads;
#if !defined(__wasm__)
  if (pool.started + 1 < wanted) start_workers(wanted - 1);
#endif
  const size_t present = pool_size() + 1;
  limit_threads(wanted < present ? wanted : present);
}

PoolUse::~PoolUse() {
  limit_threads(1);
  if (taken) __atomic_store_n(&pool.taken, 0, __ATOMIC_RELEASE);
}

}  // namespace KERNELS
