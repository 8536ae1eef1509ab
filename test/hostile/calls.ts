// Hostile calls of everything the library exports: functions, constructors, and the methods of what they make.
//
// A call is right when it returns, or throws one of the library's own errors at once and leaves everything as it was. A call that takes the
// process with it is seen by whoever runs this in a process of its own (run.ts): the number of the call is printed before it is made.

import * as unrolled from 'unrolled';
import { everyDoor } from '../every-door.ts';
import { methods } from './methods.ts';
import { recipes, unasked } from './recipes.ts';
import { dice, hostile, honest, type Made, Theirs } from './values.ts';

export interface Fault {
  readonly call: string;
  readonly kind: 'untyped' | 'changed' | 'slow' | 'crash';
  readonly what: string;
}

export interface Outcome {
  readonly calls: number;
  readonly refused: number;
  /** The slowest of the refusals, in milliseconds, and which it was. */
  readonly slowest: number;
  readonly slowestCall: string;
  readonly faults: readonly Fault[];
}

interface Call {
  readonly text: string;
  readonly args: readonly Made[];
  /** Makes the call; `self` is what the method is called on. */
  readonly run: (args: unknown[], self: unknown) => unknown;
  readonly self?: () => unknown;
}

/** Calls that compute for longer than this have allocated or walked something first, in ms; ordinary ones take less than a millisecond. */
const longest = 1000;

interface Moment {
  readonly wall: number;
  readonly cpu: number;
}

function busy(): Moment {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
}

/** Milliseconds computed since: neither the waiting on a busy machine, nor the time of other threads. */
function passed({ wall, cpu }: Moment): number {
  const now = busy();
  return Math.min(now.wall - wall, now.cpu - cpu);
}

/** Exports that are functions or classes, without those whose absence `unasked` gives a reason for. */
export function targets(): [name: string, value: Function][] {
  const found: [string, Function][] = [];
  for (const [name, value] of Object.entries(everyDoor)) {
    if (typeof value === 'function' && !Object.hasOwn(unasked, name)) {
      found.push([name, value]);
      if (isClass(value)) found.push(...staticsOf(name, value));
    }
    if (name === 'init')
      for (const [inner, f] of Object.entries(value as object)) found.push([`init.${inner}`, f as Function]);
  }
  return found;
}

const isClass = (f: Function): boolean => /^class\b/.test(Function.prototype.toString.call(f));

function staticsOf(name: string, of: Function): [string, Function][] {
  return Object.getOwnPropertyNames(of).flatMap((key): [string, Function][] => {
    const f = (of as unknown as Record<string, unknown>)[key];
    return typeof f === 'function' && !inside.includes(key) ? [[`${name}.${key}`, f.bind(of) as Function]] : [];
  });
}

/** Methods that TypeScript keeps inside of the classes: `protected`, for subclasses, who are given what was checked. */
const inside = [
  'layer',
  'run',
  'check',
  'zeroState',
  'encode',
  'lengths',
  'read',
  'atRest',
  'update',
  'bound',
  'initial',
  'describe',
  'slots',
  'empty', // of Tensor: for ops, which have checked
];

/** Names of the functions of an object: its own, its class's and those of all classes above it. */
function methodsOf(object: object): string[] {
  const names = new Set<string>();
  for (let at = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (
        name === 'constructor' ||
        inside.includes(name) ||
        typeof Object.getOwnPropertyDescriptor(at, name)?.value !== 'function'
      )
        continue;
      names.add(name);
    }
  }
  return [...names];
}

/** What a target makes: an object with methods, or a function. Its methods are called too. */
interface Product {
  readonly make: () => unknown;
  /** '' for the product itself, where it is a function. */
  readonly names: readonly string[];
}

async function productOf(f: Function, name: string): Promise<Product | null> {
  const recipe = recipes[name];
  if (!recipe) return null;
  const make = isClass(f)
    ? () => Reflect.construct(f, recipe()) as unknown
    : () => (f as (...a: unknown[]) => unknown)(...recipe());
  const made = await make();
  if (typeof made === 'function') return { make, names: [''] };
  const none = typeof made !== 'object' || made === null || Array.isArray(made) || ArrayBuffer.isView(made);
  if (none || made instanceof Map || (made instanceof unrolled.Tensor && !isClass(f))) return null;
  const names = methodsOf(made);
  return names.length > 0 && !names.includes('next') ? { make, names } : null;
}

