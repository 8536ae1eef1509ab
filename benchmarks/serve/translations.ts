// Streamed translations: `npm run bench:serve -- --only translations` prints, for an untrained translator of 2 × 512 units with attention, the tokens a
// second of 1 … 64 streams that come at the same moment, and when the first word of the last of them is there; and fails where one of them is not the
// one that is streamed alone.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createEngine } from '../../packages/server/src/engine/create-engine.ts';
import type { StartThread } from '../../packages/server/src/engine/threads.ts';
import { root } from '../../test/snippets.ts';

const length = 40; // tokens of each
const texts = ['seven hundred and twelve', 'forty two', 'nine thousand and one', 'six'];

export async function translations(folder: string, start: StartThread): Promise<void> {
  const run = join(folder, '..', 'translator');
  const settings = '--demo numbers --hidden 512 --layers 2 --steps 1 --eval-every 1 --translate 1'.split(' ');
  const command = join(root, 'packages', 'cli', 'bin', 'unrolled.js');
  const made = spawnSync(process.execPath, [command, 'train', 'translate', ...settings, '--out', run]);
  if (made.status !== 0) throw new Error(`the translator could not be made: ${made.stderr.toString()}`);
  const engine = await createEngine({ runs: [run], workers: 1, maxRows: 64, maxQueue: 1000, start });
  const one = async (n: number, first: (ms: number) => void = () => {}) => {
    const begin = performance.now();
    let words = '';
    const options = { minTokens: length, maxTokens: length };
    const request = { model: 'translator', task: 'translation' as const, inputs: [texts[n % texts.length]], options };
    for await (const answer of engine.stream(request)) {
      if (!('piece' in answer)) continue;
      if (words === '') first(performance.now() - begin);
      words += (answer.piece as { text: string }).text;
    }
    return words;
  };
  const alone: string[] = [];
  for (const n of texts.keys()) alone.push(await one(n));
  let [rate, wrong] = [0, 0];
  for (const streams of [1, 4, 16, 64]) {
    let [best, last] = [0, Infinity];
    for (let turn = 0; turn < 3; turn++) {
      const firsts: number[] = [];
      const begin = performance.now();
      const found = await Promise.all(Array.from({ length: streams }, (_, n) => one(n, (ms) => firsts.push(ms))));
      best = Math.max(best, (1000 * streams * length) / (performance.now() - begin));
      last = Math.min(last, Math.max(...firsts));
      wrong += found.filter((text, n) => text !== alone[n % texts.length]).length;
    }
    if (streams === 1) rate = best;
    console.log(
      `${String(streams).padStart(2)} translations ${Math.round(best).toLocaleString('en-US').padStart(7)} tokens/s   ${(best / rate).toFixed(1)} × one   first word of the last after ${last.toFixed(0)} ms`,
    );
  }
  console.log(`${wrong} differ from those that are streamed alone`);
  if (wrong > 0) process.exitCode = 1;
  await engine.close();
}
