// A training process that is killed in the middle, again and again. A real process, since nothing else can be killed.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { inProcess } from './in-process.ts';

/** The command as it is installed. */
export const command = fileURLToPath(new URL('../packages/cli/bin/unrolled.js', import.meta.url));

/**
 * Trains in `straight`, and in `killed`, which is killed three times and started again: both runs are the same bits. What is killed saves
 * at every step; how often a run saves changes nothing in it.
 */
export async function expectSameBitsAfterKills(at: (path: string) => string, train: readonly string[]): Promise<void> {
  expect((await inProcess(...train, '--out', 'straight')).code).toBe(0);
  for (let kill = 0; kill < 3; kill++) {
    const args = [command, ...train, '--out', 'killed', '--save-seconds', '0'];
    const child = spawn(process.execPath, args, { cwd: at('.'), stdio: 'ignore' });
    const gone = new Promise((resolve) => child.on('close', resolve));
    while (!existsSync(at('killed/metrics.jsonl')) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 60 + 40 * kill));
    child.kill('SIGKILL');
    await gone;
  }
  expect((await inProcess(...train, '--out', 'killed')).code).toBe(0);
  for (const file of ['model.safetensors', 'metrics.jsonl', 'config.json'])
    expect(readFileSync(at(`killed/${file}`)).equals(readFileSync(at(`straight/${file}`))), file).toBe(true);
}
