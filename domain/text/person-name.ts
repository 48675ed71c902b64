/** How a person's name is written: one kind of dot between its parts, no widths, no spaces beside Chinese characters. */
import { nameDots } from './compatible-characters.ts';
import { foldWidth } from './normalise.ts';
import { collapseSpaces } from './spaces.ts';

export const anyNameDot = new RegExp(`[${nameDots}﹒.]`, 'gu');

/** Rare characters stay as they are: a name is whose it is. */
export const canonicalPersonName = (text: string): string =>
  collapseSpaces(foldWidth(text))
    .replace(anyNameDot, '·')
    .replace(/^[)）」】·]+|[(（「【·]+$/gu, '');
