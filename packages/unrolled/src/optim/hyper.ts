// Checks an optimizer's arguments by PyTorch's rules before anything is made of them.

import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { Tensor } from '../tensor/tensor.ts';

/** The parameters, or groups of them, as a list. */
export function parametersOf(who: string, parameters: unknown): (Tensor | { readonly params: unknown })[] {
  const iterable = typeof parameters === 'object' && parameters !== null && Symbol.iterator in parameters;
  if (!iterable) {
    const method = typeof Object(parameters).parameters === 'function';
    const hint = method ? '; did you mean model.parameters()?' : '';
    throw new OptionError(who, 'parameters', `expected a list of parameters, got ${shown(parameters)}${hint}`);
  }
  const items: (Tensor | { readonly params: unknown })[] = [];
  for (const item of parameters as Iterable<unknown>) {
    if (!(item instanceof Tensor || (typeof item === 'object' && item !== null && 'params' in item)))
      throw new OptionError(
        who,
        'parameters',
        `item ${items.length}: expected a parameter or a group { params }, got ${shown(item)}`,
      );
    items.push(item as Tensor);
  }
  return items;
}

export function definedOnly(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Every option has its default's type; numbers are at least 0, `betas` are two of them below 1, and `alpha`, a decay rate, is at most 1. */
export function checkHyper(who: string, hyper: object, defaults: object): void {
  for (const [name, usual] of Object.entries(defaults)) {
    const value = (hyper as Record<string, unknown>)[name];
    if (name === 'betas') {
      const two = Array.isArray(value) && value.length === 2;
      if (!two || !value.every((beta) => typeof beta === 'number' && beta >= 0 && beta < 1))
        throw new OptionError(who, name, `expected two numbers from 0 and below 1, got ${shown(value)}`);
    } else if (typeof usual === 'boolean') {
      if (typeof value !== 'boolean') throw new OptionError(who, name, `expected true or false, got ${shown(value)}`);
    } else {
      const most = name === 'alpha' ? 1 : Number.MAX_VALUE;
      if (!(typeof value === 'number' && value >= 0 && value <= most)) {
        const range = most === 1 ? 'a number from 0 to 1' : 'a number from 0';
        throw new OptionError(who, name, `expected ${range}, got ${shown(value)}`);
      }
    }
  }
}
