/**
 * Reports long work on stderr: what, how far, and the time left at the speed so far. One
 * line that is written over where a person looks on, else a line every ten seconds.
 */
export function progressLine(what: string): (done: number, total: number) => Promise<void> {
  const start = performance.now();
  let last = start;
  return (done, total) => {
    const now = performance.now();
    const isTerminal = process.stderr.isTTY;
    if (isTerminal || done === total || now - last > 10_000) {
      last = now;
      const leftSeconds = ((now - start) / done) * (total - done) * 0.001;
      const line = `${what} ${done}/${total}, ${Math.ceil(leftSeconds)} s left`;
      process.stderr.write(isTerminal ? `\r${line}   ${done === total ? '\n' : ''}` : `${line}\n`);
    }
    // A turn of the event loop, so that an interrupt is seen.
    return new Promise((resolve) => setImmediate(resolve));
  };
}
