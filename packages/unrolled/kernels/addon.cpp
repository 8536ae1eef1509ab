// The Node addon: a few functions over Node-API, which stays the same across Node versions. It holds no state but the heap it was given,
// one per environment (a process may load it in several workers), and picks the SIMD level when that heap is attached.

#define NAPI_VERSION 8
#include <node_api.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif
#if defined(__linux__) && defined(__aarch64__)
#include <sys/auxv.h>
/** What libgcc asks for atomics by, under glibc's own name for it; musl has the common one alone. */
extern "C" unsigned long __getauxval(unsigned long type) { return getauxval(type); }
#endif

#define DECLARE(level)                                                           \
  namespace level {                                                              \
  double call(char* heap, size_t operation, size_t offset, size_t threads);      \
  double workspace(char* heap, size_t operation, size_t offset, size_t threads); \
  size_t block_bytes(size_t operation);                                          \
  const char* operation_names();                                                 \
  }
#if defined(__x86_64__)
DECLARE(unrolled_avx512)
DECLARE(unrolled_avx2)
#else
DECLARE(unrolled_neon)
#endif

/** mpi/mpi.cpp; null where there is no MPI. */
napi_value mpi_exports(napi_env env);

namespace {

typedef double (*Call)(char* heap, size_t operation, size_t offset, size_t threads);

struct Level {
  const char* name;
  Call call, workspace;
  size_t (*block_bytes)(size_t);
  const char* (*operation_names)();
};
#define LEVEL(name, level) \
  { name, level::call, level::workspace, level::block_bytes, level::operation_names }

/** Best first. */
const Level levels[] = {
#if defined(__x86_64__)
    LEVEL("avx512", unrolled_avx512), LEVEL("avx2", unrolled_avx2)
#else
    LEVEL("neon", unrolled_neon)
#endif
};
constexpr size_t level_count = sizeof(levels) / sizeof(levels[0]);

bool supported(const Level& level) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (strcmp(level.name, "avx512") == 0)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq");
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  (void)level;
  return true;
#endif
}

/** One attached heap. A process may have several: one a backend, and backends in several environments. */
struct Attachment {
  char* heap;
  size_t bytes;
  napi_ref reference;  // keeps the array, and with it the memory, from being collected
  const Level* level;
  size_t threads;
  Attachment* next;  // all of an environment, which frees them when it ends
};

bool read_heap(napi_env env, napi_value array, Attachment* to) {
  napi_typedarray_type type;
  void* data;
  size_t length;
  if (napi_get_typedarray_info(env, array, &type, &length, &data, nullptr, nullptr) != napi_ok || type != napi_uint8_array) {
    napi_throw_type_error(env, nullptr, "expected the heap as a Uint8Array");
    return false;
  }
  if (to->reference) napi_delete_reference(env, to->reference);
  napi_create_reference(env, array, 1, &to->reference);
  to->heap = (char*)data;
  to->bytes = length;
  return true;
}

/** The attachment of the called function, and its arguments. */
Attachment* read_arguments(napi_env env, napi_callback_info info, size_t count, napi_value* arguments) {
  void* data = nullptr;
  size_t given = count;
  napi_get_cb_info(env, info, &given, arguments, nullptr, &data);
  return (Attachment*)data;
}

/** The number and the offset of a call; throws a RangeError where the block is not inside the heap. */
const Attachment* read_call(napi_env env, napi_callback_info info, size_t* operation, size_t* offset) {
  napi_value arguments[2];
  const Attachment* to = read_arguments(env, info, 2, arguments);
  double number = -1, at = -1;
  napi_get_value_double(env, arguments[0], &number);
  napi_get_value_double(env, arguments[1], &at);
  if (number >= 0 && number < 1024 && at > 0 && at < (double)to->bytes) {
    *operation = (size_t)number;
    *offset = (size_t)at;
    const size_t bytes = to->level->block_bytes(*operation);
    if (bytes && *offset % sizeof(double) == 0 && bytes <= to->bytes - *offset) return to;
  }
  napi_throw_range_error(env, nullptr, "not an operation, or its arguments are outside the heap");
  return nullptr;
}

napi_value number(napi_env env, double x) {
  napi_value result;
  napi_create_double(env, x, &result);
  return result;
}

/** call(operation: number, offset: number): number */
napi_value call(napi_env env, napi_callback_info info) {
  size_t operation, offset;
  const Attachment* to = read_call(env, info, &operation, &offset);
  return to ? number(env, to->level->call(to->heap, operation, offset, to->threads)) : nullptr;
}

/** workspace(operation: number, offset: number): bytes */
napi_value workspace(napi_env env, napi_callback_info info) {
  size_t operation, offset;
  const Attachment* to = read_call(env, info, &operation, &offset);
  return to ? number(env, to->level->workspace(to->heap, operation, offset, to->threads)) : nullptr;
}

