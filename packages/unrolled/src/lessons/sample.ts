// From a score to a letter: the loop of generation, one letter at a time, and why the most probable letter is a bad choice for a text.

import { makeStories, StreamBatcher, Vocabulary } from '../data/index.ts';
import {
  Adam,
  fit,
  generate,
  LanguageModel,
  languageTask,
  manualSeed,
  Random,
  Sampler,
  stepperOf,
  tensor,
} from '../index.ts';
import { exactly } from './exactly.ts';
import type { LessonFigure } from './figures.ts';
import { scores, symbols, targets } from './hello-network.ts';
import { lessonOf } from './lesson.ts';
import { fixed, percent } from './numbers.ts';
import { type SampleValues, type SampleWords, sampleWords } from './words/sample.ts';

const [length, pieceLength, loopSteps] = [600, 8, 5];
const first = 'A'; // the letter that the loop begins with
const ways = [
  { name: 'argmax', temperature: null },
  { name: 'τ = 0.5', temperature: 0.5 },
  { name: 'τ = 1', temperature: 1 },
  { name: 'τ = 2', temperature: 2 },
] as const;

export const sample = lessonOf<SampleValues, SampleWords>({
  name: 'sample',
  words: sampleWords,
  async measure({ steps: stepsOf, progress }) {
    const hello = await exactly(() => {
      const [p] = tensor([scores[0]]).softmax().toArray() as number[][];
      return { target: p[targets[0]], best: Math.max(...p), letter: symbols[p.indexOf(Math.max(...p))] };
    });
    const steps = stepsOf(400);
    const text = makeStories(400_000, 1);
    const vocabulary = Vocabulary.fromText(text);
    manualSeed(1);
    const model = new LanguageModel(vocabulary.size, { cell: 'gru', hiddenSize: 96, numLayers: 1 });
    const train = new StreamBatcher(vocabulary.encode(text), { streams: 16, windowLength: 48 });
    const { smoothLoss } = await fit(languageTask(model, { train }), {
      optimizer: new Adam(model.parameters(), { lr: 6e-3 }),
      steps,
      clipNorm: 1,
      onEvent: (event) => (event.type === 'step' && event.step % 10 === 0 ? progress(event.step / steps) : undefined),
    });
    model.eval();
    const prompt = text.slice(0, pieceLength);
    const next = afterFirst(model, vocabulary);
    const drawn = ways.map(({ name, temperature }) => {
      const options = temperature === null ? { greedy: true } : { temperature };
      const ids = [...generate(stepperOf(model), vocabulary.encode(prompt), { length, seed: 3, ...options })];
      return {
        name,
        probability: next.probability(temperature),
        text: vocabulary.decode(ids),
        different: differentPieces(ids),
        period: periodOf(ids),
        pieces: variety(ids),
      };
    });
    return {
      hello,
      steps,
      loss: smoothLoss,
      length,
      prompt,
      loop: loopOf(model, vocabulary),
      next: { after: first, symbol: next.symbol },
      ways: drawn,
    };
  },
  answer: ({ ways: [argmax] }) => Number(argmax.different < 0.5),
  figures: ({ prompt, loop, next, ways: drawn }, t): LessonFigure[] => [
    {
      kind: 'unrolled',
      title: t.loop,
      feedback: true,
      steps: loop.map(({ reads, top, drawn: letter }) => ({
        input: [shown(reads)],
        state: ['h'],
        output: [...top.map(({ symbol, p }) => `${shown(symbol)} ${fixed(p, 2)}`), `→ ${shown(letter)}`],
      })),
    },
    {
      kind: 'table',
      title: t.ways,
      header: t.header(next.after, shown(next.symbol)),
      rows: drawn.map(({ name, probability, different, period }) => [
        name,
        fixed(probability, 2),
        percent(different),
        period === null ? t.none : t.period(period),
      ]),
    },
    ...drawn.map(({ name, text }) => ({ kind: 'text' as const, title: name, lines: linesOf(prompt + text) })),
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: t.drawn,
        series: drawn.map((d) => ({ name: d.name, points: d.pieces })),
      },
    },
  ],
});

/** The loop itself: read a letter, get a distribution, draw from it, read what was drawn. */
function loopOf(model: LanguageModel, vocabulary: Vocabulary): SampleValues['loop'] {
  const stepper = stepperOf(model);
  const sampler = new Sampler(new Random(7));
  const symbolOf = (id: number) => vocabulary.decode([id]);
  let [id] = vocabulary.encode(first);
  return Array.from({ length: loopSteps }, () => {
    const reads = symbolOf(id);
    const logits = Array.from(stepper.step(id));
    const p = Array.from(tensor(logits).softmax().dataSync());
    const order = p.map((_, k) => k).sort((a, b) => p[b] - p[a]);
    id = sampler.draw(logits);
    return {
      reads,
      top: order.slice(0, 3).map((k) => ({ symbol: symbolOf(k), p: p[k] })),
      drawn: symbolOf(id),
      probability: p[id],
    };
  });
}

/** The most probable letter after the first one, and how probable a temperature makes it; null takes it always. */
function afterFirst(model: LanguageModel, vocabulary: Vocabulary) {
  const [id] = vocabulary.encode(first);
  const scores = tensor(Array.from(stepperOf(model).step(id)));
  const probabilities = (temperature: number) => Array.from(scores.div(temperature).softmax().dataSync());
  const best = probabilities(1);
  const at = best.indexOf(Math.max(...best));
  return {
    symbol: vocabulary.decode([at]),
    probability: (temperature: number | null) => (temperature === null ? 1 : probabilities(temperature)[at]),
  };
}

const shown = (symbol: string) => (symbol === ' ' ? '␣' : symbol === '\n' ? '⏎' : symbol);

/** The first lines, short enough for any terminal; they break between words. */
function linesOf(text: string): string[] {
  return text
    .slice(0, 210)
    .trimEnd()
    .split('\n')
    .flatMap((line) => line.match(/.{1,70}(?= |$)|.{1,70}/gu)?.map((part) => part.trimStart()) ?? [''])
    .slice(0, 4);
}

/** Of all pieces of eight symbols, the share that did not come before. */
function differentPieces(ids: readonly number[]): number {
  const pieces = variety(ids);
  return pieces[pieces.length - 1][1] / Math.max(1, ids.length - pieceLength + 1);
}

/** How many different pieces there are after so many symbols. */
function variety(ids: readonly number[]): (readonly [symbols: number, pieces: number])[] {
  const seen = new Set<string>();
  const points: (readonly [number, number])[] = [[0, 0]];
  for (let end = pieceLength; end <= ids.length; end++) {
    seen.add(ids.slice(end - pieceLength, end).join(' '));
    if (end % 20 === 0 || end === ids.length) points.push([end, seen.size]);
  }
  return points;
}

/** After how many symbols the second half repeats itself exactly; null when it does not. */
function periodOf(ids: readonly number[]): number | null {
  const half = ids.slice(ids.length / 2);
  for (let p = 1; p <= half.length / 2; p++) if (half.every((id, i) => i < p || id === half[i - p])) return p;
  return null;
}
