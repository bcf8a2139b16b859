import { availableParallelism } from 'node:os';

/** More threads than this only wait for memory. */
const MOST_THREADS = 8;

/** Threads inside an operator: one for each core. */
export const defaultThreads = (): number => Math.max(1, Math.min(MOST_THREADS, availableParallelism()));
