// Which part of the examples trains.

/** How many of the first examples train: the rest validates. At least one, and at most half. */
export function trainedOf(count: number, validation: number): number {
  return Math.min(count - 1, Math.floor(count * (1 - Math.max(0.02, validation))));
}
