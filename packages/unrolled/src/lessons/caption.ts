// Captioning: a CNN without its classifier and a language model, trained together. The image enters through a third matrix W_ih, or through attention
// before every word, soft (a weighted mean of all regions) or hard (one region).

import { captionBatch, Captioner, type CaptionerForm, manualSeed, Random, scope } from '../index.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf, type Measuring } from './lesson.ts';
import { fixed, percent } from './numbers.ts';
import { imagesOf, makeScenesOf, places, type Scene, sceneColors, sceneNet, trainOn } from './scenes.ts';
import { lessonTerms } from './words/common.ts';
import { type CaptionValues, type CaptionWords, captionWords } from './words/caption.ts';

const [batchSize, tests, every, hiddenSize, embeddingDim] = [32, 200, 20, 32, 16];
const [start, end] = [2, 3];
const words = ['', '', 'START', 'END', 'star', 'circle', ...sceneColors];
const forms = ['inject', 'soft', 'hard'] as const satisfies readonly CaptionerForm[];
const budget = { inject: 240, soft: 200, hard: 240 } as const;

/** star red circle blue: what comes is named first, so that a color can be told by looking at what was named. */
const captionOf = ({ colors: [star, circle] }: Scene) => [4, 6 + star, 5, 6 + circle];

async function train(form: (typeof forms)[number], steps: number, progress: (part: number) => Promise<void>) {
  manualSeed(1);
  const model = new Captioner({
    vocabularySize: words.length,
    encoder: sceneNet,
    form,
    hiddenSize,
    embeddingDim,
    cell: 'gru',
    coverage: 0,
    reward: 0.05,
    start,
    end,
  });
  const random = new Random(1);
  const losses = await trainOn(model, { steps, every, lr: 5e-3, progress }, () => {
    const scenes = makeScenesOf(batchSize, random);
    return model.loss(captionBatch(imagesOf(scenes), scenes.map(captionOf)));
  });
  return { model, losses };
}

/** Captions of new scenes: how many are right, and how much of the attention at each color word lies on what is named. */
function evaluate(model: Captioner, scenes: readonly Scene[]) {
  const captions = scope(() => model.caption(imagesOf(scenes)).map(([best]) => best));
  const right = captions.filter(({ ids }, k) => Array.from(ids).join() === captionOf(scenes[k]).join()).length;
  const looks = captions.flatMap(({ attention }, k) =>
    attention ? scenes[k].cells.map((cell, object) => Array.from(attention[1 + 2 * object] ?? [])[cell] ?? 0) : [],
  );
  const peaks = captions.flatMap(({ attention }, k) =>
    attention
      ? scenes[k].cells.map((cell, object) => {
          const weights = Array.from(attention[1 + 2 * object] ?? []);
          return Number(weights.indexOf(Math.max(...weights)) === cell);
        })
      : [],
  );
  const mean = (v: readonly number[]) => (v.length === 0 ? null : v.reduce((a, b) => a + b, 0) / v.length);
  return { captions, exact: right / scenes.length, mass: mean(looks), peak: mean(peaks) };
}

export const caption = lessonOf<CaptionValues, CaptionWords>({
  name: 'caption',
  words: captionWords,
  async measure({ steps: stepsOf, progress }: Measuring) {
    const scenes = makeScenesOf(tests, new Random(99));
    // Two colors: which of them is written tells where it was looked.
    const example = scenes.findIndex(({ colors: [star, circle] }) => star !== circle);
    const found: CaptionValues['forms'][number][] = [];
    let matrix: number[][] = [];
    const shown: CaptionValues['shown'][number][] = [];
    for (const [k, form] of forms.entries()) {
      const steps = stepsOf(budget[form], every);
      const { model, losses } = await train(form, steps, (p) => progress((k + p) / forms.length));
      const { captions, exact, mass, peak } = evaluate(model, scenes);
      found.push({ form, steps, losses, loss: losses[losses.length - 1], exact, mass, peak });
      const first = captions[example];
      shown.push({
        form,
        words: [...Array.from(first.ids, (id) => words[id]), 'END'],
        maps: (first.attention ?? []).map((row) => Array.from(row)),
      });
      if (form === 'inject') matrix = imageMatrix(model);
    }
    const { image, colors, cells } = scenes[example];
    return {
      tests,
      forms: found,
      shown,
      matrix,
      image: { width: image.width, height: image.height, data: Array.from(image.data) },
      target: captionOf(scenes[example]).map((id) => words[id]),
      named: cells.map((cell, k) => ({ cell, color: sceneColors[colors[k]] })),
    };
  },
  answer: ({ forms }) => ((forms.find(({ form }) => form === 'soft')?.peak ?? 0) > 0.5 ? 0 : 2),
  figures: (v, t, language): LessonFigure[] => {
    const image = { width: v.image.width, height: v.image.height, data: Uint8Array.from(v.image.data) };
    const [inject, soft, hard] = v.shown;
    const square = (row: readonly number[]) =>
      Array.from({ length: places }, (_, r) => row.slice(r * places, (r + 1) * places));
    const tile = ({ words: said, maps }: (typeof v.shown)[number], at: number, name: string) => ({
      image,
      caption: `${name}: “${said[at] ?? ''}”`,
      map: square(maps[at] ?? []),
    });
    return [
      {
        kind: 'unrolled',
        title: t.picture,
        weights: ['W_xh', 'W_hh', 'W_hy'],
        steps: inject.words.map((word, k) => ({
          input: k === 0 ? ['START', t.plusImage] : [inject.words[k - 1]],
          state: ['h'],
          output: [word],
        })),
      },
      {
        kind: 'table',
        title: t.table,
        header: t.header,
        rows: v.forms.map(({ form, steps, exact, peak, mass }) => [
          t.forms[form],
          steps,
          percent(exact),
          peak === null ? '–' : percent(peak),
          mass === null ? '–' : fixed(mass, 2),
        ]),
      },
      {
        kind: 'images',
        title: t.maps,
        images: [
          { image, caption: v.target.join(' ') },
          tile(soft, 1, t.soft),
          tile(soft, 3, t.soft),
          { image, caption: v.target.join(' ') },
          tile(hard, 1, t.hard),
          tile(hard, 3, t.hard),
        ],
      },
      {
        kind: 'grids',
        title: t.matrix,
        digits: 1,
        grids: [
          {
            name: 'W_ih',
            rows: v.matrix.map((_, k) => String(k + 1)),
            columns: v.matrix[0].map((_, k) => String(k + 1)),
            values: v.matrix,
          },
        ],
      },
      {
        kind: 'chart',
        chart: {
          title: t.chart,
          xLabel: lessonTerms[language].step,
          yLabel: lessonTerms[language].loss,
          series: v.forms.map(({ form, losses }) => ({
            name: t.forms[form],
            points: losses.map((y, k) => [(k + 1) * every, y] as const),
          })),
        },
      },
    ];
  },
});

/** A corner of W_ih: the columns of the cell's input matrix that the image's vector meets. */
function imageMatrix(model: Captioner): number[][] {
  const weight = [...model.namedParameters()].find(([name]) => /weight_?ih/i.test(name))?.[1];
  if (!weight) return [[0]];
  const [, width] = weight.shape;
  const values = weight.dataSync();
  return Array.from({ length: 6 }, (_, r) => Array.from({ length: 8 }, (_, c) => values[r * width + embeddingDim + c]));
}
