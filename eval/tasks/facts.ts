/** Words that facts are made of, by what they are. All are common, so that a small model knows them. */
export const wordLists = {
  fruit: ['apple', 'banana', 'cherry', 'lemon', 'melon', 'orange', 'peach', 'plum', 'grape', 'mango'],
  metal: ['silver', 'copper', 'iron', 'bronze', 'gold', 'steel', 'zinc', 'lead', 'brass', 'tin'],
  animal: ['fox', 'owl', 'goat', 'monkey', 'parrot', 'rabbit', 'snake', 'turtle', 'bear', 'wolf'],
  number: ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'eleven', 'twelve'],
  colour: [
    'red',
    'blue',
    'green',
    'yellow',
    'purple',
    'white',
    'black',
    'grey',
    'pink',
    'violet',
    'brown',
    'scarlet',
    'turquoise',
  ],
  instrument: ['violin', 'piano', 'trumpet', 'guitar', 'drum', 'flute', 'harp', 'cello', 'banjo', 'organ'],
  country: ['Spain', 'France', 'Norway', 'Japan', 'Brazil', 'Egypt', 'India', 'Peru', 'Canada', 'Greece'],
  spice: ['pepper', 'ginger', 'garlic', 'mint', 'honey', 'vinegar', 'mustard', 'salt', 'sugar', 'basil'],
  thing: ['map', 'clock', 'mirror', 'sword', 'candle', 'letter', 'saddle', 'bottle', 'ring', 'knife', 'shell', 'key'],
  stone: ['jade', 'marble', 'amber', 'granite', 'coral', 'crystal', 'slate', 'ivory', 'pearl', 'onyx', 'ruby', 'opal'],
  name: ['Alice', 'Peter', 'Anna', 'Thomas', 'Clara', 'Victor', 'Helen', 'Oscar', 'Martha', 'Simon', 'Rosa', 'Felix'],
  flower: ['rose', 'lily', 'tulip', 'daisy', 'poppy', 'iris', 'orchid', 'clover'],
  coin: ['penny', 'dollar', 'pound', 'euro', 'franc', 'florin', 'ducat', 'rouble'],
  bird: ['swan', 'robin', 'eagle', 'crow', 'duck', 'stork', 'sparrow', 'falcon', 'pigeon', 'heron'],
  lamp: ['Varo', 'Miru', 'Telu', 'Kasi', 'Dova', 'Neri', 'Bolu', 'Zami', 'Goro', 'Pela', 'Suvi', 'Rano'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type WordKind = keyof typeof wordLists;

/** One fact that is told once: what is said, and how it is asked for. `*` stands for the word. */
export interface FactForm {
  readonly kind: WordKind;
  readonly statement: string;
  readonly question: string;
  /** How the answer begins, up to the word. */
  readonly lead: string;
}

/** Facts that are told again and again, with changing words. */
export const countedForms: readonly FactForm[] = [
  {
    kind: 'bird',
    statement: 'The bird that was seen at the pond today was a *.',
    question: 'Which bird was seen at the pond most often?',
    lead: 'The bird that was seen most often was a',
  },
  {
    kind: 'flower',
    statement: 'The flower that was sold at the gate today was a *.',
    question: 'Which flower was sold at the gate most often?',
    lead: 'The flower that was sold most often was a',
  },
  {
    kind: 'coin',
    statement: 'The coin that was found in the well today was a *.',
    question: 'Which coin was found in the well most often?',
    lead: 'The coin that was found most often was a',
  },
];

/** Facts that have nothing to do with each other, nor with a novel. */
export const needleForms: readonly FactForm[] = [
  {
    kind: 'fruit',
    statement: 'The password of the harbour office is *.',
    question: 'What is the password of the harbour office?',
    lead: 'The password of the harbour office is',
  },
  {
    kind: 'metal',
    statement: 'The bell of the old lighthouse was made of *.',
    question: 'What was the bell of the old lighthouse made of?',
    lead: 'The bell of the old lighthouse was made of',
  },
  {
    kind: 'animal',
    statement: 'Doctor Vale keeps a tame * in his study.',
    question: 'Which animal does Doctor Vale keep in his study?',
    lead: 'Doctor Vale keeps a tame',
  },
  {
    kind: 'number',
    statement: 'The night train to Ostrava leaves from platform *.',
    question: 'From which platform does the night train to Ostrava leave?',
    lead: 'The night train to Ostrava leaves from platform',
  },
  {
    kind: 'colour',
    statement: 'The new postman always wears a hat that is *.',
    question: 'Which colour is the hat of the new postman?',
    lead: 'The new postman always wears a hat that is',
  },
  {
    kind: 'instrument',
    statement: 'The locked chest in the attic holds a *.',
    question: 'What does the locked chest in the attic hold?',
    lead: 'The locked chest in the attic holds a',
  },
  {
    kind: 'country',
    statement: 'The winner of the boat race came from *.',
    question: 'Where did the winner of the boat race come from?',
    lead: 'The winner of the boat race came from',
  },
  {
    kind: 'spice',
    statement: 'The baker of Lindow puts * into his bread.',
    question: 'What does the baker of Lindow put into his bread?',
    lead: 'The baker of Lindow puts',
  },
];
