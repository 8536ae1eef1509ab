// A module is an object whose fields hold parameters, buffers and other modules. Names follow from the fields: `weightIh` is saved as `weight_ih`,
// PyTorch's name for it, so that a state dict travels both ways.

import { requireTensor } from '../tensor/ops/operands.ts';
import { requireKinds, requireText, shown } from '../checks.ts';
import { FormatError, OptionError, suggest } from '../errors.ts';
import type { Storage } from '../backend/storage.ts';
import type { TensorShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { checkSavedValues, type SavedTensor } from './saved-tensor.ts';

/** A tensor that is trained. */
export class Parameter extends Tensor {
  override requiresGrad = true;

  constructor(storage: Storage, shape: TensorShape) {
    requireKinds('Parameter', { storage, shape }, { storage: { block: 'object' }, shape: 'numbers' });
    super(storage, shape);
    this.keep();
  }

  static of(x: Tensor): Parameter {
    requireTensor('Parameter.of', x);
    return new Parameter(x.storage, x.shape);
  }
}

/** A tensor that is not trained but belongs to the model: it is saved and loaded with it, as a batch norm's running mean is. */
export class ModuleBuffer extends Tensor {
  constructor(storage: Storage, shape: TensorShape) {
    requireKinds('ModuleBuffer', { storage, shape }, { storage: { block: 'object' }, shape: 'numbers' });
    super(storage, shape);
    this.keep();
  }

  static of(x: Tensor): ModuleBuffer {
    requireTensor('ModuleBuffer.of', x);
    return new ModuleBuffer(x.storage, x.shape);
  }
}

export type { SavedTensor };

/** The saved values of a module: parameters and buffers by name. */
export type StateDict = Map<string, SavedTensor>;

/** A part of a network: parameters, buffers and other modules, found by the names of its fields. Subclasses add a `forward`. */
export abstract class Module {
  /** Whether the module is in training mode, for dropout and batch norm. `train()` and `eval()` set it for the whole tree. */
  training = true;

  /** The modules in this one's fields, arrays included, under their saved names. */
  *children(): Generator<[name: string, module: Module]> {
    for (const [field, value] of Object.entries(this)) {
      if (value instanceof Module) yield [snakeCase(field), value];
      else if (Array.isArray(value)) {
        for (const [i, item] of value.entries()) if (item instanceof Module) yield [`${snakeCase(field)}.${i}`, item];
      }
    }
  }

  /** Every parameter of the tree, in the order of the fields: own ones first. */
  *namedParameters(prefix = ''): Generator<[name: string, parameter: Parameter]> {
    requireText('Module', 'prefix', prefix);
    for (const [field, value] of Object.entries(this)) {
      if (value instanceof Parameter) yield [prefix + snakeCase(field), value];
    }
    for (const [name, child] of this.children()) yield* child.namedParameters(`${prefix}${name}.`);
  }

  /** Every buffer of the tree, likewise. */
  *namedBuffers(prefix = ''): Generator<[name: string, buffer: ModuleBuffer]> {
    requireText('Module', 'prefix', prefix);
    for (const [field, value] of Object.entries(this)) {
      if (value instanceof ModuleBuffer) yield [prefix + snakeCase(field), value];
    }
    for (const [name, child] of this.children()) yield* child.namedBuffers(`${prefix}${name}.`);
  }

  /** What is saved, in PyTorch's order: a module's parameters, its buffers, its modules. Who renames its parameters renames these. */
  *namedState(prefix = ''): Generator<[name: string, tensor: Tensor]> {
    requireText('Module', 'prefix', prefix);
    for (const kind of [Parameter, ModuleBuffer]) {
      for (const [field, value] of Object.entries(this)) {
        if (value instanceof kind) yield [prefix + snakeCase(field), value];
      }
    }
    for (const [name, child] of this.children()) yield* child.namedState(`${prefix}${name}.`);
  }

  parameters(): Parameter[] {
    return Array.from(new Set(Array.from(this.namedParameters(), ([, p]) => p)));
  }

  /** The number of trained values. */
  parameterCount(): number {
    return this.parameters().reduce((n, p) => n + p.size, 0);
  }

  train(mode = true): this {
    if (typeof mode !== 'boolean')
      throw new OptionError(this.constructor.name, 'train', `expected true or false, got ${shown(mode)}`);
    this.training = mode;
    for (const [, child] of this.children()) child.train(mode);
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  zeroGrad(): void {
    for (const p of this.parameters()) p.zeroGrad();
  }

  /** A copy of every parameter and buffer under PyTorch's names. */
  stateDict(): StateDict {
    return new Map(
      Array.from(this.namedState(), ([name, p]) => [name, { dtype: p.dtype, shape: p.shape, data: p.dataSync() }]),
    );
  }

  /**
   * Overwrites every parameter and buffer. Nothing changes unless all names, shapes and values fit.
   *
   * Throws a FormatError for a name that is missing or too many and for a value that is not finite, and a ShapeError for a shape that differs.
   */
  loadStateDict(saved: ReadonlyMap<string, SavedTensor>, source = 'state dict'): this {
    requireKinds(`${this.constructor.name}.loadStateDict`, { saved, source }, { saved: 'map', source: 'text' });
    const own = new Map(this.namedState());
    for (const name of saved.keys()) {
      if (!own.has(name))
        throw new FormatError(
          source,
          `has ${name}, which this ${this.constructor.name} has not; ${suggest(name, [...own.keys()])}`,
        );
    }
    for (const [name, p] of own) {
      const value = saved.get(name);
      if (!value) throw new FormatError(source, `lacks ${name} ${JSON.stringify(p.shape)}`);
      checkSavedValues(source, name, value, p);
    }
    for (const [name, p] of own) p.set((saved.get(name) as SavedTensor).data);
    return this;
  }

  /** What `toString` puts in the brackets: `10, 20, numLayers=2`. */
  protected describe(): string {
    return '';
  }

  /** The tree, as PyTorch prints it. */
  toString(): string {
    const children = [...this.children()].map(
      ([name, child]) => `  (${name}): ${String(child).replaceAll('\n', '\n  ')}\n`,
    );
    const inside = this.describe();
    return `${this.constructor.name}(${inside}${children.length > 0 ? `${inside && ','}\n${children.join('')}` : ''})`;
  }
}

/** weightIh → weight_ih. */
export function snakeCase(name: string): string {
  let snake = snakes.get(name);
  if (snake === undefined) {
    snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakes.set(name, snake);
  }
  return snake;
}

/** Names of fields are few, and asked for in every training step. */
const snakes = new Map<string, string>();
