// What the two systems that have Keras' layers can and cannot do.

export interface Dialect {
  readonly title: string;
  /** Layers take a mask as an argument. */
  readonly masks: boolean;
  /** GRU with the reset gate after the product. */
  readonly resetAfter: boolean;
  /** The layer Subtract. */
  readonly subtract: boolean;
  /** The layer UnitNormalization. */
  readonly unitNormalization: boolean;
  /** An input of one id a row is a column [batch, 1], because `predict` makes one of it. */
  readonly columns: boolean;
}

export const keras: Dialect = {
  title: 'Keras',
  masks: true,
  resetAfter: true,
  subtract: true,
  unitNormalization: true,
  columns: false,
};

/** Its LayersModel: GRU has the form of Keras 2 only, and nothing that is called by a loaded model gets a mask. */
export const tensorflowJs: Dialect = {
  title: 'TensorFlow.js',
  masks: false,
  resetAfter: false,
  subtract: false,
  unitNormalization: false,
  columns: true,
};
