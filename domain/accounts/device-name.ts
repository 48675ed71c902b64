/** What a person recognises a computer by: what the browser calls itself, in words. */

const systems = [
  { says: /Windows NT 10/u, name: 'Windows 10/11 电脑' },
  { says: /Windows/u, name: 'Windows 电脑' },
  { says: /iPhone/u, name: 'iPhone' },
  { says: /iPad/u, name: 'iPad' },
  { says: /Android/u, name: '安卓手机' },
  { says: /Macintosh/u, name: '苹果电脑' },
  { says: /Kylin|UOS|Linux/u, name: 'Linux 电脑' },
] as const;

/** The first that fits: many call themselves by the name of another one besides. */
const browsers = [
  { says: /MicroMessenger/u, name: '微信' },
  { says: /QIHU|360SE|360EE/u, name: '360浏览器' },
  { says: /Edg\//u, name: 'Edge 浏览器' },
  { says: /Firefox\//u, name: '火狐浏览器' },
  { says: /Chrome\//u, name: '谷歌浏览器' },
  { says: /Safari\//u, name: 'Safari 浏览器' },
] as const;

/** Nothing of what came stands in the answer: a browser may call itself whatever it likes. */
export function deviceName(userAgent: string): string {
  const named = (list: readonly { says: RegExp; name: string }[]): string | undefined =>
    list.find(({ says }) => says.test(userAgent))?.name;
  const system = named(systems) ?? '未知设备';
  const browser = named(browsers);
  return browser === undefined ? system : `${system}，${browser}`;
}
