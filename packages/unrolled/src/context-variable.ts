// Values that hold for the duration of a call: whether ops are recorded, who observes the steps of recurrent layers.

export class ContextVariable<T> {
  value: T;

  constructor(value: T) {
    this.value = value;
  }

  /** Runs `body` with another value, and restores the one before. */
  run<R>(value: T, body: () => R): R {
    const before = this.value;
    this.value = value;
    try {
      return body();
    } finally {
      this.value = before;
    }
  }
}
