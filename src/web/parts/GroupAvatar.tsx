/** A group as drawn everywhere: its picture, or its initials while there is none. */
import { useQuery } from '@tanstack/react-query';
import type { Gid, Hash } from '../../protocol/ids.ts';
import { useClient } from '../queries/clientContext.ts';
import { imageQuery } from '../queries/running.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { useBlobUrl } from '../ui/useBlobUrl.ts';

export function GroupAvatar({
  group,
  size = 'm',
}: {
  readonly group: { readonly gid: Gid; readonly name: string | null; readonly image: Hash | null };
  readonly size?: 's' | 'm' | 'l' | 'xl';
}) {
  const image = useQuery(imageQuery(useClient(), group.gid, group.image));
  const url = useBlobUrl(group.image === null ? null : image.data);
  return <Avatar id={group.gid} name={group.name ?? ''} size={size} picture={url} />;
}
