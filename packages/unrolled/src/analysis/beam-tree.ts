// A beam search and what it left behind: the hypotheses that were kept at every step, and the best of those that were not. The search is `beamSearch`
// itself; what it asked of the model is written down on the way, so that the tree cannot differ from what was found.

import { requireKinds } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { type BeamOptions, beamSearch } from '../decode/beam.ts';
import type { DecodedSequence, RowStepper } from '../decode/row-stepper.ts';

/** A hypothesis of a beam search: its last symbol, and what it was continued with. */
export interface BeamTreeNode {
  readonly id: number;
  /** Log-probability of all symbols up to this one. */
  readonly logProbability: number;
  /** Whether it stayed in the beam, or ended there. */
  readonly kept: boolean;
  /** Sorted by probability. */
  readonly children: readonly BeamTreeNode[];
}

/** A beam search with its tree. */
export interface BeamTree {
  /** The start symbol. */
  readonly root: BeamTreeNode;
  /** What `beamSearch` returns: the best hypotheses, sorted by score. */
  readonly best: readonly DecodedSequence[];
}

interface Building extends BeamTreeNode {
  kept: boolean;
  readonly children: Building[];
}

/** One call of the model: the hypotheses that it continued, and the log-probabilities of what comes after them. */
interface Frame {
  readonly nodes: readonly Building[];
  readonly scores: Float32Array;
}

/**
 * Searches as `beamSearch` does, for one sequence, and returns the tree of the search: at every step the hypotheses in the beam and as many of the best
 * that were dropped.
 *
 *     const { root, best } = beamTree(new Seq2SeqStepper(model, [source]), { beams: 3, end: 3, maxLength: 20 });
 *
 * Throws an OptionError for a stepper of several sequences, and what `beamSearch` throws.
 */
export function beamTree(stepper: RowStepper, options: BeamOptions = {}): BeamTree {
  requireKinds(
    'beamTree',
    { stepper, options },
    { stepper: { rows: 'number', vocabularySize: 'number', first: 'numbers', step: 'function' }, options: 'object' },
  );
  if (stepper.rows !== 1)
    throw new OptionError('beamTree', 'stepper', `expected one sequence to search, got ${stepper.rows}`);
  const root: Building = { id: stepper.first[0], logProbability: 0, kept: true, children: [] };
  const frames: Frame[] = [];
  const V = stepper.vocabularySize;
  const recording: RowStepper = {
    vocabularySize: V,
    rows: 1,
    first: stepper.first,
    get attention() {
      return stepper.attention;
    },
    reset: () => stepper.reset(),
    step(symbols, from) {
      const last = frames.at(-1);
      const nodes = Array.from(symbols, (id, row) => (last ? childOf(last, from[row], id, V) : root));
      const scores = stepper.step(symbols, from);
      frames.push({ nodes, scores });
      return scores;
    },
  };
  const best = beamSearch(recording, { ...options, nBest: options.beams ?? 1 })[0];
  const { beams = 1, end = null, maxLength } = options;
  let ended = 0;
  for (const [k, frame] of frames.entries())
    ended = addOthers(frame, V, { beams, end, ended, isLast: k + 1 === maxLength });
  return { root, best };
}

/** The hypothesis that continues row `row` with symbol `id`. */
function childOf({ nodes, scores }: Frame, row: number, id: number, V: number): Building {
  const parent = nodes[row];
  const node = { id, logProbability: parent.logProbability + scores[row * V + id], kept: true, children: [] };
  parent.children.push(node);
  return node;
}

/**
 * Adds what was not continued: it ended, was cut at the maximum length, or was dropped. The search has set what is forbidden to −∞. Returns how many
 * hypotheses have ended by now: with as many as the beam is wide the search is over, and what could still be continued is dropped.
 */
function addOthers(
  { nodes, scores }: Frame,
  V: number,
  search: { readonly beams: number; readonly end: number | null; readonly ended: number; readonly isLast: boolean },
): number {
  const { beams, end, isLast } = search;
  const candidates = nodes.flatMap((parent, row) =>
    Array.from({ length: V }, (_, id) => ({
      parent,
      id,
      logProbability: parent.logProbability + scores[row * V + id],
    })),
  );
  const best = candidates
    .filter(({ logProbability }) => logProbability > -Infinity)
    .sort((a, b) => b.logProbability - a.logProbability)
    .slice(0, 2 * beams);
  const ended = search.ended + best.slice(0, beams).filter(({ id }) => id === end).length;
  let cut = 0;
  for (const [rank, { parent, id, logProbability }] of best.entries()) {
    if (parent.children.some((child) => child.id === id)) continue;
    const kept = id === end ? rank < beams : isLast && ended < beams && cut++ < beams;
    parent.children.push({ id, logProbability, kept, children: [] });
  }
  for (const { children } of nodes) children.sort((a, b) => b.logProbability - a.logProbability);
  return ended;
}
