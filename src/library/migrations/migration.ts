/** One step of the schema. Steps are numbered from 1, run in order, and never change once released. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}
