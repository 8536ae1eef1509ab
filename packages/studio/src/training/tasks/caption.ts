// Captions of pictures: convolutions, and a decoder that looks at the regions of their map while it writes.

import { Captioner, captionTask, ConvNet } from 'unrolled';
import { imageSet, normalizeImages, Tokenizer } from 'unrolled/data';
import { imageToTextOf } from 'unrolled/pipelines';
import type { DatasetOf } from '../../data/dataset.ts';
import type { Settings } from '../../settings/settings.ts';
import { contractOf, convNetOf } from './images.ts';
import { divided, layersOf, marked, type Prepared, seeded } from './prepared.ts';

const [shownPictures, captioned] = [4, 50];

export function prepareCaptions(settings: Settings, { rows: all, size }: DatasetOf<'captions'>): Prepared {
  const { train, rest } = divided(all, settings);
  const tokenizer = Tokenizer.train(
    train.flatMap(({ captions }) => captions),
    { unit: 'word' },
  );
  const encoded = (rows: typeof train) => {
    const images = imageSet(rows.map(({ image }) => image));
    return {
      images: {
        count: rows.length,
        async read(which: ArrayLike<number>) {
          const shape = [which.length, size, size, 3];
          return { values: normalizeImages(await images.read(which), shape), shape: [which.length, 3, size, size] };
        },
      },
      captions: rows.map(({ captions }) => captions.map((text) => tokenizer.encode(text))),
    };
  };
  const { embeddingDim, dropout, batch, seed } = settings;
  const { cell, hiddenSize } = layersOf(settings);
  const encoder = convNetOf(size);
  const [rows, columns] = new ConvNet(encoder).mapSize;
  const options = { vocabularySize: tokenizer.size, encoder, form: 'soft', positions: rows * columns } as const;
  const more = { cell, hiddenSize, embeddingDim: embeddingDim || 1, dropout, coverage: 0 };
  const model = seeded(settings, () => new Captioner({ ...options, ...more }));
  const input = { kind: 'image-to-text', image: contractOf(size, 'symmetric') } as const;
  const held = encoded(rest);
  const references = rest.map(({ captions }) => captions.map((text) => tokenizer.normalize(text)));
  const shown = rest.slice(0, shownPictures);
  return {
    model,
    task: captionTask(model, {
      train: encoded(train),
      validation: held,
      batchSize: batch,
      seed,
      caption: captioned,
      search: { suppressTokens: [tokenizer.pad, tokenizer.unknown] },
      measure: (predicted) => ({
        exact: predicted.filter((ids, n) => references[n].includes(tokenizer.decode(ids))).length / predicted.length,
      }),
    }),
    examples: all.length,
    symbols: tokenizer.size,
    pictures: shown.map(({ image }) => image),
    parts: { task: 'caption', config: model.config, input, contents: { tokenizer: tokenizer.toJSON() } },
    heldOut: () => ({
      kind: 'table',
      head: ['image', 'caption'],
      rows: rest.flatMap(({ captions }, n) => captions.map((caption) => [String(n), caption])),
      images: rest.map(({ image }) => image),
      clips: false,
    }),
    async show() {
      const pipeline = imageToTextOf(model, { tokenizer, input });
      const found = await pipeline.caption(
        shown.map(({ image }) => image),
        { beams: 1 },
      );
      return { text: found.map(({ text }, n) => marked(references[n].includes(text), text)).join('\n') };
    },
  };
}
