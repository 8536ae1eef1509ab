// How a recurrent layer lies in memory while it is computed, and how threads share it.
//
// Units come in blocks of 16 (H is padded to a whole number of them; padded weights are zero, so padded units stay zero). Each block holds
// its gates side by side in slots of 16 columns: one row of pre-activations is z [blocks][slots][16]. So a tile of the product holds all
// gates of a few units, and the point-wise half of a step runs on it while it is in the L1 cache.
//
// One row of z, that of one time step and one row of the batch, in an LSTM with H = 20: two blocks, ldz = 2 · 4 · 16 = 128 floats.
//
//            ┌──────────── block 0 ────────────┐ ┌───────────── block 1 ─────────────┐
//   slot     0: i    1: f     2: g     3: o      0: i     1: f     2: g      3: o
//   columns  0…15    16…31    32…47    48…63     64…79    80…95    96…111    112…127
//   units    0…15    0…15     0…15     0…15      16…31    16…31    16…31     16…31     units 20…31 are padding
//
//   slot s of unit u is column (u / 16 · slots + s) · 16 + u % 16:  o of unit 17 is (1 · 4 + 3) · 16 + 1 = 113
//   its weights and biases are row gate · H + u in PyTorch's order: o of unit 17 is 3 · 20 + 17 = 77
//
// What a product reads is packed (gemm.h), so that a tile reads memory in order. With m = 4 rows in a panel and a batch of B = 6:
//
//   state    h [B, units]            row 0: u0 u1 u2 …   row 1: u0 u1 u2 …   … row 5
//   packed   [units][4], [units][2]  rows 0–3: u0 u0 u0 u0  u1 u1 u1 u1 …    rows 4–5: u0 u0  u1 u1 …
//            row r + i of the panel that starts at row r, unit u: at r · units + u · m + i
//
// The slots of each cell, and what adds to them:
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

/** Some neighboring slots, and the block of H rows in the weights that belongs to each: what one product adds to. */
struct Band {
  size_t first, count;  // slots first … first + count − 1
  size_t gates[4];      // gates[k]: slot first + k has rows gates[k] · H … of the weights
  size_t columns() const { return count * unit_block; }
};

struct Layer {
  size_t T, B, I, H, ldy;  // ldy: floats from one row of y to the next, H or 2H
  bool reverse;
  const float* x;          // [T, B, I]
  const float* weight_ih;  // [G·H, I]
  const float* weight_hh;  // [G·H, H]
  const float* bias_ih;    // [G·H] or null
  const float* bias_hh;    // [G·H] or null
  const float* h0;         // [B, H] or null: zeros
  const float* c0;         // [B, H] or null: zeros; LSTM only
  const float* mask;       // [B, H] or null: what h is multiplied by on its way into weight_hh
  const int32_t* lengths;  // [B] or null: T in every row
  size_t slots;            // in a block of z
  /** Steps until the longest row ends; beyond, there is nothing to compute. */
  size_t steps;

  size_t blocks() const { return (H + unit_block - 1) / unit_block; }
  size_t units() const { return blocks() * unit_block; }  // H with its padding
  size_t ldz() const { return slots * units(); }          // floats in a row of z

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

/** The part of a step that one thread computes: rows [r0, r1) of the batch, blocks [b0, b1) of units.
 *
 *   by_rows, 2 threads    rows    0 1 2 | 3 4 5     each takes all blocks of its rows; its next product reads only those rows of h
 *   else                  blocks  0 1 2 | 3 4       each takes all rows of its blocks; its next product reads all of h: a barrier a step */
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

/** Weights of a band packed for x · Wᵀ or h · Wᵀ: its columns, block by block, as panels [K][vectors·VW].
 *
 *   columns  block 0: slot first, …, slot first + count − 1; block 1: …      blocks · count · 16 of them
 *   panel    k = 0: columns j … j + vectors·VW − 1;  k = 1: the same; …      starts at weights + j · K
 */
struct PackedBand {
  Band band;
  size_t slots;    // in a block of z, those of other bands included
  size_t K;        // I or H: what is summed over
  size_t vectors;  // in a panel
  float* weights;  // [blocks · columns / (vectors·VW)][K][vectors·VW]

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
