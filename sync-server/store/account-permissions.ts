/** What stands in the column `permissions` of an account. */
export function permissionsIn(text: string): string[] {
  const list: unknown = JSON.parse(text);
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : [];
}
