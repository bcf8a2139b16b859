/** What is asked and measured; each is a column of the report. */
export const questionTasks = [
  'needle',
  'multiKey',
  'multiValue',
  'variables',
  'aggregation',
  'conversation',
  'qa',
  'guide',
] as const;

export type QuestionTask = (typeof questionTasks)[number];

/** One question on a text. */
export interface Question {
  readonly task: QuestionTask;
  readonly question: string;
  /** How the answer begins: given to the model, not scored. */
  readonly lead: string;
  /** What comes after the lead, without the space in between; one for each word that is asked for. */
  readonly answers: readonly string[];
  /** Answers of the same kind that are wrong. */
  readonly distractors: readonly string[];
  /** Where in the text the answer stands, 0 at its start to 1 at its end; null where it is in several places. */
  readonly depth: number | null;
  /** The part of the text that holds the answer, for texts in parts. */
  readonly partId?: string;
}

/** A text that is read once, and the questions on it. */
export interface QuestionedText {
  readonly id: string;
  /** What the model reads, in order. */
  readonly parts: readonly { readonly id: string; readonly text: string }[];
  readonly questions: readonly Question[];
}
