import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, ReferenceBackend, useBackend } from '../backend/index.ts';
import { captionScores } from '../metrics/index.ts';
import { Captioner } from '../models/index.ts';
import { Adam } from '../optim/index.ts';
import type { Random } from '../random.ts';
import { manualSeed } from '../tensor/index.ts';
import {
  captionAll,
  type CaptionedImages,
  type CaptionTask,
  captionTask,
  type CaptionTaskOptions,
} from './caption-task.ts';
import { Trainer } from './trainer.ts';

const before = currentBackend();
beforeAll(() => useBackend(new ReferenceBackend()));
afterAll(() => useBackend(before));

const side = 8;

/** A bright spot left or right, above or below, and two ways to say so. */
function spots(count: number): CaptionedImages & { readonly drawn: Random[] } {
  const drawn: Random[] = [];
  const corner = (n: number) => [n % 2, Math.floor(n / 2) % 2];
  return {
    drawn,
    images: {
      count,
      async read(which, chance) {
        if (chance) drawn.push(chance);
        const values = new Float32Array(which.length * side * side);
        for (const [b, n] of which.entries()) {
          const [x, y] = corner(n);
          for (let k = 0; k < 9; k++)
            values[b * side * side + (1 + 4 * y + Math.floor(k / 3)) * side + 1 + 4 * x + (k % 3)] = 1 + (n % 7) / 10;
        }
        return { values, shape: [which.length, 1, side, side] };
      },
    },
    captions: Array.from({ length: count }, (_, n) => {
      const [x, y] = corner(n);
      return [
        [4 + x, 6 + y],
        [6 + y, 8, 4 + x],
      ];
    }),
  };
}

function make(options: Partial<CaptionTaskOptions> = {}, train = spots(16)): CaptionTask {
  manualSeed(2);
  const model = new Captioner({
    vocabularySize: 9,
    encoder: { inChannels: 1, channels: [4, 6], inputSize: [side, side] },
    hiddenSize: 12,
    positions: 4,
    coverage: 0,
  });
  return captionTask(model, { train, batchSize: 5, seed: 3, ...options });
}

const trainer = (task: CaptionTask, steps: number) =>
  new Trainer(task, { optimizer: new Adam(task.parameters(0.02), { lr: 0.02 }), steps, clipNorm: 5 });

test('it learns to say where the spot is, and a validation measures the captions', async () => {
  const validation = spots(8);
  const task = make({
    validation,
    caption: 8,
    best: 'exact',
    captionsPerImage: 1,
    measure: (predicted, wanted) => ({
      ...captionScores(
        predicted.map((ids) => [...ids].join(' ')),
        wanted.map((list) => list.map((ids) => Array.from(ids).join(' '))),
      ),
    }),
  });
  expect(task.stepsPerEpoch).toBe(4);
  let [first, last] = [Number.NaN, Number.NaN];
  for await (const event of trainer(task, 150).run()) {
    if (event.type === 'step') [first, last] = [event.step === 1 ? event.loss : first, event.loss];
    if (event.type === 'evaluation') {
      expect(event.metrics).toMatchObject({ exact: 1, bleu1: expect.closeTo(1, 9), rougeL: 1 });
      expect(event.metrics?.perplexity).toBeCloseTo(Math.exp(event.loss), 9);
    }
  }
  expect(last).toBeLessThan(0.5 * first);
  const predicted = await captionAll(task.model, validation.images, [3, 0]);
  expect(predicted.map(([{ ids }]) => Math.max(...ids))).toEqual([expect.any(Number), expect.any(Number)]);
});

test('a run that goes on reads the same captions of the same images', async () => {
  const options = { captionsPerImage: 1 };
  const whole = make(options);
  const losses = async (events: ReturnType<Trainer['run']>) => {
    const list: number[] = [];
    for await (const event of events) if (event.type === 'step') list.push(event.loss);
    return list;
  };
  const all = await losses(trainer(whole, 10).run());
  const begun = make(options);
  const half = trainer(begun, 10);
  const seen: (number | undefined)[] = [];
  let saved: ReturnType<Trainer['checkpoint']> | null = null;
  for await (const event of half.run()) {
    if (event.type === 'step') seen.push(event.loss);
    if (event.type === 'checkpoint' && event.step === 6) {
      saved = event.take();
      break;
    }
  }
  manualSeed(99);
  const resumed = trainer(make(options), 10);
  resumed.restore(saved as NonNullable<typeof saved>);
  expect([...seen, ...(await losses(resumed.run()))]).toEqual(all);
});

describe('the encoder', () => {
  const moved = async (encoder: CaptionTaskOptions['encoder'], steps: number) => {
    const task = make({ encoder, encoderRate: 0.1 });
    const before = task.model.encoder?.parameters().map((p) => p.dataSync());
    for await (const event of trainer(task, steps).run()) if (event.type === 'end') break;
    return task.model.encoder?.parameters().some((p, k) => p.dataSync().some((v, i) => v !== before?.[k][i]));
  };

  test('learns from the start, never, or after so many epochs', async () => {
    expect(await moved('joint', 1)).toBe(true);
    expect(await moved('frozen', 5)).toBe(false);
    expect(await moved({ after: 1 }, 4)).toBe(false);
    expect(await moved({ after: 1 }, 5)).toBe(true);
  });
});

