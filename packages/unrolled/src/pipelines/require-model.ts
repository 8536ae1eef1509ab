// What a pipeline of a model in memory is made from, checked before it is made.

import { type Kind, requireKinds, shown } from '../checks.ts';
import { FormatError, OptionError } from '../errors.ts';
import type { GraphModel } from '../graph/graph-model.ts';
import { Module } from '../nn/module.ts';
import { checkReading, type GraphReading } from './contract/graph-reading.ts';

/** Throws an OptionError unless `model` is of one of the classes, or with `graphs` a graph, and `parts` has what the pipeline needs besides. */
export function requireModel(
  who: string,
  model: unknown,
  classes: readonly (abstract new (...args: never[]) => unknown)[],
  parts: unknown,
  kinds: Kind,
  graphs = false,
): void {
  if (!classes.some((type) => model instanceof type) && !(graphs && isGraph(model)))
    throw new OptionError(
      who,
      'model',
      `expected a ${[...classes.map(({ name }) => name), ...(graphs ? ['GraphModel'] : [])].join(' or ')}, got ${shown(model)}`,
    );
  requireKinds(who, { parts }, { parts: kinds });
}

/** Whether it is a graph, told by its configuration: a page that has none loads no op of graphs. */
export function isGraph(model: unknown): model is GraphModel {
  return (
    model instanceof Module && (model as { readonly config?: { readonly type?: unknown } }).config?.type === 'graph'
  );
}

/** The class of graphs, loaded when a run of one is opened. */
export const graphClass = async (): Promise<typeof GraphModel> => (await import('../graph/graph-model.ts')).GraphModel;

/** Throws an OptionError for a graph whose contract does not say how it reads and answers, or names what the graph does not have. */
export function requireReading(who: string, model: Module, input: { readonly graph?: GraphReading }): void {
  if (!isGraph(model)) return;
  const fail = (problem: string): never => {
    throw new OptionError(who, 'input.graph', problem);
  };
  const { graph: reading } = input;
  if (!reading) return fail('is missing: it says how a graph reads symbols and what it answers');
  try {
    checkReading(reading, who);
  } catch (cause) {
    if (cause instanceof FormatError) fail(cause.message);
    throw cause;
  }
  const { inputs, outputs } = model.graph;
  const port = inputs.find(({ name }) => name === reading.input);
  if (!port) return fail(`the graph has no input ${shown(reading.input)}`);
  if (reading.form === 'one-hot' && port.shape?.at(-1) !== reading.symbols)
    fail(`its input ${shown(reading.input)} has no rows of ${reading.symbols} symbols`);
  if (!outputs.some(({ name }) => name === reading.output)) fail(`the graph has no output ${shown(reading.output)}`);
}
