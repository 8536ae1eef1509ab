// The Node addon: four functions over Node-API, which stays the same across Node versions. It holds no state but the heap it was given, one
// per environment (a process may load it in several workers), and picks the SIMD level when that heap is attached.

#define NAPI_VERSION 8
#include <node_api.h>
#include <stdlib.h>
#include <string.h>

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

struct State {
  char* heap;
  size_t bytes;
  napi_ref reference;  // keeps the array, and with it the memory, from being collected
  const Level* level;
  size_t threads;
};

State* state_of(napi_env env) {
  void* state = nullptr;
  napi_get_instance_data(env, &state);
  return (State*)state;
}

/** attach(heap: Uint8Array, level: '' | 'avx512' | 'avx2' | 'neon', threads: number): the level taken. Again whenever the heap has grown.
 */
napi_value attach(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  State* state = state_of(env);
  napi_typedarray_type type;
  void* data;
  size_t length;
  char wanted[16] = "";
  uint32_t threads;
  if (count < 3 || napi_get_typedarray_info(env, arguments[0], &type, &length, &data, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array || napi_get_value_string_utf8(env, arguments[1], wanted, sizeof wanted, nullptr) != napi_ok ||
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
  if (state->reference) napi_delete_reference(env, state->reference);
  napi_create_reference(env, arguments[0], 1, &state->reference);
  state->heap = (char*)data;
  state->bytes = length;
  state->level = level;
  state->threads = threads;
  napi_value result;
  napi_create_string_utf8(env, level->name, NAPI_AUTO_LENGTH, &result);
  return result;
}

/** The number and the offset of a call; throws a RangeError where the block is not inside the heap. */
bool read_call(napi_env env, napi_callback_info info, const State* state, size_t* operation, size_t* offset) {
  size_t count = 2;
  napi_value arguments[2];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  double number = -1, at = -1;
  if (count == 2) {
    napi_get_value_double(env, arguments[0], &number);
    napi_get_value_double(env, arguments[1], &at);
  }
  if (state->level && number >= 0 && number < 1024 && at > 0 && at < (double)state->bytes) {
    *operation = (size_t)number;
    *offset = (size_t)at;
    const size_t bytes = state->level->block_bytes(*operation);
    if (bytes && *offset % sizeof(double) == 0 && bytes <= state->bytes - *offset) return true;
  }
  napi_throw_range_error(env, nullptr, "not an operation, or its arguments are outside the heap");
  return false;
}

napi_value number(napi_env env, double x) {
  napi_value result;
  napi_create_double(env, x, &result);
  return result;
}

/** call(operation: number, offset: number): number */
napi_value call(napi_env env, napi_callback_info info) {
  const State* state = state_of(env);
  size_t operation, offset;
  if (!read_call(env, info, state, &operation, &offset)) return nullptr;
  return number(env, state->level->call(state->heap, operation, offset, state->threads));
}

/** workspace(operation: number, offset: number): bytes */
napi_value workspace(napi_env env, napi_callback_info info) {
  const State* state = state_of(env);
  size_t operation, offset;
  if (!read_call(env, info, state, &operation, &offset)) return nullptr;
  return number(env, state->level->workspace(state->heap, operation, offset, state->threads));
}

/** operationNames(): the list that the kernels were compiled with, comma-separated */
napi_value operation_names(napi_env env, napi_callback_info) {
  napi_value result;
  napi_create_string_utf8(env, levels[level_count - 1].operation_names(), NAPI_AUTO_LENGTH, &result);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  State* state = (State*)calloc(1, sizeof(State));
  napi_set_instance_data(
      env, state, [](napi_env, void* data, void*) { free(data); }, nullptr);
  const napi_property_descriptor properties[] = {
      {"attach", nullptr, attach, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"call", nullptr, call, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"workspace", nullptr, workspace, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"operationNames", nullptr, operation_names, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, sizeof(properties) / sizeof(properties[0]), properties);
  return exports;
}
