// The machine's limit: fused multiply-adds a second, on registers alone. argv: bytes of a vector (16, 32 or 64), threads.
// Prints GFLOP/s. Compiled on demand by lib/install.mjs with -O2 -march=native.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

typedef float V16 __attribute__((vector_size(16)));
typedef float V32 __attribute__((vector_size(32)));
typedef float V64 __attribute__((vector_size(64)));

template <class V>
static float run(long rounds) {
  const V m = V{} + 0.999f, b = V{} + 0.001f;
  // Ten chains hide the latency of an FMA. Names, not an array: an array stays in memory.
  V p = m, q = m, r = m, s = m, t = m, u = m, v = m, w = m, x = m, y = m;
  for (long i = 0; i < rounds; i++) {
    p = p * m + b, q = q * m + b, r = r * m + b, s = s * m + b, t = t * m + b;
    u = u * m + b, v = v * m + b, w = w * m + b, x = x * m + b, y = y * m + b;
    asm volatile("" : "+v"(p), "+v"(q), "+v"(r), "+v"(s), "+v"(t), "+v"(u), "+v"(v), "+v"(w), "+v"(x), "+v"(y));
  }
  return (p + q + r + s + t + u + v + w + x + y)[0];
}

int main(int, char** argv) {
  const int bytes = std::atoi(argv[1]), threads = std::atoi(argv[2]);
  const auto work = bytes == 64 ? run<V64> : bytes == 32 ? run<V32> : run<V16>;
  const long rounds = 20'000'000;
  double best = 0;
  for (int attempt = 0; attempt < 3; attempt++) {
    const auto before = std::chrono::steady_clock::now();
    std::vector<std::thread> pool;
    volatile float sink = 0;
    for (int t = 0; t < threads; t++) pool.emplace_back([&] { sink = work(rounds); });
    for (std::thread& t : pool) t.join();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    const double rate = 2.0 * 10 * (bytes / 4) * rounds * threads / seconds / 1e9;
    if (rate > best) best = rate;
  }
  std::printf("%.1f\n", best);
}
