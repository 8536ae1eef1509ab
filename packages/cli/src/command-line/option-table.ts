// What an option is: its kind, default and help, and what it goes by in dashes.

/** By the name of the other option: the values it may have; or `given`, or `none` for one that must not be there. */
export type Needs = Readonly<Record<string, 'given' | 'none' | readonly (string | boolean)[]>>;

/** The settings of a paper or a program. */
export interface Preset {
  /** Where they are from. */
  readonly from: string;
  /** Options by their keys. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What differs from the original nevertheless; null where nothing does. */
  readonly differs: string | null;
}

/** A task's presets, by name. */
export type Presets = Readonly<Record<string, Preset>>;

interface Base {
  readonly help: string;
  /** Heading in --help. */
  readonly group?: string;
  /** One letter. */
  readonly short?: string;
  /** Other names for the flag that are in people's fingers: char-rnn's, PyTorch's. */
  readonly also?: readonly string[];
  /** What other options must be for this one to mean something: an option that would be ignored is an error. */
  readonly needs?: Needs;
}

export type OptionSpec =
  | (Base & {
      readonly kind: 'integer' | 'number';
      readonly default: number | null;
      readonly min?: number;
      readonly max?: number /** min itself is out. */;
      readonly above?: boolean;
    })
  | (Base & { readonly kind: 'string'; readonly default: string | null; readonly placeholder?: string })
  | (Base & {
      readonly kind: 'choice';
      readonly default: string | null;
      readonly choices: readonly string[];
      /** Other names for a choice that people type: `numpy` for `npz`. */
      readonly aliases?: Readonly<Record<string, string>>;
      /** Of --preset: what each choice sets. */
      readonly presets?: Presets;
    })
  | (Base & { readonly kind: 'flag'; readonly default: boolean });

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** What parsing gives for a table: every key, with its default where it was not given. */
export type Values<T extends OptionTable> = {
  -readonly [K in keyof T]: T[K] extends { kind: 'flag' }
    ? boolean
    : T[K] extends { kind: 'integer' | 'number'; default: infer D }
      ? number | (D extends null ? null : never)
      : T[K] extends { kind: 'choice'; choices: readonly (infer C)[]; default: infer D }
        ? C | (D extends null ? null : never)
        : T[K] extends { default: infer D }
          ? string | (D extends null ? null : never)
          : never;
};

/** Default values of a table. */
export function defaultsOf<T extends OptionTable>(table: T): Values<T> {
  return Object.fromEntries(Object.entries(table).map(([key, spec]) => [key, spec.default])) as Values<T>;
}

/** seqLength → seq-length */
export function flagOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `<n>` and the like, for --help. */
export function placeholderOf(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'integer':
      return '<n>';
    case 'number':
      return '<x>';
    case 'choice':
      return '<name>';
    case 'string':
      return `<${spec.placeholder ?? 'text'}>`;
    case 'flag':
      return '';
    default:
      return spec satisfies never;
  }
}