/** The calls of a seed: every target by turns, each time with other arguments. */
export async function* calls(seed: number): AsyncGenerator<Call> {
  const roll = dice(seed);
  const pick = <T>(from: readonly T[]): T => from[roll(from.length)];
  const any = (): Made => (roll(3) === 0 ? pick(honest) : pick(hostile));
  /** Honest arguments with one of them, or one thing within it, replaced; anything at all where there are none. */
  const spoiled = (recipe: (() => readonly unknown[]) | undefined): Made[] => {
    if (!recipe || roll(5) === 0) return Array.from({ length: roll(4) }, any);
    const honestArgs = recipe();
    const length = Math.max(1, honestArgs.length);
    const at = roll(length);
    const path: (string | number)[] = [];
    for (let given = honestArgs[at]; roll(3) > 0; ) {
      const keys = isPlain(given) ? Object.keys(given) : Array.isArray(given) ? [...given.keys()] : [];
      if (keys.length === 0) break;
      const key: string | number = pick<string | number>(keys);
      path.push(key);
      given = (given as Record<string | number, unknown>)[key];
    }
    const [text, value] = pick(hostile);
    return Array.from({ length }, (_, i): Made => {
      if (i !== at) return ['…', () => recipe()[i]];
      return [path.length > 0 ? `{ …, ${path.join('.')}: ${text} }` : text, () => put(recipe()[i], path, value())];
    });
  };
  const all = targets();
  const products = new Map<string, Product>();
  for (const [name, f] of all) {
    const product = await productOf(f, name);
    if (product) products.set(name, product);
  }
  for (;;) {
    for (const [name, f] of all) {
      const product = products.get(name);
      if (product && roll(2) === 0) {
        const method = pick(product.names);
        const args = spoiled(methods[method === '' ? `${name}()` : `${name}.${method}`]);
        yield {
          text: `${name}${method === '' ? '()' : `.${method}`}(${args.map(([n]) => n).join(', ')})`,
          args,
          self: product.make,
          run: (values, self) =>
            method === ''
              ? (self as (...a: unknown[]) => unknown)(...values)
              : (self as Record<string, (...a: unknown[]) => unknown>)[method](...values),
        };
        continue;
      }
      const construct = isClass(f);
      const args = spoiled(recipes[name]);
      yield {
        text: `${construct ? 'new ' : ''}${name}(${args.map(([n]) => n).join(', ')})`,
        args,
        run: (values) =>
          construct ? (Reflect.construct(f, values) as unknown) : (f as (...a: unknown[]) => unknown)(...values),
      };
    }
  }
}

/** `whole` with what lies at `path` replaced; what is on the way there is copied. */
function put(whole: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(whole) ? [...(whole as unknown[])] : { ...(whole as object) }) as Record<string, unknown>;
  copy[key] = put(copy[key], rest, value);
  return copy;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Everything a failed call must leave alone, as one string. */
function stateOf(args: readonly unknown[], sentinel: unrolled.Tensor): string {
  return JSON.stringify([
    unrolled.currentBackend().name,
    unrolled.zeros([]).dtype,
    unrolled.randomState(),
    [...sentinel.dataSync()],
    args.map(contents),
  ]);
}

function contents(value: unknown, depth = 0): unknown {
  if (depth > 4) return 'deeper';
  const inner = (item: unknown) => contents(item, depth + 1);
  try {
    if (value instanceof unrolled.Tensor)
      return [value.shape, [...value.dataSync()].map(String), value.requiresGrad, value.grad === null];
    if (value instanceof unrolled.Module)
      return [
        typeof value.training === 'boolean' ? value.training : 'odd',
        [...value.namedState()].map(([n, p]) => [n, inner(p)]),
      ];
    if (value instanceof unrolled.Random) return [value.state];
    if (value instanceof unrolled.Optimizer) return JSON.stringify([...value.stateDict().tensors].map(inner));
    if (value instanceof Map) return [...value].map(inner);
    if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, String);
    if (Array.isArray(value) && value.length < 100) return value.map(inner);
    if (isPlain(value)) return Object.entries(value).map(([k, v]) => [k, inner(v)]);
  } catch {
    return 'unreadable';
  }
  return typeof value;
}

