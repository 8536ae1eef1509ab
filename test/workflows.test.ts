// The workflows, as far as that can be told without the machines they run on: every command of every step is one that there is.

import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from './snippets.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: { readonly name?: string };
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly strategy?: { readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] } };
  readonly steps: readonly Step[];
}

const folder = join(root, '.github/workflows');
const workflows = readdirSync(folder).map((name) => {
  const { jobs } = parse(readFileSync(join(folder, name), 'utf8')) as { jobs: Readonly<Record<string, Job>> };
  return [name, jobs] as const;
});
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** What keeps a command of a step from running here; null where nothing does. */
function problemOf(command: string): string | null {
  const [program = '', ...args]: readonly string[] = command.match(/"[^"]*"|\S+/g) ?? [];
  const at = (path: string) => join(root, path);
  switch (program) {
    case 'npm':
      if (args[0] !== 'run') return args[0] === 'ci' ? null : `npm ${args[0]}`;
      return Object.hasOwn(scripts, args[1]) ? null : `package.json has no script ${args[1]}`;
    case 'npx':
      if (!existsSync(at(`node_modules/.bin/${args[0]}`))) return `no package has the program ${args[0]}`;
      return filesIn(args.slice(1));
    case 'sudo':
      return args[0] === 'apt-get' ? null : `sudo ${args[0]}`;
    case 'node':
      return args[0].startsWith('-') ? null : filesIn(args.slice(0, 1));
    default:
      try {
        return accessSync(at(program), constants.X_OK) ?? null;
      } catch {
        return `${program} is no program of the clone`;
      }
  }
}

function filesIn(args: readonly string[]): string | null {
  const gone = args.find((path) => path.includes('/') && !existsSync(join(root, path)));
  return gone === undefined ? null : `there is no ${gone}`;
}

test('a command that is not there is found', () => {
  const commands = [
    'npm run gone',
    'npx gone',
    'node tools/gone.mjs',
    'tools/gone',
    'npx vitest run test/gone',
    'npm exec x',
    'sudo npm ci',
  ];
  expect(commands.map(problemOf).filter((problem) => problem === null)).toEqual([]);
});

describe.each(workflows)('%s', (_, jobs) => {
  test('every command of its steps is there', () => {
    const commands = Object.values(jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run }) => run?.trim().split('\n') ?? []),
    );
    expect(commands.length).toBeGreaterThan(1);
    expect(commands.flatMap((command) => problemOf(command) ?? [])).toEqual([]);
  });

  test('a job needs jobs that there are, and downloads what one of them uploads', () => {
    const uploads = Object.values(jobs).flatMap(({ steps, strategy }) =>
      steps
        .filter(({ uses }) => uses?.startsWith('actions/upload-artifact'))
        .flatMap((step) => (strategy?.matrix.include ?? [{}]).map((values) => filled(step.with?.name ?? '', values))),
    );
    for (const { needs = [], steps } of Object.values(jobs)) {
      expect([needs].flat().filter((name) => !Object.hasOwn(jobs, name))).toEqual([]);
      const wanted = steps
        .filter(({ uses }) => uses?.startsWith('actions/download-artifact'))
        .flatMap((step) => step.with?.name ?? []);
      expect(wanted.filter((name) => !uploads.includes(name))).toEqual([]);
    }
  });
});

test('the release builds an addon for every machine that there is a package for', async () => {
  const { platforms } = (await import(join(root, 'packages/unrolled/kernels/build/native.mjs'))) as {
    platforms: readonly string[];
  };
  const { native } = Object.fromEntries(workflows)['release.yml'];
  expect(native.strategy?.matrix.include.map(({ platform }) => platform)).toEqual(platforms);
});

test('the release installs what .ci/run would, but the browser, which its machine has', () => {
  const wanted = Array.from(
    readFileSync(join(root, '.ci/run'), 'utf8').matchAll(/wanted\+=\((.*)\)/g),
    ([, name]) => name,
  );
  const { publish } = Object.fromEntries(workflows)['release.yml'];
  const installed = publish.steps.flatMap(({ run }) => /apt-get install (.*)/.exec(run ?? '')?.[1].split(' ') ?? []);
  expect(installed.filter((word) => !word.startsWith('-'))).toEqual(wanted.filter((name) => name !== 'chromium'));
});

test('the release publishes the addons of their own machines, which are fetched after all that builds some', () => {
  const { publish } = Object.fromEntries(workflows)['release.yml'];
  const place = (step: (one: Step) => boolean | undefined) => publish.steps.findIndex(step);
  const fetched = place(({ uses }) => uses?.startsWith('actions/download-artifact'));
  expect(fetched).toBeGreaterThan(place(({ run }) => run === '.ci/run'));
  expect(fetched).toBeLessThan(place(({ run }) => run?.startsWith('npm run package-check')));
});

/** `${{ matrix.platform }}` with its value. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ matrix\.(\w+) \}\}/g, (_, name: string) => values[name]);
}
