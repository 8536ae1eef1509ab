// Rows that cannot be used. A few are left out, counted and named; many mean that something is wrong with the file, and training does not start.

import { FormatError } from 'unrolled';
import { t } from '../language/index.ts';
import { grouped } from '../terminal/index.ts';

/** Policy: leave them out while they are few, always, or never. */
export const badRowChoices = ['few', 'skip', 'stop'] as const;
export type BadRows = (typeof badRowChoices)[number];

const most = 0.1; // of all rows
const shown = 3; // places a reason

/** `reviews.csv, row 12`, with rows counted from 1 below the header; the file alone where it has no rows. */
export interface Place {
  readonly file: string;
  readonly row: number;
  readonly unit?: 'row' | 'line' | 'file';
}

const longestCell = 100_000; // characters

/** The problem of a cell too long to be a person's text, as in a file that lost its line breaks. */
export function tooLong(cells: readonly (string | null)[]): string | null {
  const long = cells.some((cell) => cell !== null && cell.length > longestCell);
  return long ? `with more than ${grouped(longestCell)} characters` : null;
}

export class Skipped {
  readonly #places = new Map<string, Place[]>();
  readonly #policy: BadRows;
  readonly #what: readonly [one: string, many: string];

  /** `what`: singular and plural of the items. */
  constructor(policy: BadRows, what: readonly [one: string, many: string] = ['row', 'rows']) {
    this.#policy = policy;
    this.#what = what;
  }

  get count(): number {
    return [...this.#places.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** Every place with its reason. */
  get all(): readonly (Place & { readonly why: string })[] {
    return [...this.#places].flatMap(([why, places]) => places.map((place) => ({ ...place, why })));
  }

  /** The distinct reasons. */
  get reasons(): readonly string[] {
    return [...this.#places.keys()];
  }

  /** `why` completes "1 row": `without a label`. */
  add(place: Place, why: string): void {
    if (this.#policy === 'stop') throw new FormatError(describe(place), why);
    const places = this.#places.get(why);
    if (places) places.push(place);
    else this.#places.set(why, [place]);
  }

  /** `2 of 100 rows were left out: …`, as lines; none if no row was. Throws when that is too many of `total`. */
  report(source: string, total: number): string[] {
    const { count } = this;
    if (count === 0) return [];
    const [one, many] = this.#what;
    if (count === total) throw new FormatError(source, `no ${one} can be used: ${this.#reasons()}`);
    const [left, all] = [grouped(count), grouped(total)];
    if (this.#policy === 'few' && count > most * total) {
      throw new FormatError(
        source,
        `${left} of ${all} ${many} cannot be used: ${this.#reasons()}; fix the file, or skip them with --bad-rows skip`,
      );
    }
    const reasons = Array.from(this.#places, ([why, places]) => {
      return t`${grouped(places.length)} ${t(why)} (${some(places, placeInWords)})`;
    });
    return [t`${left} of ${all} ${t(many)} were left out: ${reasons.join(', ')}`];
  }

  /** `2 without a label (a.csv, row 3; a.csv, row 7), 1 without a text (a.csv, row 9)` */
  #reasons(): string {
    const reasons = Array.from(this.#places, ([why, places]) => {
      return `${grouped(places.length)} ${why} (${some(places, describe)})`;
    });
    return reasons.join(', ');
  }
}

/** The first of some places. */
function some(places: readonly Place[], describe: (place: Place) => string): string {
  return `${places.slice(0, shown).map(describe).join('; ')}${places.length > shown ? '; …' : ''}`;
}

/** A place in the language at hand. */
function placeInWords({ file, row, unit = 'row' }: Place): string {
  if (unit === 'file') return file;
  return unit === 'line' ? t`${file}, line ${row}` : t`${file}, row ${row}`;
}

function describe({ file, row, unit = 'row' }: Place): string {
  return unit === 'file' ? file : `${file}, ${unit} ${row}`;
}
