import { expect, test } from 'vitest';
import { beamSearch } from '../decode/beam.ts';
import { beamTree, type BeamTreeNode } from './beam-tree.ts';
import type { RowStepper } from '../decode/row-stepper.ts';

const end = 3;

/** A model of four symbols: what follows depends on the symbols of the hypothesis, by a formula. */
function stepper(rows = 1): RowStepper {
  let texts: number[][] = [];
  return {
    vocabularySize: 4,
    rows,
    first: new Int32Array(rows),
    attention: null,
    reset: () => void (texts = Array.from({ length: rows }, () => [])),
    step(symbols, from) {
      texts = Array.from(symbols, (id, row) => [...texts[from[row]], id]);
      return Float32Array.from(texts.flatMap((ids) => logProbabilities(ids)));
    },
  };
}

function logProbabilities(ids: readonly number[]): number[] {
  const sum = ids.reduce((total, id, t) => total + (id + 1) * (t + 2), 0);
  const scores = [0, 1, 2, 3].map((id) => 2 * Math.sin(1.3 * sum + 2.1 * id));
  const total = Math.log(scores.reduce((all, score) => all + Math.exp(score), 0));
  return scores.map((score) => score - total);
}

const paths = (node: BeamTreeNode, before: readonly number[] = []): { ids: number[]; node: BeamTreeNode }[] =>
  node.children.flatMap((child) => {
    const ids = [...before, child.id];
    return [{ ids, node: child }, ...paths(child, ids)];
  });

test('the tree has every hypothesis that the search found, with its log-probability, and what was dropped', () => {
  const options = { beams: 2, end, maxLength: 6, suppressTokens: [0] };
  const { root, best } = beamTree(stepper(), options);
  expect(best).toEqual(beamSearch(stepper(), { ...options, nBest: 2 })[0]);
  const all = paths(root);
  for (const { ids, logProbability, ended } of best) {
    const text = [...ids, ...(ended ? [end] : [])].join();
    const found = all.find((path) => path.ids.join() === text);
    expect([found?.node.kept, found?.node.logProbability]).toEqual([true, logProbability]);
  }
  expect(all.some(({ node }) => !node.kept)).toBe(true);
  for (const { ids, node } of all) {
    expect(ids).not.toContain(0);
    const expected = ids.reduce((sum, id, t) => sum + logProbabilities([0, ...ids.slice(0, t)])[id], 0);
    expect(node.logProbability).toBeCloseTo(expected, 5);
    if (!node.kept) expect(node.children).toEqual([]);
  }
});

test('what could still go on when enough hypotheses have ended is dropped', () => {
  const sure: RowStepper = {
    vocabularySize: 3,
    rows: 1,
    first: Int32Array.of(0),
    attention: null,
    reset: () => {},
    step: () => Float32Array.from([0.3, 0.1, 0.6], Math.log),
  };
  const { root } = beamTree(sure, { end: 2, maxLength: 1 });
  expect(root.children.map(({ id, kept }) => [id, kept])).toEqual([
    [2, true],
    [0, false],
  ]);
});

test('with one beam the tree is the greedy text, and beside each symbol the second best', () => {
  const { root, best } = beamTree(stepper(), { end, maxLength: 4 });
  let node = root;
  for (const id of best[0].ids) {
    expect(node.children.map(({ kept }) => kept)).toEqual([true, false]);
    node = node.children[0];
    expect(node.id).toBe(id);
  }
});

test('several sequences have no one tree', () => {
  expect(() => beamTree(stepper(2))).toThrow('beamTree: stepper: expected one sequence to search, got 2');
});
