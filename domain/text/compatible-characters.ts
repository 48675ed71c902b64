/**
 * Characters that show one sign under several code points, and characters that show nothing. Sources: Unicode 16
 * EquivalentUnifiedIdeograph.txt (radicals), the decompositions of the Kangxi Radicals and CJK Compatibility Ideographs blocks,
 * and GB 18030-2022 annex D for the private-use code points that older Chinese systems gave to hanzi.
 */

/** CJK Radicals Supplement from U+2E81 on, in pairs: the radical and the hanzi that it is. */
const radicals =
  '⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺯糹' +
  '⺰纟⺱罓⺲罒⺶羊⺷羊⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首' +
  '⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟';

/** The hanzi of U+E816 to U+E864 of older GB 18030 systems, in order; `_` where the code point was no hanzi of its own. */
const firstPrivate = 0xe816;
const privateUse =
  '𠂇𠂉𠃌_㑳㑇__龴㖞㘚㘎__㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠_𡗗龸_䁖䅟_䌷___𢦏䎱䎬_䏝䓖䙡䙌龹䜣䜩䝼䞍_䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻';

const hanziOf: ReadonlyMap<string, string> = new Map([
  ...Array.from({ length: [...radicals].length / 2 }, (_, i): [string, string] => {
    const [radical = '', hanzi = ''] = [...radicals].slice(2 * i, 2 * i + 2);
    return [radical, hanzi];
  }),
  ...[...privateUse].flatMap((char, i): [string, string][] =>
    char === '_' ? [] : [[String.fromCodePoint(firstPrivate + i), char]],
  ),
]);

/** Marks of direction, joiners, soft hyphens, variation selectors, byte order marks, control characters that are no space: seen by no reader of the page. */
const invisible =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u{e0000}-\u{e0fff}]/gu;
const folded = /[\u2e80-\u2fdf\ue816-\ue864\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;

/** The text without what nobody sees, each hanzi under its own code point. What is no hanzi stays as it is. */
export function unifyCharacters(text: string): string {
  return (
    text
      .replace(invisible, '')
      // NFKC of these blocks alone: over the whole text it would also rewrite fractions, units and circled figures.
      .replace(folded, (char) => hanziOf.get(char) ?? char.normalize('NFKC'))
  );
}

/** Every dot that is set between the parts of a person's name (GB 13000 names U+00B7), as the body of a character class. */
export const nameDots = '·•‧∙⋅・･᛫ㆍ⸱ꞏ';
