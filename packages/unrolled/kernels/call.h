// How TypeScript reaches a kernel: its number and the place of its argument block, one double a parameter, in a heap that starts at `heap`.
// A pointer is a byte offset from there (0 is null), a flag is 0 or 1, and a pointer to doubles is an array further on in the block.

#pragma once
#include "simd.h"

namespace KERNELS {

/** Runs it on up to `threads` threads and returns its result, 0 where it has none. */
double call(char* heap, size_t operation, size_t offset, size_t threads);

/** Bytes of scratch memory that this call needs, 0 where the kernel needs none. The last argument need not be there yet. */
double workspace(char* heap, size_t operation, size_t offset, size_t threads);

/** Bytes of its argument block without arrays; 0 for a number that is no operation. */
size_t block_bytes(size_t operation);

/** The names of all operations in the order of their numbers, a comma between. */
const char* operation_names();

}  // namespace KERNELS
