// Log-probabilities of a sampled symbol and of the most probable ones, from the logits.

/** A symbol and its log-probability. */
export interface ScoredSymbol {
  readonly id: number;
  readonly logprob: number;
}

/** The log-probability of a symbol, and the most probable symbols, sorted by probability. */
export interface SymbolScores extends ScoredSymbol {
  readonly top: readonly ScoredSymbol[];
}

/** log softmax(logits) of symbol `id` and of the `count` most probable ones; of equals the first comes first. Temperature 1. */
export function symbolScores(logits: Float32Array, id: number, count: number): SymbolScores {
  let largest = -Infinity;
  for (const y of logits) if (y > largest) largest = y;
  let sum = 0;
  for (const y of logits) sum += Math.exp(y - largest);
  const shift = largest + Math.log(sum);
  const top: number[] = [];
  for (let v = 0; v < logits.length && count > 0; v++) {
    if (top.length === count && !(logits[v] > logits[top[count - 1]])) continue;
    let at = Math.min(top.length, count - 1);
    while (at > 0 && logits[v] > logits[top[at - 1]]) at--;
    top.splice(at, 0, v);
    if (top.length > count) top.pop();
  }
  const scored = (v: number): ScoredSymbol => ({ id: v, logprob: logits[v] - shift });
  return { ...scored(id), top: top.map(scored) };
}
