// A line with fewer points that looks the same.

interface Points {
  readonly step: readonly number[];
  readonly loss: readonly number[];
}

const most = 1000;

/** The lowest and the highest of every few points, in their order: no peak is lost. At most 1,000 of them, the ends included. */
export function fewer(step: readonly number[], loss: readonly number[]): Points {
  const count = step.length;
  if (count <= most) return { step: step.slice(), loss: loss.slice() };
  const groups = most / 2 - 1;
  const kept = [0];
  for (let g = 0; g < groups; g++) {
    const [from, to] = [g, g + 1].map((edge) => 1 + Math.floor((edge * (count - 2)) / groups));
    let [low, high] = [from, from];
    for (let k = from + 1; k < to; k++) {
      if (loss[k] < loss[low]) low = k;
      if (loss[k] > loss[high]) high = k;
    }
    kept.push(Math.min(low, high));
    if (low !== high) kept.push(Math.max(low, high));
  }
  kept.push(count - 1);
  return { step: kept.map((k) => step[k]), loss: kept.map((k) => loss[k]) };
}
