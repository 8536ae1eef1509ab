// oneDNN's recurrent primitives: a stack's forward and backward passes in training form. Speaks the protocol of lib/serve.mjs for works of
// the `layer` kind, on the parameters of lib/data.mjs. In oneDNN's favor, the weights are in its packed form already when a step begins.
//
// Compiled on demand by lib/install.mjs:  c++ -O2 -std=c++17 onednn.cpp -ldnnl

#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <iostream>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <vector>

using namespace dnnl;
using std::string;
using std::vector;
using tag = memory::format_tag;
using Args = std::unordered_map<int, memory>;

static engine cpu(engine::kind::cpu, 0);
static stream queue(cpu);

static uint32_t hash32(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}

static float uniform(uint32_t n, uint32_t i, double bound) { return float(bound * (hash32(i + n * 0x9e3779b9u) / 4294967296.0 * 2 - 1)); }

// What follows `"key":` in flat JSON.
static const char* find(const string& json, const string& key) {
  const size_t at = json.find("\"" + key + "\":");
  return at == string::npos ? nullptr : json.c_str() + at + key.size() + 3;
}

static double now() { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

static memory::desc any(const memory::dims& dims) { return {dims, memory::data_type::f32, tag::any}; }
static float* data(const memory& m) { return static_cast<float*>(m.get_data_handle()); }
static size_t count(const memory& m) { return m.get_desc().get_size() / sizeof(float); }
static void clear(const memory& m) { std::memset(m.get_data_handle(), 0, m.get_desc().get_size()); }

// A plain copy of m, in the order of `layout`.
static memory plain(const memory& m, const memory::dims& dims, tag layout) {
  memory out({dims, memory::data_type::f32, layout}, cpu);
  reorder(m, out).execute(queue, const_cast<memory&>(m), out);
  queue.wait();
  return out;
}

static double squares(const memory& m, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += double(data(m)[i]) * data(m)[i];
  return sum;
}

struct Sizes {
  string cell;
  int I, H, L, T, B;
};

struct Stack {
  primitive forward, backward;
  Args args, backwardArgs;
  vector<memory> accumulated;  // oneDNN adds to the weights' gradients: they are cleared before every step
  memory y, dx, dWeightHh;
};

// `describe(descs)` makes the forward description, `describeBackward(descs, gradients)` the backward one.
template <class Forward, class Backward, class F, class B>
static Stack build(const Sizes& s, int gates, int biases, const vector<int>& order, bool cellState, F describe, B describeBackward) {
  const memory::dims x{s.T, s.B, s.I}, y{s.T, s.B, s.H}, state{s.L, 1, s.B, s.H};
  const memory::dims wx{s.L, 1, s.I, gates, s.H}, wh{s.L, 1, s.H, gates, s.H}, bias{s.L, 1, biases, s.H};
  const typename Forward::primitive_desc forward(describe(any(x), any(state), any(wx), any(wh), any(bias), any(y)), cpu);
  const typename Backward::primitive_desc backward(describeBackward(any(x), any(state), any(wx), any(wh), any(bias), any(y)), cpu, forward);

  // PyTorch's weight [G·H, in] → [in, G, H], gates in oneDNN's order.
  memory userX({wx, memory::data_type::f32, tag::ldigo}, cpu), userH({wh, memory::data_type::f32, tag::ldigo}, cpu);
  memory userB({bias, memory::data_type::f32, tag::ldgo}, cpu);
  const double bound = 1 / std::sqrt(double(s.H));
  for (int l = 0; l < s.L; l++) {
    for (int g = 0; g < gates; g++) {
      for (int o = 0; o < s.H; o++) {
        const int row = order[g] * s.H + o;
        for (int i = 0; i < s.I; i++) data(userX)[((l * s.I + i) * gates + g) * s.H + o] = uniform(1 + 4 * l, row * s.I + i, bound);
        for (int i = 0; i < s.H; i++) data(userH)[((l * s.H + i) * gates + g) * s.H + o] = uniform(2 + 4 * l, row * s.H + i, bound);
        const float bx = uniform(3 + 4 * l, row, bound), bh = uniform(4 + 4 * l, row, bound);
        const bool apart = biases > gates && g == gates - 1;  // GRU: the bias inside the reset product is the extra one
        data(userB)[(l * biases + g) * s.H + o] = apart ? bx : bx + bh;
        if (apart) data(userB)[(l * biases + g + 1) * s.H + o] = bh;
      }
    }
  }
  auto packed = [](const memory& from, const memory::desc& desc) {
    memory to(desc, cpu);
    reorder(from, to).execute(queue, const_cast<memory&>(from), to);
    queue.wait();
    return to;
  };

  Stack stack;
  stack.forward = Forward(forward);
  stack.backward = Backward(backward);
  memory input(forward.src_layer_desc(), cpu), dy(backward.diff_dst_layer_desc(), cpu);
  for (size_t i = 0; i < count(input); i++) data(input)[i] = uniform(101, i, 1);
  for (size_t i = 0; i < count(dy); i++) data(dy)[i] = uniform(102, i, 1);
  stack.y = memory(forward.dst_layer_desc(), cpu);
  stack.args = {{DNNL_ARG_SRC_LAYER, input},
                {DNNL_ARG_WEIGHTS_LAYER, packed(userX, forward.weights_layer_desc())},
                {DNNL_ARG_WEIGHTS_ITER, packed(userH, forward.weights_iter_desc())},
                {DNNL_ARG_BIAS, packed(userB, forward.bias_desc())},
                {DNNL_ARG_DST_LAYER, stack.y},
                {DNNL_ARG_SRC_ITER, memory(forward.src_iter_desc(), cpu)},
                {DNNL_ARG_DST_ITER, memory(forward.dst_iter_desc(), cpu)},
                {DNNL_ARG_WORKSPACE, memory(forward.workspace_desc(), cpu)}};
  clear(stack.args[DNNL_ARG_SRC_ITER]);
  stack.backwardArgs = stack.args;
  stack.backwardArgs[DNNL_ARG_WEIGHTS_LAYER] = packed(userX, backward.weights_layer_desc());
  stack.backwardArgs[DNNL_ARG_WEIGHTS_ITER] = packed(userH, backward.weights_iter_desc());
  Args& b = stack.backwardArgs;
  b[DNNL_ARG_DIFF_DST_LAYER] = dy;
  b[DNNL_ARG_DIFF_SRC_LAYER] = stack.dx = memory(backward.diff_src_layer_desc(), cpu);
  b[DNNL_ARG_DIFF_SRC_ITER] = memory(backward.diff_src_iter_desc(), cpu);
  b[DNNL_ARG_DIFF_DST_ITER] = memory(backward.diff_dst_iter_desc(), cpu);
  clear(b[DNNL_ARG_DIFF_DST_ITER]);
  b[DNNL_ARG_DIFF_WEIGHTS_LAYER] = memory(backward.diff_weights_layer_desc(), cpu);
  b[DNNL_ARG_DIFF_WEIGHTS_ITER] = stack.dWeightHh = memory(backward.diff_weights_iter_desc(), cpu);
  b[DNNL_ARG_DIFF_BIAS] = memory(backward.diff_bias_desc(), cpu);
  stack.accumulated = {b[DNNL_ARG_DIFF_WEIGHTS_LAYER], stack.dWeightHh, b[DNNL_ARG_DIFF_BIAS]};
  if (cellState) {
    const memory::desc c({state, memory::data_type::f32, tag::ldnc});
    for (int arg : {DNNL_ARG_SRC_ITER_C, DNNL_ARG_DST_ITER_C}) clear(stack.args[arg] = b[arg] = memory(c, cpu));
    for (int arg : {DNNL_ARG_DIFF_SRC_ITER_C, DNNL_ARG_DIFF_DST_ITER_C}) clear(b[arg] = memory(c, cpu));
  }
  return stack;
}

static Stack make(const Sizes& s) {
  const auto way = rnn_direction::unidirectional_left2right;
  const auto train = prop_kind::forward_training;
  const auto back = prop_kind::backward;
  using D = const memory::desc&;
  if (s.cell == "lstm") {
    const memory::desc c({s.L, 1, s.B, s.H}, memory::data_type::f32, tag::ldnc);
    return build<lstm_forward, lstm_backward>(
        s, 4, 4, {0, 1, 2, 3}, true,
        [&](D x, D h, D wx, D wh, D b, D y) { return lstm_forward::desc(train, way, x, h, c, wx, wh, b, y, h, c); },
        [&](D x, D h, D wx, D wh, D b, D y) {
          return lstm_backward::desc(back, way, x, h, c, wx, wh, b, y, h, c, x, h, c, wx, wh, b, y, h, c);
        });
  }
  if (s.cell == "gru") {  // oneDNN's gates are z r n
    return build<lbr_gru_forward, lbr_gru_backward>(
        s, 3, 4, {1, 0, 2}, false, [&](D x, D h, D wx, D wh, D b, D y) { return lbr_gru_forward::desc(train, way, x, h, wx, wh, b, y, h); },
        [&](D x, D h, D wx, D wh, D b, D y) { return lbr_gru_backward::desc(back, way, x, h, wx, wh, b, y, h, x, h, wx, wh, b, y, h); });
  }
  const auto tanh = algorithm::eltwise_tanh;
  return build<vanilla_rnn_forward, vanilla_rnn_backward>(
      s, 1, 1, {0}, false,
      [&](D x, D h, D wx, D wh, D b, D y) { return vanilla_rnn_forward::desc(train, tanh, way, x, h, wx, wh, b, y, h); },
      [&](D x, D h, D wx, D wh, D b, D y) {
        return vanilla_rnn_backward::desc(back, tanh, way, x, h, wx, wh, b, y, h, x, h, wx, wh, b, y, h);
      });
}

int main(int, char** argv) {
  const string work = argv[1];
  auto number = [&](const char* key) { return std::atoi(find(work, key)); };
  const char* cell = find(work, "cell") + 1;
  const Sizes s{string(cell, std::strchr(cell, '"')), number("I"), number("H"), number("L"), number("T"), number("B")};
  const double started = now();
  Stack stack = make(s);
  auto step = [&] {
    for (const memory& m : stack.accumulated) clear(m);
    stack.forward.execute(queue, stack.args);
    stack.backward.execute(queue, stack.backwardArgs);
    queue.wait();
    return data(stack.dx)[0];
  };
  const double ready = now();
  step();
  const double first = now() - ready;
  const memory dWeight = plain(stack.dWeightHh, {s.L, 1, s.H, s.cell == "lstm" ? 4 : s.cell == "gru" ? 3 : 1, s.H}, tag::ldigo);
  std::printf("{\"ready\":true,\"checks\":[%.9g,%.9g,%.9g],\"setupMs\":%g,\"firstMs\":%g,\"stepMs\":%g}\n",
              squares(stack.y, count(stack.y)), squares(stack.dx, count(stack.dx)), squares(dWeight, count(dWeight) / s.L), ready - started,
              first, first);
  std::fflush(stdout);
  for (string line; std::getline(std::cin, line) && !find(line, "end");) {
    const double end = now() + 1000 * std::atof(find(line, "seconds"));
    int bunch = 1;
    float outcome = 0;
    string samples;
    while (true) {
      const double before = now();
      for (int i = 0; i < bunch; i++) outcome = step();
      const double after = now();
      if (after - before < 2 && bunch < 1000) {
        bunch *= 2;
      } else {
        samples += (samples.empty() ? "" : ",") + std::to_string((after - before) / bunch);
      }
      if (after >= end && !samples.empty()) break;
    }
    std::printf("{\"samples\":[%s],\"outcome\":%g}\n", samples.c_str(), outcome);
    std::fflush(stdout);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("{\"peakRss\":%ld}\n", usage.ru_maxrss * 1024L);
}
