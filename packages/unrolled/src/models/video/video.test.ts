import { describe, expect, test } from 'vitest';
import { manualSeed } from '../../tensor/random-state.ts';
import { indices, tensor } from '../../tensor/create.ts';
import { scope } from '../../tensor/scope.ts';
import { Adam } from '../../optim/optimizers.ts';
import { BatchNorm2d } from '../../nn/norm.ts';
import { classifyTask } from '../../train/classify-task.ts';
import type { ConvNet } from '../conv-net.ts';
import { FrameEncoder } from './frame-encoder.ts';
import { VideoClassifier } from './video-classifier.ts';
import { VideoTagger } from './video-tagger.ts';

const convNet = { inChannels: 1, inputSize: [4, 4] as const, channels: [3] };

/** B clips of 4 × 4 gray pixels; what is past a clip's length is `rubbish`. */
function clips(lengths: readonly number[], rubbish: number, T = Math.max(...lengths)) {
  const B = lengths.length;
  const values = Float32Array.from({ length: T * B * 16 }, (_, k) => {
    const [t, b] = [Math.floor(k / (B * 16)), Math.floor(k / 16) % B];
    return t < lengths[b] ? 128 + 100 * Math.sin((k % 16) + 2 * t + 3 * b) : rubbish;
  });
  return tensor(values, [T, B, 16]);
}

test('Keras’ CNN-RNN head, GRU 16, GRU 8, dense 8 over 2,048 features and 5 classes, has exactly 99,909 parameters', () => {
  const head = new VideoClassifier({
    featureSize: 2048,
    cell: 'gru',
    lowerSize: 16,
    hiddenSize: 8,
    dropout: 0.4,
    denseSize: 8,
    classes: 5,
  });
  const count = (name: string) => {
    const own = [...head.namedParameters()].filter(([n]) => n.startsWith(name));
    return own.reduce((sum, [, p]) => sum + p.size, 0);
  };
  // Keras' GRU resets after the product, so it has two biases a gate: 3 (D·H + H² + 2H).
  expect(count('encoder.')).toBe(99_168);
  expect(count('sequence.recurrent')).toBe(624);
  expect(count('sequence.dense')).toBe(72);
  expect(count('sequence.head')).toBe(45);
  expect(head.parameterCount()).toBe(99_909);
});

describe('padding frames', () => {
  test('are not seen by batch norm while it trains', () => {
    const statistics = (rubbish: number, T: number) => {
      manualSeed(3);
      const encoder = new FrameEncoder({ convNet });
      encoder.forward(clips([3, 1], rubbish, T), indices([3, 1]));
      const norm = (encoder.convNet as ConvNet).stages[0].layers[1] as BatchNorm2d;
      return [...(norm.runningMean?.dataSync() ?? []), ...(norm.runningVar?.dataSync() ?? [])];
    };
    expect(statistics(1e4, 6)).toHaveLength(6);
    expect(statistics(1e4, 6)).toEqual(statistics(0, 3));
  });

  test('of all clips together cost nothing: their vectors are zero', () => {
    const encoder = new FrameEncoder({ convNet });
    const x = encoder.forward(clips([3, 1], 1e4), indices([3, 1]));
    expect(x.shape).toEqual([3, 2, encoder.outputSize]);
    expect([...x.select(1, 1).slice(0, 1).dataSync()].every((v) => v === 0)).toBe(true);
    expect([...x.select(1, 1).slice(0, 0, 1).dataSync()].some((v) => v !== 0)).toBe(true);
  });
});

test('frames are read as decoders write them: row by row, a pixel’s channels side by side', () => {
  manualSeed(1);
  const encoder = new FrameEncoder({ convNet: { inChannels: 2, inputSize: [3, 2], channels: [4] } }).eval();
  const bytes = Float32Array.from({ length: 12 }, (_, k) => 20 * k);
  const [h, w, C] = [3, 2, 2];
  const planes = Float32Array.from({ length: 12 }, (_, k) => bytes[(k % (h * w)) * C + Math.floor(k / (h * w))] / 255);
  const expected = encoder.convNet?.forward(tensor(planes, [1, C, h, w])).map.dataSync() as Float32Array;
  const seen = encoder.forward(tensor(bytes, [1, 1, 12])).dataSync();
  expect([...seen].map((v) => v.toFixed(5))).toEqual([...expected].map((v) => v.toFixed(5)));
});

test('one backward pass reaches the convolutions through the recurrent network', () => {
  manualSeed(1);
  const model = new VideoClassifier({ convNet, classes: 2, hiddenSize: 4 });
  model.loss(clips([3, 2], 0), indices([0, 1]), { lengths: [3, 2] }).backward();
  const weight = model.encoder.convNet?.parameters()[0];
  expect([...(weight?.grad?.dataSync() ?? [])].some((g) => g !== 0)).toBe(true);
});

test('classifyTask trains it on clips of bytes, each in a form of its own every epoch, and the same after a resume', () => {
  const sequences = [0, 1, 2, 3].map((n) =>
    Uint8Array.from({ length: 16 * (2 + (n % 2)) }, (_, k) => (40 * n + 9 * k) % 256),
  );
  const forms = (skip: number) => {
    manualSeed(1);
    const model = new VideoClassifier({ convNet, classes: 2, hiddenSize: 4 });
    const drawn: number[] = [];
    const task = classifyTask(model, {
      train: { sequences, labels: [0, 1, 0, 1] },
      batchSize: 2,
      seed: 4,
      augment: (sequence, random, example) => {
        const by = random.integer(100);
        drawn.push(example, by);
        return Array.from(sequence, (v) => v + by);
      },
    });
    const optimizer = new Adam(model.parameters());
    for (let k = 0; k < 6; k++) {
      const loss = task.next();
      if (k < skip) continue;
      scope(() => {
        optimizer.zeroGrad();
        loss().loss.backward();
        optimizer.step();
      });
    }
    return drawn;
  };
  const all = forms(0);
  expect(new Set(all.filter((_, k) => k % 2 === 1)).size).toBeGreaterThan(6);
  expect(forms(3)).toEqual(all.slice(12));
});

describe('errors', () => {
  test('say what frames are expected', () => {
    const model = new VideoTagger({ convNet, classes: 2 });
    expect(() => model.forward(tensor(new Float32Array(30), [2, 1, 15]))).toThrow(
      'FrameEncoder: expected frames of shape [time, batch, 16], got [2, 1, 15]',
    );
  });

  test('say that pixels or features are wanted, and which options there are', () => {
    expect(() => new VideoClassifier({ classes: 2 })).toThrow(
      'VideoClassifier: convNet, featureSize: expected one of them, for pixels or for features, got none',
    );
    expect(() => new VideoClassifier({ classes: 2, featureSize: 3, hidden_size: 4 } as never)).toThrow(
      'unknown option; did you mean hiddenSize?',
    );
  });
});
