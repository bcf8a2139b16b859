import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { LibraryError, ReaderError } from '#shared/errors/index.ts';

/** How long a statement waits for another process (the command line beside the app) before it gives up. */
const BUSY_TIMEOUT_MS = 5_000;

/** How long to wait between two tries to switch the journal. */
const SWITCH_PAUSE_MS = 10;

/** Result codes of SQLite that people can do something about: https://sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** A journal that was to be deleted is gone already: another process that opened the same new file was first. */
const SQLITE_IOERR_DELETE_NOENT = 5898;

/** One value of a row as SQLite gives it back. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/**
 * One SQLite file: statements are prepared once and kept, writes go through transactions,
 * and SQLite's own errors become library errors.
 */
export class Database {
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  /** @throws {LibraryError} `library/damaged` when the file is no SQLite file, `library/busy` when it is locked. */
  constructor(path: string) {
    this.path = path;
    this.#connection = named(path, () => new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS }));
    try {
      // Readers and one writer at a time do not block each other; a crash loses at most the last transaction.
      this.#switchToWriteAheadLog();
      this.run('PRAGMA synchronous = NORMAL');
      this.run('PRAGMA foreign_keys = ON');
    } catch (thrown) {
      this.#connection.close();
      throw thrown;
    }
  }

  /**
   * SQLite refuses this switch at once, without its busy timeout, while another process makes it
   * (https://sqlite.org/wal.html), so the waiting is done here.
   */
  #switchToWriteAheadLog(): void {
    const deadline = Date.now() + BUSY_TIMEOUT_MS;
    for (;;) {
      try {
        this.run('PRAGMA journal_mode = WAL');
        return;
      } catch (thrown) {
        if (!isMadeByAnother(thrown) || Date.now() >= deadline) throw thrown;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SWITCH_PAUSE_MS);
      }
    }
  }

  /** Runs statements that take no values: schema changes. */
  execute(sql: string): void {
    named(this.path, () => this.#connection.exec(sql));
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    named(this.path, () => this.#prepare(sql).run(...values));
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return named(this.path, () => this.#prepare(sql).get(...values));
  }

  all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return named(this.path, () => this.#prepare(sql).all(...values));
  }

  /** All of `work` happens, or none of it. A transaction inside another joins it. */
  transaction<Result>(work: () => Result): Result {
    if (this.#depth > 0) return work();
    // IMMEDIATE takes the write lock at once, so that the busy timeout applies and not a deadlock halfway.
    this.run('BEGIN IMMEDIATE');
    this.#depth += 1;
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (thrown) {
      this.run('ROLLBACK');
      throw thrown;
    } finally {
      this.#depth -= 1;
    }
  }

  /** Forgets a prepared statement whose table is about to go. */
  forget(mention: string): void {
    for (const sql of this.#statements.keys()) if (sql.includes(mention)) this.#statements.delete(sql);
  }

  dispose(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function named<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    throw asLibraryError(path, thrown);
  }
}

/** Whether a switch of the journal failed because another process makes the same one just now. */
const isMadeByAnother = (thrown: unknown): boolean =>
  thrown instanceof LibraryError
    ? thrown.code === 'library/busy'
    : thrown instanceof Error && 'errcode' in thrown && thrown.errcode === SQLITE_IOERR_DELETE_NOENT;

function asLibraryError(path: string, thrown: unknown): unknown {
  if (thrown instanceof ReaderError || !(thrown instanceof Error) || !('errcode' in thrown)) return thrown;
  // The low byte is the primary code, the rest tells more.
  const code = Number(thrown.errcode) & 0xff;
  if (code === SQLITE_BUSY || code === SQLITE_LOCKED) {
    return new LibraryError('library/busy', `Another program holds the library ${path} for longer than 5 seconds.`, {
      advice: 'Close other windows of Proxima that are busy, then try again.',
      retryable: true,
      cause: thrown,
    });
  }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return damaged(path, thrown.message, thrown);
  return thrown;
}

/** The error for a library file that SQLite cannot trust any more. */
export function damaged(path: string, finding: string, cause?: unknown): LibraryError {
  return new LibraryError('library/damaged', `The library ${path} is damaged: ${finding}.`, {
    advice: 'Proxima sets the file aside and starts a new library; your books themselves are untouched.',
    cause,
  });
}
