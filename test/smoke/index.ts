import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron } from 'playwright-core';
import { build, isStale } from '#host/build.ts';
import { sandboxed } from '#host/chromium/launchBrowser.ts';
import { electronProgram } from '#host/electronProgram.ts';
import { projectDir } from '#host/projectDir.ts';
import { dataFolders } from '#library/index.ts';
import { type AppCallName, type AppCalls, type ReaderBridge } from '#shared/contract/index.ts';
import { modelId } from '#shared/domain/index.ts';
import { startTestApp } from '../app/harness.ts';
import { realModel } from '../fixtures/realModels.ts';
import { longText, type SmokeWindow, smokeChecks } from './smokeChecks.ts';

/**
 * `npm run smoke`: the real app in real Electron, driven from outside through what its window can do.
 * Prints one PASS, FAIL or SKIP line for each thing that no other host can prove.
 * `npm run smoke -- --host chromium` runs the same checks on the Chromium host, to prove the checks.
 */
const onChromium = process.argv.includes('chromium');
const folder = mkdtempSync(join(tmpdir(), 'proxima-smoke-'));
const longTextPath = join(folder, 'gates.txt');
writeFileSync(longTextPath, longText);
const checks = smokeChecks(longTextPath);
const program = electronProgram();
const model = realModel('quick') ? 'quick' : realModel('default') ? 'default' : null;

if (!onChromium && program === null) skipAll("Electron's program is not installed; npm start fetches it where it can");
else if (model === null) skipAll('no model is on this machine: npm run -s proxima -- models fetch quick');
else process.exitCode = (await runChecks(model, program)) ? 0 : 1;
rmSync(folder, { recursive: true, force: true });

function skipAll(reason: string): void {
  for (const { name } of checks) console.log(`SKIP ${name} (${reason})`);
}

async function runChecks(modelName: string, electronPath: string | null): Promise<boolean> {
  if (isStale()) await build();
  const { window, close } = onChromium ? await openOnChromium() : await openInElectron(electronPath ?? '');
  let passed = true;
  try {
    await window.call('app.saveSettings', { model: modelId(modelName) });
    await window.call('engine.load', null);
    for (const { name, run } of checks) {
      try {
        console.log(`PASS ${name}: ${await run(window)}`);
      } catch (error) {
        passed = false;
        console.log(`FAIL ${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    await close();
  }
  return passed;
}

interface OpenWindow {
  readonly window: SmokeWindow;
  readonly close: () => Promise<void>;
}

async function openOnChromium(): Promise<OpenWindow> {
  const app = await startTestApp();
  return { window: { page: app.page, call: app.call }, close: async () => app[Symbol.asyncDispose]() };
}

async function openInElectron(executablePath: string): Promise<OpenWindow> {
  const app = await electron.launch({
    executablePath,
    args: [...(sandboxed ? [] : ['--no-sandbox']), projectDir],
    env: { ...process.env, PROXIMA_HOME: folder, PROXIMA_MODELS: dataFolders().models },
  });
  const page = await app.firstWindow();
  await page.waitForFunction(() => 'reader' in globalThis);
  const call = async <Name extends AppCallName>(
    name: Name,
    input: AppCalls[Name]['in'],
  ): Promise<AppCalls[Name]['out']> => {
    const outcome = await page.evaluate(
      ([called, given]) =>
        (globalThis as unknown as { reader: ReaderBridge }).reader.call(called, given as AppCalls[typeof called]['in']),
      [name, input] as const,
    );
    if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
    return outcome.output;
  };
  return { window: { page, call }, close: () => app.close() };
}
