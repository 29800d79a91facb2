import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkWalls } from './walls.mjs';

type Tree = Record<string, string>;

/** A small house in which every wall stands. */
const clean: Tree = {
  'src/lib/result.ts': 'export type Result = boolean;',
  'src/protocol/ids.ts':
    "import type { Result } from '../lib/result.ts';\nexport type Id = { ok: Result };",
  'src/group/can.ts':
    "import type { Id } from '../protocol/ids.ts';\nexport const can = (id: Id) => id.ok;",
  'src/crypto/verify.ts':
    "import type { Id } from '../protocol/ids.ts';\nexport const verify = (id: Id) => id.ok;",
  'src/crypto/secret/seal.ts': "import '../verify.ts';\nexport const seal = 1;",
  'src/ledger/replay.ts': "import '../crypto/verify.ts';\nexport const replay = 1;",
  'src/client/client.ts':
    "import type { Id } from '../protocol/ids.ts';\nexport type Client = { id: Id };",
  'src/engine/engine.ts': "import '../crypto/secret/seal.ts';\nexport const engine = 1;",
  'src/sdk/browser.ts': "import '../engine/engine.ts';\nexport const browser = 1;",
  'src/worker/lasting.ts':
    "import type { Client } from '../client/client.ts';\nexport type Bridge = Client;",
  'src/worker/main.ts': "import '../sdk/browser.ts';\nexport {};",
  'src/server/dispatch.ts': "import '../ledger/replay.ts';\nexport const dispatch = 1;",
  'src/server/main.ts': "import './dispatch.ts';\nimport 'node:http';\nexport {};",
  'src/web/client.ts':
    "import address from '../worker/main.ts?worker&url';\nimport type { Bridge } from '../worker/lasting.ts';\nexport const bridge = (b: Bridge) => [b, address];",
  'src/web/ui/Button.tsx': "import '../../lib/result.ts';\nexport const Button = () => null;",
  'src/web/chat/ChatPage.tsx': "import '../ui/Button.tsx';\nexport const ChatPage = () => null;",
  'src/web/console/ConsolePage.tsx':
    "import '../client.ts';\nexport const ConsolePage = () => null;",
  'src/engine/engine.test.ts': "import 'vitest';\nimport './engine.ts';",
  'src/scenario/talk.test.ts': "import '../engine/engine.ts';\nimport '../server/main.ts';",
  'e2e/support/person.ts': "import 'playwright/test';\nexport const person = 1;",
  'e2e/talk.spec.ts': "import './support/person.ts';\nimport 'playwright/test';",
};

