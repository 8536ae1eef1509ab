// The settings of a layer, as Keras writes them: read one by one, each checked, so that what nobody read is either known to change nothing or refused.

import { ConvertError, quoted } from '../../errors.ts';

/** What a layer was built with, or is trained with, and what no longer means anything: none of it changes what the layer computes. */
const withoutEffect: ReadonlySet<string> = new Set([
  'name', 'trainable', 'dtype', 'batch_input_shape', 'batch_shape', 'input_shape', 'input_dtype', 'input_dim', 'input_length', 'sparse',
  'ragged', 'implementation', 'unroll', 'unit_forget_bias', 'use_cudnn', 'activity_regularizer', 'kernel_initializer',
  'recurrent_initializer', 'bias_initializer', 'embeddings_initializer', 'gamma_initializer', 'beta_initializer',
  'moving_mean_initializer', 'moving_variance_initializer', 'alpha_initializer', 'depthwise_initializer', 'pointwise_initializer',
  'kernel_regularizer', 'recurrent_regularizer', 'bias_regularizer', 'embeddings_regularizer', 'gamma_regularizer', 'beta_regularizer',
  'alpha_regularizer', 'depthwise_regularizer', 'pointwise_regularizer', 'kernel_constraint', 'recurrent_constraint', 'bias_constraint',
  'embeddings_constraint', 'gamma_constraint', 'beta_constraint', 'alpha_constraint', 'depthwise_constraint', 'pointwise_constraint',
  'renorm', 'renorm_clipping', 'renorm_momentum', 'virtual_batch_size', 'fused', 'synchronized', 'seed', 'noise_shape', 'lora_rank', 'lora_alpha',
  'quantization_config', 'build_config', 'optional', 'states', 'rng_seed', 'autocast', 'dynamic', 'num_constants', 'nested',
]); // biome-ignore format: a list of words

/** The settings of one layer. */
export class LayerConfig {
  readonly className: string;
  readonly name: string;
  readonly source: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();

  constructor(className: string, name: string, values: unknown, source: string) {
    this.className = className;
    this.name = name;
    this.source = source;
    this.#values = isRecord(values) ? values : {};
  }

  /** Throws a ConvertError that names the layer. */
  fail(expected: string, got: string, advice?: string): never {
    throw new ConvertError(this.source, { where: this.where, expected, got, advice });
  }

  get where(): string {
    return `layer ${quoted(this.name)} (${this.className.slice(0, 60)})`;
  }

  /** A setting as it stands there; undefined and null are the same. */
  value(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  number(name: string, usual?: number): number {
    return this.#typed(name, usual, 'a number', (v): v is number => typeof v === 'number' && Number.isFinite(v));
  }

  whole(name: string, usual?: number): number {
    return this.#typed(name, usual, 'a whole number', (v): v is number => Number.isSafeInteger(v));
  }

  flag(name: string, usual: boolean): boolean {
    return this.#typed(name, usual, 'true or false', (v): v is boolean => typeof v === 'boolean');
  }

  oneOf<const T extends string>(name: string, known: readonly T[], usual?: T): T {
    return this.#typed(name, usual, `one of ${known.join(', ')}`, (v): v is T => known.includes(v as T));
  }

  /** A list of whole numbers; a number alone stands for `count` of it. */
  wholes(name: string, count: number, usual?: readonly number[]): readonly number[] {
    const value = this.value(name);
    const list = typeof value === 'number' ? new Array<number>(count).fill(value) : (value ?? usual);
    if (Array.isArray(list) && list.every((n) => Number.isSafeInteger(n)) && (count < 0 || list.length === count))
      return list as readonly number[];
    return this.fail(`${name}: ${count < 0 ? 'a list of' : String(count)} whole numbers`, shown(value));
  }

  /** An activation by its name; `linear` where there is none. Names of today for those of the past. */
  activation(name: string, keras: 2 | 3, usual = 'linear'): string {
    return (
      activationName(this.value(name) ?? usual, keras) ??
      this.fail(`${name}: an activation by name`, shown(this.value(name)))
    );
  }

  /** A layer in this one: `{ class_name, config }`. */
  layer(name: string): LayerConfig {
    return layerOf(this.value(name), this.source) ?? this.fail(`${name}: a layer`, shown(this.value(name)));
  }

  layers(name: string): readonly LayerConfig[] {
    const list = this.value(name);
    if (!Array.isArray(list)) return this.fail(`${name}: a list of layers`, shown(list));
    return list.map((one) => layerOf(one, this.source) ?? this.fail(`${name}: layers`, shown(one)));
  }

  /** Refuses settings that nobody has read and that are not known to change nothing. */
  requireAllRead(): void {
    for (const [name, value] of Object.entries(this.#values))
      if (value !== null && !this.#read.has(name) && !withoutEffect.has(name))
        this.fail('settings that are known here', `${quoted(name)}: ${shown(value)}`, 'what it changes is not known');
  }

  #typed<T>(name: string, usual: T | undefined, what: string, is: (v: unknown) => v is T): T {
    const value = this.value(name) ?? usual;
    return is(value) ? value : this.fail(`${name}: ${what}`, shown(value));
  }
}

/** The layer of `{ class_name, config: { name } }`; null for other JSON. */
export function layerOf(json: unknown, source: string): LayerConfig | null {
  if (!isRecord(json) || typeof json.class_name !== 'string') return null;
  const config = isRecord(json.config) ? json.config : {};
  const name =
    typeof config.name === 'string' ? config.name : typeof json.name === 'string' ? json.name : json.class_name;
  return new LayerConfig(json.class_name, name, json.config, source);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A function is its name, or `{ class_name: 'function', config: 'relu' }`, or a layer of that name. */
function activationName(value: unknown, keras: 2 | 3): string | null {
  if (isRecord(value)) {
    const { class_name: className, config } = value;
    if (className === 'function') return activationName(config, keras);
    return typeof className === 'string' ? activationName(className.toLowerCase(), keras) : null;
  }
  if (typeof value !== 'string') return null;
  switch (value) {
    case 'hard_sigmoid':
      return keras === 3 ? 'hard_sigmoid_3' : value; // clip(x / 6 + 0.5) since Keras 3
    case 'gelu_approximate': // as KerasHub registers gelu(approximate=True)
      return 'gelu_tanh';
    case 'silu':
      return 'swish';
    case 'hard_silu':
      return 'hard_swish';
    case 'exponential':
    case 'exp':
      return 'exponential';
    default:
      return value;
  }
}

export function shown(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 80) ?? typeof value);
}
