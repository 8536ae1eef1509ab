// What "cost grows as the work does" means, in numbers that can fail.

/** A contender's times as one size grows, smallest first. */
export interface Curve {
  readonly id: string;
  readonly label: string;
  readonly points: readonly Point[];
}

export interface Point {
  /** T, B or H. */
  readonly size: number;
  readonly ms: number;
  readonly tokens: number;
  /** Floating-point operations of the matrix products, in 10⁹. */
  readonly gflop: number;
}

/** Time over T: its exponent must be this close to 1. */
export const exponentLimits = [0.95, 1.05] as const;
/** Doubling a size may not make a unit of work more expensive than this: a cliff. Over T and B work grows as tokens do, over H as its square. */
export const cliff = 1.5;

/** b of the line log ms = a + b·log size through all points, by least squares. */
export function exponent(points: readonly Point[]): number {
  const x = points.map(({ size }) => Math.log(size));
  const y = points.map(({ ms }) => Math.log(ms));
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const spread = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  return x.reduce((sum, v, i) => sum + (v - mx) * (y[i] - my), 0) / spread;
}

/** Every step to the next size that costs more than `cliff` times as much per unit of work, in words. */
export function cliffs(name: string, { label, points }: Curve): string[] {
  return points.slice(1).flatMap((point, i) => {
    const before = points[i];
    const ratio = point.ms / point.gflop / (before.ms / before.gflop);
    if (ratio <= cliff) return [];
    return [
      `${label}: from ${name} = ${before.size} to ${point.size} a unit of work costs ${ratio.toFixed(2)}× as much`,
    ];
  });
}

/** What is wrong with a curve of ours over `name`. */
export function complaints(name: string, curve: Curve): string[] {
  const found = cliffs(name, curve);
  if (name !== 'T') return found;
  const b = exponent(curve.points);
  const [low, high] = exponentLimits;
  if (b < low || b > high) found.push(`${curve.label}: time grows as T^${b.toFixed(3)}, not within ${low} and ${high}`);
  return found;
}
