const MEBIBYTE = 2 ** 20;

/** "12.3 MiB", "491 MiB", "1.9 GiB": three digits are enough to compare. */
export function formatBytes(bytes: number): string {
  if (bytes < MEBIBYTE) return `${Math.round(bytes / 1024)} KiB`;
  const [value, unit] = bytes < 1024 * MEBIBYTE ? [bytes / MEBIBYTE, 'MiB'] : [bytes / (1024 * MEBIBYTE), 'GiB'];
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** "4 s", "2 min 10 s": a rounded time for people who wait. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export const formatCount = (count: number): string => count.toLocaleString('en');
