// Convolution: y[place] = bias + Σ over taps of x[pixel under the tap] · weight[tap], and its derivatives, all with the tiles of tiles.h.
//
//   forward      every place of y has all taps; a table says which pixel of x lies under each
//   backward dx  the same with x and y exchanged: a pixel of x has the taps that some place of y brings there. Under a stride pixels differ
//   in
//                that; those that are alike (iy mod stride, ix mod stride) are a phase, and each phase is a sum with taps of its own
//   backward dw  dweight[tap] = Σ over places of x[pixel under the tap]ᵀ · dy[place], in chunks of 128 places
//
// Images are taken in slabs of some megabytes. Threads cut places, or for dw weights, and meet at barriers.
// Workspace: the slab pixel by pixel, the packed weights, tables of one uint32 a tap and place, and a block of 192 places a thread.

#include "../lanes.h"
#include "images.h"

namespace KERNELS {

namespace {

constexpr size_t block_places = 192, chunk_places = 128, chunk_floats = 6144, slab_floats = 1 << 22;
static_assert(chunk_places <= block_places, "tables of both kinds share their memory");

size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/** out[place] = bias + Σ_t source[at[t][place]] · weight[t] for `places` places of each image. */
struct Sum {
  size_t places, taps, K;
  const uint32_t* at;    // [taps][places]: floats from the start of an image
  const float* weights;  // of one group: [panel][tap][k][width]
  const float* bias;     // [panel][width] or null
  const float* source;   // channels of that group in the first image
  size_t image;          // floats from one image to the next
};

/** Memory of one thread: sums of a block of places, and where their pixels are. */
struct Block {
  float* sums;      // [block_places][panels.columns()]
  uint32_t* where;  // [tile][tap][row]
};

/** Sums of `rows` ≤ block_places places from the m-th of all images on, into block.sums. */
void sum_block(const Sum& sum, const Panels& out, size_t m, size_t rows, const Block& block) {
  const size_t tile_rows = taps_rows(out.vectors), tiles = (rows + tile_rows - 1) / tile_rows, taps = sum.taps, K = sum.K;
  for (size_t tile = 0; tile < tiles; tile++) {
    const size_t r0 = rows * tile / tiles, r = rows * (tile + 1) / tiles - r0;
    for (size_t i = 0; i < r; i++) {
      const size_t b = (m + r0 + i) / sum.places, p = (m + r0 + i) % sum.places;
      uint32_t* where = block.where + r0 * taps + i;
      for (size_t t = 0; t < taps; t++) where[t * r] = (uint32_t)(b * sum.image) + sum.at[t * sum.places + p];
    }
  }
  // A piece of the panel that stays in the L1 cache: some taps, or some channels of one.
  const size_t piece_taps = K * out.width < chunk_floats ? chunk_floats / (K * out.width + 1) + 1 : 1;
  const size_t piece_k = piece_taps == 1 ? chunk_floats / out.width : K;
  for (size_t panel = 0; panel < out.count; panel++) {
    const float* weights = sum.weights + panel * taps * K * out.width;
    float* to = block.sums + panel * out.width;
    size_t t = 0, k = 0;
    do {
      const size_t T = smaller(piece_taps, taps - t), n = smaller(piece_k, K - k);
      const bool first = t == 0 && k == 0;
      const float* b = weights + (t * K + k) * out.width;
      for (size_t tile = 0; tile < tiles; tile++) {
        const size_t r0 = rows * tile / tiles, r = rows * (tile + 1) / tiles - r0;
        float* c = to + r0 * out.columns();
        const float* start = !first ? c : sum.bias ? sum.bias + panel * out.width : nullptr;
        taps_tile(r, out.vectors)(T, n, sum.source + k, block.where + r0 * taps + t * r, b, start, first ? 0 : out.columns(), c,
                                  out.columns());
      }
      k += n;
      if (k >= K) k = 0, t += T;
    } while (t < taps);
  }
}

/** The pixel under tap (ky, kx) of place (oy, ox), or `pixels()` where that is padding. */
size_t pixel_under(const TensorShape& s, size_t oy, size_t ox, size_t ky, size_t kx) {
  const size_t iy = oy * s.sh + ky * s.dh - s.ph, ix = ox * s.sw + kx * s.dw - s.pw;  // a negative one wraps to a huge one
  return iy < s.h && ix < s.w ? iy * s.w + ix : s.pixels();
}

/** Entries [begin, end) of the forward table [tap][place]. */
void fill_table(uint32_t* at, const TensorShape& s, size_t begin, size_t end) {
  for (size_t i = begin; i < end; i++) {
    const size_t t = i / s.places(), p = i % s.places();
    at[i] = (uint32_t)(pixel_under(s, p / s.ow, p % s.ow, t / s.kw, t % s.kw) * s.C);
  }
}

/** weight [O, Cg, taps] → [group][panel][tap][c][width], output channels [begin, end) of all columns of all groups. */
void pack_forward(float* to, const TensorShape& s, const Panels& out, const float* weight, size_t begin, size_t end) {
  const size_t taps = s.taps(), K = s.Cg() * taps;
  for (size_t at = begin; at < end;) {
    const size_t g = at / out.columns(), column = at % out.columns(), n = smaller(out.width - column % out.width, end - at);
    const float* from = weight + (g * s.Og() + column) * K;
    float* panel = to + (g * out.count + column / out.width) * K * out.width + column % out.width;
    transpose(
        n, K, [&](size_t i) { return column + i < s.Og() ? from + i * K : (const float*)nullptr; },
        [&](size_t k) { return panel + (k % taps * s.Cg() + k / taps) * out.width; });
    at += n;
  }
}

struct Forward {
  float *weights, *bias, *pixels, *sums;
  uint32_t *at, *where;
  size_t slab, sums_floats, where_floats, bytes;

