// More layers: each reads the states of the one below. What gets better, and what the gradient meets on its way down, with and without residual
// connections around every layer.

import { gradientFlow } from '../analysis/index.ts';
import { makeStories, StreamBatcher, Vocabulary } from '../data/index.ts';
import { Adam, fit, indices, LanguageModel, type LanguageModelOptions, languageTask, manualSeed } from '../index.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { fixed, short } from './numbers.ts';
import { lessonTerms } from './words/common.ts';
import { type LayersValues, type LayersWords, layersWords } from './words/layers.ts';

const [hiddenSize, streams, windowLength, every] = [48, 16, 32, 20];
const deep = 8; // layers in which the gradient is measured

/** Stories, as a model of characters reads them. */
function reading() {
  const text = makeStories(200_000, 1);
  const vocabulary = Vocabulary.fromText(text);
  return { size: vocabulary.size, ids: vocabulary.encode(text) };
}

/** The norm of the gradient at the output of every layer, from the lowest to the highest, before training. */
function gradientByLayer(block: 'none' | 'residual', { size: symbols, ids }: ReturnType<typeof reading>): number[] {
  manualSeed(1);
  const options: LanguageModelOptions = { cell: 'rnn', hiddenSize, embeddingDim: hiddenSize, numLayers: deep };
  const model = new LanguageModel(symbols, block === 'residual' ? { ...options, block } : options);
  const window = new StreamBatcher(ids, { streams, windowLength }).next();
  const size = [windowLength, streams];
  const { rows } = gradientFlow(
    model,
    () => model.loss(indices(window.input, size), indices(window.target, size)).loss,
  );
  return rows
    .filter(({ kind, of }) => kind === 'state' && of === 'h')
    .map(({ norms }) => Math.sqrt(norms.reduce((sum, n) => sum + n * n, 0) / norms.length));
}

export const layers = lessonOf<LayersValues, LayersWords>({
  name: 'layers',
  words: layersWords,
  async measure({ steps: stepsOf, progress }) {
    const data = reading();
    const steps = stepsOf(240, every);
    const trained: LayersValues['trained'][number][] = [];
    const counts = [1, 2, 4];
    for (const [k, numLayers] of counts.entries()) {
      manualSeed(1);
      const model = new LanguageModel(data.size, { cell: 'lstm', hiddenSize, numLayers });
      const losses: number[] = [];
      let sum = 0;
      await fit(languageTask(model, { train: new StreamBatcher(data.ids, { streams, windowLength }) }), {
        optimizer: new Adam(model.parameters(), { lr: 6e-3 }),
        steps,
        clipNorm: 1,
        onEvent: async (event) => {
          if (event.type !== 'step') return;
          sum += event.loss / every;
          if (event.step % every !== 0) return;
          losses.push(sum);
          sum = 0;
          await progress((k + event.step / steps) / counts.length);
        },
      });
      trained.push({ layers: numLayers, parameters: model.parameterCount(), loss: losses[losses.length - 1], losses });
    }
    const gradients = { plain: gradientByLayer('none', data), residual: gradientByLayer('residual', data) };
    const ratio = (norms: readonly number[]) => norms[0] / norms[norms.length - 1];
    return {
      steps,
      every,
      trained,
      deep,
      gradients,
      ratios: { plain: ratio(gradients.plain), residual: ratio(gradients.residual) },
    };
  },
  answer: ({ ratios }) => (ratios.plain > 1 ? 0 : ratios.plain > 0.5 ? 1 : 2),
  figures: (v, t, language): LessonFigure[] => [
    {
      kind: 'table',
      header: t.header,
      rows: v.trained.map((one) => [one.layers, one.parameters, fixed(one.loss, 3)]),
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].step,
        yLabel: lessonTerms[language].loss,
        series: v.trained.map(({ layers: count, losses }) => ({
          name: t.layers(count),
          points: losses.map((y, k) => [(k + 1) * v.every, y] as const),
        })),
      },
    },
    {
      kind: 'chart',
      chart: {
        title: t.gradients,
        xLabel: t.layer,
        yScale: 'log',
        series: [
          { name: t.plain, points: v.gradients.plain.map((n, k) => [k + 1, n] as const) },
          { name: t.residual, points: v.gradients.residual.map((n, k) => [k + 1, n] as const) },
        ],
      },
    },
    {
      kind: 'table',
      header: t.ratioHeader,
      rows: [
        [t.plain, short(v.ratios.plain)],
        [t.residual, short(v.ratios.residual)],
      ],
    },
  ],
});
