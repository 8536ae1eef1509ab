// Beam search: the most probable sequence is not made of the most probable symbols, so the best few hypotheses are extended in parallel.
//
//   score = ln p / lp + cp        lp = ((5 + length) / 6)^α                        length penalty   (GNMT, Wu et al. 2016, eq. 14;
//                                 cp = β Σ_s ln min(Σ_t attention_ts, 1)           coverage penalty  length counts the end)
//
// All beams of all sequences take a step together. A sequence is done when `beams` of its hypotheses have ended; unfinished hypotheses at the
// maximum length are cut and ranked with the others.

import { throwIfAborted } from '../abort.ts';
import { requireKinds, shown } from '../checks.ts';
import { checkOptions, NonFiniteError, OptionError } from '../errors.ts';
import { completeLimits, forbid, type LimitOptions, type Limits, limitOptions } from './limits.ts';
import { type DecodedSequence, type RowStepper, rowStepperKind } from './row-stepper.ts';

/** Options of `beamSearch`. */
export interface BeamOptions extends LimitOptions {
  /** Beam width: hypotheses kept at each step for each sequence. Default 1: greedy. */
  readonly beams?: number;
  /** Number of hypotheses returned, at most `beams`. Default 1. */
  readonly nBest?: number;
  /** Length penalty α: 0 ranks by log-probability, which favors short outputs; GNMT uses 0.6 to 0.7. Default 0. */
  readonly lengthPenalty?: number;
  /** Coverage penalty β, for models with attention: above 0 favors hypotheses that attend to the whole source; GNMT uses 0.2. Default 0. */
  readonly coveragePenalty?: number;
}

interface Hypothesis {
  readonly ids: readonly number[];
  readonly logProbability: number;
  /** Its row in the last step. */
  readonly row: number;
  readonly looked: readonly Float32Array[];
  readonly ended: boolean;
}

/** A hypothesis and its next symbol. */
interface Candidate {
  readonly parent: Hypothesis;
  /** Row of the parent in this step. */
  readonly row: number;
  readonly symbol: number;
  readonly logProbability: number;
}

interface Search {
  live: Hypothesis[];
  readonly done: Hypothesis[];
}

/**
 * The best sequences for every row of the stepper, sorted by score.
 *
 *     const [best, second] = beamSearch(stepper, { beams: 5, nBest: 2, lengthPenalty: 0.6 })[0];
 */
export function beamSearch(stepper: RowStepper, options: BeamOptions = {}): DecodedSequence[][] {
  requireKinds('beamSearch', { stepper, options }, { stepper: rowStepperKind, options: 'object' });
  const who = 'beamSearch';
  checkOptions(who, options, [...limitOptions, 'beams', 'nBest', 'lengthPenalty', 'coveragePenalty']);
  const { beams = 1, nBest = 1, lengthPenalty = 0, coveragePenalty = 0 } = options;
  if (!(Number.isInteger(beams) && beams > 0))
    throw new OptionError(who, 'beams', `expected a whole number from 1, got ${shown(beams)}`);
  if (!(Number.isInteger(nBest) && nBest > 0 && nBest <= beams))
    throw new OptionError(
      who,
      'nBest',
      `expected a whole number from 1 to ${beams}, the number of beams, got ${shown(nBest)}`,
    );
  for (const [name, n] of Object.entries({ lengthPenalty, coveragePenalty }))
    if (!(typeof n === 'number' && n >= 0 && n < Infinity))
      throw new OptionError(who, name, `expected a number from 0, got ${shown(n)}`);
  const limits = completeLimits(who, options);
  const searches: Search[] = Array.from({ length: stepper.rows }, (_, row) => ({
    live: [{ ids: [], logProbability: 0, row, looked: [], ended: false }],
    done: [],
  }));
  stepper.reset();
  for (let length = 0; length < limits.maxLength; length++) {
    const live = searches.flatMap((s) => s.live);
    if (live.length === 0) break;
    throwIfAborted(who, limits.signal);
    const scores = stepper.step(
      Int32Array.from(live, (h) => h.ids.at(-1) ?? stepper.first[h.row]),
      Int32Array.from(live, (h) => h.row),
    );
    let row = 0;
    for (const search of searches) {
      const candidates = best(search.live, row, scores, stepper.vocabularySize, 2 * beams, limits);
      row += search.live.length;
      advance(search, candidates, beams, limits.end, stepper.attention);
    }
  }
  return searches.map(({ done, live }) =>
    [...done, ...live.map((h) => ({ ...h, ended: limits.end === null }))]
      .map((h) => decoded(h, stepper.attention !== null, lengthPenalty, coveragePenalty))
      .sort((a, b) => b.score - a.score)
      .slice(0, nBest),
  );
}

/** The `count` most probable continuations of these hypotheses, whose rows begin at `first`, sorted by probability; ties in order. */
function best(
  live: readonly Hypothesis[],
  first: number,
  scores: Float32Array,
  V: number,
  count: number,
  limits: Limits,
): Candidate[] {
  const found: Candidate[] = [];
  let least = -Infinity; // lowest score among those found, once there are enough
  for (const [k, parent] of live.entries()) {
    const row = first + k;
    const own = scores.subarray(row * V, (row + 1) * V);
    forbid(own, parent.ids, limits);
    for (let symbol = 0; symbol < V; symbol++) {
      const logProbability = parent.logProbability + own[symbol];
      if (logProbability <= least) continue;
      if (Number.isNaN(logProbability))
        throw new NonFiniteError(`the score of symbol ${symbol}`, `a score at length ${parent.ids.length} is NaN`);
      let at = found.length;
      while (at > 0 && found[at - 1].logProbability < logProbability) at--;
      found.splice(at, 0, { parent, row, symbol, logProbability });
      if (found.length > count) found.pop();
      if (found.length === count) least = found[count - 1].logProbability;
    }
  }
  return found;
}

/** Candidates among the first `beams` that end are done; the best others continue. */
function advance(
  search: Search,
  candidates: readonly Candidate[],
  beams: number,
  end: number | null,
  attention: RowStepper['attention'],
): void {
  const next: Hypothesis[] = [];
  for (const [rank, { parent, row, symbol, logProbability }] of candidates.entries()) {
    if (next.length === beams) break;
    const looked = attention ? [...parent.looked, attention[row]] : [];
    if (symbol !== end) next.push({ ids: [...parent.ids, symbol], logProbability, row, looked, ended: false });
    else if (rank < beams) search.done.push({ ids: parent.ids, logProbability, row, looked, ended: true });
  }
  if (candidates.length === 0) search.done.push(...search.live); // no continuation is allowed
  search.live = search.done.length >= beams ? [] : next;
}

function decoded(
  { ids, logProbability, ended, looked }: Hypothesis,
  attends: boolean,
  alpha: number,
  beta: number,
): DecodedSequence {
  const length = ids.length + (ended ? 1 : 0);
  const score = logProbability / ((5 + length) / 6) ** alpha + (beta > 0 && attends ? beta * coverage(looked) : 0);
  return { ids: Int32Array.from(ids), logProbability, score, ended, attention: attends ? looked : null };
}

/** Σ_s ln min(Σ_t attention_ts, 1) */
function coverage(looked: readonly Float32Array[]): number {
  const S = looked[0]?.length ?? 0;
  let sum = 0;
  for (let s = 0; s < S; s++) {
    const seen = looked.reduce((total, row) => total + row[s], 0);
    sum += Math.log(Math.max(Math.min(seen, 1), 1e-10)); // not −∞ for a position without attention
  }
  return sum;
}
