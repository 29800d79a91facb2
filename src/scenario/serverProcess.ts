/** The server as a process of its own, which a test can kill as if the power went. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

const READY = /http:\/\/localhost:(\d+)/;

export interface ServerProcess {
  readonly port: number;
  /** No signal handler runs. */
  readonly kill: () => Promise<void>;
}

const alive = new Set<ChildProcess>();

/** Ends what a failed test left behind. */
export function killAll(): void {
  for (const child of alive) child.kill('SIGKILL');
}

/** `fileKib`: no file may grow beyond it, as if the disk were full there. Rejects with what the server said where it ends. */
export async function startProcess(
  dataDir: string,
  port: number,
  fileKib: number | null = null,
): Promise<ServerProcess> {
  const words = ['--import', 'tsx', 'src/server/main.ts'];
  // Signal 25 is SIGXFSZ: ignored, so that the write fails as it does on a full disk. The shell counts in 512 bytes.
  const full = `trap '' 25; ulimit -f ${String((fileKib ?? 0) * 2)}; exec "$@"`;
  const [program, ...args] =
    fileKib === null
      ? [process.execPath, ...words]
      : ['/bin/sh', '-c', full, 'sh', process.execPath, ...words];
  const child = spawn(program ?? '', args, {
    env: {
      ...process.env,
      PORT: String(port),
      DATA_DIR: dataDir,
      LOG_LEVEL: 'silent',
      TSX_DISABLE_CACHE: fileKib === null ? '' : '1',
      LIMIT_MESSAGE_BURST: '100000',
      LIMIT_ENTRIES_PER_MINUTE: '100000',
      LIMIT_CARDS_PER_ADDRESS_PER_HOUR: '100000',
      LIMIT_REQUESTS_PER_LINK_PER_HOUR: '100000',
      LIMIT_PENDING_REQUESTS_PER_GROUP: '2000',
      LIMIT_LOGINS_PER_ADDRESS_PER_MINUTE: '100000',
      LIMIT_READS_PER_SECOND: '100000',
      LIMIT_STORES_PER_SECOND: '100000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  const gone = once(child, 'exit').then(() => alive.delete(child));
  let told = '';
  const got = await new Promise<number>((resolve, reject) => {
    const hear = (data: Buffer): void => {
      told += data.toString('utf8');
      const found = READY.exec(told)?.[1];
      if (found !== undefined) resolve(Number(found));
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    void once(child, 'close').then(() => reject(new Error(`the server ended: ${told}`)));
  });
  return {
    port: got,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
