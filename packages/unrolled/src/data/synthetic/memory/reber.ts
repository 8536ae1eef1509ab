import { requireKinds } from '../../../checks.ts';
import type { Random } from '../../../random.ts';
import { argmaxAt, ignored, type MemoryProblem, oneHot, requireMeasurable, requireRequest } from './problem.ts';

/** The symbols of Reber's grammar. */
export const reberSymbols = 'BTPSXVE';

/** Reber's grammar (1967): the symbols that may follow each node and where they lead. A string begins with B and ends with E. */
const graph: readonly Readonly<Record<string, number>>[] = [
  { T: 1, P: 2 },
  { S: 1, X: 3 },
  { T: 2, V: 4 },
  { X: 2, S: 5 },
  { P: 3, V: 5 },
  { E: 6 },
];

/**
 * The embedded Reber grammar (Cleeremans, Servan-Schreiber and McClelland 1989; experiment 1 of Hochreiter and Schmidhuber 1997):
 *
 *              ┌─ S ─┐           inner grammar
 *          T ▶ 1 ─ X ▶ 3 ─ S ──▶ 5 ─ E
 *   B ▶ 0        X ╱ ▲ P    ╱                           T ── B … E ── T
 *          P ▶ 2 ─ V ▶ 4 ─ V                  whole:  B               ╲  E        the last T or P is the second symbol
 *              └─ T ─┘                                  P ── B … E ── P
 *
 * The task is to predict the possible next symbols. That needs the last symbol and a node of the graph, except for the last T or P: it
 * equals the second symbol, before the whole inner string.
 */
export function embeddedReberString(random: Random): string {
  requireKinds('embeddedReberString', { random }, { random: { integer: 'function' } });
  const outer = 'TP'[random.integer(2)];
  let inner = 'B';
  for (let node = 0; node < 6; ) {
    const symbols = Object.keys(graph[node]);
    const symbol = symbols[random.integer(symbols.length)];
    inner += symbol;
    node = graph[node][symbol];
  }
  return `B${outer}${inner}${outer}E`;
}

/** The symbols that may follow a prefix of an embedded string: '' once it is complete, null for an invalid prefix. */
export function embeddedReberNext(beginning: string): string | null {
  requireKinds('embeddedReberNext', { beginning }, { beginning: 'text' });
  let expected = 'B';
  let node = -1; // before the inner string; 0 to 5 within it, 6 after it
  for (let i = 0; i < beginning.length; i++) {
    const symbol = beginning[i];
    if (!expected.includes(symbol)) return null;
    if (i === 0) expected = 'TP';
    else if (i === 1) expected = 'B';
    else if (node < 6) {
      node = i === 2 ? 0 : graph[node][symbol];
      expected = node < 6 ? Object.keys(graph[node]).join('') : beginning[1];
    } else expected = expected === 'E' ? '' : 'E';
  }
  return expected;
}

/** Whether a string belongs to the embedded Reber grammar. */
export function isEmbeddedReber(text: string): boolean {
  requireKinds('isEmbeddedReber', { text }, { text: 'text' });
  return embeddedReberNext(text) === '';
}

/**
 * Predict the next symbol of embedded Reber strings. `legal` is the fraction of strings in which the most probable symbol may follow at each step;
 * `strict` the fraction in which the k symbols that may follow are the k most probable ones at every step (the criterion
 * of 1997); `outer` the fraction in which the last T or P is right.
 */
export function embeddedReberProblem(): MemoryProblem {
  const V = reberSymbols.length;
  return {
    name: 'embedded-reber',
    inputSize: V,
    outputSize: V,
    asks: 'classes',
    memoryless: Math.LN2, // of the symbols that may follow there are at most two
    levels: 1,
    batch(random, request) {
      requireRequest('embeddedReberProblem.batch', random, request);
      const { rows } = request;
      const sequences = Array.from({ length: rows }, () =>
        Int32Array.from(embeddedReberString(random).split(''), (c) => reberSymbols.indexOf(c)),
      );
      const lengths = Int32Array.from(sequences, (s) => s.length - 1);
      const steps = Math.max(0, ...lengths);
      const target = new Int32Array(steps * rows).fill(ignored);
      for (const [b, s] of sequences.entries()) for (let t = 0; t + 1 < s.length; t++) target[t * rows + b] = s[t + 1];
      const inputs = sequences.map((s) => s.subarray(0, -1));
      return { steps, rows, input: oneHot(inputs, steps, V), lengths, target };
    },
    measure(output, batch) {
      requireMeasurable('embeddedReberProblem.measure', output, batch, V);
      const { target, rows, lengths } = batch;
      const counts = { legal: 0, strict: 0, outer: 0 };
      for (let b = 0; b < rows; b++) {
        const T = (lengths as Int32Array)[b];
        let beginning = 'B';
        let [legal, strict] = [true, true];
        for (let t = 0; t < T; t++) {
          const start = (t * rows + b) * V;
          const next = embeddedReberNext(beginning) as string;
          const best = reberSymbols[argmaxAt(output, start, V)];
          const order = reberSymbols.split('').toSorted((p, q) => likely(q, start) - likely(p, start));
          legal &&= next.includes(best);
          strict &&= order.slice(0, next.length).every((symbol) => next.includes(symbol));
          if (t === T - 2 && best === next) counts.outer++;
          beginning += reberSymbols[target[t * rows + b]];
        }
        if (legal) counts.legal++;
        if (strict) counts.strict++;
      }
      return { legal: counts.legal / rows, strict: counts.strict / rows, outer: counts.outer / rows };

      function likely(symbol: string, start: number): number {
        return output[start + reberSymbols.indexOf(symbol)];
      }
    },
  };
}