  Forward(const TensorShape& s, const Panels& out, void* scratch) {
    Arena arena(scratch);
    slab = smaller(s.B, slab_floats / (s.x_image() + 1) + 1);
    sums_floats = block_places * out.columns();
    where_floats = block_places * s.taps();
    weights = arena.take(s.groups * out.columns() * s.taps() * s.Cg());
    bias = arena.take(s.groups * out.columns());
    at = (uint32_t*)arena.take(s.taps() * s.places());
    pixels = arena.take(slab * s.x_image());
    sums = arena.take(threads() * sums_floats);
    where = (uint32_t*)arena.take(threads() * where_floats);
    bytes = arena.bytes();
  }
};

size_t team_size(const TensorShape& s) {
  return threads_for((double)s.B * (double)(s.O * s.places()) * (double)(s.Cg() * s.taps()), 1 << 18);
}

}  // namespace

size_t convolution_workspace(float*, const float*, const float*, const float*, size_t B, size_t C, size_t h, size_t w, size_t oh, size_t ow,
                             size_t kh, size_t kw, size_t sh, size_t sw, size_t ph, size_t pw, size_t dh, size_t dw, size_t O,
                             size_t groups, void*) {
  const TensorShape s = {B, C, h, w, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw, O, groups};
  return Forward(s, Panels(s.Og()), nullptr).bytes;
}

void convolution(float* y, const float* x, const float* weight, const float* bias, size_t B, size_t C, size_t h, size_t w, size_t oh,
                 size_t ow, size_t kh, size_t kw, size_t sh, size_t sw, size_t ph, size_t pw, size_t dh, size_t dw, size_t O, size_t groups,
                 void* scratch) {
  const TensorShape s = {B, C, h, w, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw, O, groups};
  if (B * O * s.places() == 0) return;
  const Panels out(s.Og());
  const Forward m(s, out, scratch);
  const size_t places = s.places(), columns = groups * out.columns();
  team(team_size(s), [&](const Team& t) {
    const Block block = {m.sums + t.id * m.sums_floats, m.where + t.id * m.where_floats};
    pack_forward(m.weights, s, out, weight, t.begin(columns, square), t.end(columns, square));
    for (size_t i = t.begin(columns); i < t.end(columns); i++) {
      const size_t column = i % out.columns();
      m.bias[i] = bias && column < s.Og() ? bias[i / out.columns() * s.Og() + column] : 0;
    }
    fill_table(m.at, s, t.begin(s.taps() * places), t.end(s.taps() * places));
    for (size_t first = 0; first < B; first += m.slab) {
      const size_t images = smaller(m.slab, B - first), pixels = images * s.pixels(), all = images * places;
      if (first) t.barrier();
      clear_padding(m.pixels, C, s.pixels(), t.begin(images), t.end(images));
      to_pixels(m.pixels, x + first * C * s.pixels(), C, s.pixels(), t.begin(pixels, 16), t.end(pixels, 16));
      t.barrier();
      for (size_t g = 0; g < groups; g++) {
        const Sum sum = {places,
                         s.taps(),
                         s.Cg(),
                         m.at,
                         m.weights + g * out.columns() * s.taps() * s.Cg(),
                         bias ? m.bias + g * out.columns() : nullptr,
                         m.pixels + g * s.Cg(),
                         s.x_image()};
        const size_t end = t.end(all);
        for (size_t at = t.begin(all); at < end; at += block_places) {
          const size_t rows = smaller(block_places, end - at);
          sum_block(sum, out, at, rows, block);
          for (size_t i = 0; i < rows;) {
            const size_t b = (at + i) / places, p = (at + i) % places, n = smaller(places - p, rows - i);
            pack_transposed(y + ((first + b) * O + g * s.Og()) * places + p, places, n, s.Og(),
                            [&](size_t row) { return block.sums + (i + row) * out.columns(); });
            i += n;
          }
        }
      }
    }
  });
}

namespace {

/** Pixels of x that have their taps in common: rows iy ≡ fy and columns ix ≡ fx modulo the stride. */
struct Phase {
  size_t fy, fx, rows, columns, taps;
  size_t at;       // where its table begins, in entries
  size_t weights;  // where its weights begin, in taps
  size_t pixels() const { return rows * columns; }
};

/** The place that brings tap k to pixel i of one axis, times stride; whether there is one is the remainder. */
bool brings(size_t i, size_t k, size_t stride, size_t padding, size_t dilation) {
  const size_t far = i + padding, back = k * dilation;
  return far >= back ? (far - back) % stride == 0 : (back - far) % stride == 0;
}

size_t taps_of(size_t f, size_t kernel, size_t stride, size_t padding, size_t dilation) {
  size_t count = 0;
  for (size_t k = 0; k < kernel; k++) count += brings(f, k, stride, padding, dilation);
  return count;
}

/** body(phase) for every phase of x. */
template <class F>
void each_phase(const TensorShape& s, F body) {
  Phase phase = {};
  for (size_t fy = 0; fy < smaller(s.sh, s.h); fy++) {
    for (size_t fx = 0; fx < smaller(s.sw, s.w); fx++) {
      phase.fy = fy, phase.fx = fx;
      phase.rows = (s.h - fy + s.sh - 1) / s.sh, phase.columns = (s.w - fx + s.sw - 1) / s.sw;
      phase.taps = taps_of(fy, s.kh, s.sh, s.ph, s.dh) * taps_of(fx, s.kw, s.sw, s.pw, s.dw);
      body(phase);
      phase.at += phase.taps * phase.pixels();
      phase.weights += phase.taps;
    }
  }
}

/** body(number, ky, kx) for every tap of a phase. */
template <class F>
void each_tap(const TensorShape& s, const Phase& phase, F body) {
  size_t number = 0;
  for (size_t ky = 0; ky < s.kh; ky++) {
    if (!brings(phase.fy, ky, s.sh, s.ph, s.dh)) continue;
    for (size_t kx = 0; kx < s.kw; kx++)
      if (brings(phase.fx, kx, s.sw, s.pw, s.dw)) body(number++, ky, kx);
  }
}

/** Its table [tap][pixel]: the place of y under each, rows [begin, end) of its pixels. */
void fill_table(uint32_t* at, const TensorShape& s, const Phase& phase, size_t begin, size_t end) {
  each_tap(s, phase, [&](size_t t, size_t ky, size_t kx) {
    for (size_t i = begin; i < end; i++) {
      const size_t sy = phase.fy + i * s.sh + s.ph - ky * s.dh, oy = sy / s.sh;  // a negative one wraps to a huge one
      for (size_t j = 0; j < phase.columns; j++) {
        const size_t sx = phase.fx + j * s.sw + s.pw - kx * s.dw, ox = sx / s.sw;
        const bool inside = (ptrdiff_t)sy >= 0 && (ptrdiff_t)sx >= 0 && oy < s.oh && ox < s.ow;
        at[phase.at + t * phase.pixels() + i * phase.columns + j] = (uint32_t)((inside ? oy * s.ow + ox : s.places()) * s.O);
      }
    }
  });
}

/** weight [O, Cg, taps] → [phase][group][panel][tap][o][width of c], for o of each group in [begin, end). */
void pack_backward(float* to, const TensorShape& s, const Panels& out, const float* weight, size_t begin, size_t end) {
  const size_t taps = s.taps(), Cg = s.Cg(), Og = s.Og();
  for (size_t g = 0; g < s.groups; g++)
    for (size_t o = begin; o < end; o++)
      each_phase(s, [&](const Phase& phase) {
        float* of_group = to + (phase.weights * s.groups + g * phase.taps) * out.columns() * Og;
        each_tap(s, phase, [&](size_t t, size_t ky, size_t kx) {
          const float* from = weight + (g * Og + o) * Cg * taps + ky * s.kw + kx;
          for (size_t panel = 0; panel < out.count; panel++) {
            float* row = of_group + ((panel * phase.taps + t) * Og + o) * out.width;
            for (size_t j = 0; j < out.width; j++) {
              const size_t c = panel * out.width + j;
              row[j] = c < Cg ? from[c * taps] : 0;
            }
          }
        });
      });
}

/** One weight gradient tile: `rows` input channels from c on, by one panel of output channels. */
struct Piece {
  size_t g, panel, t, c, rows;
};

/** All of them in a fixed order. */
struct Pieces {
  size_t taps, panels, groups, Cg, tiles;

