/** A group that continues this one: who opened it, whether the owner signed it, and joining it. */
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { paths } from '../paths.ts';
import { useJoinSuccessor } from '../queries/groups.ts';
import { Button, buttonClasses } from '../ui/Button.tsx';
import { Banner } from '../ui/Notice.tsx';
import type { GroupView } from '../../client/view.ts';

export function SuccessorBanner({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const join = useJoinSuccessor(group.gid);
  const { successor } = group;
  if (successor === null) return null;
  const { by, byOwner, joined, gid } = successor;
  const mine = group.members.some((member) => member.me && member.pid === by.pid);
  if (mine || joined)
    return (
      <Banner
        icon={ARROW}
        action={
          <Link to={paths.group(gid)} className={buttonClasses('plain', 'small')}>
            {t('chat.successor.open')}
          </Link>
        }
      >
        {mine ? t('chat.successor.mine') : t('chat.successor.joined')}
      </Banner>
    );
  return (
    <Banner
      tone={byOwner ? 'accent' : 'warn'}
      icon={ARROW}
      action={
        <Button look="primary" size="small" busy={join.busy} onClick={() => void join.run()}>
          {t('chat.successor.join')}
        </Button>
      }
    >
      <Isolated
        text={t(byOwner ? 'chat.successor.owner' : 'chat.successor.moderator', {
          who: isolate(nameOf(by)),
        })}
      />
    </Banner>
  );
}

const ARROW: ReactNode = <ArrowRight size={18} aria-hidden className="rtl:-scale-x-100" />;
