// The tiles: all the time of training is spent in these loops.

#include "gemm.h"

namespace KERNELS {

namespace {

template <size_t rows, size_t vectors>
void run_tile(size_t K, const float* a, const float* b, size_t ldb, const float* start, size_t lds, float* c, size_t ldc) {
  V sum[rows][vectors];
  if (start) {
#pragma GCC unroll 16
    for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 8
      for (size_t j = 0; j < vectors; j++) sum[i][j] = ld(start + i * lds + j * VW);
  } else {
#pragma GCC unroll 16
    for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 8
      for (size_t j = 0; j < vectors; j++) sum[i][j] = V{};
  }
  for (size_t k = 0; k < K; k++, a += rows, b += ldb) {
    V row[vectors];
#pragma GCC unroll 8
    for (size_t j = 0; j < vectors; j++) row[j] = ld(b + j * VW);
#pragma GCC unroll 16
    for (size_t i = 0; i < rows; i++) {
      const V x = broadcast(a + i);
#pragma GCC unroll 8
      for (size_t j = 0; j < vectors; j++) sum[i][j] = fma_(x, row[j], sum[i][j]);
    }
  }
#pragma GCC unroll 16
  for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 8
    for (size_t j = 0; j < vectors; j++) st(c + i * ldc + j * VW, sum[i][j]);
}

template <size_t vectors, size_t rows>
Tile tile_of(size_t wanted) {
  if constexpr (rows > 1)
    if (wanted < rows) return tile_of<vectors, rows - 1>(wanted);
  return run_tile<rows, vectors>;
}

template <size_t vectors>
Tile tile_of_vectors(size_t rows) {
  if constexpr (vectors <= max_vectors) return tile_of<vectors, tile_rows(vectors)>(rows);
  return nullptr;
}

}  // namespace

Tile tile(size_t rows, size_t vectors) {
  switch (vectors) {
    case 1: return tile_of_vectors<1>(rows);
    case 2: return tile_of_vectors<2>(rows);
    case 3: return tile_of_vectors<3>(rows);
    case 4: return tile_of_vectors<4>(rows);
    case 5: return tile_of_vectors<5>(rows);
    case 6: return tile_of_vectors<6>(rows);
    case 7: return tile_of_vectors<7>(rows);
    default: return tile_of_vectors<8>(rows);
  }
}

void tile_part(size_t columns, size_t rows, size_t vectors, size_t K, const float* a, const float* b, size_t ldb, const float* start,
               size_t lds, float* c, size_t ldc) {
  alignas(64) float whole[tile_budget * VW] = {};
  const size_t width = vectors * VW, last = width - VW, rest = columns - last;
  if (start)
    for (size_t i = 0; i < rows; i++) {
      const float* from = start + i * lds;
      for (size_t j = 0; j < last; j += VW) st(whole + i * width + j, ld(from + j));
      st(whole + i * width + last, ld_part(from + last, rest));
    }
  tile(rows, vectors)(K, a, b, ldb, start ? whole : nullptr, width, whole, width);
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < last; j += VW) st(c + i * ldc + j, ld(whole + i * width + j));
    st_part(c + i * ldc + last, ld(whole + i * width + last), rest);
  }
}

void multiply_packed(size_t rows, size_t vectors, size_t M, size_t N, size_t K, const float* a, const float* b, size_t b_panel,
                     const float* start, size_t lds, float* c, size_t ldc) {
  const size_t width = vectors * VW, rest = M % rows;
  for (size_t j = 0; j < N; j += width) {
    const size_t columns = N - j < width ? N - j : width, needed = (columns + VW - 1) / VW;
    const bool whole = columns == needed * VW;
    const Tile full = tile(rows, needed), last = rest ? tile(rest, needed) : full;
    const float *from = start ? start + j : nullptr, *panel = b + j * b_panel;
    for (size_t i = 0; i < M; i += rows) {
      const float* first = from ? from + i * lds : nullptr;
      const size_t m = i + rows <= M ? rows : rest;
      if (whole)
        (m == rows ? full : last)(K, a + i * K, panel, width, first, lds, c + i * ldc + j, ldc);
      else
        tile_part(columns, m, needed, K, a + i * K, panel, width, first, lds, c + i * ldc + j, ldc);
    }
  }
}

}  // namespace KERNELS
