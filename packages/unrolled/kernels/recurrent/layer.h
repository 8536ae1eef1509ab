// How a recurrent layer lies in memory while it is computed, and how threads share it.
//
// Units come in blocks of 16 (H is padded to a whole number of them; padded weights are zero, so padded units stay zero). Each block holds
// its gates side by side in slots of 16 columns: one row of pre-activations is z [blocks][slots][16]. So a tile of the product holds all
// gates of a few units, and the point-wise half of a step runs on it while it is in the L1 cache.
//
//   RNN        slots: a                      both products add to it
//   LSTM       slots: i f g o                both products add to all
//   GRU        slots: n r z u                the input adds to n r z, the state to r z u (u = W_hn h + b_hn)
//   gruResetBefore  slots: r z n                  both add to all, but n gets W_hn (r ⊙ h), one product later

#pragma once
#include "../gemm.h"
#include "../parallel.h"

namespace KERNELS {

constexpr size_t unit_block = 16, block_vectors = unit_block / VW;

/** Some neighboring slots, and the block of H rows in the weights that belongs to each. */
struct Band {
  size_t first, count;
  size_t gates[4];
  size_t columns() const { return count * unit_block; }
};

struct Layer {
  size_t T, B, I, H, ldy;
  bool reverse;
  const float *x, *weight_ih, *weight_hh, *bias_ih, *bias_hh, *h0, *c0, *mask;
  const int32_t* lengths;
  size_t slots;
  /** Steps until the longest row ends; beyond, there is nothing to compute. */
  size_t steps;

  size_t blocks() const { return (H + unit_block - 1) / unit_block; }
  size_t units() const { return blocks() * unit_block; }  // H with its padding
  size_t ldz() const { return slots * units(); }

  /** The time of step s, in the order of the direction. Rows that end earlier wait: at the end, or at the start in reverse. */
  size_t time(size_t s) const { return reverse ? steps - 1 - s : s; }
  bool active(size_t t, size_t b) const { return !lengths || (ptrdiff_t)t < lengths[b]; }
  const float* mask_row(size_t b) const { return mask ? mask + b * H : nullptr; }

  /** h before time t in row b, from the outputs y; null is zeros. */
  const float* h_before(const float* y, size_t t, size_t b) const {
    const bool first = reverse ? t + 1 == steps || !active(t + 1, b) : t == 0;
    if (first) return h0 ? h0 + b * H : nullptr;
    return y + ((reverse ? t + 1 : t - 1) * B + b) * ldy;
  }
};

/** The part of a step that one thread computes: rows [r0, r1) of the batch, blocks [b0, b1) of units. */
struct Part {
  size_t r0, r1, b0, b1;
};

/** How threads cut a step. Rows never meet, so where there are many (and the weights are small) each thread takes some, and no step
 * needs a barrier. Else each takes some units. */
struct Cut {
  size_t size;
  bool by_rows;

  Part part(const Layer& l, const Team& t, size_t unit) const {
    if (by_rows) return {t.begin(l.B), t.end(l.B), 0, l.blocks()};
    return {0, l.B, t.begin(l.blocks(), unit), t.end(l.blocks(), unit)};
  }
  void barrier(const Team& t) const {
    if (!by_rows) t.barrier();
  }
};

INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
INLINE size_t larger(size_t a, size_t b) { return a > b ? a : b; }

inline Cut cut_of(const Layer& l, size_t gates) {
  const double weights = (double)gates * (double)l.H * (double)l.H, step = (double)l.B * weights;
  const double all = (double)l.steps * (step + (double)l.B * (double)(gates * l.H) * (double)l.I);
  const bool by_rows = l.B >= 16 && weights <= 128 * 1024;
  if (!by_rows && step < 1 << 18) return {1, false};
  const size_t size = smaller(threads_for(all, 1 << 20), by_rows ? l.B / 8 : l.blocks());
  return {size ? size : 1, by_rows};
}

inline size_t longest(const int32_t* lengths, size_t T, size_t B) {
  if (!lengths) return T;
  size_t steps = 0;
  for (size_t b = 0; b < B; b++)
    if (lengths[b] > 0) steps = larger(steps, smaller(T, (size_t)lengths[b]));
  return steps;
}

/** Lanes [at, at + VW) of a row of n floats, zeros beyond its end; of a null row zeros. */
INLINE V ld_row(const float* row, size_t at, size_t n) {
  if (!row || at >= n) return V{};
  return at + VW <= n ? ld(row + at) : ld_part(row + at, n - at);
}
INLINE void st_row(float* row, size_t at, size_t n, V v) {
  if (at + VW <= n)
    st(row + at, v);
  else if (at < n)
    st_part(row + at, v, n - at);
}

/** Vectors in a panel of the columns of a band, for products of `rows` rows; always whole panels in the columns of a group of blocks. */
inline size_t band_vectors(const Band& band, size_t slots, size_t rows) {
  if (slots == 1) return tile_vectors(rows);
  const size_t all = band.count * block_vectors;
  for (size_t v = max_vectors; v > 2; v--)
    if (all % v == 0 && rows * v <= tile_budget) return v;
  return all % wide_vectors == 0 ? wide_vectors : all % 2 == 0 ? 2 : 1;
}

/** Weights of a band packed for h · Wᵀ: its columns, block by block, as panels [K][vectors·VW]. */
struct PackedBand {
  Band band;
  size_t slots, K, vectors;
  float* weights;

  /** Blocks that are computed together: more than one only where the slots of neighbors touch and a panel has room for them. */
  size_t group() const { return slots == 1 ? larger(1, vectors / block_vectors) : 1; }
  size_t rows() const { return tile_rows(vectors); }

  static PackedBand make(Arena& arena, const Band& band, const Layer& l, size_t K, size_t rows) {
    return {band, l.slots, K, band_vectors(band, l.slots, rows), arena.take(l.blocks() * band.columns() * K)};
  }

  /** Packs blocks [b0, b1), b0 a multiple of the group. */
  void pack(const float* weight, size_t H, size_t b0, size_t b1) const {
    const size_t width = vectors * VW, end = b1 * band.columns();
    for (size_t j = b0 * band.columns(); j < end; j += width) {
      const size_t n = smaller(width, end - j);
      pack_transposed(weights + j * K, n, n, K, [&](size_t i) {
        const size_t column = j + i, unit = column / band.columns() * unit_block + column % unit_block;
        const size_t gate = band.gates[column % band.columns() / unit_block];
        return unit < H ? weight + (gate * H + unit) * K : (const float*)nullptr;
      });
    }
  }

  /** z [m, …] at the first column of block b = start + a · Wᵀ for blocks [b, b + count): m ≤ rows() rows, a packed [K][m]. */
  void multiply(float* z, size_t ldz, size_t b, size_t count, size_t m, const float* a, const float* start, size_t lds) const {
    const size_t width = vectors * VW, columns = count * band.columns(), at = b * slots * unit_block + band.first * unit_block;
    const float* w = weights + b * band.columns() * K;
    for (size_t j = 0; j < columns; j += width) {
      const size_t n = smaller(width, columns - j);
      tile(m, n / VW)(K, a, w + j * K, n, start + at + j, lds, z + at + j, ldz);
    }
  }
};

}  // namespace KERNELS
