/** The public door of the engine: everything behind `EngineCalls`. */
export { Engine } from './engine.ts';
