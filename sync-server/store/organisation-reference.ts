/** As facts of things and filters have an organisation; empty where it has no code yet. */
export const referenceOf = ({
  credit_code: code,
  scheme,
}: {
  credit_code: string | null;
  scheme: string | null;
}): string => (code === null ? '' : `${scheme ?? 'credit-code'}:${code}`);
