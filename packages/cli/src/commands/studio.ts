// `unrolled studio`: the studio on this machine, until it is stopped.

import type { CommandSpec } from '../command-line/program.ts';
import { studioOptions } from '../command-line/serve-options.ts';
import { interruptible } from '../interrupt.ts';
import { requireStudio } from '../studio-files.ts';
import { jsonText, stdout, visible } from '../terminal/index.ts';
import { t } from '../language/index.ts';

export const studio: CommandSpec<typeof studioOptions> = {
  name: 'studio',
  summary: 'open a page that trains networks, shows how they work, and keeps them in the browser',
  args: [],
  options: studioOptions,
  examples: ['unrolled studio', 'unrolled studio --port 9000'],
  async run({ port, host, json, quiet }) {
    const files = requireStudio();
    const { listen } = await import('@unrolled/server/node');
    const listening = await listen({ studio: files, host, port });
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
