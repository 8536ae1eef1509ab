// `unrolled studio`: the studio on this machine, until it is stopped.

import { OptionError } from 'unrolled';
import { filesOf } from 'unrolled/pipelines';
import type { CommandSpec } from '../command-line/program.ts';
import { studioOptions } from '../command-line/serve-options.ts';
import { interruptible } from '../interrupt.ts';
import { requireStudio } from '../studio-files.ts';
import { jsonText, stdout, visible } from '../terminal/index.ts';
import { t } from '../language/index.ts';

export const studio: CommandSpec<typeof studioOptions> = {
  name: 'studio',
  summary: 'open a page that trains networks, shows how they work, and keeps them in the browser',
  args: [['[runs...]', 'run folders to open in it; name=folder gives one another name']],
  options: studioOptions,
  examples: ['unrolled studio', 'unrolled studio runs/poems runs/reviews', 'unrolled studio --port 9000'],
  async run({ port, host, json, quiet }, runs) {
    const files = requireStudio();
    for (const run of runs) await requireReadable(run);
    const { listen } = await import('@unrolled/server/node');
    const listening = await listen({ studio: files, studioRuns: runs, host, port });
    const url = `${listening.url}/studio/`;
    if (json) stdout.write(`${jsonText({ url })}\n`);
    else if (!quiet) stdout.write(`${visible(t`studio on ${url}   (Ctrl-C stops it)`)}\n`);
    await interruptible(
      () => {},
      (signal) =>
        new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          signal.addEventListener('abort', () => resolve());
        }),
    );
    await listening.stop(1000);
    return null;
  },
};

/** Throws a RunError for what is no run, and an OptionError for one that a page could not read. */
async function requireReadable(run: string): Promise<void> {
  const files = await filesOf(run.replace(/^[^=/\\]+=/, ''));
  await files.json('config.json');
  const index = await files.json('index.json').catch(() => null);
  if (index) return;
  const advice =
    'has no index.json, by which a page finds its checkpoints; continue it once with this version, which writes one';
  throw new OptionError('studio', run, advice);
}
