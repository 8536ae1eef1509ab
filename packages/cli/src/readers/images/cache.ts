// Decoded images, and features of images that a pretrained network computed: both are kept on disk.

import { createHash } from 'node:crypto';
import type { Clip } from 'unrolled/data';
import { cacheFolder, DiskCache } from './disk-cache.ts';

/** Version, part of every name: raised when the same file and settings give other pixels. */
const version = 1;

/** An entry is named by the SHA-256 of the file's bytes and of the settings: a changed image has another name. */
export class PixelCache extends DiskCache {
  constructor(folder: string = cacheFolder()) {
    super(folder, { name: 'images', magic: 'UNRC', unit: 3, what: 'decoded images', most: null });
  }

  /** Name of the entry for these bytes and `settings`. */
  static key(bytes: Uint8Array, settings: object): string {
    const hash = createHash('sha256').update(`${version} ${JSON.stringify(settings)}\n`);
    return hash.update(createHash('sha256').update(bytes).digest()).digest('hex');
  }

  /** Null where there is none, or a damaged one. */
  async get(key: string): Promise<Clip | null> {
    const entry = await this.read(key);
    if (!entry) return null;
    const [frames, height, width] = entry.sizes;
    return { frames, height, width, data: entry.data };
  }

  async put(key: string, { frames, height, width, data }: Clip): Promise<void> {
    await this.write(key, [frames, height, width], data);
  }
}

const mostFeatures = 2 ** 33; // bytes

/** An entry is named by the SHA-256 of the network with its preprocessing, and of the pixels that it read. */
export class FeatureCache extends DiskCache {
  constructor(folder: string = cacheFolder(), most: number = mostFeatures) {
    super(folder, { name: 'features', magic: 'UNRF', unit: 4, what: 'features', most });
  }

  /** Features of these `shape`, one axis or two; null where there are none, or damaged ones. */
  async get(key: string, shape: readonly number[]): Promise<Float32Array | null> {
    const entry = await this.read(key, [shape[0], shape[1] ?? 1, 1]);
    return entry && new Float32Array(entry.data.slice().buffer);
  }

  async put(key: string, shape: readonly number[], values: Float32Array): Promise<void> {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    await this.write(key, [shape[0], shape[1] ?? 1, 1], bytes);
  }
}
