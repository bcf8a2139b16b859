import { LibraryError } from '#shared/errors/index.ts';
import type { Database } from '../database.ts';
import { first } from './0001-first.ts';
import type { Migration } from './migration.ts';

const migrations: readonly Migration[] = [first];

/**
 * Brings a library to the newest schema, one numbered step after the other, each in a transaction.
 * @throws {LibraryError} `library/newer` when a later Proxima wrote the file.
 */
export function migrate(database: Database, steps: readonly Migration[] = migrations): void {
  const found = versionOf(database);
  const newest = steps.at(-1)?.version ?? 0;
  if (found > newest) {
    throw new LibraryError(
      'library/newer',
      `The library ${database.path} has schema ${found}; this Proxima knows up to ${newest}.`,
      { advice: 'Update Proxima, or start it with another PROXIMA_HOME.' },
    );
  }
  for (const { version, sql } of steps) {
    if (version <= found) continue;
    database.transaction(() => {
      // Another process may have taken the step while this one waited for the write lock.
      if (version <= versionOf(database)) return;
      database.execute(sql);
      database.execute(`PRAGMA user_version = ${version}`);
    });
  }
}

const versionOf = (database: Database): number => Number(database.get('PRAGMA user_version')?.['user_version'] ?? 0);
