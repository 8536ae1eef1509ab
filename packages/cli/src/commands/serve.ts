// `unrolled serve <runs...>`: trained runs behind HTTP, until it is stopped.

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { LogEntry } from '@unrolled/server';
import type { Listening } from '@unrolled/server/node';
import { OptionError } from 'unrolled';
import type { Values } from '../command-line/options.ts';
import type { CommandSpec } from '../command-line/program.ts';
import { serveOptions } from '../command-line/serve-options.ts';
import { interruptible } from '../interrupt.ts';
import { studioFiles } from '../studio-files.ts';
import { jsonText, stderr, stdout, visible } from '../terminal/index.ts';
import { t } from '../language/index.ts';

export const serve: CommandSpec<typeof serveOptions> = {
  name: 'serve',
  summary: 'serve trained models over HTTP: a page, the interfaces of OpenAI and Ollama, a route per task',
  args: [['<runs...>', 'run folders; name=folder gives one another name']],
  options: serveOptions,
  examples: [
    'unrolled serve runs/poems runs/reviews',
    'unrolled serve poet=runs/poems --port 9000 --log-jsonl requests.jsonl',
    'UNROLLED_API_KEY=… unrolled serve runs/poems --host 0.0.0.0',
  ],
  async run(values, runs) {
    const { listen } = await import('@unrolled/server/node');
    const log = logOf(values);
    try {
      const listening = await listen({
        ...optionsOf(values),
        runs: runs.map(named),
        studio: studioFiles(),
        log: log.write,
      });
      announce(listening, values);
      searchOften();
      await interruptible(
        () =>
          void (
            values.quiet || stderr.write(t('stopping: waiting for requests that are being answered, at most 10 s\n'))
          ),
        (signal) => untilStopped(listening, signal),
      );
    } finally {
      log.close();
    }
    return null;
  },
};

/** A run as the server names it; `.` and `..` are called as the folders that they are. */
const named = (run: string) => (/^[./\\]*$/.test(run) ? `${basename(resolve(run))}=${run}` : run);

/**
 * What a request needs outlives V8's young generation and dies in the old one, which by default grows to several times what lives in it before it is
 * searched for what is dead: 0.1 MiB for each of 256 streams. From here on it is searched when it is 40 % more; that costs no measurable time.
 * Not before: what is loaded at the start is not dead, and looking for it would take 60 ms.
 */
function searchOften(): void {
  setFlagsFromString('--heap-growing-percent=40');
}

/** What the flags mean to `listen`. */
function optionsOf(values: Values<typeof serveOptions>) {
  const { host, port, watch, chat, workers, maxRows, maxQueue, backend, threads, stateDays, stateKeyFile } = values;
  const { apiKey, allowHost, allowOrigin, imageHost, maxTokens, deadline, maxBody } = values;
  const hosts = list(allowHost);
  const stateKey = stateKeyFile === null ? process.env.UNROLLED_STATE_KEY : secretIn(stateKeyFile);
  return {
    host,
    port,
    watch,
    chat: chat as 'text' | 'roles',
    apiKey: list(apiKey ?? process.env.UNROLLED_API_KEY ?? null),
    ...(hosts.length > 0 ? { allowedHosts: hosts } : {}),
    allowedOrigins: list(allowOrigin),
    imageHosts: list(imageHost),
    stateSeconds: stateDays * 86_400,
    ...(stateKey ? { stateKey } : {}),
    ...(workers === null ? {} : { workers }),
    ...(maxRows === null ? {} : { maxRows }),
    ...(maxQueue === null ? {} : { maxQueue }),
    ...(backend === null ? {} : { backend: backend as 'native' | 'wasm' | 'reference' }),
    ...(threads === null ? {} : { threads }),
    limits: { maxTokens, deadlineMs: Math.ceil(deadline * 1000), bodyBytes: Math.ceil(maxBody * 2 ** 20) },
  };
}

const list = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

function secretIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new OptionError(
      'serve',
      '--state-key-file',
      `${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
    );
  }
}

function announce(
  { url, server }: Listening,
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
): void {
  void server.opened().then((engine) => {
    const models = engine.models();
    if (json) stdout.write(`${jsonText({ url, models: models.map(({ id, task }) => ({ id, task })) })}\n`);
    else if (!quiet) {
      for (const { id, task } of models) stdout.write(`${visible(`${id}  ${task}`)}\n`);
      stdout.write(t`listening on ${url}   (Ctrl-C stops it)\n`);
    }
  });
}

/** Waits for the signal, and then for the requests that are being answered. */
async function untilStopped(listening: Listening, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
  await listening.stop(10_000);
}

interface RequestLog {
  readonly write: (entry: LogEntry) => void;
  close(): void;
}

/** Entries go to a file as JSON; what failed goes to standard error in words. */
function logOf({ logJsonl, quiet }: { readonly logJsonl: string | null; readonly quiet: boolean }): RequestLog {
  const file = logJsonl === null || logJsonl === '-' ? null : openLog(logJsonl);
  return {
    write(entry) {
      const line = `${JSON.stringify(entry)}\n`;
      if (file !== null) writeSync(file, line);
      else if (logJsonl === '-') stdout.write(line);
      if (quiet || entry.level !== 'error') return;
      const { id, method, route, status, code, cause } = entry;
      stderr.write(`${visible(`${method} ${route} ${status} ${code} (${id})`)}\n${cause ? `${visible(cause)}\n` : ''}`);
    },
    close() {
      if (file !== null) closeSync(file);
    },
  };
}

function openLog(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (error) {
    throw new OptionError(
      'serve',
      '--log-jsonl',
      `${path} cannot be written: ${(error as NodeJS.ErrnoException).code}`,
    );
  }
}
