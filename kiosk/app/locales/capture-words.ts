/** Words of what the station makes of a page before the check: places it guessed, codes it saw. */
export const captureWords = {
  guessed: '位置为推测，请核对',
  codes: {
    square: '二维码',
    bars: '条形码',
    creditCode: (name: string, code: string) => `${name}：统一社会信用代码 ${code}`,
    address: (name: string, host: string) => `${name}：网址 ${host}`,
    text: (name: string, text: string) => `${name}：${text}`,
    unreadable: (name: string) => `${name}读不出，以证件上的文字为准；需要核对时请放平、靠近后重拍`,
  },
} as const;
