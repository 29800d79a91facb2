/** The server put together: one per process and data folder, started by main.ts, by tests and by scenarios. */
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Primitives } from '../crypto/primitives.ts';
import { createSigner } from './checkpoint.ts';
import { type Clock, systemClock } from './clock.ts';
import type { ServerConfig } from './config.ts';
import type { Context, Rates } from './context.ts';
import { createGroups } from './groups.ts';
import { sweepBlobs } from './handle/blobs.ts';
import { createHub } from './hub.ts';
import { createApp } from './http/app.ts';
import { type MetricsPort, openMetricsPort } from './http/metricsPort.ts';
import { listStaticFiles } from './http/staticFiles.ts';
import { createListener, type Listener } from './listen.ts';
import { createLog } from './log.ts';
import { createLost } from './lost.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createRate, type Rate } from './rate.ts';
import type { Storage } from './storage/port.ts';

export interface Server {
  /** Rejects where the port cannot be had or the storage cannot be read. */
  readonly listen: () => Promise<{ readonly port: number; readonly metricsPort: number | null }>;
  /** Takes nothing new, finishes what is being written, says bye. The storage stays open: it belongs to the caller. */
  readonly close: () => Promise<void>;
}

const VERSION = '0.1.0';
const GROUPS_IN_MEMORY = 2000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Seconds' worth of these rates that may come at once. */
const AT_ONCE = 10;

function createRates(clock: Clock, { limits }: ServerConfig): Rates {
  const {
    messageBurst,
    messagesPerSecond,
    entriesPerMinute,
    requestsPerLinkPerHour,
    cardsPerAddressPerHour,
    loginsPerAddressPerMinute,
    previewsPerAddressPerMinute,
  } = limits;
  const perSecond = (rate: number): Rate => createRate(clock, AT_ONCE * rate, rate / 1000);
  return {
    messages: createRate(clock, messageBurst, messagesPerSecond / 1000),
    records: createRate(clock, messageBurst, messagesPerSecond / 1000),
    signals: createRate(clock, messageBurst, messagesPerSecond / 1000),
    entries: createRate(clock, entriesPerMinute, entriesPerMinute / MINUTE),
    links: createRate(clock, requestsPerLinkPerHour, requestsPerLinkPerHour / HOUR),
    given: perSecond(limits.givenPerSecond),
    reads: perSecond(limits.readsPerSecond),
    stores: perSecond(limits.storesPerSecond),
    logins: createRate(clock, loginsPerAddressPerMinute, loginsPerAddressPerMinute / MINUTE),
    previews: createRate(clock, previewsPerAddressPerMinute, previewsPerAddressPerMinute / MINUTE),
    cards: createRate(clock, cardsPerAddressPerHour, cardsPerAddressPerHour / HOUR),
  };
}

/** The built page stands beside the built server; run from its sources, the server takes it from dist. */
function defaultWebDir(): string {
  const here = import.meta.dirname;
  return path.basename(path.dirname(here)) === 'dist'
    ? path.join(here, '../web')
    : path.join(here, '../../dist/web');
}

/** The same storage; how long its batches take is counted. */
function counted(storage: Storage, metrics: Metrics): Storage {
  const commit: Storage['commit'] = async (batch) => {
    const started = performance.now();
    const outcome = await storage.commit(batch);
    metrics.committed(outcome, performance.now() - started);
    return outcome;
  };
  // Everything else is asked of the storage itself, whoever stands before it by then.
  return Object.assign(Object.create(storage) as Storage, { commit });
}

export function createServer(
  config: ServerConfig,
  primitives: Primitives,
  given: Storage,
  clock: Clock = systemClock,
): Server {
  const log = createLog(config.logLevel);
  const metrics = createMetrics();
  const storage = counted(given, metrics);
  let listener: Listener | null = null;
  let counts: MetricsPort | null = null;
  let sweeping: NodeJS.Timeout | null = null;

  const origins = (): readonly string[] => {
    if (config.origins !== null) return config.origins;
    const port = listener?.port() ?? config.port;
    return [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  };

  const start = async (): Promise<Listener> => {
    const signer = await createSigner(primitives, storage, clock);
    const context: Context = {
      p: primitives,
      storage,
      clock,
      limits: config.limits,
      signer,
      groups: createGroups(primitives, storage, GROUPS_IN_MEMORY),
      lost: createLost(primitives, storage, signer, config.limits, log),
      hub: createHub(),
      rates: createRates(clock, config),
      log,
      metrics,
      origins,
    };
    await sweepBlobs(context);
    sweeping = setInterval(() => void sweepBlobs(context), HOUR).unref();
    const files = listStaticFiles(config.webDir ?? defaultWebDir());
    return createListener(config, context, createApp(files, VERSION, config.about));
  };

  return {
    async listen() {
      listener = await start();
      const { gauges } = listener;
      if (config.metricsPort !== null)
        counts = await openMetricsPort(config.metricsPort, () => metrics.text(gauges()));
      try {
        const { port } = await listener.listen();
        log.info('listening', { port });
        return { port, metricsPort: counts?.port ?? null };
      } catch (error) {
        await counts?.close();
        throw error;
      }
    },
    async close() {
      if (sweeping !== null) clearInterval(sweeping);
      // An empty batch resolves after everything that was queued before it.
      await listener?.close(() => given.commit([]));
      await counts?.close();
      log.info('closed');
    },
  };
}
