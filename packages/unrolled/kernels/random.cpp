// Dropout masks from Philox 4x32-10 (Salmon et al. 2011), random numbers by counting: element i depends on the key and i alone, so any
// thread draws it.

#include "kernels.h"
#include "parallel.h"

namespace KERNELS {

namespace {

struct Words {
  uint32_t w[4];
};

Words philox(uint64_t key, uint64_t counter) {
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  uint32_t c0 = (uint32_t)counter, c1 = (uint32_t)(counter >> 32), c2 = 0, c3 = 0;
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = (uint64_t)0xd2511f53u * c0, p1 = (uint64_t)0xcd9e8d57u * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)p1;
    c3 = (uint32_t)p0;
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  return {{c0, c1, c2, c3}};
}

}  // namespace

void dropout_mask(float* out, double p, double key, double counter, size_t n) {
  const float reserve = (float)(1 / (1 - p));
  const double limit = p * 16777216.0;  // u < p, with u = (w >> 8)·2^-24
  parallel(
      n, heavy_grain,
      [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; i += 4) {
          const Words words = philox((uint64_t)key, (uint64_t)counter + i / 4);
          for (size_t k = 0; k < 4 && i + k < end; k++) out[i + k] = (double)(words.w[k] >> 8) < limit ? 0.0f : reserve;
        }
      },
      64);
}

}  // namespace KERNELS
