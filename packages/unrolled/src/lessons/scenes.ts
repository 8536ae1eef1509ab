// Scenes small enough to be learned in seconds: on 24 × 24 pixels, nine cells, one star and one circle. Every cell of the network's map sees its own
// square of 8 × 8 pixels and nothing else (kernel size 2), so that where a model attends is where it looks.

import { normalizeImages, type RawImage } from '../data/index.ts';
import { paintScene } from '../data/synthetic/images/scene.ts';
import { Adam, type ConvNetOptions, type Module, type Random, scope, tensor, type Tensor } from '../index.ts';

/** Rows and columns of cells, and pixels of a side. */
export const places = 3;
const pixels = 24;

/** The colors of the scenes. */
export const sceneColors = ['red', 'green', 'blue', 'yellow'] as const;
/** What stands in every scene. */
export const sceneShapes = ['star', 'circle'] as const;

/** An image with a star and a circle: the color and the cell of each. */
export interface Scene {
  readonly image: RawImage;
  readonly colors: readonly [star: number, circle: number];
  readonly cells: readonly [star: number, circle: number];
}

/** The encoder of every lesson with images: three stages, from 24 × 24 pixels to a map of 3 × 3. */
export const sceneNet: ConvNetOptions = { channels: [12, 24, 32], inputSize: [pixels, pixels], kernelSize: 2 };

export function makeScene(random: Random): Scene {
  const [star, circle] = random.shuffle(Array.from({ length: places * places }, (_, k) => k));
  const cells = [star, circle] as const;
  const colors = [random.integer(sceneColors.length), random.integer(sceneColors.length)] as const;
  const objects = sceneShapes.map((shape, k) => ({
    shape,
    color: sceneColors[colors[k]],
    size: 'big' as const,
    row: Math.floor(cells[k] / places),
    column: cells[k] % places,
  }));
  return { image: paintScene(objects, pixels, places, random), colors, cells };
}

export const makeScenesOf = (count: number, random: Random): Scene[] =>
  Array.from({ length: count }, () => makeScene(random));

/** Images [N, 3, 24, 24], normalized. */
export function imagesOf(scenes: readonly Scene[]): Tensor {
  const bytes = new Uint8Array(scenes.length * pixels * pixels * 3);
  for (const [k, { image }] of scenes.entries()) bytes.set(image.data, k * image.data.length);
  const shape = [scenes.length, pixels, pixels, 3];
  return tensor(normalizeImages(bytes, shape), [scenes.length, 3, pixels, pixels]);
}

/** Trains `model` on losses that are made step by step; returns them, `every` steps at a time. */
export async function trainOn(
  model: Module,
  options: {
    readonly steps: number;
    readonly every: number;
    readonly lr: number;
    readonly progress: (part: number) => Promise<void>;
  },
  lossOf: () => Tensor,
): Promise<number[]> {
  const { steps, every, lr, progress } = options;
  const optimizer = new Adam(model.parameters(), { lr });
  const losses: number[] = [];
  let sum = 0;
  model.train();
  for (let k = 1; k <= steps; k++) {
    sum += scope(() => {
      const loss = lossOf();
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.itemSync();
    });
    if (k % every !== 0) continue;
    losses.push(sum / every);
    sum = 0;
    await progress(k / steps);
  }
  model.eval();
  return losses;
}
