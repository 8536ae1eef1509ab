// The only file that knows an instruction set. A kernel is written once, for a vector V of VW floats.
//
// The order of operations is part of a kernel's definition: the compiler may not contract (-ffp-contract=off), and where a multiply and an
// add shall be one rounding we say so with fma_(). Then AVX-512, AVX2, NEON and WASM relaxed SIMD give the same bits; plain WASM SIMD128
// has no fused multiply-add and differs by roundings.
//
// Index with size_t: the WASM compiler folds constant offsets into loads only where an index cannot wrap.

#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__wasm__)
#include <wasm_simd128.h>
#define KERNELS unrolled_wasm
#define VW 4
#elif defined(__AVX512F__)
#include <immintrin.h>
#define KERNELS unrolled_avx512
#define VW 16
#elif defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#define KERNELS unrolled_avx2
#define VW 8
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#define KERNELS unrolled_neon
#define VW 4
#else
#error "no SIMD level: compile with -mavx2 -mfma or more, for arm64, or for WASM"
#endif

#define INLINE static inline __attribute__((always_inline))

namespace KERNELS {

typedef float V __attribute__((vector_size(VW * 4)));
typedef int32_t VI __attribute__((vector_size(VW * 4)));
typedef int16_t VS __attribute__((vector_size(VW * 4)));  // twice as many of half the size
typedef float VUnaligned __attribute__((vector_size(VW * 4), aligned(4), may_alias));
typedef int32_t VIUnaligned __attribute__((vector_size(VW * 4), aligned(4), may_alias));

INLINE V ld(const float* p) { return *(const VUnaligned*)p; }
INLINE void st(float* p, V v) { *(VUnaligned*)p = v; }
INLINE VI ld(const int32_t* p) { return *(const VIUnaligned*)p; }
INLINE void st(int32_t* p, VI v) { *(VIUnaligned*)p = v; }

/** x in every lane. */
INLINE V broadcast(float x) {
#if defined(__wasm__)
  return (V)wasm_f32x4_splat(x);
#elif VW == 16
  return (V)_mm512_set1_ps(x);
#elif VW == 8
  return (V)_mm256_set1_ps(x);
#else
  return (V)vdupq_n_f32(x);
#endif
}

/** *p in every lane; in WASM a load and splat in one. */
INLINE V broadcast(const float* p) {
#if defined(__wasm__)
  return (V)wasm_v128_load32_splat(p);
#else
  return broadcast(*p);
#endif
}

INLINE VI broadcast(int32_t x) {
  VI zero = {};
  return zero + x;
}

/** a·b + c with one rounding (with two in plain WASM SIMD128). */
INLINE V fma_(V a, V b, V c) {
#if defined(__wasm_relaxed_simd__)
  return (V)wasm_f32x4_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
#elif defined(__wasm__)
  return a * b + c;
#elif VW == 16
  return (V)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif VW == 8
  return (V)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
  return (V)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#endif
}

/** a where the mask is all ones, b where it is 0. Comparisons of V give such masks. */
INLINE V select(VI mask, V a, V b) { return mask ? a : b; }

/** 2·VW bytes, each widened to 16 bits. */
INLINE VS ld_bytes(const int8_t* p) {
#if defined(__wasm__)
  return (VS)wasm_i16x8_load8x8(p);
#elif VW == 16
  return (VS)_mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i*)p));
#elif VW == 8
  return (VS)_mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i*)p));
#else
  return (VS)vmovl_s8(vld1_s8(p));
#endif
}

/** The pair p[0], p[1] in every 32 bits. */
INLINE VS broadcast_pair(const int16_t* p) {
  int32_t pair;
  __builtin_memcpy(&pair, p, 4);
  return (VS)broadcast(pair);
}

/** sum + a·b of 16 bits, the products of neighbors added, in 32 bits. */
INLINE VI add_dot(VI sum, VS a, VS b) {
#if defined(__wasm__)
  return sum + (VI)wasm_i32x4_dot_i16x8((v128_t)a, (v128_t)b);
#elif VW == 16
  return sum + (VI)_mm512_madd_epi16((__m512i)a, (__m512i)b);
#elif VW == 8
  return sum + (VI)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#else
  const int32x4_t low = vmull_s16(vget_low_s16((int16x8_t)a), vget_low_s16((int16x8_t)b));
  const int32x4_t high = vmull_s16(vget_high_s16((int16x8_t)a), vget_high_s16((int16x8_t)b));
  return sum + (VI)vpaddq_s32(low, high);
#endif
}

/** The smaller; a where either is NaN, so that min(x, limit) keeps a NaN in x. */
INLINE V min(V a, V b) {
#if defined(__wasm__)
  return (V)wasm_f32x4_pmin((v128_t)a, (v128_t)b);
#elif VW == 16
  return (V)_mm512_min_ps((__m512)b, (__m512)a);
#elif VW == 8
  return (V)_mm256_min_ps((__m256)b, (__m256)a);
#else
  return b < a ? b : a;
#endif
}

/** The larger; a where either is NaN. */
INLINE V max(V a, V b) {
#if defined(__wasm__)
  return (V)wasm_f32x4_pmax((v128_t)a, (v128_t)b);
#elif VW == 16
  return (V)_mm512_max_ps((__m512)b, (__m512)a);
#elif VW == 8
  return (V)_mm256_max_ps((__m256)b, (__m256)a);
#else
  return a < b ? b : a;
#endif
}

INLINE V abs(V x) { return (V)((VI)x & 0x7fffffff); }

INLINE V sqrt(V x) {
#if defined(__wasm__)
  return (V)wasm_f32x4_sqrt((v128_t)x);
#elif VW == 16
  return (V)_mm512_sqrt_ps((__m512)x);
#elif VW == 8
  return (V)_mm256_sqrt_ps((__m256)x);
#else
  return (V)vsqrtq_f32((float32x4_t)x);
#endif
}

/** Loads and stores under a mask are one instruction; the address sanitizer does not see what they touch, so there they are loops. */
#if defined(__AVX512F__) && !defined(__SANITIZE_ADDRESS__)
#define MASKED 1
#endif

/** The first n < VW floats at p, zeros behind them; reads nothing past them. */
INLINE V ld_part(const float* p, size_t n) {
#if defined(MASKED)
  return (V)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#else
  V v = {};
  for (size_t i = 0; i < VW - 1; i++)
    if (i < n) v[i] = p[i];
  return v;
#endif
}

/** Writes the first n < VW lanes, nothing past them. */
INLINE void st_part(float* p, V v, size_t n) {
#if defined(MASKED)
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
#else
  for (size_t i = 0; i < VW - 1; i++)
    if (i < n) p[i] = v[i];
#endif
}

/**
 * out[i] = f(x[i], …) for i in [begin, end), a vector at a time. The tail goes through the same f on padded vectors, so an element's bits
 * do not depend on where it lies. out may be one of the inputs.
 */
template <class F, class... X>
INLINE void map(float* out, size_t begin, size_t end, F f, const X*... x) {
  size_t i = begin;
  for (; i + VW <= end; i += VW) st(out + i, f(ld(x + i)...));
  if (i < end) st_part(out + i, f(ld_part(x + i, end - i)...), end - i);
}

}  // namespace KERNELS
