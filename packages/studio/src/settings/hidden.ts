// Controls that a link leaves out of the form, as for a class: `hide=preset,training.lr`, by the paths of the settings. Their values count all the same.

import { fieldNames, fields, type Settings } from './settings.ts';

/** What can be left out: the choice of the example, and every setting. */
export type Hideable = 'preset' | keyof Settings;

export interface Hidden {
  readonly names: ReadonlySet<Hideable>;
  /** What is none of ours, which a link keeps. */
  readonly unknown: readonly string[];
}

const all: readonly Hideable[] = ['preset', ...fieldNames];
const pathOf = (name: Hideable): string => (name === 'preset' ? name : fields[name].path);
const byPath = new Map(all.map((name) => [pathOf(name), name]));

/** Reads the value of `hide`. */
export function readHidden(text: string | undefined): Hidden {
  const paths = [...new Set((text ?? '').split(','))].filter((path) => path !== '');
  const names = paths.flatMap((path) => byPath.get(path) ?? []);
  return { names: new Set(names), unknown: paths.filter((path) => !byPath.has(path)) };
}

/** The value of `hide`, in the order of the table; null for nothing. */
export function hiddenText({ names, unknown }: Hidden): string | null {
  const paths = [...all.filter((name) => names.has(name)).map(pathOf), ...unknown];
  return paths.length > 0 ? paths.join(',') : null;
}
