// Slices, transposes, flips, expansions and their gradients: one strided walk. Elements are moved as 32-bit words and only added as what
// they are.

#include "strides.h"

namespace KERNELS {

namespace {

/** to[i·st] = from[i·sf] for i < n. */
void copy_row(float* to, ptrdiff_t st_, const float* from, ptrdiff_t sf, size_t n) {
  if (st_ == 1 && sf == 1)
    return map(
        to, 0, n, [](V x) { return x; }, from);
  if (st_ == 1 && sf == 0) {
    const V x = (V)broadcast(*(const int32_t*)from);
    return map(to, 0, n, [&]() { return x; });
  }
  for (size_t i = 0; i < n; i++) ((int32_t*)to)[(ptrdiff_t)i * st_] = ((const int32_t*)from)[(ptrdiff_t)i * sf];
}

template <class T>
void add_row(T* to, ptrdiff_t st_, const T* from, ptrdiff_t sf, size_t n) {
  if (st_ == 1 && sf == 1)
    for (size_t i = 0; i < n; i++) to[i] += from[i];
  else
    for (size_t i = 0; i < n; i++) to[(ptrdiff_t)i * st_] += from[(ptrdiff_t)i * sf];
}

/** A transpose, [rows, cols] with the source running down the columns: in squares that stay in the nearest cache. */
void transpose(int32_t* to, ptrdiff_t to_row, const int32_t* from, ptrdiff_t from_col, size_t row_begin, size_t row_end, size_t cols) {
  constexpr size_t side = 16;
  for (size_t r0 = row_begin; r0 < row_end; r0 += side) {
    const size_t r1 = r0 + side < row_end ? r0 + side : row_end;
    for (size_t c0 = 0; c0 < cols; c0 += side) {
      const size_t c1 = c0 + side < cols ? c0 + side : cols;
      for (size_t r = r0; r < r1; r++)
        for (size_t c = c0; c < c1; c++) to[(ptrdiff_t)r * to_row + (ptrdiff_t)c] = from[(ptrdiff_t)r + (ptrdiff_t)c * from_col];
    }
  }
}

}  // namespace

void strided_copy(void* out, size_t out_offset, const double* out_strides, const void* x, size_t x_offset, const double* x_strides,
                  const double* shape, size_t rank, bool accumulate, bool integer) {
  const Walk walk(shape, out_strides, x_strides, rank);
  const size_t rows = walk.rows(), n = walk.inner(), last = walk.rank - 1;
  const ptrdiff_t so = walk.a[last], sx = walk.b[last];
  float* to = (float*)out + out_offset;
  const float* from = (const float*)x + x_offset;
  if (n == 0 || rows == 0) return;
  if (accumulate) {  // the same element may be met many times, so in order, on one thread
    walk.each_row(0, rows, [&](size_t, ptrdiff_t at_out, ptrdiff_t at_x) {
      if (integer)
        add_row((int32_t*)to + at_out, so, (const int32_t*)from + at_x, sx, n);
      else
        add_row(to + at_out, so, from + at_x, sx, n);
    });
  } else if (walk.rank >= 2 && so == 1 && walk.b[last - 1] == 1 && sx != 1) {
    const size_t cut = walk.shape[last - 1], matrices = rows / cut;
    for (size_t m = 0; m < matrices; m++) {
      ptrdiff_t at_out, at_x;
      walk.start(m * cut, &at_out, &at_x);
      parallel(
          cut, light_grain / n + 1,
          [&](size_t begin, size_t end) {
            transpose((int32_t*)to + at_out, walk.a[last - 1], (const int32_t*)from + at_x, sx, begin, end, n);
          },
          16);
    }
  } else if (rows == 1) {
    parallel(
        n, light_grain,
        [&](size_t begin, size_t end) { copy_row(to + (ptrdiff_t)begin * so, so, from + (ptrdiff_t)begin * sx, sx, end - begin); }, 64);
  } else {
    parallel(rows, light_grain / n + 1, [&](size_t begin, size_t end) {
      walk.each_row(begin, end, [&](size_t, ptrdiff_t at_out, ptrdiff_t at_x) { copy_row(to + at_out, so, from + at_x, sx, n); });
    });
  }
}

}  // namespace KERNELS
