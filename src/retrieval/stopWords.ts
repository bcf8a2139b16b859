/**
 * Words of a question that say how it is asked and not what about. Titles are among them:
 * "Mr." stands before half of the names of a novel and tells none apart.
 */
const byLanguage: Readonly<Record<string, string>> = {
  en:
    'a about after again all also although am among an and another any anybody anyone anything are around as ask ' +
    'at be because been before being between book both but by can chapter could describe did do does doing done ' +
    'dr during each either else ever every everyone everything exactly explain find for from get give got had has ' +
    'have having he her here hers herself him himself his how i if in into is it its itself just know lady like ' +
    'list many may me might miss more most mr mrs ms much must my name no nobody none nor not nothing now of off ' +
    'on once one only or other our out over own page please same say says section shall she should sir so some ' +
    'somebody someone something such summarise summarize summary tell text than that the their them themselves ' +
    'then there these they thing things this those through to too under until up upon us very was we were what ' +
    'when where whether which while who whom whose why will with would write you your',
  de:
    'aber alle als also am an auch auf aus bei bin bis bist buch da damit dann das dass dein dem den der des die dies ' +
    'diese dieser doch dort du durch ein eine einem einen einer eines er es etwas frau für gibt hat hatte herr ich ihr ' +
    'im in ist ja kann kapitel man mehr mit nach nicht noch nur ob oder seite sein seine sich sie sind so text um und ' +
    'uns unter vom von vor wann war warum was welche welcher welches wem wen wenn wer werden wie wird wo wurde zu zum zur',
  fr:
    'a ai au aux avec c ce ces cette chapitre comment d dans de des du elle elles en est et eu il ils je l la le les ' +
    'leur livre lui m ma mais me mes mme mon n ne nous on ont ou où page par pas pour pourquoi qu quand que quel quelle ' +
    'quelles quels qui quoi s sa se ses son sont sur t te texte tu un une vous y',
  es:
    'a al capítulo como cómo con cuál cuáles cuándo de del dónde el ella ellos en era es esta este fue ha hay la las le ' +
    'les libro lo los más mi no nos o página para pero por porque qué que quién quiénes se ser si sin sobre son su sus ' +
    'texto un una y yo',
  it:
    'a ai al alla capitolo che chi come con cosa da dal del della delle di dove e è era gli ha i il in io la le lo ma ' +
    'mi ne nel nella non o pagina per perché più qual quale quali quando se si sono su suo testo tra un una',
};

const sets = new Map<string, ReadonlySet<string>>();

/** Folded stop words of a language by its BCP 47 tag; English where the language is unknown or has no list. */
export function stopWordsOf(language: string | null): ReadonlySet<string> {
  const primary = (language ?? 'en').toLowerCase().split(/[-_]/, 1)[0] ?? 'en';
  const key = Object.hasOwn(byLanguage, primary) ? primary : 'en';
  let found = sets.get(key);
  if (!found) {
    found = new Set(byLanguage[key]?.split(' ').map((each) => each.normalize('NFKD').replace(/[\u0300-\u036f]/g, '')));
    sets.set(key, found);
  }
  return found;
}
