// The searches on models that are tables: greedy, drawn, and beams against every sequence there is.

import { describe, expect, test } from 'vitest';
import { AbortError } from '../errors.ts';
import { LanguageModel } from '../models/language-model.ts';
import { init } from '../nn/index.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { beamSearch, type BeamOptions } from './beam.ts';
import { GrowingRows, type Growth, type SampleSequencesOptions } from './growing-rows.ts';
import { sampleSequences } from './sample-sequences.ts';
import { generate } from './generate.ts';
import { LanguageRows } from '../models/language-rows.ts';
import type { RowStepper } from './row-stepper.ts';
import { stepperOf } from '../models/language-stepper.ts';

const greedySequences = (stepper: RowStepper, options: SampleSequencesOptions) =>
  sampleSequences(stepper, { ...options, greedy: true });

/** A model whose next symbol depends on the sequence's number and all that it has read, by formula. Looks at positions in turn. */
class TableStepper implements RowStepper {
  readonly vocabularySize: number;
  readonly rows: number;
  readonly first: Int32Array;
  attention: Float32Array[] | null = null;
  steps = 0;
  #read: { row: number; ids: number[] }[] = [];

  readonly #offset: number;

  /** Sequences `offset`, offset + 1, … */
  constructor(rows: number, vocabularySize = 4, offset = 0) {
    this.rows = rows;
    this.#offset = offset;
    this.first = new Int32Array(rows);
    this.vocabularySize = vocabularySize;
  }

  reset(): void {
    this.#read = Array.from({ length: this.rows }, (_, row) => ({ row: this.#offset + row, ids: [] }));
  }

  step(symbols: Int32Array, from: Int32Array): Float32Array {
    this.steps++;
    this.#read = Array.from(symbols, (id, k) => ({
      row: this.#read[from[k]].row,
      ids: [...this.#read[from[k]].ids, id],
    }));
    this.attention = this.#read.map(({ ids }) => Float32Array.from({ length: 3 }, (_, s) => +(ids.length % 3 === s)));
    return Float32Array.from(this.#read.flatMap(({ row, ids }) => logSoftmax(ids, row, this.vocabularySize)));
  }
}

function logSoftmax(ids: readonly number[], row: number, V: number): number[] {
  const key = ids.reduce((sum, id, t) => sum + (id + 1) * (t + 2) * 1.7, row * 3.1);
  const logits = Array.from({ length: V }, (_, v) => 1.5 * Math.sin(key * (v + 1) + v));
  const rest = Math.log(logits.reduce((sum, y) => sum + Math.exp(y), 0));
  return logits.map((y) => y - rest);
}

const end = 3;

/** Every sequence of symbols but the end up to this length, with ln p under the model, ended or cut. */
function* all(row: number, maxLength: number, V: number): Generator<{ ids: number[]; ended: boolean; p: number }> {
  const open: { ids: number[]; p: number }[] = [{ ids: [], p: 0 }];
  for (let node = open.pop(); node; node = open.pop()) {
    const { ids, p } = node;
    if (ids.length === maxLength) {
      yield { ids, ended: false, p };
      continue;
    }
    const next = logSoftmax([0, ...ids], row, V);
    for (let v = 0; v < V; v++) {
      if (v === end) yield { ids, ended: true, p: p + next[v] };
      else open.push({ ids: [...ids, v], p: p + next[v] });
    }
  }
}

const ids = (found: readonly { ids: Int32Array }[]) => found.map((d) => [...d.ids]);

