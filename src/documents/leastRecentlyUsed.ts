/** Keeps the last `capacity` values that were asked for, and hands the others to `onEvict`. */
export class LeastRecentlyUsed<Key, Value> {
  readonly #values = new Map<Key, Value>();
  readonly #capacity: number;
  readonly #onEvict: (value: Value) => void;

  constructor(capacity: number, onEvict: (value: Value) => void = () => undefined) {
    this.#capacity = capacity;
    this.#onEvict = onEvict;
  }

  get(key: Key): Value | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    for (const [oldest, evicted] of this.#values) {
      if (this.#values.size <= this.#capacity) break;
      this.#values.delete(oldest);
      this.#onEvict(evicted);
    }
  }

  /** Takes a value out without `onEvict`. */
  take(key: Key): Value | undefined {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  values(): IterableIterator<Value> {
    return this.#values.values();
  }
}
