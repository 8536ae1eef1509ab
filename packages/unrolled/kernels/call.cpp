// Unpacks argument blocks: the C++ signature of a kernel says how to read each double, so nothing is written twice.

#include "call.h"
#include "kernels.h"
#include "parallel.h"

namespace KERNELS {

namespace {

template <class T>
struct Argument {
  static T read(char*, double x) { return (T)(int64_t)x; }  // int, int32_t, size_t
};
template <>
struct Argument<float> {
  static float read(char*, double x) { return (float)x; }
};
template <>
struct Argument<double> {
  static double read(char*, double x) { return x; }
};
template <>
struct Argument<bool> {
  static bool read(char*, double x) { return x != 0; }
};
template <class T>
struct Argument<T*> {
  static T* read(char* heap, double x) { return x != 0 ? (T*)((uintptr_t)heap + (size_t)(int64_t)x) : nullptr; }
};
template <>
struct Argument<List> {
  static List read(char* heap, double x) { return {heap, Argument<const double*>::read(heap, x)}; }
};

/** The numbers 0 … n − 1 as a parameter pack. */
template <size_t... i>
struct Indices {};
template <size_t n, size_t... i>
struct Count : Count<n - 1, n - 1, i...> {};
template <size_t... i>
struct Count<0, i...> {
  typedef Indices<i...> All;
};

template <auto kernel>
struct Entry;
template <class R, class... P, R (*kernel)(P...)>
struct Entry<kernel> {
  static constexpr size_t parameters = sizeof...(P);

  static double run(char* heap, const double* block) { return unpack(heap, block, typename Count<parameters>::All()); }

 private:
  template <size_t... i>
  static double unpack(char* heap, const double* block, Indices<i...>) {
    if constexpr (__is_same(R, void)) {
      kernel(Argument<P>::read(heap, block[i])...);
      return 0;
    } else {
      return (double)kernel(Argument<P>::read(heap, block[i])...);
    }
  }
};

typedef double (*Run)(char* heap, const double* block);
struct Operation {
  size_t parameters;
  Run run, workspace;
};

#define K(name) {Entry<name>::parameters, Entry<name>::run, nullptr},
#define W(name) {Entry<name>::parameters, Entry<name>::run, Entry<name##_workspace>::run},
const Operation operations[] = {KERNEL_LIST(K, W)};
#undef K
#undef W
constexpr size_t count = sizeof(operations) / sizeof(operations[0]);

}  // namespace

double call(char* heap, size_t operation, size_t offset, size_t threads) {
  const PoolUse use(threads);
  return operations[operation].run(heap, (const double*)((uintptr_t)heap + offset));
}

double workspace(char* heap, size_t operation, size_t offset, size_t threads) {
  const Run run = operations[operation].workspace;
  if (!run) return 0;
  limit_threads(threads);
  const double bytes = run(heap, (const double*)((uintptr_t)heap + offset));
  limit_threads(1);
  return bytes;
}

size_t block_bytes(size_t operation) { return operation < count ? operations[operation].parameters * sizeof(double) : 0; }

const char* operation_names() {
#define NAME(name) "," #name
  return (KERNEL_LIST(NAME, NAME)) + 1;
#undef NAME
}

}  // namespace KERNELS