  Pieces(const TensorShape& s, const Panels& out) : taps(s.taps()), panels(out.count), groups(s.groups), Cg(s.Cg()) {
    const size_t rows = taps_rows(out.vectors);
    tiles = (Cg + rows - 1) / rows;
  }
  size_t count() const { return groups * panels * taps * tiles; }
  Piece operator[](size_t i) const {
    const size_t tile = i % tiles, c = Cg * tile / tiles;
    return {i / tiles / taps / panels, i / tiles / taps % panels, i / tiles % taps, c, Cg * (tile + 1) / tiles - c};
  }
};

struct Backward {
  float *weights = nullptr, *dweights = nullptr, *x_pixels = nullptr, *dy_pixels, *dx_pixels = nullptr, *sums = nullptr;
  uint32_t *at_x = nullptr, *at_y = nullptr, *where;
  size_t slab, sums_floats, where_floats, bytes;

  /** `in` and `out`: panels of the channels of x and of y. */
  Backward(const TensorShape& s, const Panels& in, const Panels& out, bool dx, bool dweight, void* scratch) {
    Arena arena(scratch);
    slab = smaller(s.B, slab_floats / (2 * s.x_image() + s.y_image() + 1) + 1);
    sums_floats = block_places * in.columns();
    where_floats = block_places * (s.taps() + 1);                          // enough for sum_block's table, and for the two of add_dweights
    dy_pixels = arena.take(slab * s.y_image() + most_panel_vectors * VW);  // the last panel reads beyond the last channel
    where = (uint32_t*)arena.take(threads() * where_floats);
    if (dx) {
      weights = arena.take(s.taps() * s.groups * in.columns() * s.Og());
      dx_pixels = arena.take(slab * s.pixels() * s.C);
      sums = arena.take(threads() * sums_floats);
      size_t entries = 0;
      each_phase(s, [&](const Phase& phase) { entries = phase.at + phase.taps * phase.pixels(); });
      at_y = (uint32_t*)arena.take(entries);
    }
    if (dweight) {
      dweights = arena.take(s.groups * out.columns() * s.taps() * s.Cg());
      x_pixels = arena.take(slab * s.x_image());
      at_x = (uint32_t*)arena.take(s.taps() * s.places());
    }
    bytes = arena.bytes();
  }
};

/** dweights of pieces [begin, end) += what `images` images say. */
void add_dweights(const Backward& m, const TensorShape& s, const Panels& out, const Pieces& pieces, size_t images, size_t begin, size_t end,
                  uint32_t* where) {
  const size_t places = s.places(), all = images * places, taps = s.taps();
  if (begin == end) return;
  for (size_t first = 0; first < all; first += chunk_places) {
    const size_t n = smaller(chunk_places, all - first);
    uint32_t *dy_at = where, *x_at = where + n;
    for (size_t k = 0; k < n; k++) {
      const size_t b = (first + k) / places, p = (first + k) % places;
      dy_at[k] = (uint32_t)(b * s.y_image() + p * s.O);
      for (size_t t = 0; t < taps; t++) x_at[t * n + k] = (uint32_t)(b * s.x_image()) + m.at_x[t * places + p];
    }
    for (size_t i = begin; i < end; i++) {
      const Piece piece = pieces[i];
      float* to = m.dweights + (((piece.g * out.count + piece.panel) * taps + piece.t) * s.Cg() + piece.c) * out.width;
      places_tile(piece.rows, out.vectors)(n, m.x_pixels + piece.g * s.Cg() + piece.c, x_at + piece.t * n,
                                           m.dy_pixels + piece.g * s.Og() + piece.panel * out.width, dy_at, to, out.width);
    }
  }
}

/** [group][panel][tap][c][width] → dweight [O, Cg, taps], output channels [begin, end). */
void unpack_dweights(float* dweight, const TensorShape& s, const Panels& out, const float* from, size_t begin, size_t end) {
  const size_t taps = s.taps(), Cg = s.Cg(), K = Cg * taps;
  for (size_t o = begin; o < end;) {
    const size_t g = o / s.Og(), column = o % s.Og(), left = smaller(out.width - column % out.width, s.Og() - column);
    const size_t n = smaller(left, end - o);
    const float* panel = from + (g * out.count + column / out.width) * K * out.width + column % out.width;
    transpose(
        K, n, [&](size_t k) { return panel + (k % taps * Cg + k / taps) * out.width; }, [&](size_t i) { return dweight + (o + i) * K; });
    o += n;
  }
}

/** dx of some images, as pixels, for this thread's share of every phase. */
void sum_dx(const Backward& m, const TensorShape& s, const Panels& in, size_t images, const Team& t, const Block& block) {
  each_phase(s, [&](const Phase& phase) {
    const size_t pixels = phase.pixels(), all = images * pixels;
    for (size_t g = 0; g < s.groups; g++) {
      const float* weights = m.weights + (phase.weights * s.groups + g * phase.taps) * in.columns() * s.Og();
      const Sum sum = {pixels, phase.taps, s.Og(), m.at_y + phase.at, weights, nullptr, m.dy_pixels + g * s.Og(), s.y_image()};
      const size_t end = t.end(all);
      for (size_t at = t.begin(all); at < end; at += block_places) {
        const size_t rows = smaller(block_places, end - at);
        sum_block(sum, in, at, rows, block);
        for (size_t i = 0; i < rows; i++) {
          const size_t b = (at + i) / pixels, p = (at + i) % pixels;
          const size_t iy = phase.fy + p / phase.columns * s.sh, ix = phase.fx + p % phase.columns * s.sw;
          const float* from = block.sums + i * in.columns();
          map(
              m.dx_pixels + (b * s.pixels() + iy * s.w + ix) * s.C + g * s.Cg(), 0, s.Cg(), [](V v) { return v; }, from);
        }
      }
    }
  });
}

}  // namespace

size_t convolution_backward_workspace(float* dx, float* dweight, float*, const float*, const float*, const float*, size_t B, size_t C,
                                      size_t h, size_t w, size_t oh, size_t ow, size_t kh, size_t kw, size_t sh, size_t sw, size_t ph,
                                      size_t pw, size_t dh, size_t dw, size_t O, size_t groups, void*) {
  const TensorShape s = {B, C, h, w, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw, O, groups};
  return Backward(s, Panels(s.Cg()), Panels(s.Og()), dx, dweight, nullptr).bytes;
}

void convolution_backward(float* dx, float* dweight, float* dbias, const float* dy, const float* x, const float* weight, size_t B, size_t C,
                          size_t h, size_t w, size_t oh, size_t ow, size_t kh, size_t kw, size_t sh, size_t sw, size_t ph, size_t pw,
                          size_t dh, size_t dw, size_t O, size_t groups, void* scratch) {
  const TensorShape s = {B, C, h, w, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw, O, groups};
  const Panels in(s.Cg()), out(s.Og());
  const Backward m(s, in, out, dx, dweight, scratch);
  const Pieces pieces(s, out);
  if (B * O * s.places() == 0) {
    const auto clear = [](float* to, size_t n) {
      if (to) map(to, 0, n, []() { return V{}; });
    };
    clear(dx, B * C * s.pixels()), clear(dweight, O * s.Cg() * s.taps()), clear(dbias, O);
    return;
  }
  const size_t places = s.places(), dweight_floats = groups * out.columns() * s.taps() * s.Cg();
  team(team_size(s), [&](const Team& t) {
    const Block block = {m.sums + t.id * m.sums_floats, m.where + t.id * m.where_floats};
    if (dx) {
      pack_backward(m.weights, s, in, weight, t.begin(s.Og()), t.end(s.Og()));
      each_phase(s, [&](const Phase& phase) { fill_table(m.at_y, s, phase, t.begin(phase.rows), t.end(phase.rows)); });
    }
    if (dweight) {
      map(m.dweights, t.begin(dweight_floats, 16), t.end(dweight_floats, 16), []() { return V{}; });
      fill_table(m.at_x, s, t.begin(s.taps() * places), t.end(s.taps() * places));
    }
    if (dbias)
      for (size_t o = t.begin(O); o < t.end(O); o++) {
        double sum = 0;
        for (size_t b = 0; b < B; b++)
          sum += sum_long(
              places, [](V v) { return v; }, dy + (b * O + o) * places);
        dbias[o] = (float)sum;
      }
    for (size_t first = 0; first < B; first += m.slab) {
      const size_t images = smaller(m.slab, B - first), pixels = images * s.pixels(), all = images * places;
      clear_padding(m.dy_pixels, O, places, t.begin(images), t.end(images));
      if (dweight) clear_padding(m.x_pixels, C, s.pixels(), t.begin(images), t.end(images));
      to_pixels(m.dy_pixels, dy + first * O * places, O, places, t.begin(all, 16), t.end(all, 16));
      if (dweight) to_pixels(m.x_pixels, x + first * C * s.pixels(), C, s.pixels(), t.begin(pixels, 16), t.end(pixels, 16));
      t.barrier();
      if (dweight) add_dweights(m, s, out, pieces, images, t.begin(pieces.count()), t.end(pieces.count()), block.where);
      if (dx) sum_dx(m, s, in, images, t, block);
      t.barrier();
      if (dx) from_pixels(dx + first * C * s.pixels(), m.dx_pixels, C, s.pixels(), t.begin(pixels, 16), t.end(pixels, 16));
    }
    if (dweight) unpack_dweights(dweight, s, out, m.dweights, t.begin(O, square), t.end(O, square));
  });
}

}  // namespace KERNELS
