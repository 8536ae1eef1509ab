// Reads image features from another network, in place of images: a .npy whose row n belongs to the n-th image of the data, or a
// safetensors file with one such array, or with an array for every image under the image's name.

import { DataError, FormatError } from 'unrolled';
import { readNpy, readSafetensors } from 'unrolled/io';
import { readGiven } from '../files/index.ts';
import { readable } from './files.ts';

/** Shape of an image's features: a vector [D], or one for each of its regions [R, D]. */
export interface Features {
  readonly count: number;
  /** Number of values per image. */
  readonly shape: readonly number[];
  /** Reads [B, …shape] of the images with indices `which`. */
  read(which: ArrayLike<number>): Float32Array;
}

interface Numbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

const mostFeatures = 2 ** 33; // bytes

/** Reads the features of the images with these names, in their order. Throws where one has none, or where there are more or fewer than images. */
export function readFeatures(path: string, names: readonly string[]): Features {
  const { only, tensors } = contentOf(path);
  const ordered = only && (path.endsWith('.npy') || (only.shape[0] === names.length && names.length > 1));
  return ordered ? inOrder(path, only, names.length) : byName(path, tensors, names);
}

/** The arrays of a file; `only`: the one array of features of all images, where there may be one. */
function contentOf(path: string): { readonly only: Numbers | null; readonly tensors: ReadonlyMap<string, Numbers> } {
  let bytes: Uint8Array;
  try {
    bytes = readGiven(path, mostFeatures);
  } catch (error) {
    throw readable(path, error);
  }
  if (bytes.length === 0) throw new FormatError(path, 'the file is empty');
  if (path.endsWith('.npy')) return { only: readNpy(bytes, path), tensors: new Map() };
  if (!path.endsWith('.safetensors')) throw new FormatError(path, 'features are read from .npy and .safetensors files');
  const { tensors } = readSafetensors(bytes, path);
  const [only] = tensors.values();
  return { only: tensors.size === 1 && only.shape.length > 1 ? only : null, tensors };
}

export interface NamedFeatures extends Features {
  readonly names: readonly string[];
}

/** The features of all images in a file: of these names, or under the names that it has; rows of an array are called by their number from 1. */
export function featuresIn(path: string, names: readonly string[] | null): NamedFeatures {
  if (names !== null) return { ...readFeatures(path, names), names };
  const { only, tensors } = contentOf(path);
  if (only)
    return {
      ...inOrder(path, only, only.shape[0]),
      names: Array.from({ length: only.shape[0] }, (_, n) => String(n + 1)),
    };
  const all = [...tensors.keys()];
  return { ...byName(path, tensors, all), names: all };
}

function inOrder(path: string, { shape, data }: Numbers, count: number): Features {
  if (shape.length !== 2 && shape.length !== 3)
    throw new FormatError(
      path,
      `expected [images, features] or [images, regions, features], got [${shape.join(', ')}]`,
    );
  if (shape[0] !== count)
    throw new FormatError(
      path,
      `has features of ${shape[0]} images, and there are ${count}; row n is of the n-th image`,
    );
  const size = shape.slice(1).reduce((n, d) => n * d, 1);
  const floats = Float32Array.from(data);
  const bad = floats.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new DataError(path, `has a feature that is ${floats[bad]}`, Math.floor(bad / size));
  return {
    count,
    shape: shape.slice(1),
    read: (which) => {
      const batch = new Float32Array(which.length * size);
      for (let b = 0; b < which.length; b++)
        batch.set(floats.subarray(which[b] * size, (which[b] + 1) * size), b * size);
      return batch;
    },
  };
}

/** Features of the frames of clips: for each clip [T, D], one clip after the other in `values`. */
export interface ClipFeatures {
  /** Numbers in the features of a frame. */
  readonly size: number;
  readonly values: readonly Float32Array[];
}

/**
 * Reads the features of the frames of these clips: a .npy [clips, frames, features] in their order, or a safetensors file with an array [frames, features]
 * under the name of every clip. Throws where a clip has none.
 */
export function readClipFeatures(path: string, names: readonly string[]): ClipFeatures {
  const { only, tensors } = contentOf(path);
  if (only && only.shape.length === 3) {
    const all = inOrder(path, only, names.length);
    const values = names.map((_, n) => all.read([n]));
    return { size: all.shape[1], values };
  }
  const found = names.map((name) => named(path, tensors, name));
  const size = found[0]?.shape[1] ?? 0;
  const values = found.map(({ shape, data }, n) => {
    if (shape.length !== 2 || shape[0] === 0 || shape[1] !== size)
      throw new FormatError(
        path,
        `expected features [frames, ${size || 'features'}] of ${names[n]}, got [${shape.join(', ')}]`,
      );
    const floats = Float32Array.from(data);
    const bad = floats.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new DataError(path, `the features of ${names[n]} have a number that is ${floats[bad]}`, n);
    return floats;
  });
  return { size, values };
}

/** The features of all clips in a file, under the names that it has; rows of an array are called by their number from 1. */
export function clipFeaturesIn(path: string): ClipFeatures & { readonly names: readonly string[] } {
  const { only, tensors } = contentOf(path);
  const ordered = only && only.shape.length === 3;
  const names = ordered ? Array.from({ length: only.shape[0] }, (_, n) => String(n + 1)) : [...tensors.keys()];
  return { ...readClipFeatures(path, names), names };
}

/** The tensor of an image or a clip: under its name, or that of its file. */
function named(path: string, tensors: ReadonlyMap<string, Numbers>, name: string): Numbers {
  const short = name.replace(/^.*[\\/]/, '');
  const tries = [name, short, short.replace(/\.[^.]+$/, '')];
  const found = tries.map((one) => tensors.get(one)).find((tensor) => tensor !== undefined);
  if (found) return found;
  const some = [...tensors.keys()].slice(0, 3).join(', ');
  throw new FormatError(
    path,
    `has no features of ${name}; it has ${tensors.size} tensors (${some}${tensors.size > 3 ? ', …' : ''})`,
  );
}

function byName(path: string, tensors: ReadonlyMap<string, Numbers>, names: readonly string[]): Features {
  const all = names.map((name) => named(path, tensors, name));
  const shape = all[0]?.shape ?? [];
  const size = shape.reduce((n, d) => n * d, 1);
  const data = new Float32Array(all.length * size);
  for (const [n, one] of all.entries()) {
    if (one.shape.join() !== shape.join())
      throw new FormatError(
        path,
        `the features of ${names[n]} are [${one.shape.join(', ')}], those of ${names[0]} [${shape.join(', ')}]`,
      );
    data.set(one.data, n * size);
  }
  return inOrder(path, { shape: [all.length, ...shape], data }, all.length);
}
