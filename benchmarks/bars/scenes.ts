// Pictures made by code. Scenes: captions of combinations of colour and shape that training does not have. Where: which of 16 cells the star is in, which
// a model that looks can find, and one that sees the mean of the picture cannot.

import { captionAll, type CaptionerOptions, makeScenes, makeWhere } from 'unrolled';
import { type BarResult, type Bars, progress } from './bar.ts';
import { encodeAll, measure, squares, trainCaptioner, wordsOf } from './caption.ts';

const size = 32;
const encoder = { channels: [32, 64, 128], inputSize: [size, size] as const };
const speaker = { hiddenSize: 128, embeddingDim: 64, coverage: 0, dropout: 0.1, positions: 16 };
const eyes =
  'pictures of 32 pixels, CNN 32-64-128 from scratch, LSTM 128, embedding 64, positions, dropout .1, Adam 2e-3, cosine, clip 5, B=32, seed 1';
const scene = {
  count: 6000,
  epochs: 16,
  size: 64,
  lr: 3e-3,
  model: {
    ...speaker,
    encoder: { channels: [32, 64, 128, 128], inputSize: [64, 64] as const },
    deepOutput: 'linear' as const,
    dropout: 0,
  },
  settings:
    'pictures of 64 pixels, CNN 32-64-128-128 from scratch, LSTM 128, embedding 64, positions, linear deep output, Adam 3e-3, cosine, clip 5, B=32, seed 1',
};
const [whereCount, whereEpochs] = [3000, 15];

export const scenes: Bars = async () => {
  const { size } = scene;
  const train = makeScenes(scene.count, 1, { size, split: 'train' });
  const held = makeScenes(300, 2, { size, split: 'held out' });
  const known = makeScenes(200, 3, { size, split: 'train' });
  const texts = train.map(({ captions }) => captions.slice(0, 1)); // any of three is right, one is learnt
  const words = wordsOf(texts);
  const { model, seconds } = await trainCaptioner({
    name: 'scenes',
    model: { vocabularySize: words.size, ...scene.model },
    train: {
      pictures: squares(
        train.map(({ picture }) => picture.data),
        size,
      ),
      captions: encodeAll(texts, words),
    },
    batchSize: 32,
    epochs: scene.epochs,
    lr: scene.lr,
  });
  const say = (some: typeof held) =>
    measure(
      model,
      squares(
        some.map(({ picture }) => picture.data),
        size,
      ),
      words,
      some.map(({ captions }) => captions),
      1,
    );
  const { scores, said } = await say(held);
  const beside = (await say(known)).scores.exact;
  for (const [n, text] of said.entries())
    if (!held[n].captions.includes(text)) process.stderr.write(`\n${text}   (${held[n].captions[0]})`);
  return [
    {
      bar: 'scenes: captions of 300 held-out combinations, word for word',
      settings: `makeScenes(${scene.count}, 1), the first of three captions, soft attention, ${scene.settings}, ${scene.epochs} epochs`,
      measured: `${scores.exact.toFixed(3)}, BLEU-4 ${scores.bleu4.toFixed(3)}; of combinations that training has, new pictures: ${beside.toFixed(3)}`,
      required: '≥ .95',
      met: scores.exact >= 0.95,
      seconds,
    },
  ];
};

export const where: Bars = async (): Promise<BarResult[]> => {
  const [train, held] = [makeWhere(whereCount, 1, { size }), makeWhere(300, 2, { size })];
  const texts = train.map(({ captions }) => captions);
  const words = wordsOf(texts);
  const pictures = squares(
    held.map(({ picture }) => picture.data),
    size,
  );
  const settings = `makeWhere(${whereCount}, 1), ${eyes}, ${whereEpochs} epochs`;
  const run = async (form: CaptionerOptions['form']) => {
    const { model, seconds } = await trainCaptioner({
      name: `where, ${form}`,
      model: { vocabularySize: words.size, encoder, ...speaker, form },
      train: {
        pictures: squares(
          train.map(({ picture }) => picture.data),
          size,
        ),
        captions: encodeAll(texts, words),
      },
      batchSize: 32,
      epochs: whereEpochs,
      lr: 2e-3,
    });
    const { scores } = await measure(
      model,
      pictures,
      words,
      held.map(({ captions }) => captions),
      1,
    );
    const found = await captionAll(model, pictures, undefined, { never: [0, 1] });
    // "the red star is in …": the look for the star's colour. The cell is found then and kept in mind, so later words may look anywhere.
    const looks = found.flatMap(([{ attention }], n) => {
      const row = attention?.[1];
      return row ? [row.indexOf(Math.max(...row)) === held[n].cell] : [];
    });
    const peak = looks.filter(Boolean).length / Math.max(1, looks.length);
    progress(`where, ${form}: word for word ${scores.exact.toFixed(3)}, peak ${peak.toFixed(3)}`);
    return { exact: scores.exact, peak, seconds };
  };
  const [soft, hard, mean] = [await run('soft'), await run('hard'), await run('initial')];
  const percent = (n: number) => n.toFixed(3);
  return [
    {
      bar: 'where: the peak of soft attention is on the right cell, at the word for the colour',
      settings,
      measured: `${percent(soft.peak)}; captions word for word ${percent(soft.exact)}`,
      required: '≥ .90',
      met: soft.peak >= 0.9,
      seconds: soft.seconds,
    },
    {
      bar: 'where: hard attention',
      settings,
      measured: `peak ${percent(hard.peak)}; captions word for word ${percent(hard.exact)}`,
      required: 'word for word ≥ .90',
      met: hard.exact >= 0.9,
      seconds: hard.seconds,
    },
    {
      bar: 'where: captions from the mean of all features',
      settings: `${settings}; the mean as first state`,
      measured: percent(mean.exact),
      required: '≤ .40',
      met: mean.exact <= 0.4,
      seconds: mean.seconds,
    },
  ];
};
