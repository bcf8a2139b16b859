import { execFile } from 'node:child_process';
import type { OpenDialogOptions } from 'electron';
import { HostError } from '#shared/errors/index.ts';

interface DialogProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/** The programs that can ask for a file, by system. Each prints one path a line. */
function dialogPrograms(
  platform: NodeJS.Platform,
  title: string,
  extensions: readonly string[],
): readonly DialogProgram[] {
  const patterns = extensions.map((extension) => `*.${extension}`).join(' ');
  switch (platform) {
    case 'darwin': {
      const types = extensions.map((extension) => JSON.stringify(extension)).join(', ');
      const script = `POSIX path of (choose file with prompt ${JSON.stringify(title)} of type {${types}})`;
      return [{ command: 'osascript', args: ['-e', script] }];
    }
    case 'win32': {
      const script = [
        'Add-Type -AssemblyName System.Windows.Forms',
        '$dialog = New-Object System.Windows.Forms.OpenFileDialog',
        `$dialog.Filter = "Books|${patterns.replaceAll(' ', ';')}"`,
        'if ($dialog.ShowDialog() -eq "OK") { $dialog.FileName } else { exit 1 }',
      ].join('; ');
      return [{ command: 'powershell', args: ['-NoProfile', '-STA', '-Command', script] }];
    }
    default:
      return [
        {
          command: 'zenity',
          args: [
            '--file-selection',
            '--multiple',
            '--separator=\n',
            `--title=${title}`,
            `--file-filter=Books | ${patterns}`,
          ],
        },
        {
          command: 'kdialog',
          args: ['--title', title, '--multiple', '--separate-output', '--getopenfilename', '.', patterns],
        },
      ];
  }
}

/**
 * `dialog.showOpenDialog` on the Chromium host, through a program of the system.
 * @throws {HostError} `host/unavailable` when the system has none: the window then offers a field for a path.
 */
export async function fileDialog(
  options: OpenDialogOptions,
): Promise<{ readonly canceled: boolean; readonly filePaths: string[] }> {
  const extensions = options.filters?.flatMap((filter) => filter.extensions) ?? [];
  for (const { command, args } of dialogPrograms(process.platform, options.title ?? 'Open', extensions)) {
    const chosen = await ask(command, args);
    if (chosen !== 'missing') return { canceled: chosen.length === 0, filePaths: chosen };
  }
  throw new HostError('host/unavailable', 'This system has no program that asks for a file.', {
    advice: 'Type or paste the path of the file, or drop its path on the command line.',
  });
}

function ask(command: string, args: readonly string[]): Promise<string[] | 'missing'> {
  return new Promise((resolve) => {
    execFile(command, [...args], (error, output) => {
      if (error && 'code' in error && error.code === 'ENOENT') resolve('missing');
      // Every one of these programs ends with a code above 0 when the person cancels.
      else resolve(error ? [] : output.split('\n').filter((line) => line !== ''));
    });
  });
}
