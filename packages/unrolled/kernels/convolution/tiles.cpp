// The tiles of convolution.

#include "tiles.h"

namespace KERNELS {

namespace {

template <size_t rows, size_t vectors>
void run_taps(size_t taps, size_t K, const float* source, const uint32_t* at, const float* b, const float* start, size_t lds, float* c,
              size_t ldc) {
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
  for (size_t t = 0; t < taps; t++, at += rows) {
    const float* a[rows];
#pragma GCC unroll 16
    for (size_t i = 0; i < rows; i++) a[i] = source + at[i];
    for (size_t k = 0; k < K; k++, b += vectors * VW) {
      V row[vectors];
#pragma GCC unroll 8
      for (size_t j = 0; j < vectors; j++) row[j] = ld(b + j * VW);
#pragma GCC unroll 16
      for (size_t i = 0; i < rows; i++) {
        const V x = broadcast(a[i] + k);
#pragma GCC unroll 8
        for (size_t j = 0; j < vectors; j++) sum[i][j] = fma_(x, row[j], sum[i][j]);
      }
    }
  }
#pragma GCC unroll 16
  for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 8
    for (size_t j = 0; j < vectors; j++) st(c + i * ldc + j * VW, sum[i][j]);
}

template <size_t rows, size_t vectors>
void run_places(size_t n, const float* a, const uint32_t* a_at, const float* b, const uint32_t* b_at, float* c, size_t ldc) {
  V sum[rows][vectors];
#pragma GCC unroll 16
  for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 8
    for (size_t j = 0; j < vectors; j++) sum[i][j] = V{};
  for (size_t k = 0; k < n; k++) {
    const float *x = a + a_at[k], *from = b + b_at[k];
    V row[vectors];
#pragma GCC unroll 8
    for (size_t j = 0; j < vectors; j++) row[j] = ld(from + j * VW);
#pragma GCC unroll 16
    for (size_t i = 0; i < rows; i++) {
      const V xi = broadcast(x + i);
#pragma GCC unroll 8
      for (size_t j = 0; j < vectors; j++) sum[i][j] = fma_(xi, row[j], sum[i][j]);
    }
  }
#pragma GCC unroll 16
  for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 8
    for (size_t j = 0; j < vectors; j++) {
      float* to = c + i * ldc + j * VW;
      st(to, ld(to) + sum[i][j]);
    }
}

struct Pair {
  TapsTile taps;
  PlacesTile places;
};

template <size_t vectors, size_t rows>
Pair pair_of(size_t wanted) {
  if constexpr (rows > 1)
    if (wanted < rows) return pair_of<vectors, rows - 1>(wanted);
  return {run_taps<rows, vectors>, run_places<rows, vectors>};
}

template <size_t vectors>
Pair pair_of_vectors(size_t rows) {
  if constexpr (vectors <= most_panel_vectors) return pair_of<vectors, taps_rows(vectors)>(rows);
  return {};
}

Pair pair(size_t rows, size_t vectors) {
  switch (vectors) {
    case 1: return pair_of_vectors<1>(rows);
    case 2: return pair_of_vectors<2>(rows);
    case 3: return pair_of_vectors<3>(rows);
    default: return pair_of_vectors<4>(rows);
  }
}

}  // namespace

TapsTile taps_tile(size_t rows, size_t vectors) { return pair(rows, vectors).taps; }
PlacesTile places_tile(size_t rows, size_t vectors) { return pair(rows, vectors).places; }

}  // namespace KERNELS