describe('beam search', () => {
  test('one beam is greedy, whatever the length penalty', () => {
    for (const lengthPenalty of [0, 0.6]) {
      const beam = beamSearch(new TableStepper(20), { beams: 1, maxLength: 8, lengthPenalty }).flat();
      expect(ids(beam)).toEqual(ids(greedySequences(new TableStepper(20), { maxLength: 8 })));
    }
  });

  test.each([0, 0.7])('with a beam for every sequence it finds the best of all (length penalty %d)', (alpha) => {
    const found = beamSearch(new TableStepper(6), { beams: 200, nBest: 3, maxLength: 4, lengthPenalty: alpha });
    for (const [row, best] of found.entries()) {
      const ranked = [...all(row, 4, 4)]
        .map((s) => ({ ...s, score: s.p / ((5 + s.ids.length + +s.ended) / 6) ** alpha }))
        .sort((a, b) => b.score - a.score);
      for (const [k, one] of best.entries()) {
        expect([...one.ids]).toEqual(ranked[k].ids);
        expect(one.score).toBeCloseTo(ranked[k].score, 5);
        expect(one.logProbability).toBeCloseTo(ranked[k].p, 5);
        expect(one.ended).toBe(ranked[k].ended);
      }
    }
  });

  test('sequences in a batch are found as they are alone, and all beams take a step together', () => {
    const stepper = new TableStepper(5);
    const options = { beams: 3, nBest: 3, maxLength: 6, lengthPenalty: 0.6 };
    const together = beamSearch(stepper, options);
    expect(stepper.steps).toBeLessThanOrEqual(6);
    for (const [row, found] of together.entries())
      expect(ids(found)).toEqual(ids(beamSearch(new TableStepper(1, 4, row), options)[0]));
  });

  test('n-best are different and in order', () => {
    for (const found of beamSearch(new TableStepper(10), { beams: 4, nBest: 4, maxLength: 6 })) {
      expect(new Set(found.map((d) => `${d.ids} ${d.ended}`)).size).toBe(found.length);
      expect(found.map((d) => d.score)).toEqual(found.map((d) => d.score).sort((a, b) => b - a));
    }
  });

  test('a length penalty makes longer, a minimum length the shortest', () => {
    const mean = (options: BeamOptions) => {
      const found = beamSearch(new TableStepper(60), { beams: 4, maxLength: 10, ...options }).flat();
      return found.reduce((sum, d) => sum + d.ids.length, 0) / found.length;
    };
    expect(mean({ lengthPenalty: 1 })).toBeGreaterThan(mean({}));
    const found = beamSearch(new TableStepper(30), { beams: 3, minLength: 3, maxLength: 5 }).flat();
    expect(Math.min(...found.map((d) => d.ids.length))).toBeGreaterThanOrEqual(3);
    expect(Math.max(...found.map((d) => d.ids.length))).toBeLessThanOrEqual(5);
  });

  test('blocked n-grams do not repeat, and suppressed tokens do not occur', () => {
    const pairs = (row: Int32Array) => Array.from(row.slice(1), (id, i) => `${row[i]} ${id}`);
    for (const { ids: row } of beamSearch(new TableStepper(20), {
      beams: 3,
      maxLength: 9,
      end: null,
      blockNgrams: 2,
    }).flat())
      expect(new Set(pairs(row)).size).toBe(row.length - 1);
    for (const { ids: row } of beamSearch(new TableStepper(20), { beams: 3, maxLength: 9, suppressTokens: [1] }).flat())
      expect(row.includes(1)).toBe(false);
  });

  test('where nothing may follow, a sequence is cut', () => {
    const options = { maxLength: 9, end: null, blockNgrams: 1 };
    for (const found of [
      beamSearch(new TableStepper(3), options).flat(),
      greedySequences(new TableStepper(3), options),
    ])
      expect(found.map((d) => d.ids.toSorted())).toEqual(new Array(3).fill(Int32Array.of(0, 1, 2, 3)));
  });

  test('gives where each symbol was looked for, the end included', () => {
    for (const found of beamSearch(new TableStepper(8), { beams: 3, maxLength: 5 }).flat()) {
      expect(found.attention?.length).toBe(found.ids.length + +found.ended);
      found.attention?.forEach((row, t) => expect(row[(t + 1) % 3]).toBe(1));
    }
  });

  test('a coverage penalty asks for the whole source', () => {
    const seen = (coveragePenalty: number) =>
      beamSearch(new TableStepper(40), { beams: 6, maxLength: 8, coveragePenalty })
        .flat()
        .filter((d) => (d.attention as Float32Array[]).length >= 3).length; // three steps look at all three positions
    expect(seen(1)).toBeGreaterThan(seen(0));
  });

  test('a score is ln p over the length penalty, plus β Σ ln of how much of each position was looked at, best first', () => {
    for (const [lengthPenalty, coveragePenalty] of [
      [0, 0],
      [0.6, 0],
      [0, 0.5],
      [1, 2],
    ]) {
      // biome-ignore format: one line
      const options = { beams: 4, nBest: 4, maxLength: 6, lengthPenalty, coveragePenalty };
      for (const found of beamSearch(new TableStepper(12), options)) {
        for (const { ids, ended, logProbability, score, attention } of found) {
          const looked = [0, 1, 2].map((s) => (attention ?? []).reduce((sum, row) => sum + row[s], 0));
          const covered = looked.reduce((sum, a) => sum + (a >= 1 ? 0 : Math.log(1e-10)), 0); // all of it, or nothing
          const length = ids.length + (ended ? 1 : 0);
          expect(score).toBeCloseTo(
            logProbability / ((5 + length) / 6) ** lengthPenalty + coveragePenalty * covered,
            5,
          );
        }
        expect(found.map((d) => d.score)).toEqual(found.map((d) => d.score).toSorted((a, b) => b - a));
      }
    }
  });

  test.each<[BeamOptions, string]>([
    [{ beams: 0 }, 'beams: expected a whole number from 1, got 0'],
    [{ beams: 2, nBest: 3 }, 'nBest: expected a whole number from 1 to 2, the number of beams, got 3'],
    [{ lengthPenalty: -1 }, 'lengthPenalty: expected a number from 0, got -1'],
    [{ minLength: 9, maxLength: 3 }, 'minLength: expected at most maxLength 3, got 9'],
    [{ beam: 3 } as BeamOptions, 'beam: unknown option; did you mean beams?'],
  ])('refuses %o', (options, message) => {
    expect(() => beamSearch(new TableStepper(1), options)).toThrow(message);
  });
});

