// What the WASM module exports. The heap is the module's own memory, so a heap pointer is an address.

#include "call.h"
#include "parallel.h"

using namespace KERNELS;

#define EXPORT(name) extern "C" __attribute__((export_name(#name)))

static size_t wanted_threads = 1;

EXPORT(call) double wasm_call(size_t operation, size_t offset) { return call(nullptr, operation, offset, wanted_threads); }
EXPORT(workspace) double wasm_workspace(size_t operation, size_t offset) { return workspace(nullptr, operation, offset, wanted_threads); }
EXPORT(operation_names) const char* wasm_operation_names() { return operation_names(); }

/** Threads to use, and whether the calling thread may sleep while it waits for them. */
EXPORT(configure) void wasm_configure(size_t threads, int may_park) {
  wanted_threads = threads;
  caller_may_park(may_park);
}

/** A worker's life. It calls set_stack first: instances share the memory but must not share a stack. */
EXPORT(serve) void wasm_serve() { serve(); }
EXPORT(pool_size) size_t wasm_pool_size() { return pool_size(); }
EXPORT(set_stack) void wasm_set_stack(size_t top) {
  __asm__ volatile(".globaltype __stack_pointer, i32\n\tlocal.get %0\n\tglobal.set __stack_pointer" : : "r"(top));
}

// The compiler may call these for the copies and fills that it finds; there is no C library here. With bulk memory each is one instruction.
extern "C" void* memcpy(void* to, const void* from, size_t n) {
  __asm__ volatile("local.get %0\n\tlocal.get %1\n\tlocal.get %2\n\tmemory.copy 0, 0" : : "r"(to), "r"(from), "r"(n) : "memory");
  return to;
}
extern "C" void* memmove(void* to, const void* from, size_t n) { return memcpy(to, from, n); }
extern "C" void* memset(void* to, int value, size_t n) {
  __asm__ volatile("local.get %0\n\tlocal.get %1\n\tlocal.get %2\n\tmemory.fill 0" : : "r"(to), "r"(value), "r"(n) : "memory");
  return to;
}
