// The cost model of docs/many-machines.md.

export interface Cost {
  /** Milliseconds in which one process of one thread computes the gradient of the whole batch, all shards of it, and updates the parameters. */
  readonly compute: number;
  readonly update: number;
  /** Of the gradient. */
  readonly bytes: number;
  readonly shards: number;
  /** Recurrent layers, of about the same size. */
  readonly layers: number;
  readonly processes: number;
  /** Threads that can compute at the same time, on all machines together. */
  readonly cores: number;
  /** Bytes a second that a process sends while it receives as many, and milliseconds until a message is there. */
  readonly bandwidth: number;
  readonly latency: number;
}

/**
 * Milliseconds of a training step. The backward pass takes two thirds of the compute, and reaches the weights of the last layer first: while it goes
 * through the layers below, in the process's last shard, their gradients are on their way. What the first layer has can only be sent at the end.
 */
export function stepMilliseconds(cost: Cost): number {
  const { compute, update, bytes, shards, layers, processes, cores, bandwidth, latency } = cost;
  const own = Math.ceil(shards / processes);
  const computing = (compute * own * processes) / shards / Math.min(processes, cores);
  const exchange = (1000 * 2 * bytes * (processes - 1)) / processes / bandwidth;
  const below = ((2 / 3) * (computing / own) * (layers - 1)) / layers;
  return computing + Math.max(exchange / layers, exchange - below) + 2 * latency + update;
}
