// Features of images that a frozen encoder computes once: from the cache on disk, or computed a batch at a time and kept there.

import { createHash } from 'node:crypto';
import { DataError, noGrad, scope, type Tensor } from 'unrolled';
import { imageBatch } from 'unrolled/data';
import type { GraphEncoder } from 'unrolled/graph';
import { FeatureCache } from '../readers/index.ts';
import { grouped } from '../terminal/index.ts';
import { t } from '../language/index.ts';

/** What a model reads of an encoder: its map's regions [R, C], all of the map as one vector [C·R], or the mean over its places [C]. */
export type FeatureForm = 'regions' | 'map' | 'pooled';

/** Images as bytes [n, h, w, 3], by number. */
export interface PixelSource {
  readonly count: number;
  read(which: readonly number[]): Promise<Uint8Array>;
}

/** Features of images, by number. */
export interface EncodedImages {
  readonly count: number;
  /** Of one image. */
  readonly shape: readonly number[];
  read(which: ArrayLike<number>): Promise<Float32Array>;
}

export interface EncodeOptions {
  readonly cache?: FeatureCache;
  readonly say?: (text: string) => void;
}

const together = 16; // images
const tellEvery = 10_000; // ms
const mostInMemory = 2 ** 31; // bytes; more is read from the cache when it is needed

/** The features of all images. Throws a DataError for an image of which one is not finite. */
export async function encodedImages(
  encoder: GraphEncoder,
  form: FeatureForm,
  images: PixelSource,
  { cache = new FeatureCache(), say = () => {} }: EncodeOptions = {},
): Promise<EncodedImages> {
  const shape = featureShape(encoder, form);
  const size = shape.reduce((n, d) => n * d, 1);
  const inMemory = images.count * size * 4 <= mostInMemory;
  const own = createHash('sha256')
    .update(JSON.stringify([form, { ...encoder.config, trained: false }]))
    .digest('hex');
  const held: (Float32Array | null)[] = [];
  const keys: string[] = [];
  const [began, hits] = [performance.now(), cache.hits];
  let told = began;
  for (let from = 0; from < images.count; from += together) {
    const which = Array.from({ length: Math.min(together, images.count - from) }, (_, k) => from + k);
    const found = await featuresOf(which, true);
    held.push(...(inMemory ? found : found.map(() => null)));
    if (performance.now() - told < tellEvery) continue;
    told = performance.now();
    say(t`computing features: ${grouped(from + which.length)} of ${grouped(images.count)} images`);
  }
  const computed = images.count - (cache.hits - hits);
  const seconds = (performance.now() - began) / 1000;
  say(
    t`features of ${grouped(images.count)} images: ${grouped(images.count - computed)} from the cache, ${grouped(computed)} computed in ${seconds.toFixed(1)} s`,
  );
  if (cache.problem !== null) say(cache.problem);
  return {
    count: images.count,
    shape,
    async read(which) {
      const batch = new Float32Array(which.length * size);
      for (let b = 0; b < which.length; b++) {
        const values = held[which[b]] ?? (await featuresOf([which[b]], false))[0];
        batch.set(values, b * size);
      }
      return batch;
    },
  };

  /** From the cache, or computed. `first`: their names are not known yet. */
  async function featuresOf(which: readonly number[], first: boolean): Promise<Float32Array[]> {
    const pixels = first ? await images.read(which) : null;
    const bytes = pixels && pixels.length / which.length;
    if (pixels && bytes) which.forEach((n, k) => (keys[n] = keyOf(own, pixels.subarray(k * bytes, (k + 1) * bytes))));
    const found = await Promise.all(which.map((n) => cache.get(keys[n], shape)));
    const missing = which.flatMap((_, k) => (found[k] ? [] : [k]));
    if (missing.length === 0) return found as Float32Array[];
    const all = pixels ?? (await images.read(which));
    const each = all.length / which.length;
    const unseen = Buffer.concat(missing.map((k) => all.subarray(k * each, (k + 1) * each)));
    const values = compute(encoder, form, unseen, missing.length);
    for (const [m, k] of missing.entries()) {
      const features = values.slice(m * size, (m + 1) * size);
      if (!features.every(Number.isFinite))
        throw new DataError(encoder.config.source?.name ?? 'encoder', 'gives a feature that is not finite', which[k]);
      found[k] = features;
    }
    await Promise.all(missing.map((k) => cache.put(keys[which[k]], shape, found[k] as Float32Array)));
    return found as Float32Array[];
  }
}

/** The shape of the features of one image. */
export function featureShape({ outChannels: C, mapSize: [h, w] }: GraphEncoder, form: FeatureForm): readonly number[] {
  return form === 'regions' ? [h * w, C] : form === 'map' ? [C * h * w] : [C];
}

function compute(encoder: GraphEncoder, form: FeatureForm, bytes: Uint8Array, count: number): Float32Array {
  const [h, w] = encoder.config.inputSize;
  const all = Array.from({ length: count }, (_, n) => n);
  return noGrad(() =>
    scope(() => {
      const { map, pooled } = encoder.forward(imageBatch({ shape: [count, h, w, 3], data: bytes }, all));
      const of: Record<FeatureForm, () => Tensor> = {
        regions: () => encoder.regions(map),
        map: () => map.flatten(1),
        pooled: () => pooled,
      };
      return of[form]().dataSync() as Float32Array;
    }),
  );
}

function keyOf(encoder: string, pixels: Uint8Array): string {
  return createHash('sha256').update(encoder).update(createHash('sha256').update(pixels).digest()).digest('hex');
}
