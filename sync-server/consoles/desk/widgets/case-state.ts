import type { IconName } from '#ui/icon/icon-paths.ts';
import type { Case } from '#domain/cases/schema.ts';
import { words } from '../locales/zh-CN.ts';

interface Sign {
  readonly tone: 'good' | 'bad' | 'wait' | 'quiet';
  readonly icon: IconName;
  readonly word: string;
}

const caseStates = {
  open: { tone: 'wait', icon: 'clock', word: words.cases.states.open },
  approved: { tone: 'good', icon: 'check', word: words.cases.states.approved },
  returned: { tone: 'quiet', icon: 'back', word: words.cases.states.returned },
  withdrawn: { tone: 'quiet', icon: 'close', word: words.cases.states.withdrawn },
  refused: { tone: 'bad', icon: 'close', word: words.cases.states.refused },
} as const satisfies Record<Case['state'], Sign>;

/** Of a complaint: upheld is no good news for whoever relied on the push, and rejected is none for whoever complained. */
export function stateSign(state: Case['state'], isComplaint: boolean): Sign {
  const { states } = words.complaint;
  if (!isComplaint) return caseStates[state];
  if (state === 'approved') return { tone: 'bad', icon: 'warn', word: states.approved };
  if (state === 'refused') return { tone: 'quiet', icon: 'check', word: states.refused };
  return { ...caseStates[state], word: states.open };
}
