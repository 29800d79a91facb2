/** From environment to values. Every setting has its unit and range here; a wrong value is refused with one sentence. */
import { err, ok, type Result } from '../lib/result.ts';
import { SERVER_LIMITS } from '../protocol/limits.ts';

export type LimitName = keyof typeof SERVER_LIMITS;
export type Limits = Readonly<Record<LimitName, number>>;

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface ServerConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Used by main.ts only: the server is handed its storage. */
  readonly dataDir: string;
  /** Addresses the page may come from; null: localhost and 127.0.0.1 at the port the server got. */
  readonly origins: readonly string[] | null;
  /** The built page; null: beside the built server. */
  readonly webDir: string | null;
  /** Whether the last X-Forwarded-For address is believed: only behind a proxy that sets it. */
  readonly trustProxy: boolean;
  /** What people read about who runs this server; null: not stated. */
  readonly about: {
    readonly operator: string | null;
    readonly contact: string | null;
    readonly retention: string | null;
  };
  readonly logLevel: LogLevel;
  /** Where the counts are served, on this machine only (0: any free port); null: nowhere. */
  readonly metricsPort: number | null;
  readonly limits: Limits;
}

interface LimitRule {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
}

const KIB = 1024;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Limits by name; the variable is LIMIT_ and the name in capitals, the default stands in protocol/limits.ts. */
export const LIMIT_RULES: Readonly<Record<LimitName, LimitRule>> = {
  frameBytes: { unit: 'bytes of one frame', min: 512 * KIB, max: 16 * KIB * KIB },
  pendingRequestsPerGroup: { unit: 'requests', min: 1, max: 2000 },
  pendingRequestsPerPid: { unit: 'requests', min: 1, max: 1000 },
  requestsPerLinkPerHour: { unit: 'requests an hour', min: 1, max: 100_000 },
  queryItems: { unit: 'items of a page', min: 1, max: 1000 },
  messageBurst: { unit: 'messages at once', min: 1, max: 1_000_000 },
  messagesPerSecond: { unit: 'messages a second, sustained', min: 1, max: 1_000_000 },
  entriesPerMinute: { unit: 'entries a minute', min: 1, max: 1_000_000 },
  clockAheadMs: { unit: 'ms an entry may be ahead', min: 1000, max: DAY },
  handshakeMs: { unit: 'ms to log in', min: 100, max: 10 * MINUTE },
  idleMs: { unit: 'ms without a sign of life', min: 1000, max: DAY },
  blobBytes: { unit: 'bytes of one file', min: KIB, max: 1024 * KIB * KIB },
  blobPartBytes: { unit: 'bytes of one part', min: 16 * KIB, max: SERVER_LIMITS.blobPartBytes },
  blobGroupBytes: { unit: 'bytes of all blobs of a group', min: KIB, max: KIB ** 5 },
  blobPidBytes: { unit: 'bytes of all blobs of one person', min: KIB, max: KIB ** 5 },
  blobUnnamedMs: { unit: 'ms a blob stays that nothing names', min: 1000, max: 365 * DAY },
  cardsPerAddressPerHour: { unit: 'card publications an hour', min: 1, max: 1_000_000 },
  passLifeMs: { unit: 'ms a device pass waits', min: 1000, max: DAY },
  lostItems: { unit: 'lost items of one group given back', min: 1000, max: 16 * KIB * KIB },
  givenPerSecond: { unit: 'things one person gives back a second', min: 1, max: 1_000_000 },
  readsPerSecond: { unit: 'reads of one device a second', min: 1, max: 1_000_000 },
  storesPerSecond: { unit: 'parts and records of one person a second', min: 1, max: 1_000_000 },
  framesPerSecond: { unit: 'frames of one connection a second', min: 1, max: 1_000_000 },
  loginsPerAddressPerMinute: { unit: 'logins a minute', min: 1, max: 1_000_000 },
  previewsPerAddressPerMinute: { unit: 'previews a minute', min: 1, max: 1_000_000 },
  waitingPerAddress: { unit: 'connections that have not logged in', min: 1, max: 1_000_000 },
  socketQueueBytes: {
    unit: 'bytes waiting for one socket',
    min: 1024 * KIB,
    max: 1024 * KIB * KIB,
  },
};

