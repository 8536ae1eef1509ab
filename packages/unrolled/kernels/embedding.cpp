// Rows by index: look-up, and adding gradients back to where they came from.

#include "kernels.h"
#include "parallel.h"

namespace KERNELS {

void embedding(float* out, const float* weight, const int32_t* index, size_t rows, size_t count, size_t dim) {
  parallel(count, light_grain / (dim + 1) + 1, [=](size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++) {
      const size_t row = (size_t)(uint32_t)index[i];
      if (row < rows)
        map(
            out + i * dim, 0, dim, [](V x) { return x; }, weight + row * dim);
      else
        map(out + i * dim, 0, dim, []() { return broadcast(__builtin_nanf("")); });
    }
  });
}

// Threads share out columns, not indices: each row's gradients arrive in the order of i whatever the number of threads.
void embedding_backward(float* dweight, const float* dy, const int32_t* index, size_t rows, size_t count, size_t dim, int32_t padding_idx) {
  parallel(
      dim, light_grain / (count + 1) + 16,
      [=](size_t begin, size_t end) {
        for (size_t i = 0; i < count; i++) {
          const size_t row = (size_t)(uint32_t)index[i];
          if (row >= rows || index[i] == padding_idx) continue;
          float* to = dweight + row * dim;
          map(
              to, begin, end, [](V a, V b) { return a + b; }, to, dy + i * dim);
        }
      },
      16);
}

}  // namespace KERNELS
