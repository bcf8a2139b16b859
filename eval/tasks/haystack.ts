import { countedForms, type FactForm, needleForms, type WordKind, wordLists } from './facts.ts';
import type { Question, QuestionedText } from './question.ts';

/** Words of answers that are wrong, for each question. */
const DISTRACTORS = 5;
const CABINETS = 8;
const GUESTS = 4;
const CHAINS = 2;
const CHAIN_LAMPS = 3;
/** How often each word of a counted fact is told: one clearly more often than the others. */
const COUNTS = [6, 2, 2, 1];

/** A sentence that is told at a place of its own. */
interface Told {
  readonly statement: string;
  /** 0 to 1, of the text. */
  readonly depth: number;
}

/** Draws from lists, nothing twice. */
class Draw {
  readonly #random: () => number;
  readonly #left = new Map<WordKind, string[]>();

  constructor(random: () => number) {
    this.#random = random;
  }

  word(kind: WordKind): string {
    const left = this.#left.get(kind) ?? [...wordLists[kind]];
    this.#left.set(kind, left);
    const [word] = left.splice(Math.floor(this.#random() * left.length), 1);
    if (word === undefined) throw new RangeError(`There are too few words of the kind ${kind}.`);
    return word;
  }

  words(kind: WordKind, count: number): string[] {
    return Array.from({ length: count }, () => this.word(kind));
  }

  depth(): number {
    return this.#random();
  }
}

interface Made {
  readonly told: readonly Told[];
  readonly questions: readonly Question[];
}

/**
 * A novel's sentences with facts told between them, and questions on these facts, in the shapes of RULER (arXiv
 * 2404.06654): one fact (*needle*, at depths evenly spread), one of many facts alike (*multiKey*), all facts of one
 * kind (*multiValue*), facts that lead to a fact (*variables*), and how often something was told (*aggregation*).
 * Told in one text, so that it is read once. Sentences that hold a word of the facts are left out.
 *
 * @param sentences of a novel, in order
 * @param random uniform numbers in [0, 1)
 */
export function haystack(id: string, sentences: readonly string[], random: () => number): QuestionedText {
  const draw = new Draw(random);
  const made = [
    needles(draw),
    cabinets(draw),
    guests(draw),
    lamps(draw),
    ...countedForms.map((form) => counted(draw, form)),
  ];
  const told = made.flatMap((each) => each.told);
  const questions = made.flatMap((each) => each.questions);
  const words = questions.flatMap(({ answers, distractors }) => [...answers, ...distractors]);
  const anyWord = new RegExp(`\\b(?:${words.join('|')})\\b`, 'iu');
  const hay = sentences.filter((sentence) => !anyWord.test(sentence));
  return { id, parts: [{ id: 'text', text: woven(hay, told) }], questions };
}

function needles(draw: Draw): Made {
  const asked = needleForms.map((form, index) => {
    const answer = draw.word(form.kind);
    const depth = (index + 0.5) / needleForms.length;
    return {
      told: { statement: form.statement.replace('*', answer), depth },
      question: {
        task: 'needle' as const,
        question: form.question,
        lead: form.lead,
        answers: [answer],
        distractors: draw.words(form.kind, DISTRACTORS),
        depth,
      },
    };
  });
  return { told: asked.map(({ told }) => told), questions: asked.map(({ question }) => question) };
}

/** The wrong answers are what the other cabinets hold. */
function cabinets(draw: Draw): Made {
  const all = Array.from({ length: CABINETS }, () => ({
    stone: draw.word('stone'),
    thing: draw.word('thing'),
    depth: draw.depth(),
  }));
  const things = all.map(({ thing }) => thing);
  return {
    told: all.map(({ stone, thing, depth }) => ({
      statement: `The ${stone} cabinet of the museum holds a ${thing}.`,
      depth,
    })),
    questions: all.map(({ stone, thing, depth }) => ({
      task: 'multiKey',
      question: `What does the ${stone} cabinet of the museum hold?`,
      lead: `The ${stone} cabinet of the museum holds a`,
      answers: [thing],
      distractors: things.filter((other) => other !== thing),
      depth,
    })),
  };
}

/** Guests are asked for in the order in which they were told. */
function guests(draw: Draw): Made {
  const all = draw
    .words('name', GUESTS)
    .map((name) => ({ name, depth: draw.depth() }))
    .sort((a, b) => a.depth - b.depth);
  return {
    told: all.map(({ name, depth }) => ({ statement: `One guest of the winter supper was ${name}.`, depth })),
    questions: [
      {
        task: 'multiValue',
        question: 'Which four guests came to the winter supper?',
        lead: 'The guests of the winter supper were',
        answers: all.map(({ name }) => name),
        distractors: draw.words('name', DISTRACTORS),
        depth: null,
      },
    ],
  };
}

/** Chains of lamps that burn alike: the colour is told of the first alone. */
function lamps(draw: Draw): Made {
  const chains = Array.from({ length: CHAINS }, () => ({
    names: draw.words('lamp', CHAIN_LAMPS),
    colour: draw.word('colour'),
    depths: Array.from({ length: CHAIN_LAMPS }, () => draw.depth()).sort((a, b) => a - b),
  }));
  const absent = draw.words('colour', 4);
  return {
    told: chains.flatMap(({ names, colour, depths }) =>
      names.map((name, at) => ({
        statement:
          at === 0
            ? `The lamp called ${name} burns ${colour}.`
            : `The lamp called ${name} burns in the same colour as the lamp called ${names[at - 1]!}.`,
        depth: depths[at]!,
      })),
    ),
    questions: chains.flatMap(({ names, colour }) =>
      names.slice(1).map((name) => ({
        task: 'variables' as const,
        question: `In which colour does the lamp called ${name} burn?`,
        lead: `The lamp called ${name} burns`,
        answers: [colour],
        distractors: [...chains.map((other) => other.colour).filter((other) => other !== colour), ...absent],
        depth: null,
      })),
    ),
  };
}

/** The wrong answers are words that were told less often. */
function counted(draw: Draw, { kind, statement, question, lead }: FactForm): Made {
  const [most, ...others] = draw.words(kind, COUNTS.length);
  return {
    told: [most!, ...others].flatMap((word, place) =>
      Array.from({ length: COUNTS[place]! }, () => ({ statement: statement.replace('*', word), depth: draw.depth() })),
    ),
    questions: [{ task: 'aggregation', question, lead, answers: [most!], distractors: others, depth: null }],
  };
}

/** Tells each statement after the sentence at its depth. */
function woven(hay: readonly string[], told: readonly Told[]): string {
  const inOrder = told.toSorted((a, b) => a.depth - b.depth);
  const out: string[] = [];
  let next = 0;
  for (const [index, sentence] of hay.entries()) {
    while (next < inOrder.length && inOrder[next]!.depth * hay.length <= index) out.push(inOrder[next++]!.statement);
    out.push(sentence);
  }
  return [...out, ...inOrder.slice(next).map(({ statement }) => statement)].join(' ');
}
