import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';

/**
 * Takes a picture of every state of the window: `node test/gallery/shots.ts FOLDER [SCENE...]`.
 * Needs an installed Chromium (`CHROMIUM`, or /usr/bin/chromium).
 */
const [folder = 'out/gallery', ...wanted] = process.argv.slice(2);
const looks = [
  { name: 'light-1400', width: 1400, colorScheme: 'light' },
  { name: 'dark-1400', width: 1400, colorScheme: 'dark' },
  { name: 'light-800', width: 800, colorScheme: 'light' },
  { name: 'dark-800', width: 800, colorScheme: 'dark' },
] as const;

mkdirSync(folder, { recursive: true });
const server = await createServer({ configFile: `${import.meta.dirname}/vite.config.ts`, logLevel: 'error' });
await server.listen();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid?.() !== 0,
});
const { scenes } = await listScenes();
let failures = 0;
for (const look of looks) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.colorScheme,
    reducedMotion: 'reduce',
  });
  for (const scene of scenes) {
    const page = await context.newPage();
    page.on('pageerror', (error) => {
      failures += 1;
      process.stderr.write(`${scene} ${look.name}: ${error.message}\n`);
    });
    await page.goto(`http://localhost:5199/#${scene}`);
    await page
      .waitForSelector('html[data-gallery-ready]', { timeout: 20_000 })
      .catch((error: unknown) => process.stderr.write(`${scene}: ${String(error)}\n`));
    await page.screenshot({ path: `${folder}/${scene}-${look.name}.png` });
    await page.close();
  }
  await context.close();
}
await browser.close();
await server.close();
process.stdout.write(`${scenes.length} scenes, ${failures} page errors, in ${folder}\n`);

async function listScenes(): Promise<{ scenes: readonly string[] }> {
  if (wanted.length > 0) return { scenes: wanted };
  const page = await browser.newPage();
  await page.goto('http://localhost:5199/');
  const names = await page.evaluate(async (path) => {
    const module = (await import(path)) as { readonly scenes: object };
    return Object.keys(module.scenes);
  }, '/scenes.ts');
  await page.close();
  return { scenes: names };
}