test('what does not fit is refused, with the image', () => {
  const train = spots(4);
  const refuse = (options: Partial<CaptionTaskOptions>, text: string) => expect(() => make(options)).toThrow(text);
  refuse({ train: { ...train, captions: [[[4]], [[9]], [[4]], [[4]]] } }, 'image 1: expected words from 0 to 8, got 9');
  refuse({ train: { ...train, captions: [[[4]], [], [[4]], [[4]]] } }, 'image 1 has none');
  refuse({ train: { ...train, captions: [[[4]]] } }, 'one for each of 4 images, got 1');
  refuse({ encoder: 'cold' as 'joint' }, "expected 'joint', 'frozen' or { after: epochs }");
  refuse({ best: 'bleu4' }, 'bleu4 is measured on captions');
  refuse({ captionsPerImage: 0 }, 'captionsPerImage: expected a whole number');
  refuse({ caption: -1 }, 'caption: expected a whole number');
  for (const encoderRate of [-1, Number.NaN, Infinity])
    refuse({ encoderRate }, 'encoderRate: expected a number from 0, got');
  refuse({ encoder: { after: -1 } }, 'or { after: epochs }, got an object with after');
  refuse({ best: 'bleu4', caption: 1 }, 'bleu4 is measured on captions');
  refuse({ best: 'bleu4', validation: train }, 'bleu4 is measured on captions');
  refuse(
    { train: { ...train, captions: [[[4]], [[8]], [[4]], [[-1]]] } },
    'image 3: expected words from 0 to 8, got -1',
  );
  make({ train: { ...train, captions: [[[0]], [[8]], [[4]], [[4]]] }, encoderRate: 0, encoder: { after: 0 } });
});

describe('a validation', () => {
  const measured: number[][] = [];
  const measure: CaptionTaskOptions['measure'] = (predicted, wanted) => {
    measured.push([predicted.length, wanted.length]);
    return { right: 0.25 };
  };

  test('is none without images, and words alone without captions', async () => {
    expect(await make().evaluate()).toBe(null);
    const { metrics, score } = (await make({ validation: spots(3), measure }).evaluate()) ?? {};
    expect([Object.keys(metrics ?? {}), score, measured]).toEqual([['perplexity'], undefined, []]);
  });

  test('measures as many captions as are asked for or there are, and goes by what was chosen', async () => {
    const options = { validation: spots(3), measure };
    expect((await make({ ...options, caption: 2, best: 'right' }).evaluate())?.score).toBe(-0.25);
    expect(await make({ ...options, caption: 9 }).evaluate()).not.toHaveProperty('score');
    expect(measured).toEqual([
      [2, 2],
      [3, 3],
    ]);
    await expect(make({ ...options, caption: 1, best: 'bleu4' }).evaluate()).rejects.toThrow(
      'bleu4 was not measured; there are perplexity, right',
    );
  });

  test('some captions of an image are drawn, all of them where there are no more', async () => {
    const counts = async (captionsPerImage: number | null) => {
      const task = make({ captionsPerImage, batchSize: 16 });
      await task.ready();
      return task.next()().targets;
    };
    // Two captions of two and three words, with their ends: 3 + 4 targets an image, of 16.
    expect([await counts(null), await counts(2), await counts(3)]).toEqual([112, 112, 112]);
    expect(await counts(1)).toBeLessThan(16 * 4 + 1);
  });
});

test('label smoothing adds ε times what a target spread over all words costs more, and validation is without it', async () => {
  const losses = (labelSmoothing: number) => {
    manualSeed(3);
    const model = new Captioner({
      vocabularySize: 9,
      encoder: { inChannels: 1, inputSize: [side, side], channels: [4] },
      hiddenSize: 6,
      dropout: 0,
      coverage: 0,
    });
    const task = captionTask(model, { train: spots(4), validation: spots(4), batchSize: 4, labelSmoothing });
    return { model, task };
  };
  const lossOf = async (labelSmoothing: number) => {
    const { task } = losses(labelSmoothing);
    await task.ready();
    return task.next()().loss.itemSync();
  };
  const [plain, half, quarter] = [await lossOf(0), await lossOf(0.5), await lossOf(0.25)];
  expect(half).not.toBeCloseTo(plain, 3);
  expect(half - plain).toBeCloseTo(2 * (quarter - plain), 4); // linear in ε: (1 − ε) a + ε b
  expect((await losses(0.5).task.evaluate())?.loss).toBe((await losses(0).task.evaluate())?.loss);
  expect(() => captionTask(losses(0).model, { train: spots(4), labelSmoothing: 1.5 })).toThrow('labelSmoothing');
});
