/** Code tables of the chip's text: GB/T 3304 (nations of China) and GB/T 2261.1 (sex). */

const sexes: Readonly<Record<string, string>> = { '0': '未知', '1': '男', '2': '女', '9': '未说明' };

/** In the standard's order from 01. */
const nationsInOrder = (
  '汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 ' +
  '柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 ' +
  '塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺'
).split(' ');

const otherNations: Readonly<Record<string, string>> = {
  '81': '穿青人',
  '97': '其他',
  '98': '外国血统中国籍人士',
};

/** The word for a sex code; an unknown code stays as it is. */
export function sexOf(code: string): string {
  return sexes[code] ?? code;
}

/** The nation's name for a two-digit code; an unknown code stays as it is. */
export function nationOf(code: string): string {
  if (!/^\d{2}$/.test(code)) return code;
  return nationsInOrder[Number(code) - 1] ?? otherNations[code] ?? code;
}
