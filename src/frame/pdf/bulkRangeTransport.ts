import { PDFDataRangeTransport } from 'pdfjs-dist';

/**
 * Gives pdf.js the stretches of a file it asks for, from the app's own protocol. pdf.js can
 * fetch by itself, but knows `http` and `https` only, and Electron's origin is `app://`.
 */
export class BulkRangeTransport extends PDFDataRangeTransport {
  readonly #address: string;
  readonly #onFailure: (error: Error) => void;
  readonly #stop = new AbortController();

  /** @param onFailure called when a stretch cannot be had; pdf.js would wait for it for ever */
  constructor(address: string, fileBytes: number, onFailure: (error: Error) => void) {
    super(fileBytes, null);
    this.#address = address;
    this.#onFailure = onFailure;
  }

  override requestDataRange(begin: number, end: number): void {
    this.#fetch(begin, end).then(
      (chunk) => this.onDataRange(begin, chunk),
      (error: unknown) => {
        if (!this.#stop.signal.aborted) this.#onFailure(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  override abort(): void {
    this.#stop.abort();
  }

  async #fetch(begin: number, end: number): Promise<Uint8Array> {
    const response = await fetch(this.#address, {
      headers: { Range: `bytes=${begin}-${end - 1}` },
      signal: this.#stop.signal,
    });
    if (!response.ok) throw new Error(`Bytes ${begin} to ${end} of the file were refused (${response.status}).`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    return response.status === 206 ? bytes : bytes.slice(begin, end);
  }
}
