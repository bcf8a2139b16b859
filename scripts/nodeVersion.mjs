/** Stops with one clear sentence when npm's scripts would run on a Node that is too old. */
const NEEDED = 24;
const found = Number(process.versions.node.split('.')[0]);
if (found < NEEDED) {
  console.error(
    `Proxima needs Node ${NEEDED} or newer and found ${process.version}. ` +
      'Install Node 24, or run "npm ci" without --omit=optional so that it brings its own.',
  );
  process.exit(1);
}
