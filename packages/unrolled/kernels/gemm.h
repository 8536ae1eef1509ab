// What every matrix product here is made of: tiles that stay in registers, and the packing that feeds them.
//
// A product is cut into tiles of MR rows and NV vectors. Both operands are packed into panels first, so that a tile reads memory in order:
//
//   a  [K][MR]      MR rows of A, transposed          b  [K][NV·VW]   NV·VW columns of B
//
// Every element is its initial value plus its products in the order of k, one rounding each, whatever the tile, the vector width, the
// blocking and the thread. So a result never depends on where an element lies, and any two ways of cutting a product agree to the bit.

#pragma once
#include "simd.h"

namespace KERNELS {

// Tiles that fit the registers: rows · vectors ≤ tile_budget. Measured on Zen 4: 12×32 and 8×48 floats reach the peak, so do 6×16 and 4×24
// with AVX2. WASM engines have 16 registers on x64: 4×8.
#if VW == 16
constexpr size_t tile_budget = 24, max_rows = 12, max_vectors = 4;
#elif VW == 8
constexpr size_t tile_budget = 12, max_rows = 6, max_vectors = 8;
#elif defined(__wasm__)
constexpr size_t tile_budget = 8, max_rows = 4, max_vectors = 8;
#else
constexpr size_t tile_budget = 16, max_rows = 8, max_vectors = 8;
#endif

/** Rows of a panel of A that meets panels of B of this many vectors. */
constexpr size_t tile_rows(size_t vectors) { return tile_budget / vectors < max_rows ? tile_budget / vectors : max_rows; }

/** Vectors of a panel for products of M rows: wide where there are few rows, to have enough sums under way at once. */
constexpr size_t tile_vectors(size_t M) {
  for (size_t vectors = max_vectors; vectors > 2; vectors /= 2)
    if (M * vectors <= tile_budget) return vectors;
  return 2;
}

// Large products: 8×48, 4×24 or 4×8 tiles (rows divide 16, which the recurrent layers rely on), blocks of A that stay in the L2 cache.
constexpr size_t wide_vectors = VW == 4 ? 2 : 3, wide_columns = wide_vectors * VW, wide_rows = VW == 16 ? 8 : 4;
constexpr size_t block_k = 512, block_m = 192, block_n = 1920;
static_assert(16 % wide_rows == 0 && block_m % wide_rows == 0 && block_n % wide_columns == 0 && wide_rows <= tile_rows(wide_vectors), "");

/**
 * One tile: c = start + a · b.
 *   c [rows, vectors·VW], rows ldc apart; start likewise, lds apart (0: one row for all; null: zeros; may be c)
 *   a [K][rows] packed; b [K] rows of vectors·VW, ldb apart
 */
typedef void (*Tile)(size_t K, const float* a, const float* b, size_t ldb, const float* start, size_t lds, float* c, size_t ldc);

/** The function for tiles of this size: 1 ≤ rows ≤ tile_rows(vectors). */
Tile tile(size_t rows, size_t vectors);

/** The same where c and start have only `columns` columns: the last vector of the tile is a part, 0 < columns % VW. */
void tile_part(size_t columns, size_t rows, size_t vectors, size_t K, const float* a, const float* b, size_t ldb, const float* start,
               size_t lds, float* c, size_t ldc);

/**
 * c [M, N] = start + a · b from packed operands of `vectors` wide panels. Panel p of a has tile_rows rows (the last what is left) and
 * starts at a + p·tile_rows·K; the panel of b with column j starts at b + j·b_panel, b_panel being its rows (K, or more when this is a
 * block of it).
 */
void multiply_packed(size_t rows, size_t vectors, size_t M, size_t N, size_t K, const float* a, const float* b, size_t b_panel,
                     const float* start, size_t lds, float* c, size_t ldc);

typedef float V4 __attribute__((vector_size(16)));
typedef float V4Unaligned __attribute__((vector_size(16), aligned(4), may_alias));

/** Rows that a square transposes at once. */
constexpr size_t square = VW < 8 ? 4 : VW;

#if VW == 16
#define PAIR(name, ...) \
  INLINE V name(V a, V b) { return __builtin_shufflevector(a, b, __VA_ARGS__); }
PAIR(interleave_low, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
PAIR(interleave_high, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
PAIR(pairs_low, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
PAIR(pairs_high, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
PAIR(even_lanes, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
PAIR(odd_lanes, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
#elif VW == 8
#define PAIR(name, ...) \
  INLINE V name(V a, V b) { return __builtin_shufflevector(a, b, __VA_ARGS__); }
PAIR(interleave_low, 0, 8, 1, 9, 4, 12, 5, 13)
PAIR(interleave_high, 2, 10, 3, 11, 6, 14, 7, 15)
PAIR(pairs_low, 0, 1, 8, 9, 4, 5, 12, 13)
PAIR(pairs_high, 2, 3, 10, 11, 6, 7, 14, 15)
PAIR(even_lanes, 0, 1, 2, 3, 8, 9, 10, 11)
PAIR(odd_lanes, 4, 5, 6, 7, 12, 13, 14, 15)
#else
#define PAIR(name, ...) \
  INLINE V4 name(V4 a, V4 b) { return __builtin_shufflevector(a, b, __VA_ARGS__); }
PAIR(interleave_low, 0, 4, 1, 5)
PAIR(interleave_high, 2, 6, 3, 7)
PAIR(pairs_low, 0, 1, 4, 5)
PAIR(pairs_high, 2, 3, 6, 7)
#endif
#undef PAIR

/** In each lane of four floats: to[q] is the q-th of the four rows, side by side. */
template <class T>
INLINE void transpose_lanes(T* to, T a, T b, T c, T d) {
  const T low_ab = interleave_low(a, b), low_cd = interleave_low(c, d), high_ab = interleave_high(a, b), high_cd = interleave_high(c, d);
  to[0] = pairs_low(low_ab, low_cd), to[1] = pairs_high(low_ab, low_cd);
  to[2] = pairs_low(high_ab, high_cd), to[3] = pairs_high(high_ab, high_cd);
}

/** to(k)[i] = row(i)[k] for i, k < square. */
template <class Row, class To>
INLINE void transpose_square(Row row, To to) {
#if VW == 16
  V lanes[4][4];  // [group of four rows][k modulo 4]; lane l is of k = 4l + …
#pragma GCC unroll 4
  for (size_t g = 0; g < 4; g++) transpose_lanes(lanes[g], ld(row(4 * g)), ld(row(4 * g + 1)), ld(row(4 * g + 2)), ld(row(4 * g + 3)));
#pragma GCC unroll 4
  for (size_t q = 0; q < 4; q++) {
    const V even_01 = even_lanes(lanes[0][q], lanes[1][q]), even_23 = even_lanes(lanes[2][q], lanes[3][q]);
    const V odd_01 = odd_lanes(lanes[0][q], lanes[1][q]), odd_23 = odd_lanes(lanes[2][q], lanes[3][q]);
    st(to(q), even_lanes(even_01, even_23)), st(to(q + 8), odd_lanes(even_01, even_23));
    st(to(q + 4), even_lanes(odd_01, odd_23)), st(to(q + 12), odd_lanes(odd_01, odd_23));
  }
#elif VW == 8
  V lanes[2][4];
#pragma GCC unroll 2
  for (size_t g = 0; g < 2; g++) transpose_lanes(lanes[g], ld(row(4 * g)), ld(row(4 * g + 1)), ld(row(4 * g + 2)), ld(row(4 * g + 3)));
#pragma GCC unroll 4
  for (size_t q = 0; q < 4; q++) st(to(q), even_lanes(lanes[0][q], lanes[1][q])), st(to(q + 4), odd_lanes(lanes[0][q], lanes[1][q]));
#else
  const auto four = [&](size_t i) { return *(const V4Unaligned*)row(i); };
  V4 out[4];
  transpose_lanes<V4>(out, four(0), four(1), four(2), four(3));
  for (size_t q = 0; q < 4; q++) *(V4Unaligned*)to(q) = out[q];
#endif
}

/** to(k)[i] = row(i)[k] for i < n, k < K: rows side by side. A null row is zeros. */
template <class Row, class To>
INLINE void transpose(size_t n, size_t K, Row row, To to) {
  for (size_t k0 = 0; k0 < K; k0 += 64) {  // what is written at a time stays in the L1 cache
    const size_t k1 = k0 + 64 < K ? k0 + 64 : K;
    size_t i = 0;
    for (; i + square <= n; i += square) {
      bool whole = true;
      for (size_t j = 0; j < square; j++) whole &= row(i + j) != nullptr;
      size_t k = k0;
      if (whole)
        for (; k + square <= k1; k += square)
          transpose_square([&](size_t j) { return row(i + j) + k; }, [&](size_t j) { return to(k + j) + i; });
      for (; k < k1; k++)
        for (size_t j = 0; j < square; j++) to(k)[i + j] = row(i + j) ? row(i + j)[k] : 0;
    }
    for (; i < n; i++) {
      const float* a = row(i);
      for (size_t k = k0; k < k1; k++) to(k)[i] = a ? a[k] : 0;
    }
  }
}

/** to[k·stride + i] = row(i)[k] for i < n, k < K: rows side by side. A null row is zeros. */
template <class Row>
INLINE void pack_transposed(float* to, size_t stride, size_t n, size_t K, Row row) {
  transpose(n, K, row, [=](size_t k) { return to + k * stride; });
}

/** to[k·stride + j] = row(k)[j] for j < n, and 0 for n ≤ j < stride. A null row is zeros. */
template <class Row>
INLINE void pack_rows(float* to, size_t stride, size_t n, size_t K, Row row) {
  for (size_t k = 0; k < K; k++, to += stride) {
    const float* from = row(k);
    size_t j = 0;
    if (from) {
      for (; j + VW <= n; j += VW) st(to + j, ld(from + j));
      if (VW > 4)
        for (; j + 4 <= n; j += 4) *(V4Unaligned*)(to + j) = *(const V4Unaligned*)(from + j);
      for (; j < n; j++) to[j] = from[j];
    }
    for (; j < stride; j++) to[j] = 0;
  }
}

/** Hands out pieces of a workspace, 64-byte aligned. On null it only counts. */
struct Arena {
  float* base;
  size_t used = 0;  // floats

  explicit Arena(void* scratch) : base((float*)scratch) {}
  float* take(size_t floats) {
    float* piece = base ? base + used : nullptr;
    used += (floats + 15) / 16 * 16;
    return piece;
  }
  size_t bytes() const { return used * sizeof(float); }
};

}  // namespace KERNELS
