// What goes into a graph and what comes out of it, by name.

import { requireKinds } from '../checks.ts';
import { OptionError, ShapeError, suggest } from '../errors.ts';
import { zeros } from '../tensor/create.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { GraphPort, GraphSpec } from './spec.ts';
import { type GraphValue, HostArray } from './value.ts';

/** Values by the names of a graph's inputs or outputs. */
export type GraphValues = Readonly<Record<string, GraphValue>>;

/** The values of a graph's inputs in the order of its ports. Throws an OptionError or a ShapeError for those that do not fit. */
export function graphInputs({ inputs: ports }: GraphSpec, inputs: GraphValues): readonly GraphValue[] {
  requireKinds('GraphModel.forward', { inputs }, { inputs: 'object' });
  const given = new Map(Object.entries(inputs));
  for (const name of given.keys()) {
    if (ports.some((port) => port.name === name)) continue;
    const known = ports.map((port) => port.name);
    throw new OptionError('GraphModel', `inputs.${name}`, `is no input of the graph; ${suggest(name, known)}`);
  }
  const sizes = new Map<string, number>();
  const values = ports.map((port) => {
    const value = given.get(port.name);
    return value === undefined ? null : fitting(port, value, sizes);
  });
  return values.map((value, i) => value ?? initial(ports[i], sizes));
}

/** The values of a graph's outputs by their names. */
export function namedOutputs({ outputs }: GraphSpec, values: readonly GraphValue[]): Record<string, GraphValue> {
  return Object.fromEntries(outputs.map(({ name }, i) => [name, values[i]]));
}

/** The input, if it is what the graph declares; symbolic sizes must be the same wherever their name stands. */
function fitting(port: GraphPort, value: GraphValue, sizes: Map<string, number>): GraphValue {
  const isValue = value instanceof Tensor || value instanceof HostArray;
  if (!isValue || (value instanceof HostArray && port.element === 'float'))
    throw new OptionError('GraphModel', `inputs.${port.name}`, `expected a ${port.element} tensor`);
  if (port.shape === null) return value;
  const before = new Map(sizes);
  const fits =
    port.shape.length === value.shape.length &&
    port.shape.every((d, i) => {
      const n = value.shape[i];
      if (typeof d === 'number') return d === n;
      const known = sizes.get(d);
      if (known === undefined) sizes.set(d, n);
      return known === undefined || known === n;
    });
  if (fits) return value;
  const expected = port.shape.map((d) => (typeof d === 'string' ? (before.get(d) ?? d) : d));
  throw new ShapeError('GraphModel', port.name, expected, value.shape);
}

/** Zeros for an optional input that was left out. */
function initial(port: GraphPort, sizes: ReadonlyMap<string, number>): GraphValue {
  const shape = port.shape?.map((d) => (typeof d === 'number' ? d : sizes.get(d)));
  if (!port.optional || shape === undefined || !shape.every((d): d is number => d !== undefined))
    throw new OptionError('GraphModel', `inputs.${port.name}`, `is missing: expected ${shownPort(port)}`);
  if (port.element === 'float') return zeros(shape);
  return new HostArray(port.element, shape, new Float64Array(shape.reduce((n, d) => n * d, 1)));
}

/** A port as errors and descriptions have it. */
export const shownPort = ({ name, element, shape }: GraphPort): string =>
  `${name} ${element} ${shape ? `[${shape.join(', ')}]` : '[…]'}`;
