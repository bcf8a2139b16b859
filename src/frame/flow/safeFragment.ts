/** Elements that could act, or would stand in the way: gone with all they hold. */
const REFUSED =
  'script, iframe, frame, frameset, object, embed, applet, link, meta, base, style, template, noscript, form, input, button, ' +
  'textarea, select, dialog, audio, video, source, track, portal, animate, set, animateTransform, animateMotion, foreignObject';

/** Attributes that name an address a browser would load or follow by itself. */
const ADDRESSES = new Set([
  'href',
  'xlink:href',
  'src',
  'srcset',
  'srcdoc',
  'action',
  'formaction',
  'poster',
  'data',
  'ping',
  'background',
]);

/**
 * Makes nodes of a leaf's markup. It was sanitised where the book was parsed; here it is
 * looked at a second time, because this is the process that would pay for a mistake. Nothing
 * runs either way: the parsed document is inert, and the page's policy allows no inline
 * script. Styles of single elements are set through the object model, which the policy allows.
 */
export function safeFragment(html: string): DocumentFragment {
  const parsed = new DOMParser().parseFromString(html.replace(STYLE_ATTRIBUTE, '$1data-style='), 'text/html');
  for (const element of parsed.querySelectorAll(REFUSED)) element.remove();
  const fragment = document.createDocumentFragment();
  fragment.append(...[...parsed.body.childNodes].map((node) => document.importNode(node, true)));
  for (const element of fragment.querySelectorAll<HTMLElement | SVGElement>('*')) {
    for (const { name, value } of [...element.attributes]) {
      if (name === 'data-style') {
        element.style.cssText = value;
        element.removeAttribute(name);
      } else if (isRefused(name.toLowerCase(), value)) element.removeAttribute(name);
    }
  }
  return fragment;
}

/** `style="` inside a tag. The page's policy would report such an attribute, even one that is taken off at once. */
const STYLE_ATTRIBUTE = /(<[a-zA-Z][^<>]*\s)style=/g;

function isRefused(name: string, value: string): boolean {
  if (name.startsWith('on') || name === 'style') return true;
  if (!ADDRESSES.has(name)) return false;
  // A link that leaves the book is kept, to be reported when it is followed; a picture may carry its own bytes.
  if (name === 'href') return !/^(?:https?:|mailto:|#)/i.test(value);
  if (name === 'xlink:href') return !value.startsWith('#');
  return !(name === 'src' && /^data:image\/(?:png|jpeg|gif|webp);/i.test(value));
}