/** Makes `count` calls from number `first` on, and says each one's number before it is made. */
export async function attack(
  seed: number,
  first: number,
  count: number,
  say: (index: number, call: string) => void = () => {},
  met: (fault: Fault) => void = () => {},
): Promise<Outcome> {
  const faults: Fault[] = [];
  const fault = (found: Fault) => {
    faults.push(found);
    met(found);
  };
  let [refused, slowest, slowestCall, made] = [0, 0, '', 0];
  let index = 0;
  const backend = unrolled.currentBackend();
  const sentinel = unrolled.tensor([1, 2, 3, 4, 5, 6, 7, 8]).keep();
  for await (const call of calls(seed)) {
    if (index++ < first) continue;
    if (made === count) break;
    made++;
    say(index - 1, call.text);
    unrolled.manualSeed(1);
    const args = call.args.map(([, make]) => make());
    const self = await call.self?.();
    unrolled.manualSeed(1); // what is called may have been made at random
    const kept = [...args, self];
    const before = stateOf(kept, sentinel);
    const start = busy();
    try {
      const result = call.run(args, self);
      if (result instanceof Promise) await withLimit(result);
      else await exhaust(result);
      const ms = passed(start);
      if (ms > longest) fault({ call: call.text, kind: 'slow', what: `${ms.toFixed(0)} ms` });
    } catch (error) {
      const ms = passed(start);
      refused++;
      if (ms > slowest) [slowest, slowestCall] = [ms, call.text];
      if (ms > longest) fault({ call: call.text, kind: 'slow', what: `${ms.toFixed(0)} ms until ${String(error)}` });
      if (!(error instanceof unrolled.UnrolledError || isTheirs(error))) {
        const where = error instanceof Error ? (error.stack?.split('\n').slice(1, 3).join(' ') ?? '') : '';
        fault({ call: call.text, kind: 'untyped', what: `${text(error)} ${where}` });
      }
      const after = stateOf(kept, sentinel);
      if (after !== before) fault({ call: call.text, kind: 'changed', what: difference(before, after) });
    }
    if (`${[...sentinel.dataSync()]}` !== '1,2,3,4,5,6,7,8') {
      fault({ call: call.text, kind: 'changed', what: `memory of another tensor: ${[...sentinel.dataSync()]}` });
      sentinel.set([1, 2, 3, 4, 5, 6, 7, 8]);
    }
    if (unrolled.currentBackend() !== backend) await unrolled.useBackend(backend);
    unrolled.setDefaultDtype('float32');
  }
  return { calls: made, refused, slowest, slowestCall, faults };
}

/**
 * Whether the caller's own code threw it: a getter, a trap, a callback (a class that is called as one), or a proxy that was revoked. The library lets
 * that through as it is; it must have changed nothing all the same.
 */
function isTheirs(error: unknown): boolean {
  const engine = /a proxy that has been revoked|^Class constructors? .*cannot be invoked without 'new'/;
  return error instanceof Theirs || (error instanceof TypeError && engine.test(error.message));
}

const text = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : typeof error).slice(0, 200);

function difference(before: string, after: string): string {
  let at = 0;
  while (at < before.length && before[at] === after[at]) at++;
  return `${before.slice(Math.max(0, at - 40), at + 60)} → ${after.slice(Math.max(0, at - 40), at + 60)}`;
}

/** A generator does nothing until it is asked. */
async function exhaust(result: unknown): Promise<void> {
  if (typeof result !== 'object' || result === null) return;
  if (Symbol.iterator in result && 'next' in result) {
    const it = result as Iterator<unknown>;
    for (let i = 0; i < 3; i++) if (it.next().done) break;
  } else if (Symbol.asyncIterator in result) {
    const it = (result as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    for (let i = 0; i < 3; i++) if ((await it.next()).done) break;
    await it.return?.();
  }
}

async function withLimit(promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, 1000);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