/** A model that is written down: the probabilities of x, y, z and the end after what was read. */
class WrittenStepper implements RowStepper {
  readonly vocabularySize = 4;
  readonly rows = 1;
  readonly first = Int32Array.of(0);
  readonly attention = null;
  steps = 0;
  readonly #table: Readonly<Record<string, readonly number[]>>;
  #read: string[] = [];

  constructor(table: Readonly<Record<string, readonly number[]>>) {
    this.#table = table;
  }

  reset(): void {
    this.#read = [];
  }

  step(symbols: Int32Array, from: Int32Array): Float32Array {
    this.#read = Array.from(symbols, (id, k) => (this.steps === 0 ? '' : this.#read[from[k]] + 'xyz'[id]));
    this.steps++;
    return Float32Array.from(
      this.#read.flatMap((read) => (this.#table[read] ?? [0.25, 0.25, 0.25, 0.25]).map(Math.log)),
    );
  }
}

// Two beams by hand. First x .5 and y .4 are the best. Then, of both together:
//
//   x end .30   done        x x .15   goes on        y end .14   third of all: not among the first two, so not done        y y .132   goes on
//
// Then y y end .132 · .98 = .12936 is the best of all, the second to be done, and the search is over.
const written = {
  '': [0.5, 0.4, 0.06, 0.04],
  x: [0.3, 0.06, 0.04, 0.6],
  y: [0.3, 0.33, 0.02, 0.35],
  xx: [0.5, 0.1, 0.1, 0.3],
  yy: [0.01, 0.005, 0.005, 0.98],
};

