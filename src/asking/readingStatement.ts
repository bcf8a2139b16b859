import type { PassageRanking } from '#retrieval/index.ts';
import type { BookInfo, ReadSection, Scope } from '#shared/domain/index.ts';
import type { ReadingBudget } from './readingBudget.ts';
import { BRIEF_READING_TOKENS } from './readingLimits.ts';
import type { ReadingPiece } from './readingPieces.ts';

/** Titles named in the sentence; the event lists all of them. */
const NAMED_SECTIONS = 8;

export interface StatementFacts {
  readonly info: BookInfo;
  readonly scope: Scope;
  readonly reading: 'all' | 'picked';
  readonly sections: readonly ReadSection[];
  readonly pieces: readonly ReadingPiece[];
  readonly total: { readonly tokens: number; readonly exact: boolean };
  readonly ranking: PassageRanking;
  readonly budget: ReadingBudget;
  readonly isBrief: boolean;
}

/** One sentence or two for people: what is read for an answer, what is not, and why not. */
export function readingStatement(facts: StatementFacts): string {
  const { reading, sections, total } = facts;
  const read = number(sections.reduce((sum, { tokens }) => sum + tokens, 0));
  if (reading === 'all') return `Read ${scopeName(facts)} whole: ${read} tokens.`;
  const all = `${total.exact ? '' : 'about '}${number(total.tokens)}`;
  const where = facts.scope.kind === 'whole' ? `of ${sectionCount(facts)}` : `in ${scopeName(facts)}`;
  return `Read ${parts(facts)} ${where} (${read} of ${all} tokens): ${names(sections)}. ${choice(facts)} ${limit(facts)}`;
}

function parts({ pieces, sections }: StatementFacts): string {
  const places = pieces.length === 1 ? 'one place' : `${number(pieces.length)} places`;
  return `${places} in ${number(sections.length)}`;
}

function sectionCount({ info }: StatementFacts): string {
  return `${number(info.sections.length)} ${info.format === 'epub' ? 'chapters' : 'sections'}`;
}

function scopeName({ info, scope }: StatementFacts): string {
  switch (scope.kind) {
    case 'selection':
      return 'the selection';
    case 'section':
      return `“${info.sections[scope.section]?.title ?? ''}”`;
    case 'leaves': {
      const [first, last] = [info.leaves[scope.first]?.label ?? '', info.leaves[scope.last]?.label ?? ''];
      if (info.format === 'pdf') return scope.first === scope.last ? `page ${first}` : `pages ${first} to ${last}`;
      return scope.first === scope.last ? `“${first}”` : `“${first}” to “${last}”`;
    }
    case 'whole':
      return 'the text';
    default:
      return scope satisfies never;
  }
}

function names(sections: readonly ReadSection[]): string {
  const titles = sections.slice(0, NAMED_SECTIONS).map(({ title }) => `“${title}”`);
  const more = sections.length - titles.length;
  return more > 0 ? `${titles.join(', ')} and ${more} more` : titles.join(', ');
}

function choice({ ranking }: StatementFacts): string {
  const found = ranking.presence.filter(({ passages }) => passages > 0).map(({ term }) => `“${term.word}”`);
  if (found.length === 0) return 'The question has no word that could be searched for, so beginnings were taken.';
  return `They were found by searching for ${found.join(', ')}.`;
}

function limit({ isBrief, budget }: StatementFacts): string {
  if (isBrief) return `The rest was not read: a brief reading takes ${number(BRIEF_READING_TOKENS)} tokens.`;
  if (budget.limitedBy === 'memory')
    return `The rest did not fit the free memory, which holds ${number(budget.tokens)} tokens.`;
  return `The rest did not fit the model’s ${number(budget.contextTokens)} tokens.`;
}

const number = (value: number): string => value.toLocaleString('en');
