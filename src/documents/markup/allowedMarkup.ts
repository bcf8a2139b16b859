/** Elements of HTML that say how text reads and looks, and do nothing. */
export const HTML_ELEMENTS: ReadonlySet<string> = words(
  'a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del dfn div dl dt em ' +
    'figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark nav ol p pre q rb rp rt rtc ' +
    'ruby s samp section small span strong sub sup table tbody td tfoot th thead tr tt u ul var wbr big strike font',
);

/** Drawing, without what loads, scripts, animates or embeds. */
export const SVG_ELEMENTS: ReadonlySet<string> = words(
  'svg g path rect circle ellipse line polyline polygon text tspan defs lineargradient radialgradient stop clippath ' +
    'mask pattern marker image',
);

/** Presentation MathML, without annotations and whatever may hold HTML again. */
export const MATHML_ELEMENTS: ReadonlySet<string> = words(
  'math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom mfenced menclose msub msup ' +
    'msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mlabeledtr mtd semantics',
);

export const VOID_ELEMENTS: ReadonlySet<string> = words('br col hr img wbr');

/** Attributes that may stay on any element of HTML. */
export const HTML_ATTRIBUTES: ReadonlySet<string> = words(
  'id class dir lang title alt width height colspan rowspan span scope headers start reversed value align valign ' +
    'border cellpadding cellspacing role aria-label aria-hidden',
);

/** SVG is case-sensitive; names in lower case lead to the way they must be written. */
export const SVG_ATTRIBUTES: ReadonlyMap<string, string> = new Map(
  (
    'id class x y x1 y1 x2 y2 cx cy r rx ry d points width height viewBox preserveAspectRatio transform fill ' +
    'fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit ' +
    'stroke-dasharray stroke-dashoffset opacity font-family font-size font-style font-weight text-anchor ' +
    'dominant-baseline dx dy rotate textLength offset stop-color stop-opacity gradientUnits gradientTransform ' +
    'spreadMethod clipPathUnits maskUnits patternUnits color writing-mode role aria-label'
  )
    .split(' ')
    .map((name) => [name.toLowerCase(), name]),
);

export const MATHML_ATTRIBUTES: ReadonlySet<string> = words(
  'id class dir display displaystyle scriptlevel mathvariant mathsize mathcolor mathbackground stretchy fence form ' +
    'separator lspace rspace minsize maxsize symmetric largeop movablelimits accent accentunder linethickness ' +
    'columnalign rowalign columnspacing rowspacing columnspan rowspan width height depth open close separators notation ' +
    'alttext',
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
