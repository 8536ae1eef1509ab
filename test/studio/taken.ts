// What a page gives to be saved, and what others do with it.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { openZip } from 'unrolled/io';
import { root } from '../snippets.ts';

/** A folder that is removed. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'unrolled-studio-'));

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Writes the files of a zip. */
  async unzip(bytes: Uint8Array): Promise<string[]> {
    const zip = await openZip(bytes);
    for (const name of zip.files.keys()) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), await zip.bytes(name));
    }
    return [...zip.files.keys()];
  }
}

/** Presses a button of the card to take a run away, and waits for the file. */
export async function take(page: Page, button: string): Promise<{ name: string; bytes: Uint8Array }> {
  const waiting = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByRole('button', { name: button, exact: true }).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), bytes: new Uint8Array(readFileSync(await download.path())) };
}

/** Runs the command in a folder, and reads its JSON. */
export async function unrolled(cwd: string, ...args: string[]): Promise<Record<string, unknown>> {
  const command = join(root, 'packages', 'cli', 'bin', 'unrolled.js');
  const { stdout } = await promisify(execFile)(process.execPath, [command, ...args, '--json'], { cwd });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/**
 * Takes the run as a zip, measures it with the command that the page shows, and returns the losses of both, and of the run's last validation.
 */
export async function evaluated(page: Page): Promise<{ page: number; command: number }> {
  const folder = new Folder();
  try {
    const { bytes } = await take(page, 'Run, zip');
    const names = await folder.unzip(bytes);
    const shown = await page.locator('.take .code pre').first().textContent();
    const args = (shown ?? '').replace('npx unrolled ', '').split(' ');
    const { loss } = await unrolled(folder.path, ...args);
    const metrics = names.find((name) => name.endsWith('metrics.jsonl')) as string;
    const lines = readFileSync(join(folder.path, metrics), 'utf8').trim().split('\n');
    return { page: (JSON.parse(lines.at(-1) as string) as { loss: number }).loss, command: Number(loss) };
  } finally {
    folder.remove();
  }
}
