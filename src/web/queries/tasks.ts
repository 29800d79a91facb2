/** The work tray: acts that wait, run, and ended lately. */
import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../../client/client.ts';

export const tasksQuery = (client: Client) =>
  queryOptions({ queryKey: ['tasks'], queryFn: () => client.tasks() });