/** moved(heap: Uint8Array): the heap has grown. */
napi_value moved(napi_env env, napi_callback_info info) {
  napi_value array;
  Attachment* to = read_arguments(env, info, 1, &array);
  read_heap(env, array, to);
  return nullptr;
}

/** detach(): lets go of the heap; a later call is a RangeError. */
napi_value detach(napi_env env, napi_callback_info info) {
  Attachment* to = read_arguments(env, info, 0, nullptr);
  if (to->reference) napi_delete_reference(env, to->reference);
  to->reference = nullptr;
  to->bytes = 0;
  return nullptr;
}

/** attach(heap: Uint8Array, level: '' | 'avx512' | 'avx2' | 'neon', threads: number): { level, call, workspace, moved, detach } */
napi_value attach(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  char wanted[16] = "";
  uint32_t threads;
  if (napi_get_value_string_utf8(env, arguments[1], wanted, sizeof wanted, nullptr) != napi_ok ||
      napi_get_value_uint32(env, arguments[2], &threads) != napi_ok) {
    napi_throw_type_error(env, nullptr, "attach: expected (heap: Uint8Array, level: string, threads: number)");
    return nullptr;
  }
  const Level* level = nullptr;
  for (size_t i = 0; i < level_count && !level; i++)
    if ((wanted[0] == 0 || strcmp(wanted, levels[i].name) == 0) && supported(levels[i])) level = &levels[i];
  if (!level) {
    napi_throw_error(env, nullptr, wanted[0] ? "the processor has no such SIMD level" : "the processor has no AVX2 with FMA");
    return nullptr;
  }
  Attachment* to = (Attachment*)calloc(1, sizeof(Attachment));
  if (!read_heap(env, arguments[0], to)) {
    free(to);
    return nullptr;
  }
  to->level = level;
  to->threads = threads;
  void* all;
  napi_get_instance_data(env, &all);
  to->next = *(Attachment**)all;
  *(Attachment**)all = to;

  napi_value result, name;
  napi_create_object(env, &result);
  napi_create_string_utf8(env, level->name, NAPI_AUTO_LENGTH, &name);
  const napi_property_descriptor properties[] = {
      {"level", nullptr, nullptr, nullptr, nullptr, name, napi_enumerable, nullptr},
      {"call", nullptr, call, nullptr, nullptr, nullptr, napi_enumerable, to},
      {"workspace", nullptr, workspace, nullptr, nullptr, nullptr, napi_enumerable, to},
      {"moved", nullptr, moved, nullptr, nullptr, nullptr, napi_enumerable, to},
      {"detach", nullptr, detach, nullptr, nullptr, nullptr, napi_enumerable, to},
  };
  napi_define_properties(env, result, sizeof(properties) / sizeof(properties[0]), properties);
  return result;
}

/** operationNames(): the list that the kernels were compiled with, comma-separated */
napi_value operation_names(napi_env env, napi_callback_info) {
  napi_value result;
  napi_create_string_utf8(env, levels[level_count - 1].operation_names(), NAPI_AUTO_LENGTH, &result);
  return result;
}

#if defined(__SANITIZE_ADDRESS__)
/** poison(bytes: Uint8Array), unpoison(bytes: Uint8Array): whether kernels may touch these. For tools/sanitize.mjs. */
template <bool poison>
napi_value set_poison(napi_env env, napi_callback_info info) {
  napi_value array;
  void* data = nullptr;
  size_t length = 0;
  read_arguments(env, info, 1, &array);
  napi_get_typedarray_info(env, array, nullptr, &length, &data, nullptr, nullptr);
  if (poison)
    ASAN_POISON_MEMORY_REGION(data, length);
  else
    ASAN_UNPOISON_MEMORY_REGION(data, length);
  return nullptr;
}
#endif

}  // namespace

NAPI_MODULE_INIT() {
  Attachment** all = (Attachment**)calloc(1, sizeof(Attachment*));
  const napi_finalize free_all = [](napi_env, void* data, void*) {
    for (Attachment* each = *(Attachment**)data; each;) {
      Attachment* next = each->next;
      free(each);
      each = next;
    }
    free(data);
  };
  napi_set_instance_data(env, all, free_all, nullptr);
  const napi_property_descriptor properties[] = {
    {"attach", nullptr, attach, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
    {"operationNames", nullptr, operation_names, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
#if defined(__SANITIZE_ADDRESS__)
    {"poison", nullptr, set_poison<true>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
    {"unpoison", nullptr, set_poison<false>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
#endif
  };
  napi_define_properties(env, exports, sizeof(properties) / sizeof(properties[0]), properties);
  if (napi_value mpi = mpi_exports(env)) napi_set_named_property(env, exports, "mpi", mpi);
  return exports;
}