export type Environment = Readonly<Record<string, string | undefined>>;

export function limitVariable(name: LimitName): string {
  return `LIMIT_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function readNumber(
  env: Environment,
  name: string,
  otherwise: number,
  min: number,
  max: number,
  unit: string,
): Result<number, string> {
  const text = env[name];
  if (text === undefined || text === '') return ok(otherwise);
  const value = /^\d{1,16}$/.test(text) ? Number(text) : -1;
  return value >= min && value <= max
    ? ok(value)
    : err(`${name} must be a whole number from ${min} to ${max} (${unit}).`);
}

/** An origin is scheme, host and port, nothing else: it is compared letter by letter. */
function readOrigins(text: string | undefined): Result<readonly string[] | null, string> {
  if (text === undefined || text === '') return ok(null);
  const origins = text.split(',').map((origin) => origin.trim());
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin || !/^https?:/.test(origin)) {
      return err(
        `ORIGIN must be a list of addresses like https://chat.example, separated by commas; found "${origin}".`,
      );
    }
  }
  return ok(origins);
}

function readLimits(env: Environment): Result<Limits, string> {
  const limits: Record<LimitName, number> = { ...SERVER_LIMITS };
  for (const name of Object.keys(LIMIT_RULES) as LimitName[]) {
    const { min, max, unit } = LIMIT_RULES[name];
    const value = readNumber(env, limitVariable(name), SERVER_LIMITS[name], min, max, unit);
    if (!value.ok) return value;
    limits[name] = value.value;
  }
  return ok(limits);
}

function readFlag(env: Environment, name: string): Result<boolean, string> {
  const text = env[name] ?? '';
  if (text === '' || text === '0') return ok(false);
  return text === '1' ? ok(true) : err(`${name} must be 0 or 1.`);
}

/** The configuration an environment names; the refusal is one sentence for the operator. */
export function readConfig(env: Environment): Result<ServerConfig, string> {
  const port = readNumber(env, 'PORT', 8787, 0, 65_535, 'port, 0 for any');
  if (!port.ok) return port;
  const origins = readOrigins(env['ORIGIN']);
  if (!origins.ok) return origins;
  const logLevel = LOG_LEVELS.find((level) => level === (env['LOG_LEVEL'] || 'info'));
  if (logLevel === undefined) return err(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.`);
  const trustProxy = readFlag(env, 'TRUST_PROXY');
  if (!trustProxy.ok) return trustProxy;
  const metricsPort = readNumber(env, 'METRICS_PORT', -1, 0, 65_535, 'port, 0 for any');
  if (!metricsPort.ok) return metricsPort;
  const limits = readLimits(env);
  if (!limits.ok) return limits;
  return ok({
    host: env['HOST'] || '127.0.0.1',
    port: port.value,
    dataDir: env['DATA_DIR'] || './data',
    origins: origins.value,
    webDir: env['WEB_DIR'] || null,
    trustProxy: trustProxy.value,
    about: {
      operator: env['OPERATOR'] || null,
      contact: env['CONTACT'] || null,
      retention: env['RETENTION'] || null,
    },
    logLevel,
    metricsPort: metricsPort.value === -1 ? null : metricsPort.value,
    limits: limits.value,
  });
}

/** Every default, for tests and scenarios: any free port, no log. */
export function quietConfig(
  change: Partial<Omit<ServerConfig, 'limits'>> & { readonly limits?: Partial<Limits> } = {},
): ServerConfig {
  return {
    host: '127.0.0.1',
    port: 0,
    dataDir: '',
    origins: null,
    webDir: null,
    trustProxy: false,
    about: { operator: null, contact: null, retention: null },
    logLevel: 'silent',
    metricsPort: null,
    ...change,
    limits: { ...SERVER_LIMITS, ...change.limits },
  };
}
