// What is given with a model for a run of a task, to damage: vocabularies in every form, labels, and what stands in an imported run, its configuration and
// its certificate.

import { certificateOf, certify, ConversionReport, ownRun, readModel, replay } from '@unrolled/convert';
import { openRun, type Random, type StateDict } from 'unrolled';
import { GraphModel } from 'unrolled/graph';
import { type TensorData, writeSafetensors } from 'unrolled/io';
import { runTokens } from '../../packages/convert/src/run/tokens.ts';
import { labelsOf } from '../../packages/convert/src/run/vocabulary.ts';
import { kerasTwoFile, type LayerWeights } from '../hdf5-files.ts';
import { mutateBytes, mutateJson } from './mutate.ts';
import type { Parser } from './parsers.ts';

const tokens = ['a', 'b', ' ', '<unk>'];
const byToken = Object.fromEntries(tokens.map((token, id) => [token, id]));
const texts = [
  JSON.stringify(tokens),
  JSON.stringify(byToken),
  JSON.stringify(Object.fromEntries(tokens.entries())),
  '"ab c"',
  'ab c',
  `${tokens.join('\n')}\n`,
  JSON.stringify({
    format: 'unrolled vocabulary',
    version: 1,
    unit: 'codepoint',
    normalization: 'none',
    symbols: ['a', 'b', 'c', 'd'],
  }),
  JSON.stringify({
    model: { type: 'WordLevel', vocab: byToken, unk_token: '<unk>' },
    pre_tokenizer: { type: 'Whitespace' },
  }),
];
const types = ['language-model', 'sequence-classifier', 'sequence-tagger'] as const;

/** As damaged JSON where it is some, and as damaged bytes. */
function damagedText(random: Random): string {
  const text = texts[random.integer(texts.length)];
  if (/^["[{]/.test(text) && random.integer(2) === 0) return JSON.stringify(mutateJson(JSON.parse(text), random)) ?? '';
  const bytes = texts.map((one) => new TextEncoder().encode(one));
  return new TextDecoder().decode(mutateBytes(new TextEncoder().encode(text), bytes, random));
}

function useVocabulary(text: string, type: (typeof types)[number]): void {
  const { content, rows } = runTokens(
    { type, vocabularySize: 4 },
    { text, source: 'given' },
    {},
    new ConversionReport('given'),
  );
  JSON.stringify([content, rows]);
}

const H = 2;
const array = (...shape: number[]): LayerWeights[string] => {
  const size = shape.reduce((a, b) => a * b, 1);
  return [shape, Array.from({ length: size }, (_, i) => Math.sin(i + 1))];
};
const layers = [
  {
    class_name: 'LSTM',
    config: { name: 'lstm', units: H, recurrent_activation: 'hard_sigmoid', batch_input_shape: [null, 3, 4] },
  },
  { class_name: 'Dense', config: { name: 'out', units: 4, activation: 'softmax' } },
];
const file = await kerasTwoFile({ class_name: 'Sequential', config: layers }, {
  lstm: { 'lstm/kernel:0': array(4, 4 * H), 'lstm/recurrent_kernel:0': array(H, 4 * H), 'lstm/bias:0': array(4 * H) },
  out: { 'out/kernel:0': array(H, 4), 'out/bias:0': array(4) },
}); // biome-ignore format: a table
const model = await readModel(file, { name: 'net.h5' });
const run = ownRun(model, certify(model, { sha256: '0'.repeat(64) }), {
  task: 'text-generation',
  vocabulary: { text: 'abcd', source: 'letters' },
});
if (typeof run === 'string') throw new Error(run);
const { config, certificate, contents, weights } = run;
const safetensors = writeSafetensors(weights as Map<string, TensorData>);

/** Opens the run and generates a little. */
async function useRun(changed: unknown): Promise<void> {
  const opened = await openRun({ 'config.json': utf8(changed), 'model.safetensors': safetensors, 'vocabulary.json': utf8(contents.vocabulary), 'certificate.json': utf8(certificate) }); // biome-ignore format: a call
  if (opened.task === 'text-generation')
    for await (const piece of opened.generate('ab', { maxTokens: 2, seed: 1 })) if (piece.id < 0) return;
}

const utf8 = (json: unknown) => new TextEncoder().encode(JSON.stringify(json) ?? '');
const network = (config.model as { graph: ConstructorParameters<typeof GraphModel>[0]['graph'] }).graph;
const graph = new GraphModel({ graph: network }).loadStateDict(weights as StateDict, 'net').eval();

export const givenParsers: readonly Parser[] = [
  {
    name: 'vocabulary of an imported model',
    share: 1,
    async undamaged() {
      for (const text of texts.slice(0, 7)) useVocabulary(text, 'language-model');
    },
    make(random) {
      const input = damagedText(random);
      const type = types[random.integer(types.length)];
      return { input, read: () => useVocabulary(input, type) };
    },
  },
  {
    name: 'labels of an imported model',
    share: 1,
    async undamaged() {
      for (const text of texts.slice(0, 3)) labelsOf(text, 'labels', 4);
    },
    make(random) {
      const input = damagedText(random);
      return { input, read: () => labelsOf(input, 'labels', 4) };
    },
  },
  {
    name: 'certificate of an imported run',
    share: 0.1,
    async undamaged() {
      replay(graph, certificate);
    },
    make(random) {
      const input = mutateJson(certificate, random);
      return { input, read: () => replay(graph, certificateOf(input, 'certificate.json')) };
    },
  },
  {
    name: 'configuration of an imported run',
    share: 0.1,
    undamaged: () => useRun(config),
    make(random) {
      const input = mutateJson(config, random);
      return { input, read: () => useRun(input) };
    },
  },
];
