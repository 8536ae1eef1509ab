// Fifty captions and random features, memorized in 100 steps: the check of CS231n's third assignment, with its network, first weights and settings.

import { Adam, captionBatch, Captioner, captionerFromCS231n, type CS231nName, Random, scope, tensor } from 'unrolled';
import { type BarResult, type Bars, progress } from './bar.ts';
import { dataFile, howToGetData } from './data.ts';
import { plainWords } from './captioned-files.ts';

const [H, E, D, B, steps, lr] = [512, 256, 512, 25, 100, 5e-3];
const settings = `Flickr8k's first 50 captions of up to 15 words, features N(0, 1) of ${D}, hidden ${H}, embedding ${E}, Adam ${lr}, B=${B}, ${steps} steps, seed 1`;

export const captionOverfit: Bars = async () => {
  const file = dataFile('caption-flickr8k-subset/train.captions.json');
  const names = ['RNN', 'LSTM'] as const;
  if (!file) {
    const measured = howToGetData('caption-flickr8k-subset');
    return names.map((name) => ({
      bar: `50 captions memorized, ${name}`,
      settings,
      measured,
      required: '',
      met: null,
      seconds: 0,
    }));
  }
  const all = (JSON.parse(file.toString('utf8')) as { captions: string[] }[]).map(({ captions }) =>
    plainWords(captions[0]).split(' '),
  );
  const vocabulary = new Map<string, number>();
  for (const words of all)
    for (const word of words) if (!vocabulary.has(word)) vocabulary.set(word, vocabulary.size + 3);
  const captions = all
    .filter((words) => words.length <= 15)
    .slice(0, 50)
    .map((words) => words.map((word) => vocabulary.get(word) as number));
  const V = Math.max(1004, vocabulary.size + 3);
  return [overfit('RNN', 1, 0.95, 0.1), overfit('LSTM', 4, 0.995, 0.5)].map((one) => one());

  function overfit(name: string, G: number, decay: number, most: number): () => BarResult {
    return () => {
      const random = new Random(1);
      const normal = (shape: number[], scale: number) => ({
        shape,
        data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => scale * random.normal()),
      });
      const zeros = (n: number) => ({ shape: [n], data: new Float32Array(n) });
      const first: Record<CS231nName, { shape: number[]; data: Float32Array }> = {
        W_embed: normal([V, E], 0.01),
        W_proj: normal([D, H], 1 / Math.sqrt(D)),
        b_proj: zeros(H),
        Wx: normal([E, G * H], 1 / Math.sqrt(E)),
        Wh: normal([H, G * H], 1 / Math.sqrt(H)),
        b: zeros(G * H),
        W_vocab: normal([H, V], 1 / Math.sqrt(H)),
        b_vocab: zeros(V),
      };
      const model: Captioner = captionerFromCS231n(first);
      const features = normal([50, D], 1).data;
      const optimizer = new Adam(model.parameters(), { lr });
      const order = Array.from({ length: 50 }, (_, n) => n);
      let loss = Number.NaN;
      return finish(() => {
        for (let step = 0; step < steps; step++) {
          // Two steps are an epoch. (The assignment draws with replacement: there some captions are read more often than others.)
          optimizer.lr = lr * decay ** Math.floor(step / 2);
          if (step % 2 === 0) random.shuffle(order);
          const rows = order.slice((step % 2) * B, (step % 2) * B + B);
          loss = scope(() => {
            optimizer.zeroGrad();
            const x = tensor(
              rows.flatMap((n) => [...features.subarray(n * D, (n + 1) * D)]),
              [B, D],
            );
            const batch = captionBatch(
              x,
              rows.map((n) => captions[n]),
              { start: 1, end: 2 },
            );
            const mean = model.loss(batch);
            mean.backward();
            optimizer.step();
            return (mean.itemSync() * batch.targets) / B;
          });
          if (step % 10 === 0) progress(`${name}: step ${step}, loss ${loss.toFixed(2)}`);
        }
        const everything = captionBatch(tensor(features, [50, D]), captions, { start: 1, end: 2 });
        const final = scope(() => (model.loss(everything).itemSync() * everything.targets) / 50);
        const predicted = model.caption(tensor(features, [50, D]));
        const same = predicted.filter(([{ ids, ended }], n) => ended && ids.join() === captions[n].join()).length;
        return {
          measured: `loss ${final.toFixed(4)} a caption, ${same} of 50 repeated to the end`,
          met: final < most && same >= 48,
        };
      });

      function finish(body: () => { measured: string; met: boolean }): BarResult {
        const start = performance.now();
        const { measured, met } = body();
        const seconds = (performance.now() - start) / 1000;
        return {
          bar: `50 captions memorized, ${name}`,
          settings,
          measured,
          required: `loss < ${most}, ≥ 48 of 50`,
          met,
          seconds,
        };
      }
    };
  }
};
