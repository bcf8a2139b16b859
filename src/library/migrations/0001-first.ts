import type { Migration } from './migration.ts';

/**
 * Books, the text of their leaves (so that extraction goes on where it was left), where each
 * passage of the full-text index lies, conversations, settings. The full-text index itself
 * is one FTS5 table a book, made by `PassageStore`: it can always be rebuilt from the leaves.
 */
export const first: Migration = {
  version: 1,
  sql: `
    CREATE TABLE books (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      title TEXT NOT NULL,
      author TEXT,
      format TEXT NOT NULL,
      path TEXT NOT NULL,
      leaf_count INTEGER NOT NULL,
      position_leaf INTEGER,
      position_offset INTEGER,
      opened_at INTEGER NOT NULL,
      text_version INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE leaf_texts (
      book INTEGER NOT NULL REFERENCES books (key) ON DELETE CASCADE,
      leaf INTEGER NOT NULL,
      source TEXT NOT NULL,
      text TEXT NOT NULL,
      PRIMARY KEY (book, leaf)
    ) STRICT;

    CREATE TABLE passages (
      book INTEGER NOT NULL REFERENCES books (key) ON DELETE CASCADE,
      id INTEGER NOT NULL,
      leaf INTEGER NOT NULL,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      PRIMARY KEY (book, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE turns (
      key INTEGER PRIMARY KEY,
      answer_id TEXT NOT NULL UNIQUE,
      book INTEGER NOT NULL REFERENCES books (key) ON DELETE CASCADE,
      chat TEXT NOT NULL,
      question TEXT NOT NULL,
      scope TEXT NOT NULL,
      answer TEXT NOT NULL,
      state TEXT NOT NULL,
      statement TEXT NOT NULL,
      evidence TEXT NOT NULL,
      not_found INTEGER NOT NULL,
      unsupported TEXT NOT NULL,
      model TEXT NOT NULL,
      policy TEXT NOT NULL,
      cache_bytes INTEGER NOT NULL,
      dense_fp16_bytes INTEGER NOT NULL,
      asked_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX turns_by_book ON turns (book, asked_at);

    CREATE TABLE settings (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT;
  `,
};
