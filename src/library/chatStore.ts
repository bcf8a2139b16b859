import type { ChatTurn } from '#shared/contract/index.ts';
import { answerId, type BookId, type ChatId, type Evidence, type Scope } from '#shared/domain/index.ts';
import type { BookStore } from './bookStore.ts';
import type { Database, Row } from './database.ts';

/** Conversations about books: every question with its answer and the evidence for it. */
export class ChatStore {
  readonly #database: Database;
  readonly #books: BookStore;

  constructor(database: Database, books: BookStore) {
    this.#database = database;
    this.#books = books;
  }

  /** Keeps a turn; one with the same answer id is replaced. */
  save(book: BookId, chat: ChatId, turn: ChatTurn): void {
    this.#database.run(
      `INSERT OR REPLACE INTO turns (answer_id, book, chat, question, scope, answer, state, statement, evidence,
         not_found, unsupported, model, policy, cache_bytes, dense_fp16_bytes, asked_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      turn.answerId,
      this.#books.key(book),
      chat,
      turn.question,
      JSON.stringify(turn.scope),
      turn.answer,
      turn.state,
      turn.statement,
      JSON.stringify(turn.evidence),
      turn.notFound ? 1 : 0,
      JSON.stringify(turn.unsupportedWords),
      turn.model,
      turn.policy,
      turn.cacheBytes,
      turn.denseFp16Bytes,
      turn.askedAt,
    );
  }

  /** All turns about a book, the oldest first. */
  turns(book: BookId): readonly ChatTurn[] {
    return this.#database
      .all('SELECT * FROM turns WHERE book = ? ORDER BY asked_at, key', this.#books.key(book))
      .map(toTurn);
  }

  /** The last turns of one conversation, the oldest of them first. */
  recent(chat: ChatId, limit: number): readonly ChatTurn[] {
    return this.#database
      .all('SELECT * FROM turns WHERE chat = ? ORDER BY asked_at DESC, key DESC LIMIT ?', chat, limit)
      .map(toTurn)
      .reverse();
  }

  clear(book: BookId): void {
    this.#database.run('DELETE FROM turns WHERE book = ?', this.#books.key(book));
  }
}

function toTurn(row: Row): ChatTurn {
  return {
    answerId: answerId(String(row['answer_id'])),
    question: String(row['question']),
    scope: JSON.parse(String(row['scope'])) as Scope,
    answer: String(row['answer']),
    state: String(row['state']) as ChatTurn['state'],
    statement: String(row['statement']),
    evidence: JSON.parse(String(row['evidence'])) as readonly Evidence[],
    notFound: row['not_found'] === 1,
    unsupportedWords: JSON.parse(String(row['unsupported'])) as readonly string[],
    model: String(row['model']),
    policy: String(row['policy']),
    cacheBytes: Number(row['cache_bytes']),
    denseFp16Bytes: Number(row['dense_fp16_bytes']),
    askedAt: Number(row['asked_at']),
  };
}
