// Images of the data sets, as plain tars of JPEGs. They are decoded by sharp, which is there where the command is installed.

import { dataFile } from './data.ts';

export interface CaptionedFile {
  readonly image: string;
  readonly captions: readonly string[];
  /** RGB bytes [size, size, 3]. */
  readonly pixels: Uint8Array;
}

export const howToDecode = 'not measured: install sharp, which decodes the images';

/** The files of an uncompressed tar by name. */
export function readTar(bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const text = (from: number, length: number) =>
    new TextDecoder().decode(bytes.subarray(from, from + length)).split('\0', 1)[0];
  for (let at = 0; at + 512 <= bytes.length; ) {
    const name = text(at, 100);
    if (name === '') break;
    const size = Number.parseInt(text(at + 124, 12), 8);
    files.set(name, bytes.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

interface Decoder {
  resize(width: number, height: number, options: { fit: 'cover' }): Decoder;
  removeAlpha(): Decoder;
  toColorspace(name: 'srgb'): Decoder;
  raw(): { toBuffer(): Promise<Uint8Array> };
}

/** A part of a set of captioned images, each a square of `size` pixels; null where the set or sharp is not at hand. */
export async function captionedFiles(
  set: string,
  part: 'train' | 'val',
  size: number,
): Promise<CaptionedFile[] | null> {
  const [tar, captions] = [dataFile(`${set}/${part}.images.tar`), dataFile(`${set}/${part}.captions.json`)];
  const name = 'sharp';
  const decoder = (await import(name).catch(() => null)) as { default: (bytes: Uint8Array) => Decoder } | null;
  if (!tar || !captions || !decoder) return null;
  const files = readTar(tar);
  const list = JSON.parse(captions.toString('utf8')) as { image: string; captions: string[] }[];
  const all: CaptionedFile[] = [];
  for (const { image, captions: texts } of list) {
    const jpeg = files.get(image);
    if (!jpeg) continue;
    const square = decoder.default(jpeg).resize(size, size, { fit: 'cover' }).removeAlpha().toColorspace('srgb');
    all.push({ image, captions: texts.map(plainWords), pixels: await square.raw().toBuffer() });
  }
  return all;
}

/** Words in lowercase, without marks. */
export function plainWords(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? []).join(' ');
}
