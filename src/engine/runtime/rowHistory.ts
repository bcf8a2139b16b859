/**
 * What became of the rows of a store since they were first fed. Rows join at the end and leave from behind the
 * fixed ones, so that whoever knows an earlier state can tell which rows are new.
 */
export interface RowHistory {
  /** The same object as long as that is all that happens; another one when rows were replaced or taken back. */
  readonly edition: object;
  /** Rows at the front that never leave. */
  readonly fixedRows: number;
  /** Rows that have left from behind them. */
  readonly departedRows: number;
}

/** Keeps the history of one store. */
export class RowHistoryKeeper {
  readonly #fixedRows: number;
  #edition = {};
  #departedRows = 0;

  constructor(fixedRows = 0) {
    this.#fixedRows = fixedRows;
  }

  get now(): RowHistory {
    return { edition: this.#edition, fixedRows: this.#fixedRows, departedRows: this.#departedRows };
  }

  /** Rows have left from behind the fixed ones. */
  depart(rows: number): void {
    this.#departedRows += rows;
  }

  /** Rows that were there are no longer the same. */
  restart(): void {
    this.#edition = {};
    this.#departedRows = 0;
  }
}
