// Cells that ONNX has no operator for, as a step for Scan: what is computed for all steps at once, and the step itself. The equations are those of the
// library's cells, under the same names.

import type { OnnxGraph } from './graph.ts';

/** A cell's step. */
export interface ScanStep {
  /** Values [T, B, ..] that the step reads, one row at a time. */
  readonly scanned: readonly string[];
  /** Rows of `scanned` and the states [B, ..] → the next states and the output, written into the body's graph. */
  step(body: OnnxGraph, rows: readonly string[], states: readonly string[]): { states: string[]; output: string };
}

/** `own` puts a weight of this layer and direction into the graph: weight_ih, bias_ih, … */
type MakeStep = (g: OnnxGraph, own: (kind: string) => string | null, x: string, H: number) => ScanStep;

/** x Wᵀ + b */
function linear(g: OnnxGraph, x: string, weight: string | null, bias: string | null = null): string {
  const product = g.op('MatMul', [x, g.op('Transpose', [weight as string], { perm: [1, 0] })]);
  return bias === null ? product : g.op('Add', [product, bias]);
}

const add = (g: OnnxGraph, a: string, b: string) => g.op('Add', [a, b]);
const sub = (g: OnnxGraph, a: string, b: string) => g.op('Sub', [a, b]);
const mul = (g: OnnxGraph, a: string, b: string) => g.op('Mul', [a, b]);
/** log σ(v) = −softplus(−v); this is softplus(−v). */
const softplusOfNegative = (g: OnnxGraph, v: string) => g.op('Softplus', [g.op('Neg', [v])]);

/** v + ½ for v ≥ 0, σ(v) for v < 0. */
function positive(g: OnnxGraph, v: string): string {
  return g.op('Where', [g.op('Less', [v, g.float(0)]), g.op('Sigmoid', [v]), add(g, v, g.float(0.5))]);
}

/** h' = a ⊙ h + b */
const linearStep: ScanStep['step'] = (body, [a, b], [h]) => {
  const next = add(body, mul(body, a, h), b);
  return { states: [next], output: next };
};

const layerNorm = (g: OnnxGraph, x: string, gain: string | null, bias: string | null) =>
  g.op('LayerNormalization', [x, gain as string, bias as string], { epsilon: { float: 1e-5 } });

