// Hostile calls of everything the library exports: functions, constructors, and the methods of what they make.
//
// A call is right when it returns, or throws one of the library's own errors at once and leaves everything as it was. A call that takes the
// process with it is seen by whoever runs this in a process of its own (run.ts): the number of the call is said before it is made.

import * as unrolled from 'unrolled';
import { everyDoor } from '../every-door.ts';
import { type Recipe, recipes, unasked } from './recipes.ts';
import { dice, hostile, honest, type Made } from './values.ts';

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
  /** Makes what is called, and with what: a class is constructed, a method is called on a new object. */
  readonly run: (args: unknown[]) => unknown;
  readonly self?: () => object;
}

/** Refusals that take longer than this have allocated or walked something first; ordinary ones take less than a millisecond. */
const longest = 2000;

/** Exports that are functions or classes, without those whose absence `unasked` gives a reason for. */
export function targets(): [name: string, value: Function][] {
  const found: [string, Function][] = [];
  for (const [name, value] of Object.entries(everyDoor)) {
    if (typeof value === 'function' && !Object.hasOwn(unasked, name)) found.push([name, value]);
    if (name === 'init')
      for (const [inner, f] of Object.entries(value as object)) found.push([`init.${inner}`, f as Function]);
  }
  return found;
}

const isClass = (f: Function): boolean => /^class\b/.test(Function.prototype.toString.call(f));

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
];

/** Method names of an object, its own class's and all above it. */
function methodsOf(object: object): string[] {
  const names = new Set<string>();
  for (let at = Object.getPrototypeOf(object); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
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

/** The calls of a seed: every target by turns, each time with other arguments. */
export function* calls(seed: number): Generator<Call> {
  const roll = dice(seed);
  const pick = <T>(from: readonly T[]): T => from[roll(from.length)];
  const all = targets();
  const any = (): Made => (roll(3) === 0 ? pick(honest) : pick(hostile));
  for (;;) {
    for (const [name, f] of all) {
      const recipe: Recipe | undefined = recipes[name];
      const construct = isClass(f);
      const run = construct
        ? (args: unknown[]) => Reflect.construct(f, args) as unknown
        : (args: unknown[]) => (f as (...a: unknown[]) => unknown)(...args);
      if (construct && recipe && roll(2) === 0) {
        // A method of an honest object.
        const make = () => Reflect.construct(f, recipe()) as object;
        const method = pick(methodsOf(make()));
        const count = roll(4);
        const args = Array.from({ length: count }, any);
        const self = make;
        yield {
          text: `${name}.${method}(${args.map(([n]) => n).join(', ')})`,
          args,
          self,
          run: (values) => {
            const object = values.pop() as Record<string, (...a: unknown[]) => unknown>;
            return object[method](...values);
          },
        };
        continue;
      }
      let args: Made[];
      if (recipe && roll(4) > 0) {
        const length = Math.max(1, recipe().length);
        const at = roll(length);
        args = Array.from({ length }, (_, i): Made => [i === at ? '' : '…', () => recipe()[i]]);
        const given = recipe()[at];
        const keys = isPlain(given) ? Object.keys(given) : [];
        if (keys.length > 0 && roll(3) > 0) {
          const key = pick(keys);
          const [text, value] = pick(hostile);
          args[at] = [`{ …, ${key}: ${text} }`, () => ({ ...(recipe()[at] as object), [key]: value() })];
        } else args[at] = pick(hostile);
      } else args = Array.from({ length: roll(4) }, any);
      yield { text: `${construct ? 'new ' : ''}${name}(${args.map(([n]) => n).join(', ')})`, args, run };
    }
  }
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

function contents(value: unknown): unknown {
  try {
    if (value instanceof unrolled.Tensor)
      return [value.shape, [...value.dataSync()].map(String), value.requiresGrad, value.grad === null];
    if (value instanceof unrolled.Module)
      return [
        typeof value.training === 'boolean' ? value.training : 'odd',
        [...value.namedState()].map(([n, p]) => [n, contents(p)]),
      ];
    if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, String);
    if (Array.isArray(value) && value.length < 100 && !Array.isArray(value[0]?.[0])) return value.map(contents);
    if (isPlain(value)) return Object.entries(value).map(([k, v]) => [k, contents(v)]);
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
  for (const call of calls(seed)) {
    if (index++ < first) continue;
    if (made === count) break;
    made++;
    say(index - 1, call.text);
    unrolled.manualSeed(1);
    const args = call.args.map(([, make]) => make());
    const self = call.self?.();
    if (self) args.push(self);
    const before = stateOf(args, sentinel);
    const kept = [...args];
    const start = performance.now();
    try {
      const result = call.run(args);
      if (result instanceof Promise) await withLimit(result);
      else await exhaust(result);
    } catch (error) {
      const ms = performance.now() - start;
      refused++;
      if (ms > slowest) [slowest, slowestCall] = [ms, call.text];
      if (ms > longest) fault({ call: call.text, kind: 'slow', what: `${ms.toFixed(0)} ms until ${String(error)}` });
      if (!(error instanceof unrolled.UnrolledError)) {
        const where = error instanceof Error ? (error.stack?.split('\n').slice(1, 3).join(' ') ?? '') : '';
        fault({ call: call.text, kind: 'untyped', what: `${text(error)} ${where}` });
      }
      const after = stateOf(kept, sentinel);
      if (after !== before) fault({ call: call.text, kind: 'changed', what: difference(before, after) });
    }
    const ms = performance.now() - start;
    if (ms > 4 * longest) fault({ call: call.text, kind: 'slow', what: `${ms.toFixed(0)} ms` });
    if (`${[...sentinel.dataSync()]}` !== '1,2,3,4,5,6,7,8') {
      fault({ call: call.text, kind: 'changed', what: `memory of another tensor: ${[...sentinel.dataSync()]}` });
      sentinel.set([1, 2, 3, 4, 5, 6, 7, 8]);
    }
    if (unrolled.currentBackend() !== backend) await unrolled.useBackend(backend);
    unrolled.setDefaultDtype('float32');
  }
  return { calls: made, refused, slowest, slowestCall, faults };
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
