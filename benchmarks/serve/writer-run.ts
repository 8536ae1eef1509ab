// An untrained LSTM of two layers and 65 characters as a run folder, and the texts that it writes alone.

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LanguageModel, manualSeed } from 'unrolled';
import { Vocabulary } from 'unrolled/data';
import { writeSafetensors } from 'unrolled/io';
import { textGeneration } from 'unrolled/pipelines';

const symbols = Array.from({ length: 65 }, (_, k) => String.fromCharCode(k === 64 ? 10 : 32 + k));
export const prompt = 'THE ';

/** Writes the run, or other weights into it. */
export function makeRun(folder: string, hiddenSize: number, seed = 1): void {
  manualSeed(seed);
  const model = new LanguageModel(65, { cell: 'lstm', hiddenSize, numLayers: 2 });
  mkdirSync(folder, { recursive: true });
  const save = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, `${name}.tmp`), content);
    renameSync(join(folder, `${name}.tmp`), join(folder, name));
  };
  save('vocabulary.json', JSON.stringify(new Vocabulary(symbols).toJSON()));
  save(
    'config.json',
    JSON.stringify({ format: 'unrolled run', version: 1, task: 'text', model: model.config, training: {}, data: {} }),
  );
  save('model.safetensors', writeSafetensors(model.stateDict()));
}

/** The text of each seed from 0, as the library writes it alone. */
export async function textsAlone(folder: string, count: number, maxTokens: number): Promise<string[]> {
  const writer = await textGeneration(folder);
  const texts: string[] = [];
  for (let seed = 0; seed < count; seed++) {
    let text = '';
    for await (const piece of writer.generate(prompt, { seed, maxTokens })) text += piece.text;
    texts.push(text);
  }
  return texts;
}
