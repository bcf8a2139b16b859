import type { FrameAppearance, FrameEvent, FrameMark } from '#shared/contract/index.ts';
import type { BookInfo, TextPosition } from '#shared/domain/index.ts';

/** What a viewer is made with. */
export interface ViewerSetting {
  /** The element that scrolls. The viewer owns what is in it. */
  readonly host: HTMLElement;
  readonly info: BookInfo;
  /** Base of the app's addresses: see `appUrls` and `bulkUrls`. */
  readonly origin: string;
  readonly password: string | undefined;
  readonly appearance: FrameAppearance;
  readonly send: (event: FrameEvent) => void;
}

/** Shows one book. There is one for paged files and one for text that flows. */
export interface BookViewer {
  /** Resolves when the place is painted. */
  open(position: TextPosition | null): Promise<{ readonly workerIsReal: boolean }>;
  /** Resolves when the place is painted, with some of what stands before it in view. */
  goTo(position: TextPosition): Promise<void>;
  mark(marks: readonly FrameMark[]): void;
  changeAppearance(appearance: FrameAppearance): void;
  /** Gives the scale that is now in force; 1 is the book's own size. */
  zoom(to: number | 'width' | 'in' | 'out'): number;
  /** One leaf on or back. */
  turn(leaves: 1 | -1): void;
  dispose(): void;
}
