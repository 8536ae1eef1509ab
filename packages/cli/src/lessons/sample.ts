// How to sample a symbol from a distribution. Greedy decoding soon repeats itself; sampling does not.

import { Adam, fit, generate, LanguageModel, languageTask, manualSeed, stepperOf } from 'unrolled';
import { StreamBatcher, Vocabulary } from 'unrolled/data';
import { demoText } from '../demo-text.ts';
import type { Lesson } from './lesson.ts';
import { short } from './numbers.ts';

const [steps, length] = [400, 600];
const ways = [
  { name: 'argmax', options: { greedy: true } },
  { name: 'τ = 0.5', options: { temperature: 0.5 } },
  { name: 'τ = 1', options: { temperature: 1 } },
  { name: 'τ = 2', options: { temperature: 2 } },
] as const;

export const sample: Lesson = {
  name: 'sample',
  async run({ lessons: { sample: t } }, progress) {
    const found = demoText();
    const text = found.text
      .slice(0, 400_000)
      .replace(/[ \t]+/g, ' ')
      .replace(/\n\s+/g, '\n');
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
    const prompt = vocabulary.encode(text.slice(0, 8));
    const drawn = ways.map(({ name, options }) => {
      const ids = [...generate(stepperOf(model), prompt, { length, seed: 3, ...options })];
      return { name, text: vocabulary.decode(ids), different: differentPieces(ids, 8), period: periodOf(ids) };
    });
    const values = { learned: found.description, loss: smoothLoss, ways: drawn };
    return {
      title: t.title,
      question: t.question,
      figures: [
        {
          kind: 'table',
          table: {
            header: t.header,
            rows: drawn.map(({ name, different, period }) => [
              name,
              `${short(different * 100)} %`,
              period === null ? t.none : t.period(period),
            ]),
          },
        },
        ...drawn.map(({ name, text: predicted }) => ({
          kind: 'text' as const,
          lines: [`${name}:`, ...linesOf(predicted)],
        })),
        {
          kind: 'chart',
          chart: {
            title: t.chart,
            xLabel: t.drawn,
            yLabel: t.pieces,
            series: drawn.map((d) => ({ name: d.name, points: variety(d.text, 8) })),
          },
        },
      ],
      conclusion: t.conclusion(values),
      values,
    };
  },
};

/** The first lines, short enough for any terminal. */
function linesOf(text: string): string[] {
  return text
    .slice(0, 210)
    .replaceAll('\r', '')
    .split('\n')
    .flatMap((line) => line.match(/.{1,70}/gu) ?? [''])
    .slice(0, 4)
    .map((line) => `  ${line}`);
}

/** Of all pieces of n symbols, the share that did not come before. */
function differentPieces(ids: readonly number[], n: number): number {
  const seen = new Set<string>();
  for (let i = 0; i + n <= ids.length; i++) seen.add(ids.slice(i, i + n).join(' '));
  return seen.size / Math.max(1, ids.length - n + 1);
}

function variety(text: string, n: number): (readonly [number, number])[] {
  const letters = Array.from(text);
  const seen = new Set<string>();
  const points: (readonly [number, number])[] = [[0, 0]];
  for (let i = 0; i + n <= letters.length; i++) {
    seen.add(letters.slice(i, i + n).join(''));
    if (i % 20 === 19) points.push([i + 1, seen.size]);
  }
  return points;
}

/** After how many symbols the second half repeats itself exactly; null when it does not. */
function periodOf(ids: readonly number[]): number | null {
  const half = ids.slice(ids.length / 2);
  for (let p = 1; p <= half.length / 2; p++) if (half.every((id, i) => i < p || id === half[i - p])) return p;
  return null;
}