describe('by hand', () => {
  test('two beams: four candidates are looked at, and of them the first two may end', () => {
    const stepper = new WrittenStepper(written);
    const [found] = beamSearch(stepper, { beams: 2, nBest: 2, maxLength: 10 });
    expect(ids([...found])).toEqual([[0], [1, 1]]);
    expect(found.map((d) => Math.exp(d.logProbability))).toEqual([expect.closeTo(0.3, 6), expect.closeTo(0.12936, 6)]);
    expect(found.map((d) => d.ended)).toEqual([true, true]);
    expect(stepper.steps).toBe(3);
  });

  test('three beams end as often as three have, the last one when it is cut', () => {
    const [found] = beamSearch(new WrittenStepper(written), { beams: 3, nBest: 3, maxLength: 2 });
    // The first three of the second step are x end, x x and y end; y y goes on, and x x and y y are cut at two symbols.
    expect(found.map((d) => [...d.ids].join(''))).toEqual(['0', '00', '1']);
    expect(found.map((d) => d.ended)).toEqual([true, false, true]);
  });

  test('greedy, with its limits', () => {
    const greedy = (options: BeamOptions) => {
      const [{ ids: row, logProbability, ended }] = greedySequences(new WrittenStepper(written), options);
      return [[...row].join(''), Number(Math.exp(logProbability).toFixed(6)), ended];
    };
    expect(greedy({})).toEqual(['0', 0.3, true]);
    expect(greedy({ minLength: 1 })).toEqual(['0', 0.3, true]);
    expect(greedy({ minLength: 2, maxLength: 2 })).toEqual(['00', 0.15, false]);
    expect(greedy({ maxLength: 1 })).toEqual(['0', 0.5, false]);
    expect(greedy({ maxLength: 1, end: null })).toEqual(['0', 0.5, true]);
    expect(greedy({ maxLength: 0 })).toEqual(['', 1, false]);
    expect(greedy({ suppressTokens: [0, 3] })).toEqual(['1', Number((0.4 * 0.35).toFixed(6)), true]); // the end may always come
  });

  test('with every continuation forbidden there is the empty sequence, which has not ended', () => {
    const limits = { suppressTokens: [0, 1, 2], minLength: 1 };
    const [[{ ids: row, ended, logProbability }]] = beamSearch(new WrittenStepper(written), limits);
    expect([[...row], ended, logProbability]).toEqual([[], false, 0]);
  });

  test('a score that is not a number is refused, wherever it stands', () => {
    for (const beams of [1, 3])
      for (const read of ['', 'x']) {
        const table = { ...written, [read]: [0.3, Number.NaN, 0.2, 0.1] };
        expect(() => beamSearch(new WrittenStepper(table), { beams })).toThrow(
          `a score at length ${read.length} is NaN; it began in the score of symbol 1`,
        );
      }
  });

  test('a draw has the probability of what was drawn, not of what it was drawn from', () => {
    for (const topK of [1, 3]) {
      const [{ ids: row, logProbability, ended }] = sampleSequences(new WrittenStepper(written), {
        topK,
        maxLength: 2,
        seed: 3,
      });
      const read = [...row].map((id) => 'xyz'[id]).join('');
      let p = 1;
      for (let t = 0; t < read.length; t++) p *= written[read.slice(0, t) as keyof typeof written][row[t]];
      if (ended) p *= written[read as keyof typeof written][3];
      expect(Math.exp(logProbability)).toBeCloseTo(p, 6);
    }
  });

  test.each<[object, string]>([
    [{ end: 'x' }, 'end: expected the number of a symbol or null, got "x"'],
    [{ suppressTokens: 3 }, 'suppressTokens: expected a list of numbers of symbols, got 3'],
    [{ suppressTokens: ['a'] }, 'suppressTokens: expected a list of numbers of symbols'],
    [{ maxLength: 1.5 }, 'maxLength: expected a whole number from 0, got 1.5'],
    [{ minLength: -1 }, 'minLength: expected a whole number from 0, got -1'],
  ])('%o is refused', (options, message) => {
    for (const search of [beamSearch, greedySequences, sampleSequences])
      expect(() => search(new WrittenStepper(written), options)).toThrow(message);
  });
});

