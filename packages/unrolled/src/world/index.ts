// The door `unrolled/world`: processes that train together, under MPI.

export { MpiError } from '../errors.ts';
export { findMpi, type JoinOptions, joinWorld, type MpiLibrary, type MpiWorld } from './mpi.ts';
export { fromFirst } from './from-first.ts';
export { type Launched, launched } from './launcher.ts';
export type { SumPlan, Sums, World } from './world.ts';
