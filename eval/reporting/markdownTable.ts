/** A Markdown table. Cells are taken as they are: a `|` or a line break in one is the caller's to escape. */
export function markdownTable(titles: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...lines.map(line)].join('\n');
}
