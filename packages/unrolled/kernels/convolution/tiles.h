// What a convolution is made of: two tiles that stay in registers. Images lie pixel by pixel here, the channels of a pixel together, so a
// weight's tap moves a window from some pixels to others and never splits a run of channels.
//
//   pixels   [pixels + 1][C]           one image; the last pixel is zeros and stands for all padding
//   weights  [panel][tap][c][width]    `width` output channels side by side, zeros beyond the last
//
// Every element is its initial value plus its products in the order of tap and channel, one rounding each; zeros of the padding are among
// them. So a result doesn't depend on tile, block, vector width or thread.

#pragma once
#include "../gemm.h"

namespace KERNELS {

constexpr size_t most_tile_rows = VW == 4 ? 4 : 8, most_panel_vectors = VW == 4 ? 2 : 4;

/** Rows of a tile of this many vectors. */
constexpr size_t taps_rows(size_t vectors) { return tile_budget / vectors < most_tile_rows ? tile_budget / vectors : most_tile_rows; }

/** Vectors of a panel for this many output channels: such that few lanes are left empty. */
inline size_t panel_vectors(size_t channels) {
  const size_t n = (channels + VW - 1) / VW;
  for (size_t vectors = most_panel_vectors; vectors > 2; vectors--)
    if (n % vectors == 0) return vectors;
  return n < 2 ? 1 : 2;
}

/**
 * c [rows, vectors·VW] = start + Σ_t a[t] · b[t]. Row i of a[t] is the K channels at source + at[t·rows + i]; b [taps·K] rows of
 * vectors·VW. start: rows lds apart (0: one row for all; null: zeros; may be c).
 */
typedef void (*TapsTile)(size_t taps, size_t K, const float* source, const uint32_t* at, const float* b, const float* start, size_t lds,
                         float* c, size_t ldc);
TapsTile taps_tile(size_t rows, size_t vectors);

/** c [rows, vectors·VW] += Σ_k aᵀ b over n places: a[k] is `rows` floats at a + a_at[k], b[k] is vectors·VW at b + b_at[k]. */
typedef void (*PlacesTile)(size_t n, const float* a, const uint32_t* a_at, const float* b, const uint32_t* b_at, float* c, size_t ldc);
PlacesTile places_tile(size_t rows, size_t vectors);

}  // namespace KERNELS
