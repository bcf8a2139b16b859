import { memo, useState } from 'react';
import { type GrowingBlocks, growBlocks, noBlocks, renderMarkdown } from './markdownBlocks.ts';

const Block = memo(function Block({ source }: { readonly source: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: renderMarkdown sanitises
  return <div className="answer__block" dangerouslySetInnerHTML={{ __html: renderMarkdown(source) }} />;
});

/** An answer in Markdown, while it grows and when it is done. */
export function AnswerText({ text, growing = false }: { readonly text: string; readonly growing?: boolean }) {
  const [blocks, setBlocks] = useState<GrowingBlocks>(() => growBlocks(noBlocks, text));
  if (blocks.text !== text) setBlocks(growBlocks(blocks, text));
  const tail = blocks.text.slice(blocks.tailStart);
  return (
    <div className={`answer ${growing ? 'answer--growing' : ''}`}>
      {blocks.settled.map((source, index) => (
        // Settled blocks never move, so their number is their name.
        <Block key={index} source={source} />
      ))}
      {tail.trim() !== '' && <Block key={blocks.settled.length} source={tail} />}
    </div>
  );
}
