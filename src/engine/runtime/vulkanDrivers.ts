import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * Whether some Vulkan driver is installed, which is what WebGPU computes on under Linux. Asking the runtime
 * instead would print the loader's own warnings on every machine that has none.
 *
 * Drivers are announced by manifests in the folders that the Vulkan loader searches ("LoaderDriverInterface",
 * driver discovery on Linux), or named by a variable.
 */
export function hasVulkanDriver(environment: NodeJS.ProcessEnv = process.env): boolean {
  const named = environment['VK_DRIVER_FILES'] ?? environment['VK_ICD_FILENAMES'];
  if (named) return named.split(delimiter).some((path) => existsSync(path));
  return manifestFolders(environment).some(
    (folder) => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.json')),
  );
}

function manifestFolders(environment: NodeJS.ProcessEnv): string[] {
  const home = environment['HOME'] ?? homedir();
  const of = (name: string, otherwise: string): string[] => (environment[name] || otherwise).split(delimiter);
  return [
    ...of('XDG_CONFIG_HOME', join(home, '.config')),
    ...of('XDG_CONFIG_DIRS', '/etc/xdg'),
    '/etc',
    ...of('XDG_DATA_HOME', join(home, '.local', 'share')),
    ...of('XDG_DATA_DIRS', `/usr/local/share${delimiter}/usr/share`),
  ].map((folder) => join(folder, 'vulkan', 'icd.d'));
}
