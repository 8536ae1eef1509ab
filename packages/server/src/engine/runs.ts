// Runs by the names that requests give them.

import { OptionError } from 'unrolled';
import type { RunSource } from 'unrolled/pipelines';

/** `runs/shakespeare` is called shakespeare, `bard=runs/shakespeare` bard. Throws an OptionError for none, and for a name that is there twice. */
export function namedRuns(
  runs: readonly string[] | Readonly<Record<string, RunSource>>,
): ReadonlyMap<string, RunSource> {
  const who = 'createEngine';
  if (typeof runs !== 'object' || runs === null)
    throw new OptionError(who, 'runs', 'expected a list of folders, or sources by names');
  const named = new Map<string, RunSource>();
  const entries = Array.isArray(runs) ? (runs as unknown[]).map((run) => nameOf(who, run)) : Object.entries(runs);
  for (const [id, source] of entries as [string, RunSource][]) {
    if (id === '' || id.length > 256 || Array.from(id).some((c) => c < ' ' || c === '\x7f'))
      throw new OptionError(who, 'runs', `${JSON.stringify(id)} is no name of a model; give it one: NAME=folder`);
    if (named.has(id))
      throw new OptionError(
        who,
        'runs',
        `two runs are called ${JSON.stringify(id)}; give one of them another name: NAME=folder`,
      );
    named.set(id, source instanceof URL ? source.href : source);
  }
  if (named.size === 0) throw new OptionError(who, 'runs', 'expected at least one run');
  return named;
}

function nameOf(who: string, run: unknown): [id: string, source: string] {
  if (typeof run !== 'string' || run === '') throw new OptionError(who, 'runs', `expected folders, got ${typeof run}`);
  const given = /^([^=/\\]+)=(.+)$/s.exec(run);
  if (given) return [given[1], given[2]];
  const parts = run
    .replace(/[?#].*$/s, '')
    .split(/[/\\]+/)
    .filter((part) => part !== '' && part !== '.');
  return [parts.at(-1) ?? '', run];
}