describe('drawing', () => {
  test('the same seed draws the same, whatever the company of a row', () => {
    const options = { maxLength: 12, seed: 5, temperature: 1.2 };
    const many = sampleSequences(new TableStepper(6), options);
    expect(ids(sampleSequences(new TableStepper(6), options))).toEqual(ids(many));
    expect(ids(sampleSequences(new TableStepper(2), options))).toEqual(ids(many).slice(0, 2));
    expect(ids(sampleSequences(new TableStepper(6), { ...options, seed: 6 }))).not.toEqual(ids(many));
  });

  test('sequences come as often as they are likely', () => {
    const counts = new Map<string, number>();
    const draws = 3000;
    for (let seed = 0; seed < draws; seed++) {
      const [{ ids: row, ended }] = sampleSequences(new TableStepper(1), { maxLength: 2, seed });
      const key = `${[...row]} ${ended}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const { ids: row, ended, p } of all(0, 2, 4)) {
      const [share, expected] = [(counts.get(`${row} ${ended}`) ?? 0) / draws, Math.exp(p)];
      expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / draws) + 1e-3);
    }
  });
});

describe('rows that grow together', () => {
  const settings: [string, SampleSequencesOptions][] = [
    ['drawn', { seed: 4, maxLength: 6 }],
    ['greedy', { greedy: true, maxLength: 6 }],
    ['cut', { greedy: true, maxLength: 1 }],
    ['of no symbols', { maxLength: 0 }],
    ['that never ends', { end: null, maxLength: 7, seed: 2 }],
    ['with limits', { seed: 1, minLength: 2, suppressTokens: [0], maxLength: 5 }],
    ['that is stuck', { end: null, blockNgrams: 1, maxLength: 9 }],
  ];

  /** What each row is given, from its first symbol to its last. */
  function grown(rows: GrowingRows): Growth[][] {
    const all: Growth[][] = [];
    while (rows.live > 0)
      for (const growth of rows.step()) {
        all[growth.row] ??= [];
        if (growth.id !== null) all[growth.row].push(growth);
        else if (growth.error) throw growth.error;
      }
    return all;
  }

  test.each(settings)('give a row alone what is sampled at once: %s', (_name, options) => {
    for (let offset = 0; offset < 6; offset++) {
      const [whole] = sampleSequences(new TableStepper(2, 4, offset), options);
      const symbols = grown(new GrowingRows('rows', new TableStepper(2, 4, offset), [options]))[0] ?? [];
      const ended = symbols.filter(({ isEnd }) => isEnd).length;
      expect(symbols.filter(({ isEnd }) => !isEnd).map(({ id }) => id)).toEqual([...whole.ids]);
      expect(ended).toBe(+(whole.ended && !('end' in options)));
      if (ended > 0) expect(symbols.at(-1)).toMatchObject({ id: end, isEnd: true, isLast: true });
      expect(symbols.reduce((sum, s) => sum + s.logProbability, 0)).toBeCloseTo(whole.logProbability, 5);
      expect(symbols.map((s) => s.attention)).toEqual(whole.attention ?? []);
    }
  });

  test('give each what it is alone, whatever the options of the others', () => {
    const all = settings.map(([, options]) => options);
    const together = grown(new GrowingRows('rows', new TableStepper(all.length), all));
    for (const [row, options] of all.entries()) {
      const alone = grown(new GrowingRows('rows', new TableStepper(1, 4, row), [options]))[0] ?? [];
      expect((together[row] ?? []).map((growth) => ({ ...growth, row: 0 }))).toEqual(alone);
    }
  });

  test('go on when one of them is stopped by its signal, or cannot be continued', () => {
    const signal = { aborted: false };
    const rows = new GrowingRows('rows', new WrittenStepper({ '': [0, 0, 0, 0] }), [{ maxLength: 3 }]);
    expect(rows.step()).toMatchObject([{ row: 0, id: null, error: { name: 'NonFiniteError' } }]);
    expect(rows.live).toBe(0);
    const options = { end: null, maxLength: 4, greedy: true };
    const two = new GrowingRows('rows', new TableStepper(3), [options, { ...options, signal }, options]);
    const first = two.step();
    signal.aborted = true;
    const second = two.step();
    expect(first.map(({ row }) => row)).toEqual([0, 1, 2]);
    expect(second).toMatchObject([{ row: 1, error: { name: 'AbortError' } }, { row: 0 }, { row: 2 }]);
    const alone = grown(new GrowingRows('rows', new TableStepper(1, 4, 2), [options]))[0];
    const rest = [...first, ...second, ...two.step(), ...two.step()].filter(({ row }) => row === 2);
    expect(rest.map(({ id }) => id)).toEqual(alone.map(({ id }) => id));
  });

  test('of scores that are all −∞ are refused as they are elsewhere', () => {
    const nothing = () => new WrittenStepper({ '': [0, 0, 0, 0] });
    for (const read of [() => grown(new GrowingRows('rows', nothing(), [{}])), () => sampleSequences(nothing())])
      expect(read).toThrow('all 4 scores are -Infinity, so no symbol can come');
  });

  test.each<[object, string]>([
    [{ maxLength: -1 }, 'rows: maxLength: expected a whole number from 0, got -1'],
    [{ topp: 1 }, 'rows: topp: unknown option; did you mean topP?'],
  ])('refuse %o', (options, message) => {
    expect(() => new GrowingRows('rows', new TableStepper(1), [options])).toThrow(message);
  });
});

describe('a language model', () => {
  const make = () => {
    manualSeed(8);
    const model = new LanguageModel(6, { cell: 'lstm', hiddenSize: 7, numLayers: 2 });
    for (const p of model.parameters()) init.uniform(p, -1, 1);
    return model.eval();
  };
  const prompts = [[1], [2, 5, 3, 0], [4, 4]];

  test('goes on greedily as it does symbol by symbol, and with one beam', () => {
    const model = make();
    const options = { end: null, maxLength: 12 };
    const alone = prompts.map((prompt) => [...generate(stepperOf(model), prompt, { length: 12, greedy: true })]);
    expect(ids(greedySequences(new LanguageRows(model, prompts), options))).toEqual(alone);
    expect(ids(beamSearch(new LanguageRows(model, prompts), options).flat())).toEqual(alone);
  });

  test('with more beams finds what is at least as likely', () => {
    const model = make();
    const p = (beams: number) =>
      beamSearch(new LanguageRows(model, prompts), { beams, end: 5, maxLength: 3 }).map(([d]) => d.logProbability);
    const [one, all] = [p(1), p(250)];
    for (const [k, best] of all.entries()) expect(best).toBeGreaterThanOrEqual(one[k] - 1e-6);
  });

  test('a prompt without symbols is refused', () => {
    expect(() => new LanguageRows(make(), [[1], []])).toThrow('prompt 1 has no symbols');
  });
});

test('a signal ends every search between two steps', () => {
  const searches: ((stepper: RowStepper, options: { maxLength: number; signal: { aborted: boolean } }) => unknown)[] = [
    (stepper, options) => beamSearch(stepper, { ...options, beams: 3, minLength: 20 }),
    (stepper, options) => sampleSequences(stepper, { ...options, minLength: 20 }),
    (stepper, options) => {
      const rows = new GrowingRows('rows', stepper, [{ ...options, minLength: 20 }]);
      for (;;) for (const growth of rows.step()) if (growth.id === null) throw growth.error;
    },
  ];
  for (const search of searches) {
    const stepper = new TableStepper(2);
    const signal = {
      get aborted() {
        return stepper.steps === 3;
      },
    };
    expect(() => search(stepper, { maxLength: 20, signal })).toThrow(AbortError);
    expect(stepper.steps).toBe(3);
  }
});
