// Many to one, then one to many: all that the decoder knows of the source is the encoder's last state, unless it attends. Strings to be reversed show
// it best: the first letter that is written is the one read last, and the last one that of longest ago.

import { beamTree, type BeamTreeNode } from '../analysis/index.ts';
import { makeReversals } from '../data/index.ts';
import {
  Adam,
  cosineSchedule,
  fit,
  manualSeed,
  noGrad,
  scope,
  Seq2Seq,
  Seq2SeqStepper,
  translateTask,
} from '../index.ts';
import type { LessonFigure, TreeNode } from './figures.ts';
import { lessonOf, type Measuring } from './lesson.ts';
import { fixed, percent } from './numbers.ts';
import { type BeamNode, type TranslateValues, type TranslateWords, translateWords } from './words/translate.ts';

const [length, alphabet, count, tests, hiddenSize, lr, beams] = [10, 'abcdefgh', 4000, 200, 48, 6e-3, 2];

/** Padding, unknown, start and end come first. No string has the first two, and no search may write them. */
const symbols = ['(pad)', '(unknown)', '▸', 'END', ...Array.from(alphabet)];
const suppressTokens = [0, 1];

interface Data {
  readonly sources: number[][];
  readonly targets: number[][];
  readonly strings: readonly { readonly source: string; readonly target: string }[];
}

function data(): Data {
  const strings = makeReversals(count + tests, 1, { minLength: length, maxLength: length, alphabet });
  const ids = (text: string) => Array.from(text, (letter) => symbols.indexOf(letter));
  return {
    strings,
    sources: strings.map(({ source }) => ids(source)),
    targets: strings.map(({ target }) => ids(target)),
  };
}

async function train(
  { sources, targets }: Data,
  decoder: 'plain' | 'general',
  steps: number,
  progress: (part: number) => Promise<void>,
) {
  manualSeed(1);
  const size = symbols.length;
  const model = new Seq2Seq({ sourceVocabulary: size, targetVocabulary: size, decoder, hiddenSize, embeddingDim: 16 });
  const task = translateTask(model, {
    train: { sources: sources.slice(0, count), targets: targets.slice(0, count) },
    batchSize: 32,
    seed: 1,
  });
  await fit(task, {
    optimizer: new Adam(model.parameters(), { lr }),
    schedule: cosineSchedule(lr, { steps }),
    steps,
    clipNorm: 1,
    onEvent: (event) => (event.type === 'step' && event.step % 10 === 0 ? progress(event.step / steps) : undefined),
  });
  model.eval();
  return model;
}

/** Share of strings without a mistake, and of letters, when the model reads its own letters; and of letters when it reads the true ones. */
function evaluate(model: Seq2Seq, { sources, targets }: Data) {
  const [asked, wanted] = [sources.slice(count), targets.slice(count)];
  const own = model.translate(asked, { suppressTokens }).map(([{ ids }]) => [...ids]);
  const exact = own.filter((ids, k) => ids.join() === wanted[k].join()).length / wanted.length;
  const right = (of: (row: number, t: number) => number) =>
    wanted.reduce((sum, row, k) => sum + row.filter((id, t) => of(k, t) === id).length, 0) / (wanted.length * length);
  const forced = scope(() =>
    noGrad(() => {
      const { logits } = model.forward(model.batch(asked, wanted)); // [T, B, V]
      return logits.argmax(2).toArray() as number[][];
    }),
  );
  return { exact, ownLetters: right((k, t) => own[k][t]), forcedLetters: right((k, t) => forced[t][k]) };
}

/** A beam search of width `beams` with what it dropped. */
function treeOf(model: Seq2Seq, source: readonly number[], symbolOf: (id: number) => string): BeamNode {
  const { start, end } = model.config;
  const plain = ({ id, logProbability, kept, children }: BeamTreeNode): BeamNode => ({
    symbol: symbolOf(id),
    logProbability,
    kept,
    children: children.map(plain),
  });
  return scope(() =>
    noGrad(() => {
      const options = { beams, end, maxLength: length + 1, suppressTokens: [start, ...suppressTokens] };
      return plain(beamTree(new Seq2SeqStepper(model, [source]), options).root);
    }),
  );
}

export const translate = lessonOf<TranslateValues, TranslateWords>({
  name: 'translate',
  words: translateWords,
  async measure({ steps: stepsOf, progress }: Measuring) {
    const made = data();
    const steps = stepsOf(400);
    const plainModel = await train(made, 'plain', steps, (p) => progress(p / 2));
    const attending = await train(made, 'general', steps, (p) => progress(0.5 + p / 2));
    const symbolOf = (id: number) => symbols[id];
    const asked = made.sources.slice(count);
    const [shown] = attending.translate([asked[0]], { suppressTokens })[0];
    const text = (ids: Iterable<number>) => Array.from(ids, symbolOf).join('');
    // A string for which looking at two hypotheses finds a more probable one than taking the best letter each time.
    const greedy = plainModel.translate(asked, { suppressTokens }).map(([best]) => best);
    const wide = plainModel.translate(asked, { beams, suppressTokens }).map(([best]) => best);
    const gain = asked.map((_, k) => wide[k].logProbability - greedy[k].logProbability);
    const example = Math.max(
      0,
      gain.findIndex((g) => g > 1e-4),
    );
    return {
      length,
      letters: alphabet.length,
      steps,
      tests,
      plain: evaluate(plainModel, made),
      attention: evaluate(attending, made),
      map: {
        source: made.strings[count].source,
        target: text(shown.ids),
        weights: (shown.attention ?? []).slice(0, shown.ids.length).map((row) => Array.from(row)),
      },
      search: {
        source: made.strings[count + example].source,
        target: made.strings[count + example].target,
        beams,
        greedy: { text: text(greedy[example].ids), logProbability: greedy[example].logProbability },
        beam: { text: text(wide[example].ids), logProbability: wide[example].logProbability },
        better: gain.filter((g) => g > 1e-4).length / asked.length,
        tree: treeOf(plainModel, asked[example], symbolOf),
      },
    };
  },
  answer: ({ plain, attention }) => (attention.exact < 0.8 ? 1 : plain.exact < 0.8 ? 0 : 2),
  figures: (v, t): LessonFigure[] => {
    const node = ({ symbol, logProbability, kept, children }: BeamNode): TreeNode => ({
      label: symbol,
      text: fixed(logProbability, 2),
      kept,
      children: children.map(node),
    });
    return [
      {
        kind: 'table',
        header: t.header,
        rows: [
          [t.without, percent(v.plain.exact), percent(v.plain.ownLetters), percent(v.plain.forcedLetters)],
          [t.with, percent(v.attention.exact), percent(v.attention.ownLetters), percent(v.attention.forcedLetters)],
        ],
      },
      {
        kind: 'grids',
        title: t.map(v.map.source, v.map.target),
        grids: [
          {
            name: 'α',
            rows: Array.from(v.map.target),
            columns: Array.from(v.map.source),
            values: v.map.weights,
          },
        ],
      },
      {
        kind: 'table',
        title: t.search(v.search.source),
        header: t.searchHeader,
        rows: [
          [t.greedy, v.search.greedy.text, fixed(v.search.greedy.logProbability, 2)],
          [t.beam(v.search.beams), v.search.beam.text, fixed(v.search.beam.logProbability, 2)],
        ],
      },
      { kind: 'tree', title: t.tree, roots: [node(v.search.tree)] },
    ];
  },
});
