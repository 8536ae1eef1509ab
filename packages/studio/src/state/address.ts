// The state that a link has: everything after #, which no server is sent. Only what differs from a preset is written; keys that are not known are
// kept. A finished action makes an entry in the history, a movement replaces the last one, at most three times a second.
//
//   #v=1&view=train&preset=stories&model.hiddenSize=64

import { computed, signal } from '@preact/signals';

const version = '1';
const pause = 300; // ms between two writes while something moves

/** The parameters of the address. */
export const parameters = signal<ReadonlyMap<string, string>>(read());

function read(): ReadonlyMap<string, string> {
  return new Map(new URLSearchParams(location.hash.slice(1)));
}

/** One parameter, as a signal. */
export const parameter = (name: string) => computed(() => parameters.value.get(name));

let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Changes parameters; null removes one. `push`, the default, makes an entry in the history; `replace` is for what moves.
 */
export function navigate(changes: Readonly<Record<string, string | null>>, how: 'push' | 'replace' = 'push'): void {
  const next = new Map(parameters.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  const changed = hashOf(next) !== hashOf(parameters.value);
  parameters.value = next;
  if (!changed) return;
  if (how === 'push') write('push');
  else timer ??= setTimeout(() => write('replace'), pause);
}

function write(how: 'push' | 'replace'): void {
  clearTimeout(timer);
  timer = undefined;
  const hash = hashOf(parameters.value);
  if (how === 'push') history.pushState(null, '', hash);
  else history.replaceState(null, '', hash);
}

/** `#v=1&…`, keys in their order. */
export function hashOf(of: ReadonlyMap<string, string>): string {
  const all = new URLSearchParams([['v', version], ...[...of].filter(([name]) => name !== 'v')]);
  return `#${all}`;
}

/** The address with some changes, for a link that can be opened in another tab; null removes a parameter. */
export function hashWith(changes: Readonly<Record<string, string | null>>): string {
  const next = new Map(parameters.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return hashOf(next);
}

/** Follows the back button and links that were typed. Returns what ends it. */
export function followAddress(): () => void {
  const follow = () => {
    parameters.value = read();
  };
  addEventListener('popstate', follow);
  addEventListener('hashchange', follow);
  return () => {
    removeEventListener('popstate', follow);
    removeEventListener('hashchange', follow);
  };
}
