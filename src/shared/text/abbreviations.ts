/**
 * Short forms that are followed by more of the same sentence, lower case, without the last
 * full stop. Those that end sentences as often ("etc.", "Inc.") are left out on purpose.
 */
const byLanguage: Readonly<Record<string, string>> = {
  en:
    'mr mrs ms messrs mme mlle dr prof rev hon gen col maj capt cpt lt sgt cmdr adm gov sen rep pres st mt ft sr jr ' +
    'fr esq vs viz cf e.g i.e al fig figs eq eqs sec secs ch chap vol vols no nos pp p ed eds trans approx ca c ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec',
  de:
    'hr fr dr prof st bzw ca vgl z.b d.h u.a s.o s.u abb bd bde hrsg nr str tel usw evtl ggf inkl sog jh ' +
    'jan feb apr jun jul aug sept okt nov dez',
  fr: 'm mm mme mlle dr pr st ste cf p.ex c.-à-d fig vol no chap éd env janv févr avr juil sept oct nov déc',
  es: 'sr sra srta d dr dra prof ud uds p.ej cf fig vol núm cap ed aprox ene feb abr jun jul ago sept oct nov dic',
  it: 'sig sig.ra dott prof on cf p.es fig vol n cap ed ca gen feb apr giu lug ago set ott nov dic',
};

const sets = new Map<string, ReadonlySet<string>>();

/** Abbreviations of a language by its BCP 47 tag; English ones where the language is unknown. */
export function abbreviationsOf(language: string | null): ReadonlySet<string> {
  const primary = (language ?? 'en').toLowerCase().split(/[-_]/, 1)[0] ?? 'en';
  const key = Object.hasOwn(byLanguage, primary) ? primary : 'en';
  let found = sets.get(key);
  if (!found) {
    found = new Set(byLanguage[key]!.split(' '));
    sets.set(key, found);
  }
  return found;
}
