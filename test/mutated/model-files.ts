// Models of other systems to damage, one parser a format. What is read is used: described, and every array decoded, within the bounds of its file.

import { type FormatName, type ImportedModel, readModel } from '@unrolled/convert';
import type { Random } from 'unrolled';
import { writeSafetensors } from 'unrolled/io';
import {
  int,
  list,
  named,
  object,
  ordered,
  pickle,
  streamCheckpoint,
  tensor,
  text,
  zipCheckpoint,
} from '../pickles.ts';
import { zipOf } from '../run-sources.ts';
import { givenParsers } from './given-files.ts';
import { networkParsers } from './network-files.ts';
import { mutateBytes } from './mutate.ts';
import { onnxFiles } from './onnx-files.ts';
import type { Parser } from './parsers.ts';

/** Decodes what was read, as a conversion would. */
function use(model: ImportedModel): void {
  for (const array of model.arrays.values()) array.values();
  model.network?.weights();
  JSON.stringify([model.layers, model.report]);
}

/** A parser of files whose damaged part is one of `pieces`, which `whole` puts into a file. */
function ofPieces(
  name: string,
  pieces: readonly Uint8Array[],
  whole: (piece: Uint8Array, random: Random | null) => Uint8Array,
  format?: FormatName,
): Parser {
  const read = async (bytes: Uint8Array) => use(await readModel(bytes, { name, format }));
  return {
    name,
    share: 1,
    async undamaged() {
      for (const piece of pieces) await read(whole(piece, null));
    },
    make(random) {
      const piece = mutateBytes(pieces[random.integer(pieces.length)], pieces, random);
      const input = whole(piece, random);
      return { input, read: () => read(input) };
    },
  };
}

const floats = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const w = tensor({ key: '0', count: 8, shape: [2, 4] });
const b = tensor({ key: '1', count: 8, shape: [2, 2], strides: [1, 2], offset: 1, kind: 'HalfStorage' });
const objects = [
  ordered({
    'lstm.weight_ih_l0': w,
    'lstm.weight_hh_l0': tensor({ key: '0', count: 8, shape: [4, 1] }),
    'fc.weight': b,
  }),
  named({
    epoch: int(3),
    state_dict: ordered({ 'module.fc.weight': w, 'module.fc.bias': b }),
    other: list(text('x'), text('y')),
  }),
  object(
    'net',
    'Net',
    named({
      _parameters: ordered({ w }),
      _modules: ordered({ fc: object('net', 'Fc', named({ _parameters: ordered({ b }) })) }),
    }),
  ),
];
const storages = { 0: floats, 1: new Uint16Array(8) };

const npy = (shape: string, values: Float32Array) => {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }\n`;
  const bytes = new Uint8Array(values.buffer);
  return Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0, ...Buffer.from(header), ...bytes]);
};

export const modelParsers: readonly Parser[] = [
  ...networkParsers,
  // The checksums of a zip would catch nearly all damage: the pickle is damaged before it is packed, and now and then the zip itself.
  ofPieces(
    'pytorch zip',
    objects.map((value) => pickle(value)),
    (piece, random) => {
      const file = zipCheckpoint(piece, storages);
      return random && random.integer(8) === 0 ? mutateBytes(file, [file], random) : file;
    },
  ),
  ofPieces(
    'pytorch stream',
    objects.map((value) =>
      streamCheckpoint(value, { 0: { count: 8, data: floats }, 1: { count: 8, data: new Uint16Array(8) } }),
    ),
    (piece) => piece,
  ),
  ofPieces('npz', [npy('2, 4', floats), npy('8,', floats)], (piece, random) => {
    const file = zipOf(
      new Map([
        ['w.npy', piece],
        ['b.npy', npy('', Float32Array.of(1))],
      ]),
      { stored: true },
    );
    return random && random.integer(8) === 0 ? mutateBytes(file, [file], random) : file;
  }),
  ofPieces(
    'safetensors with aliases',
    [
      writeSafetensors(new Map([['emb.weight', { shape: [2, 4], data: floats }]]), {
        aliases: '{"out.weight":"emb.weight"}',
        format: 'pt',
      }),
    ],
    (piece) => piece,
  ),
  ofPieces('onnx', onnxFiles, (piece) => piece, 'onnx'),
  ...givenParsers,
];
