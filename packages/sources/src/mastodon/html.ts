import { Parser } from 'htmlparser2';

/** Elements whose end is the end of a line. */
const blocks = new Set(['p', 'br', 'li', 'blockquote', 'div', 'pre', 'h1', 'h2', 'h3', 'h4']);
const hiddenElements = new Set(['script', 'style', 'template']);

/**
 * The words of a status without its markup: line ends where blocks end, entities as characters.
 * Mastodon hides parts of long links by a class; they are left out as on the page.
 */
export function htmlToText(html: string): string {
  let text = '';
  /** Open elements from the outermost hidden one inwards. */
  let hidden = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const invisible = /(^|\s)invisible(\s|$)/.test(attributes.class ?? '');
        if (hidden > 0 || invisible || hiddenElements.has(name)) hidden += 1;
      },
      ontext(chunk) {
        if (hidden === 0) text += chunk;
      },
      onclosetag(name) {
        if (hidden > 0) hidden -= 1;
        else if (blocks.has(name)) text += '\n';
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return text
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n[\n ]*/g, '\n')
    .trim();
}
