import type { Database } from './database.ts';

/** Named values as JSON. What they mean, and what stands in when there is none, is their owner's business. */
export class SettingsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The value as it was saved; undefined when there is none or it is no JSON any more. */
  read(name: string): unknown {
    const row = this.#database.get('SELECT value FROM settings WHERE name = ?', name);
    if (!row) return undefined;
    try {
      return JSON.parse(String(row['value']));
    } catch {
      // A value that cannot be read counts as not set: settings must never keep the app from starting.
      return undefined;
    }
  }

  save(name: string, value: unknown): void {
    this.#database.run('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)', name, JSON.stringify(value));
  }
}