const faults: { title: string; law: string; says: RegExp; planted: Tree }[] = [
  {
    title: 'a page that imports crypto',
    law: 'page reaches no crypto',
    says: /ChatPage\.tsx -> src\/crypto\/verify\.ts$/m,
    planted: {
      'src/web/chat/ChatPage.tsx':
        "import '../../crypto/verify.ts';\nexport const ChatPage = () => null;",
    },
  },
  {
    title: 'a page that reaches crypto through the door, by a type only',
    law: 'page reaches no crypto',
    says: /web\/client\.ts -> src\/worker\/lasting\.ts -> src\/client\/client\.ts -> src\/crypto/m,
    planted: {
      'src/client/client.ts':
        "import type { seal } from '../crypto/secret/seal.ts';\nexport type Client = { id: typeof seal };",
    },
  },
  {
    title: 'a page that names a type of crypto without an import line',
    law: 'page reaches no crypto',
    says: /ChatPage\.tsx -> src\/crypto\/verify\.ts$/m,
    planted: {
      'src/web/chat/ChatPage.tsx': "export type T = typeof import('../../crypto/verify.ts');",
    },
  },
  {
    title: 'a page that imports the code of the worker, not its address',
    law: 'page reaches no crypto',
    says: /web\/client\.ts -> src\/worker\/main\.ts/m,
    planted: { 'src/web/client.ts': "import '../worker/main.ts';\nexport const bridge = 1;" },
  },
  {
    title: 'another page file that asks for the address of the worker',
    law: 'table',
    says: /only web\/client\.ts/m,
    planted: {
      'src/web/chat/ChatPage.tsx':
        "import address from '../../worker/main.ts?worker&url';\nexport const ChatPage = () => address;",
    },
  },
  {
    title: 'a server that reaches a secret through the ledger',
    law: 'server reaches no secret',
    says: /main\.ts -> src\/server\/dispatch\.ts -> src\/ledger\/replay\.ts -> src\/crypto\/secret/m,
    planted: {
      'src/ledger/replay.ts': "import '../crypto/secret/seal.ts';\nexport const replay = 1;",
    },
  },
  {
    title: 'a server that reaches a secret by import() alone',
    law: 'server reaches no secret',
    says: /dispatch\.ts -> src\/crypto\/secret\/seal\.ts$/m,
    planted: {
      'src/server/dispatch.ts': "export const dispatch = () => import('../crypto/secret/seal.ts');",
    },
  },
  {
    title: 'a circle',
    law: 'no circle',
    says: /group\/can\.ts -> src\/group\/reduce\.ts -> src\/group\/can\.ts$/m,
    planted: {
      'src/group/can.ts': "import './reduce.ts';\nexport const can = 1;",
      'src/group/reduce.ts': "import './can.ts';\nexport const reduce = 1;",
    },
  },
  {
    title: 'a circle of types only',
    law: 'no circle',
    says: /group\/can\.ts -> src\/group\/reduce\.ts -> src\/group\/can\.ts$/m,
    planted: {
      'src/group/can.ts': "import type { R } from './reduce.ts';\nexport type C = R;",
      'src/group/reduce.ts': "import type { C } from './can.ts';\nexport type R = C | 1;",
    },
  },
  {
    title: 'a climb from protocol to group',
    law: 'table',
    says: /protocol may not import it/m,
    planted: { 'src/protocol/ids.ts': "import '../group/can.ts';\nexport type Id = { ok: true };" },
  },
  {
    title: 'a room that knows another room',
    law: 'table',
    says: /chat and console do not know each other/m,
    planted: {
      'src/web/chat/ChatPage.tsx':
        "import '../console/ConsolePage.tsx';\nexport const ChatPage = () => null;",
    },
  },
  {
    title: 'a piece of ui that knows the client',
    law: 'table',
    says: /ui imports only lib/m,
    planted: {
      'src/web/ui/Button.tsx': "import '../client.ts';\nexport const Button = () => null;",
    },
  },
  {
    title: 'a package in the wrong folder',
    law: 'table',
    says: /libsodium-wrappers is not for src\/engine\/engine\.ts/m,
    planted: {
      'src/engine/engine.ts': "import 'libsodium-wrappers';\nexport const engine = 1;",
    },
  },
  {
    title: "Node's modules in the engine",
    law: 'table',
    says: /Node's own modules/m,
    planted: { 'src/engine/engine.ts': "import 'node:fs';\nexport const engine = 1;" },
  },
  {
    title: 'an index file',
    law: 'names',
    says: /lib\/index\.ts/m,
    planted: { 'src/lib/index.ts': "export * from './result.ts';" },
  },
  {
    title: 'code that imports a test',
    law: 'table',
    says: /tests are never imported/m,
    planted: {
      'src/engine/log.ts': "import './engine.test.ts';\nexport const log = 1;",
    },
  },
  {
    title: 'a scenario that opens the screen',
    law: 'table',
    says: /scenario may not import web/m,
    planted: { 'src/scenario/talk.test.ts': "import '../web/client.ts';" },
  },
  {
    title: 'a story that imports our code',
    law: 'table',
    says: /stories import playwright/m,
    planted: { 'e2e/talk.spec.ts': "import '../src/lib/result.ts';" },
  },
  {
    title: 'a folder without a row in the table',
    law: 'table',
    says: /"misc" has no row/m,
    planted: { 'src/misc/thing.ts': "import '../lib/result.ts';\nexport const thing = 1;" },
  },
];

const cache = path.join(import.meta.dirname, '../node_modules/.cache');
let home = '';
beforeAll(() => {
  mkdirSync(cache, { recursive: true });
  home = mkdtempSync(path.join(cache, 'walls-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function plant(name: string, tree: Tree): string {
  const root = path.join(home, name);
  for (const [file, text] of Object.entries(tree)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), `${text}\n`);
  }
  return root;
}

describe('walls', () => {
  test('a tree in which every wall stands has no fault', async () => {
    const report = await checkWalls(plant('clean', clean));
    expect(report.faults).toEqual([]);
    expect(report.files).toHaveLength(Object.keys(clean).length);
    expect(report.edges.length).toBeGreaterThan(20);
  });

  test('a tree with nothing to read is a fault', async () => {
    const report = await checkWalls(plant('empty', { 'src/read.md': 'no code' }));
    expect(report.faults.map((fault) => fault.law)).toEqual(['sight']);
  });

  test.each(faults)('$title is a fault', async ({ title, law, says, planted }) => {
    const root = plant(title.replaceAll(/\W+/g, '-'), { ...clean, ...planted });
    const report = await checkWalls(root);
    const found = report.faults.filter((fault) => fault.law === law).map((fault) => fault.says);
    expect(found.join('\n')).toMatch(says);
  });
});
