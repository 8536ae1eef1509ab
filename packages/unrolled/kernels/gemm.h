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

INLINE void transpose_4x4(float* to, size_t stride, const float* p0, const float* p1, const float* p2, const float* p3) {
  const V4 a = *(const V4Unaligned*)p0, b = *(const V4Unaligned*)p1, c = *(const V4Unaligned*)p2, d = *(const V4Unaligned*)p3;
  const V4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const V4 AB = __builtin_shufflevector(a, b, 2, 6, 3, 7), CD = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(V4Unaligned*)to = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
  *(V4Unaligned*)(to + stride) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
  *(V4Unaligned*)(to + 2 * stride) = __builtin_shufflevector(AB, CD, 0, 1, 4, 5);
  *(V4Unaligned*)(to + 3 * stride) = __builtin_shufflevector(AB, CD, 2, 3, 6, 7);
}

/** to[k·stride + i] = row(i)[k] for i < n, k < K: rows side by side. A null row is zeros. */
template <class Row>
INLINE void pack_transposed(float* to, size_t stride, size_t n, size_t K, Row row) {
  for (size_t k0 = 0; k0 < K; k0 += 64) {  // what is written at a time stays in the L1 cache
    const size_t k1 = k0 + 64 < K ? k0 + 64 : K;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
      const float *a = row(i), *b = row(i + 1), *c = row(i + 2), *d = row(i + 3);
      size_t k = k0;
      if (a && b && c && d)
        for (; k + 4 <= k1; k += 4) transpose_4x4(to + k * stride + i, stride, a + k, b + k, c + k, d + k);
      for (; k < k1; k++) {
        float* out = to + k * stride + i;
        out[0] = a ? a[k] : 0, out[1] = b ? b[k] : 0, out[2] = c ? c[k] : 0, out[3] = d ? d[k] : 0;
      }
    }
    for (; i < n; i++) {
      const float* a = row(i);
      for (size_t k = k0; k < k1; k++) to[k * stride + i] = a ? a[k] : 0;
    }
  }
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