export const scanCells = {
  'lstm-layer-norm': (g, own, x, H) => {
    const recurrent = g.op('Transpose', [own('weight_hh') as string], { perm: [1, 0] });
    const [gainHh, biasHh, gainC, biasC] = ['gain_hh', 'bias_hh', 'gain_c', 'bias_c'].map(own);
    return {
      scanned: [layerNorm(g, linear(g, x, own('weight_ih')), own('gain_ih'), own('bias_ih'))],
      step: (body, [gates], [h, c]) => {
        const kept = layerNorm(body, body.op('MatMul', [h, recurrent]), gainHh, biasHh);
        const [i, f, n, o] = body.split(add(body, gates, kept), 4, H);
        const written = mul(body, body.op('Sigmoid', [i]), body.op('Tanh', [n]));
        const nextC = add(body, mul(body, body.op('Sigmoid', [f]), c), written);
        const nextH = mul(body, body.op('Sigmoid', [o]), body.op('Tanh', [layerNorm(body, nextC, gainC, biasC)]));
        return { states: [nextH, nextC], output: nextH };
      },
    };
  },

  'gru-layer-norm': (g, own, x, H) => {
    const recurrent = g.op('Transpose', [own('weight_hh') as string], { perm: [1, 0] });
    const parts = (kind: string) => {
      const value = own(kind) as string;
      return [g.slice(value, 0, 0, 2 * H), g.slice(value, 0, 2 * H, 3 * H)];
    };
    const [gainIh, biasIh, gainHh, biasHh] = ['gain_ih', 'bias_ih', 'gain_hh', 'bias_hh'].map(parts);
    const normalized = (graph: OnnxGraph, product: string, gain: readonly string[], bias: readonly string[]) => {
      const axis = graph === g ? 2 : 1; // of all steps [T, B, 3H], or of one [B, 3H]
      const [gates, candidate] = [graph.slice(product, axis, 0, 2 * H), graph.slice(product, axis, 2 * H, 3 * H)];
      return [layerNorm(graph, gates, gain[0], bias[0]), layerNorm(graph, candidate, gain[1], bias[1])];
    };
    return {
      scanned: normalized(g, linear(g, x, own('weight_ih')), gainIh, biasIh),
      step: (body, [xGates, xn], [h]) => {
        const [hGates, hn] = normalized(body, body.op('MatMul', [h, recurrent]), gainHh, biasHh);
        const [r, z] = body.split(body.op('Sigmoid', [add(body, xGates, hGates)]), 2, H);
        const n = body.op('Tanh', [add(body, xn, mul(body, r, hn))]);
        const next = add(body, n, mul(body, z, sub(body, h, n)));
        return { states: [next], output: next };
      },
    };
  },

  'lstm-coupled': (g, own, x, H) => {
    const recurrent = g.op('Transpose', [own('weight_hh') as string], { perm: [1, 0] });
    const inputs = linear(g, x, own('weight_ih'), own('bias_ih'));
    const bias = own('bias_hh');
    return {
      scanned: [bias === null ? inputs : add(g, inputs, bias)],
      step: (body, [gates], [h, c]) => {
        const [f, n, o] = body.split(add(body, gates, body.op('MatMul', [h, recurrent])), 3, H);
        const candidate = body.op('Tanh', [n]);
        const nextC = add(body, candidate, mul(body, body.op('Sigmoid', [f]), sub(body, c, candidate)));
        const nextH = mul(body, body.op('Sigmoid', [o]), body.op('Tanh', [nextC]));
        return { states: [nextH, nextC], output: nextH };
      },
    };
  },

  'rnn-skip': (g, own, x, H) => {
    const [recurrent, skipped] = ['weight_hh', 'weight_sh'].map((kind) =>
      g.op('Transpose', [own(kind) as string], { perm: [1, 0] }),
    );
    const newer = 6 * H; // of past, seven outputs: all but the oldest
    return {
      scanned: [add(g, linear(g, x, own('weight_ih'), own('bias_ih')), own('bias_hh') as string)],
      step: (body, [inputs], [h, past]) => {
        const kept = body.op('MatMul', [h, recurrent]);
        const old = body.op('MatMul', [body.slice(past, 1, newer, newer + H), skipped]);
        const next = body.op('Tanh', [add(body, add(body, inputs, kept), old)]);
        return { states: [next, body.concat([h, body.slice(past, 1, 0, newer)], 1)], output: next };
      },
    };
  },

  mingru: (g, own, x, H) => {
    const [z, h] = g.split(linear(g, x, own('weight_ih'), own('bias_ih')), 2, H);
    const update = g.op('Sigmoid', [z]);
    return { scanned: [sub(g, g.float(1), update), mul(g, update, positive(g, h))], step: linearStep };
  },

  minlstm: (g, own, x, H) => {
    const [f, i, h] = g.split(linear(g, x, own('weight_ih'), own('bias_ih')), 3, H);
    const keep = g.op('Sigmoid', [sub(g, softplusOfNegative(g, i), softplusOfNegative(g, f))]);
    return { scanned: [keep, mul(g, sub(g, g.float(1), keep), positive(g, h))], step: linearStep };
  },

  lru: (g, own, x, H) => {
    const gamma = g.op('Exp', [own('gamma') as string]);
    const modulus = g.op('Exp', [g.op('Neg', [g.op('Exp', [own('nu') as string])])]);
    const angle = g.op('Exp', [own('theta') as string]);
    const [p, q] = [mul(g, modulus, g.op('Cos', [angle])), mul(g, modulus, g.op('Sin', [angle]))];
    const b = mul(g, linear(g, x, own('weight_ih')), g.concat([gamma, gamma], 0));
    const direct = linear(g, x, own('weight_io'));
    const read = g.op('Transpose', [own('weight_ho') as string], { perm: [1, 0] });
    return {
      scanned: [b, direct],
      step: (body, [bt, dt], [, s]) => {
        const [re, im] = body.split(s, 2, H);
        const real = sub(body, mul(body, p, re), mul(body, q, im));
        const imaginary = add(body, mul(body, p, im), mul(body, q, re));
        const next = add(body, body.concat([real, imaginary], 1), bt);
        const output = add(body, body.op('MatMul', [next, read]), dt);
        return { states: [output, next], output };
      },
    };
  },

  slstm: (g, own, x, H) => {
    const recurrent = g.op('Transpose', [own('weight_hh') as string], { perm: [1, 0] });
    return {
      scanned: [linear(g, x, own('weight_ih'), own('bias_ih'))],
      step: (body, [gates], [h, c, m]) => {
        const [i, f, z, o] = body.split(add(body, gates, body.op('MatMul', [h, recurrent])), 4, H);
        const u = sub(body, add(body, i, softplusOfNegative(body, f)), m);
        const nextC = add(body, c, mul(body, body.op('Sigmoid', [u]), sub(body, body.op('Tanh', [z]), c)));
        const nextM = add(body, i, softplusOfNegative(body, u));
        const nextH = mul(body, body.op('Sigmoid', [o]), nextC);
        return { states: [nextH, nextC, nextM], output: nextH };
      },
    };
  },
} as const satisfies Record<string, MakeStep>;
