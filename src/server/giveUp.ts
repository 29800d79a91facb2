/**
 * `npm run give-up -- GROUP`: an operator gives up what members of a group hold beyond this server's backup, so that the
 * group takes new messages again. Works on the data folder while the server is stopped; exit code 1 with one sentence otherwise.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fromBase64url } from '../lib/bytes.ts';
import { type Gid, idOf, parseId } from '../protocol/ids.ts';
import { systemClock } from './clock.ts';
import { readConfig } from './config.ts';
import { openSqlite } from './storage/sqlite.ts';

/** As it stands in the address of the group's page, or in the server's log. */
function readGid(text: string): Gid | null {
  const bytes = fromBase64url(text);
  return bytes?.length === 32 ? idOf<Gid>(bytes) : parseId<Gid>(text);
}

async function giveUp(argument: string | undefined): Promise<string | null> {
  const config = readConfig(process.env);
  if (!config.ok) return config.error;
  const gid = argument === undefined ? null : readGid(argument);
  if (gid === null)
    return 'Name the group as its address or the log of the server names it: npm run give-up -- GROUP';
  const { dataDir } = config.value;
  if (!existsSync(path.join(dataDir, 'conclave.sqlite')))
    return `There is no data in ${dataDir}; set DATA_DIR.`;
  const storage = openSqlite(dataDir);
  if (!storage.ok) return `${storage.error} Stop the server first.`;
  const outcome = await storage.value.commit([{ kind: 'givenUp', gid, at: systemClock() }]);
  const last = await storage.value.lastItem(gid);
  await storage.value.close();
  if (outcome !== 'stored') return 'The data folder takes no writes.';
  const held = last === null ? 0 : last.t + 1;
  process.stdout.write(
    `Given up. When the server starts, the group goes on from the ${String(held)} items it holds; members who hold more are told that their history differs.\n`,
  );
  return null;
}

const refused = await giveUp(process.argv[2]);
if (refused !== null) {
  process.stderr.write(`${refused}\n`);
  process.exitCode = 1;
}
