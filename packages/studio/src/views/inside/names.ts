// Units and characters as they are shown.

import type { UnitKey } from '../../reading/protocol.ts';
import { layerName } from '../train/layer-name.ts';
import { words } from './words.ts';

/** `2 · c[17]`: layer, state or gate, unit. */
export const unitName = ({ layer, what, unit }: UnitKey): string => `${layerName(layer)} · ${what}[${unit}]`;

const named = (names: object, name: string): string => (names as Readonly<Record<string, string>>)[name] ?? name;

/** A property of the text, in the language at hand. */
export const propertyName = (name: string): string => named(words.value.properties, name);

/** Where a property should matter, in the language at hand. */
export const placeName = (name: string): string => named(words.value.places, name);

/** A character that can be seen. */
export const shownSymbol = (symbol: string): string => (symbol === '\n' ? '↵' : symbol === ' ' ? '␣' : symbol);

/** A text with its line ends on one line. */
export const shownText = (symbols: readonly string[]): string =>
  symbols.map((symbol) => (symbol === '\n' ? '↵' : symbol)).join('');
