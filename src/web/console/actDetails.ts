/** What stands below an act's sentence: before and after, terms of a link, the key that began. */
import type { TFunction } from 'i18next';
import type { ActView, LinkTermsView, LogLine } from '../../client/view.ts';
import { roleName } from '../../protocol/role.ts';
import { isolate } from '../parts/isolate.tsx';
import { whenInWords } from '../text/when.ts';

export function linkName(link: LinkTermsView, t: TFunction): string {
  return link.label === '' ? t('links.noLabel') : link.label;
}

/** The terms of a link in one line. */
function termsOf(link: LinkTermsView, now: number, t: TFunction): string {
  return [
    t(`role.${roleName(link.role)}`),
    usesOf(link, t),
    endOf(link, now, t),
    link.auto ? t('links.auto') : t('links.review'),
  ].join(' · ');
}

const usesOf = (link: LinkTermsView, t: TFunction): string =>
  link.maxUses === 0 ? t('activity.usesFree') : t('activity.uses', { count: link.maxUses });
const endOf = (link: LinkTermsView, now: number, t: TFunction): string =>
  link.expires === 0
    ? t('links.never')
    : t('activity.until', { when: whenInWords(link.expires, now) });

function linkDetails(
  line: Extract<LogLine, { link: LinkTermsView }>,
  now: number,
  t: TFunction,
): string[] {
  const name = isolate(linkName(line.link, t));
  if (line.what === 'linkCreated')
    return [t('activity.link', { name, terms: termsOf(line.link, now, t) })];
  if (line.what !== 'linkChanged') return [t('activity.linkNamed', { name })];
  const { before, link } = line;
  const changed = [
    [usesOf(before, t), usesOf(link, t)],
    [endOf(before, now, t), endOf(link, now, t)],
    [
      before.auto ? t('links.auto') : t('links.review'),
      link.auto ? t('links.auto') : t('links.review'),
    ],
  ].flatMap(([was, is]) =>
    was === is ? [] : [t('activity.fromTo', { before: was ?? '', now: is ?? '' })],
  );
  return [
    t('activity.linkNamed', { name }),
    ...(changed.length === 0 ? [t('activity.renewed')] : changed),
  ];
}

/** What stands below one line. */
export function lineDetails(line: LogLine, now: number, t: TFunction): string[] {
  switch (line.what) {
    case 'role':
      return [
        t('activity.fromTo', {
          before: t(`role.${roleName(line.before)}`),
          now: t(`role.${roleName(line.role)}`),
        }),
      ];
    case 'renamed':
      return [
        t('activity.fromTo', { before: isolate(line.before), now: isolate(line.name ?? '') }),
      ];
    case 'policy':
      return line.changes.map(({ name, on }) =>
        on ? t(`activity.policyOn.${name}`) : t(`activity.policyOff.${name}`),
      );
    case 'linkCreated':
    case 'linkChanged':
    case 'linkPaused':
    case 'linkResumed':
      return linkDetails(line, now, t);
    case 'linkRevoked':
      return line.links.map((link) =>
        t('activity.linkNamed', { name: isolate(linkName(link, t)) }),
      );
    default:
      return [];
  }
}

/** What came with the act as a whole: a new key, links that ended. */
export function actDetails(act: ActView, t: TFunction): string[] {
  const key =
    act.generation === null
      ? []
      : [
          t('activity.keyBegan', {
            number: act.generation.number,
            cause: t(`keyHistory.cause.${act.generation.cause}`),
          }),
        ];
  const ended = act.linksEnded === 0 ? [] : [t('activity.linksEnded', { count: act.linksEnded })];
  return [...key, ...ended];
}
