// UCM-Captions: what aerial photographs show, in 304 words. Encoder and decoder from scratch: with soft attention, with
// hard attention, and with soft attention over a frozen random encoder.

import type { CaptionScores } from 'unrolled/metrics';
import type { BarResult, Bars } from './bar.ts';
import { encodeAll, measure, squares, trainCaptioner, wordsOf } from './caption.ts';
import { howToGetData } from './data.ts';
import { captionedFiles, howToDecode } from './captioned-files.ts';

const set = 'caption-ucm';
const size = 64;
const [epochs, batchSize, captionsPerImage, lr, hiddenSize] = [40, 32, 2, 1e-3, 256];
const settings = `1,680 photographs at ${size} pixels, turned, mirrored, shifted and lit at random; CNN 32-64-128-256 from scratch, attention LSTM ${hiddenSize} over 16 regions, dropout .3, ${captionsPerImage} captions an image, B=${batchSize}, Adam ${lr}, cosine, clip 5, ${epochs} epochs, the last weights, seed 1`;

export const ucm: Bars = async () => {
  const bars = [
    'BLEU-4 on validation, soft attention, beam 5',
    'hard attention, beam 5',
    'joint training beats a frozen random encoder',
  ];
  const [train, validation] = [await captionedFiles(set, 'train', size), await captionedFiles(set, 'val', size)];
  if (!train || !validation)
    return bars.map((bar) => ({
      bar: `UCM: ${bar}`,
      settings,
      measured: `${howToGetData(set)}; ${howToDecode}`,
      required: '',
      met: null,
      seconds: 0,
    }));
  const words = wordsOf(train.map(({ captions }) => captions));
  const part = (files: typeof train, changes = {}) => ({
    images: squares(
      files.map(({ pixels }) => pixels),
      size,
      changes,
    ),
    captions: encodeAll(
      files.map(({ captions }) => captions),
      words,
    ),
  });
  const learn = part(train, { turn: true, shift: 6, light: 0.2 });
  const held = part(validation);
  const references = validation.map(({ captions }) => captions);
  const run = async (form: 'soft' | 'hard', encoder: 'joint' | 'frozen') => {
    const { model, seconds } = await trainCaptioner({
      name: `UCM, ${form}, ${encoder}`,
      model: {
        vocabularySize: words.size,
        encoder: { inputSize: [size, size] },
        form,
        hiddenSize,
        embeddingDim: 128,
        dropout: 0.3,
      },
      train: learn,
      validation: held,
      batchSize,
      captionsPerImage,
      encoder,
      epochs,
      lr,
    });
    const { scores, predicted } = await measure(model, held.images, words, references, 5);
    const greedy = await measure(model, held.images, words, references, 1);
    process.stderr.write(
      `\nUCM, ${form}, ${encoder}: ${describe(scores)}; greedy ${describe(greedy.scores)}\n${predicted
        .slice(0, 210)
        .filter((_, n) => n % 30 === 0)
        .join('\n')}\n`,
    );
    return { scores, seconds };
  };
  const soft = await run('soft', 'joint');
  const hard = await run('hard', 'joint');
  const frozen = await run('soft', 'frozen');
  return [
    result(bars[0], soft, '≥ .35', soft.scores.bleu4 >= 0.35),
    result(bars[1], hard, 'reported', true),
    result(bars[2], frozen, `below ${soft.scores.bleu4.toFixed(3)}`, frozen.scores.bleu4 < soft.scores.bleu4),
  ];
};

function result(
  bar: string,
  { scores, seconds }: { scores: CaptionScores; seconds: number },
  required: string,
  met: boolean,
): BarResult {
  return { bar: `UCM: ${bar}`, settings, measured: describe(scores), required, met, seconds };
}

function describe({ bleu1, bleu2, bleu3, bleu4, rougeL, cider, meteorExact, exact }: CaptionScores): string {
  const n = (v: number) => v.toFixed(3);
  return `BLEU-1 to 4 ${[bleu1, bleu2, bleu3, bleu4].map(n).join(' ')}, ROUGE-L ${n(rougeL)}, CIDEr-D ${n(cider)}, METEOR (exact) ${n(meteorExact)}, word for word ${n(exact)}`;
}
