/** Searching messages in one group or in all. It happens in this browser, over what this browser holds. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Room } from '../parts/Room.tsx';
import { Failed } from '../parts/Failed.tsx';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { PersonAvatar } from '../parts/Person.tsx';
import { paths } from '../paths.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupsQuery } from '../queries/groups.ts';
import { searchQuery } from '../queries/search.ts';
import { jumpTo } from '../stores/jump.ts';
import { dayInWords, timeOfDay } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { SearchField } from '../ui/Field.tsx';
import { Empty, SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { Found, SearchReach } from '../../client/view.ts';
import { words } from '../../lib/fold.ts';
import type { Gid } from '../../protocol/ids.ts';
import { Marked } from './Marked.tsx';
import { asks, readQuery } from './searchQuery.ts';

export function SearchPage({ gid }: { readonly gid: Gid | null }) {
  const { t } = useTranslation();
  const client = useClient();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const [typed, setTyped] = useState('');
  const [everywhere, setEverywhere] = useState(gid === null);
  const [before, setBefore] = useState<number | null>(null);
  const late = useDeferredValue(typed);
  const groups = useQuery(groupsQuery(client)).data ?? [];
  const nameOfGroup = (of: Gid): string =>
    groups.find((group) => group.gid === of)?.name ?? t('group.unnamed');

  const read = useMemo(
    () => readQuery(late, t('search.words', { returnObjects: true })),
    [late, t],
  );
  const asked = asks(read);
  const wishes = useMemo(() => {
    const limit = before === null ? {} : { before: Math.min(before, read.before ?? before) };
    return { ...read, ...limit, ...(everywhere || gid === null ? {} : { gid }) };
  }, [read, before, everywhere, gid]);
  const result = useQuery({
    ...searchQuery(client, wishes),
    enabled: asked,
    placeholderData: keepPreviousData,
  });
  const last = result.data?.found.at(-1);

  return (
    <Room
      title={
        everywhere || gid === null
          ? t('search.title')
          : t('search.titleIn', { name: nameOfGroup(gid) })
      }
    >
      <search className="mx-auto flex w-full max-w-[760px] flex-1 flex-col gap-4 p-6 max-tablet:p-4">
        <SearchField
          ref={field}
          label={t('search.field')}
          value={typed}
          onChange={(value) => {
            setTyped(value);
            setBefore(null);
          }}
          icon={<Search size={16} aria-hidden />}
        />
        <p className="text-small text-ink-3 text-pretty">{t('search.how')}</p>
        {gid !== null && (
          <Button size="small" className="self-start" onClick={() => setEverywhere(!everywhere)}>
            {everywhere ? t('search.here', { name: nameOfGroup(gid) }) : t('search.everywhere')}
          </Button>
        )}
        {asked && result.isPending && <SkeletonRows count={4} label={t('app.loading')} />}
        {asked && result.isError && (
          <Failed error={result.error} onRetry={() => void result.refetch()} />
        )}
        {asked && result.isSuccess && (
          <>
            <output className="sr-only">
              {t('search.count', { count: result.data.found.length })}
            </output>
            {result.data.found.length === 0 ? (
              <Empty icon={<Search size={22} aria-hidden />} title={t('search.nothing')}>
                {t('search.nothingBody')}
              </Empty>
            ) : (
              <ul className="grid gap-1">
                {result.data.found.map((found) => (
                  <FoundRow
                    key={found.item}
                    found={found}
                    group={everywhere || gid === null ? nameOfGroup(found.gid) : null}
                    wanted={words(wishes.text)}
                  />
                ))}
              </ul>
            )}
            {result.data.more && last !== undefined && (
              <Button className="self-center" onClick={() => setBefore(last.at + 1)}>
                {t('search.older')}
              </Button>
            )}
            {before !== null && (
              <Button look="ghost" className="self-center" onClick={() => setBefore(null)}>
                {t('search.newest')}
              </Button>
            )}
            <Reach reach={result.data.reach} nameOf={nameOfGroup} />
          </>
        )}
      </search>
    </Room>
  );
}

function FoundRow({
  found,
  group,
  wanted,
}: {
  readonly found: Found;
  /** Where it was said; null where one group is searched. */
  readonly group: string | null;
  readonly wanted: readonly string[];
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const now = useNow();
  const { author, at, file } = found;
  return (
    <li>
      <button
        type="button"
        className="grid w-full grid-cols-[34px_minmax(0,1fr)] gap-x-3 rounded-md px-3 py-2.5 text-start hover:bg-hover focus-visible:-outline-offset-2"
        onClick={() => {
          jumpTo(found.gid, found.t);
          void navigate({ to: paths.group(found.gid) });
        }}
      >
        <PersonAvatar person={author} />
        <span className="min-w-0">
          <span className="flex items-baseline gap-2">
            <bdi className="clip font-[600]">{nameOf(author)}</bdi>
            <span className="clip flex-1 text-tiny text-ink-3">
              {group !== null && <Isolated text={t('search.in', { name: isolate(group) })} />}
            </span>
            <span className="num shrink-0 text-tiny text-ink-3">
              {dayInWords(at, now)}, {timeOfDay(at)}
            </span>
          </span>
          {file !== null && <bdi className="clip block text-small text-ink-2">{file.name}</bdi>}
          <span dir="auto" className="line-clamp-3 [overflow-wrap:anywhere]">
            <Marked text={found.text} wanted={wanted} />
          </span>
        </span>
      </button>
    </li>
  );
}

/** How far back was searched: only where it is not the beginning is anything to be said of one group. */
function Reach({
  reach,
  nameOf: nameOfGroup,
}: {
  readonly reach: readonly SearchReach[];
  readonly nameOf: (gid: Gid) => string;
}) {
  const { t } = useTranslation();
  const now = useNow();
  const cut = reach.flatMap(({ gid, since }) => (since === null ? [] : [{ gid, since }]));
  return (
    <div className="mt-auto border-t border-line pt-3 text-small text-ink-3">
      <p>{t(cut.length === 0 ? 'search.reachAll' : 'search.reach', { count: reach.length })}</p>
      {cut.length > 0 && (
        <ul className="mt-1">
          {cut.map(({ gid, since }) => (
            <li key={gid}>
              <Isolated
                text={t('search.reachOf', {
                  name: isolate(nameOfGroup(gid)),
                  day: dayInWords(since, now),
                })}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
