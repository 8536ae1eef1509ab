// Runs that were not trained here: dropped, named by an address of this origin, or given to the server that the page is from.

import { signal } from '@preact/signals';
import type { OpeningSource } from '../opening/opened.ts';
import { navigate } from './address.ts';
import { inspector } from './inspector.ts';
import { keepOpened, tried } from './trainer.ts';

/** A run that the server has. */
export interface ServedRun {
  readonly name: string;
  readonly href: string;
}

/** The runs that the server of this page was given: it names them in the page. */
export const servedRuns: readonly ServedRun[] = Array.from(
  document.querySelectorAll<HTMLLinkElement>('link[rel="unrolled-run"]'),
  ({ title, href }) => ({ name: title, href }),
);

export const opening = signal(false);

/** Opens a run, keeps it, and goes to it. */
export async function open(source: OpeningSource): Promise<void> {
  opening.value = true;
  await tried(async () => {
    const id = await keepOpened(await inspector.call('openGiven', source));
    navigate({ run: id, open: null });
  });
  opening.value = false;
  navigate({ open: null }, 'replace'); // one that cannot be opened is told once
}

let begun = false;

/** What an address asks for: `open=…` in it; when the page begins also `?run=…` before the hash, or the only run of the server. */
export function askedFor(parameters: ReadonlyMap<string, string>): string | null {
  const asked = parameters.get('open');
  if (asked !== undefined) return fromHere(asked);
  if (begun || parameters.has('run')) return null;
  begun = true;
  const only = servedRuns.length === 1 && parameters.size === 0 ? servedRuns[0].href : null;
  const given = new URLSearchParams(location.search).get('run');
  return given === null ? only : fromHere(given);
}

/** An address as this page means it: the worker that reads it stands elsewhere. */
const fromHere = (address: string): string =>
  URL.canParse(address, location.href) ? new URL(address, location.href).href : address;
