// One step's update over all parameters in one call: norms, clipping, and the optimizers. The elements of all tensors are cut into equal
// shares, so that one large matrix and a hundred small biases keep all threads alike busy.

#include "kernels.h"
#include "lanes.h"
#include "parallel.h"

namespace KERNELS {

namespace {

/** body(tensor, begin, end): every element of every tensor once. */
template <class F>
void over_all(const double* lengths, size_t count, F body) {
  size_t total = 0;
  for (size_t i = 0; i < count; i++) total += (size_t)lengths[i];
  parallel(
      total, light_grain / 2,
      [&](size_t begin, size_t end) {
        size_t start = 0;
        for (size_t i = 0; i < count && start < end; i++) {
          const size_t n = (size_t)lengths[i], stop = start + n;
          if (stop > begin) body(i, begin > start ? begin - start : 0, end < stop ? end - start : n);
          start = stop;
        }
      },
      64);
}

/** x^n for whole n ≥ 0, by squaring. */
double power(double x, double n) {
  double y = 1;
  for (uint64_t left = (uint64_t)n; left > 0; left >>= 1, x *= x)
    if (left & 1) y *= x;
  return y;
}

/** g = gradScale·gradient + weightDecay·p */
struct Gradient {
  V scale, decay;
  Gradient(double grad_scale, double weight_decay) : scale(broadcast((float)grad_scale)), decay(broadcast((float)weight_decay)) {}
  V operator()(V g, V p) const { return fma_(scale, g, decay * p); }
};

/** f(p, g, a, b) changes p, a and b in place, for elements [begin, end). */
template <class F>
void update4(float* p, const float* g, float* a, float* b, size_t begin, size_t end, F f) {
  for (size_t i = begin; i < end; i += VW) {
    const size_t n = end - i;
    if (n >= VW) {
      V pv = ld(p + i), av = ld(a + i), bv = ld(b + i);
      f(pv, ld(g + i), av, bv);
      st(p + i, pv), st(a + i, av), st(b + i, bv);
    } else {
      V pv = ld_part(p + i, n), av = ld_part(a + i, n), bv = ld_part(b + i, n);
      f(pv, ld_part(g + i, n), av, bv);
      st_part(p + i, pv, n), st_part(a + i, av, n), st_part(b + i, bv, n);
    }
  }
}

/** The same with one tensor of state. */
template <class F>
void update3(float* p, const float* g, float* a, size_t begin, size_t end, F f) {
  for (size_t i = begin; i < end; i += VW) {
    const size_t n = end - i;
    if (n >= VW) {
      V pv = ld(p + i), av = ld(a + i);
      f(pv, ld(g + i), av);
      st(p + i, pv), st(a + i, av);
    } else {
      V pv = ld_part(p + i, n), av = ld_part(a + i, n);
      f(pv, ld_part(g + i, n), av);
      st_part(p + i, pv, n), st_part(a + i, av, n);
    }
  }
}

constexpr size_t chunk = 16384;

/** Σ x² in double: lane i mod 16, then a tree. */
double squares_of(const float* x, size_t n) {
  double lane[lanes] = {};
  for (size_t i = 0; i + lanes <= n; i += lanes)
    for (size_t k = 0; k < lanes; k++) lane[k] += (double)x[i + k] * (double)x[i + k];
  for (size_t i = n - n % lanes; i < n; i++) lane[i % lanes] += (double)x[i] * (double)x[i];
  for (size_t width = lanes / 2; width > 0; width /= 2)
    for (size_t k = 0; k < width; k++) lane[k] += lane[k + width];
  return lane[0];
}

}  // namespace

// Scratch: one double for every 16,384 elements of each tensor.
size_t sum_squares_workspace(List, const double* lengths, size_t count, void*) {
  size_t chunks = 0;
  for (size_t i = 0; i < count; i++) chunks += ((size_t)lengths[i] + chunk - 1) / chunk;
  return chunks * sizeof(double);
}

double sum_squares(List gradients, const double* lengths, size_t count, void* scratch) {
  double* sums = (double*)scratch;
  const size_t chunks = sum_squares_workspace(gradients, lengths, count, nullptr) / sizeof(double);
  parallel(chunks, 2, [&](size_t begin, size_t end) {
    size_t at = 0;
    for (size_t i = 0; i < count && at < end; i++) {
      const size_t n = (size_t)lengths[i];
      for (size_t start = 0; start < n && at < end; start += chunk, at++)
        if (at >= begin) sums[at] = squares_of(gradients[i] + start, n - start < chunk ? n - start : chunk);
    }
  });
  double total = 0;
  for (size_t i = 0; i < chunks; i++) total += sums[i];
  return total;
}

void clip_values(List gradients, float limit, const double* lengths, size_t count) {
  const V high = broadcast(limit), low = broadcast(-limit);
  over_all(lengths, count, [=](size_t i, size_t begin, size_t end) {
    map(
        gradients[i], begin, end, [=](V g) { return min(max(g, low), high); }, gradients[i]);
  });
}

void scale_all(List values, float factor, const double* lengths, size_t count) {
  const V f = broadcast(factor);
  over_all(lengths, count, [=](size_t i, size_t begin, size_t end) {
    map(
        values[i], begin, end, [=](V x) { return x * f; }, values[i]);
  });
}

void sgd(List parameters, List gradients, List buffers, double lr, double momentum, bool nesterov, bool first, double weight_decay,
         double grad_scale, const double* lengths, size_t count) {
  const Gradient gradient(grad_scale, weight_decay);
  const V rate = broadcast((float)lr), keep = broadcast((float)momentum);
  over_all(lengths, count, [=](size_t i, size_t begin, size_t end) {
    float* p = parameters[i];
    if (!buffers)
      return map(
          p, begin, end, [=](V x, V g) { return fma_(-rate, gradient(g, x), x); }, p, gradients[i]);
    update3(p, gradients[i], buffers[i], begin, end, [=](V& x, V g, V& buffer) {
      g = gradient(g, x);
      buffer = first ? g : fma_(keep, buffer, g);
      x = fma_(-rate, nesterov ? fma_(keep, buffer, g) : buffer, x);
    });
  });
}

void adagrad(List parameters, List gradients, List sums, double lr, double eps, double weight_decay, double grad_scale,
             const double* lengths, size_t count) {
  const Gradient gradient(grad_scale, weight_decay);
  const V rate = broadcast((float)lr), small = broadcast((float)eps);
  over_all(lengths, count, [=](size_t i, size_t begin, size_t end) {
    update3(parameters[i], gradients[i], sums[i], begin, end, [=](V& x, V g, V& sum) {
      g = gradient(g, x);
      sum = fma_(g, g, sum);
      x -= rate * g / (sqrt(sum) + small);
    });
  });
}

void rmsprop(List parameters, List gradients, List squares, List buffers, double lr, double alpha, double eps, double momentum,
             double weight_decay, double grad_scale, const double* lengths, size_t count) {
  const Gradient gradient(grad_scale, weight_decay);
  const V rate = broadcast((float)lr), small = broadcast((float)eps), keep = broadcast((float)momentum);
  const V old_part = broadcast((float)alpha), new_part = broadcast((float)(1 - alpha));
  const auto step = [=](V g, V& square) {
    square = fma_(old_part, square, new_part * g * g);
    return g / (sqrt(square) + small);
  };
  over_all(lengths, count, [=](size_t i, size_t begin, size_t end) {
    if (!buffers)
      update3(parameters[i], gradients[i], squares[i], begin, end,
              [=](V& x, V g, V& square) { x = fma_(-rate, step(gradient(g, x), square), x); });
    else
      update4(parameters[i], gradients[i], squares[i], buffers[i], begin, end, [=](V& x, V g, V& square, V& buffer) {
        buffer = fma_(keep, buffer, step(gradient(g, x), square));
        x = fma_(-rate, buffer, x);
      });
  });
}

void adam(List parameters, List gradients, List m, List v, double lr, double beta1, double beta2, double eps, double step,
          double weight_decay, bool decoupled, double grad_scale, const double* lengths, size_t count) {
  const Gradient gradient(grad_scale, decoupled ? 0 : weight_decay);
  const V rate = broadcast((float)(lr / (1 - power(beta1, step)))), correction = broadcast((float)(1 - power(beta2, step)));
  const V small = broadcast((float)eps), shrink = broadcast(decoupled ? (float)(lr * weight_decay) : 0.0f);
  const V old1 = broadcast((float)beta1), new1 = broadcast((float)(1 - beta1));
  const V old2 = broadcast((float)beta2), new2 = broadcast((float)(1 - beta2));
  over_all(lengths, count, [=](size_t i, size_t begin, size_t end) {
    update4(parameters[i], gradients[i], m[i], v[i], begin, end, [=](V& x, V g, V& mean, V& square) {
      g = gradient(g, x);
      mean = fma_(old1, mean, new1 * g);
      square = fma_(old2, square, new2 * g * g);
      x = fma_(-shrink, x, x) - rate * mean / (sqrt(square / correction) + small);
    });
  });
}

}  // namespace KERNELS
