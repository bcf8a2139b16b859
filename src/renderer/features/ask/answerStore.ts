import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AnswerId, Evidence, NumberedAnswerEvent, ReadSection, Scope } from '#shared/domain/index.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { type ReaderError, toReaderError } from '../../bridge/toReaderError.ts';
import { finishedSentences } from './sentences.ts';
import { type Turn, type TurnUsage, usageOf } from './turn.ts';

/** Twenty updates a second look fluent; more would only starve the page beside them. */
export const FLUSH_MS = 50;

export interface ReadingProgress {
  readonly doneTokens: number;
  readonly totalTokens: number;
  readonly remainingMs: number | null;
}

export interface AnswerState {
  /** `starting` until the first event, `reading` the text, `writing` the answer. */
  readonly phase: 'idle' | 'starting' | 'reading' | 'writing';
  readonly answerId: AnswerId | null;
  readonly question: string;
  readonly scope: Scope | null;
  readonly stopping: boolean;
  readonly text: string;
  readonly statement: string;
  /** What went wrong and was made good while it was answered; empty when nothing did. */
  readonly notice: string;
  readonly sections: readonly ReadSection[];
  readonly progress: ReadingProgress | null;
  readonly evidence: readonly Evidence[];
  /** What a screen reader should say next: whole sentences only. */
  readonly spoken: string;
  begin(question: string, scope: Scope): void;
  /** The main process has taken the question; events that came before it told so are taken now. */
  follow(answerId: AnswerId): void;
  abandon(): void;
  setStopping(): void;
  dispose(): void;
}

export type AnswerStore = StoreApi<AnswerState>;

const idle = {
  phase: 'idle',
  answerId: null,
  question: '',
  scope: null,
  stopping: false,
  text: '',
  statement: '',
  notice: '',
  sections: [],
  progress: null,
  evidence: [],
} as const satisfies Partial<AnswerState>;

/**
 * The answer that streams in now. A store of its own, since it changes many times a second.
 * @param onEnded takes over the finished turn; the stream is idle again before it is called
 */
export function createAnswerStore(bridge: Bridge, onEnded: (turn: Turn) => void): AnswerStore {
  let text = '';
  let saidUpTo = 0;
  let expected = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  /** Events of answers that `follow` has not named yet. */
  let early: NumberedAnswerEvent[] = [];

  const store = createStore<AnswerState>()((set, get) => ({
    ...idle,
    spoken: '',
    begin(question, scope) {
      reset();
      set({ ...idle, phase: 'starting', question, scope, spoken: 'Asked.' });
    },
    follow(answerId) {
      set({ answerId });
      const waiting = early;
      early = [];
      receive(waiting);
    },
    abandon() {
      reset();
      set({ ...idle });
    },
    setStopping: () => set({ stopping: get().phase !== 'idle' }),
    dispose: () => {
      reset();
      stop();
    },
  }));

  function reset(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    text = '';
    saidUpTo = 0;
    expected = 0;
    early = [];
  }

  function flush(): void {
    timer = null;
    const { said, upTo } = finishedSentences(text, saidUpTo);
    saidUpTo = upTo;
    store.setState(said === '' ? { text } : { text, spoken: said });
  }

  function end(
    state: Turn['state'],
    rest: {
      answer?: string;
      notFound?: boolean;
      unsupportedWords?: readonly string[];
      cutBy?: Turn['cutBy'];
      usage?: TurnUsage;
      error?: ReaderError;
    },
  ): void {
    const { answerId, question, scope, statement, sections, evidence } = store.getState();
    if (!answerId || !scope) return;
    const answer = rest.answer ?? text;
    const unsaid = answer.slice(saidUpTo).trim();
    const turn: Turn = {
      answerId,
      question,
      scope,
      state,
      answer,
      statement,
      sections,
      notFound: rest.notFound ?? false,
      unsupportedWords: rest.unsupportedWords ?? [],
      cutBy: rest.cutBy ?? null,
      evidence,
      usage: rest.usage ?? null,
      error: rest.error ?? null,
      hasMap: state === 'finished',
    };
    reset();
    store.setState({ ...idle, spoken: `${unsaid} ${endWords(turn)}`.trim() });
    onEnded(turn);
  }

  function take(event: NumberedAnswerEvent): void {
    switch (event.type) {
      case 'started':
        store.setState({ phase: 'reading', statement: event.statement, sections: event.sections });
        break;
      case 'reading': {
        const { doneTokens, totalTokens, remainingMs } = event;
        store.setState({ phase: 'reading', progress: { doneTokens, totalTokens, remainingMs } });
        break;
      }
      case 'restarted':
        text = '';
        saidUpTo = 0;
        store.setState({
          phase: 'reading',
          notice: event.statement,
          spoken: event.statement,
          text: '',
          progress: null,
          evidence: [],
        });
        break;
      case 'deviceFailed':
        store.setState({ notice: event.statement, spoken: event.statement });
        break;
      case 'token':
        text += event.text;
        if (store.getState().phase !== 'writing') store.setState({ phase: 'writing' });
        timer ??= setTimeout(flush, FLUSH_MS);
        break;
      case 'cited':
        store.setState({ evidence: [...store.getState().evidence, event.evidence] });
        break;
      case 'finished':
        end('finished', {
          answer: event.text,
          notFound: event.notFound,
          unsupportedWords: event.unsupportedWords,
          cutBy: event.reason === 'stop' ? null : event.reason,
          usage: usageOf(event),
        });
        break;
      case 'failed':
        end('failed', { error: toReaderError(event.error) });
        break;
      case 'cancelled':
        end('cancelled', {});
        break;
      default:
        event satisfies never;
    }
  }

  function receive(events: readonly NumberedAnswerEvent[]): void {
    for (const event of events) {
      const { answerId, phase } = store.getState();
      if (phase === 'idle') return;
      if (answerId === null) early.push(event);
      else if (event.answerId === answerId && event.sequence >= expected) {
        expected = event.sequence + 1;
        take(event);
      }
    }
  }

  const stop = bridge.on('answer', receive);
  return store;
}

function endWords(turn: Turn): string {
  switch (turn.state) {
    case 'finished':
      return turn.notFound ? 'Not found in what was read.' : 'Answer finished.';
    case 'failed':
      return `The answer failed. ${turn.error?.message ?? ''}`;
    case 'cancelled':
      return 'Stopped.';
    default:
      return turn.state satisfies never;
  }
}
