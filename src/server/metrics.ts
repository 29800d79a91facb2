/** What the server counts about itself: kinds, names and numbers of closed lists, never an id, an address or a text. */
import process from 'node:process';
import { ERROR_NAMES, type ErrorName } from '../protocol/failure.ts';
import { REQUESTS, type RequestName } from '../protocol/request.ts';
import type { CommitOutcome } from './storage/port.ts';

/** `unread`: a frame that is no request this server knows. */
export type Asked = RequestName | 'unread';
/** Why a connection ended: the name it was told, or that the other side went. */
export type Ended = ErrorName | 'left';

/** Read at the moment somebody asks. */
export interface Gauges {
  readonly connections: number;
  readonly signedIn: number;
  readonly queuedBytes: number;
}

export interface Metrics {
  readonly answered: (request: Asked) => void;
  readonly refused: (request: Asked, error: ErrorName) => void;
  readonly ended: (reason: Ended) => void;
  /** A socket that was not let in, by the status it was told. */
  readonly turnedAway: (status: number) => void;
  readonly frameIn: (bytes: number) => void;
  readonly frameOut: (bytes: number) => void;
  readonly committed: (outcome: CommitOutcome, ms: number) => void;
  /** Prometheus text, version 0.0.4. */
  readonly text: (gauges: Gauges) => string;
}

const COMMIT_MS = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1000, 5000] as const;

/** Counts by labels; labels come from closed lists, so there are few of them. */
function createCounts(): {
  readonly add: (labels: string, by?: number) => void;
  readonly lines: (name: string, help: string) => string[];
} {
  const counts = new Map<string, number>();
  return {
    add(labels, by = 1) {
      counts.set(labels, (counts.get(labels) ?? 0) + by);
    },
    lines: (name, help) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} counter`,
      ...[...counts]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([labels, count]) => `${name}${labels} ${String(count)}`),
    ],
  };
}

function gauge(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${String(value)}`];
}

function createDurations(): {
  readonly add: (ms: number) => void;
  readonly lines: (name: string, help: string) => string[];
} {
  const buckets = COMMIT_MS.map(() => 0);
  let count = 0;
  let sum = 0;
  return {
    add(ms) {
      count += 1;
      sum += ms;
      for (const [i, most] of COMMIT_MS.entries())
        if (ms <= most) buckets[i] = (buckets[i] ?? 0) + 1;
    },
    lines: (name, help) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} histogram`,
      ...COMMIT_MS.map(
        (most, i) => `${name}_bucket{le="${String(most / 1000)}"} ${String(buckets[i])}`,
      ),
      `${name}_bucket{le="+Inf"} ${String(count)}`,
      `${name}_sum ${String(sum / 1000)}`,
      `${name}_count ${String(count)}`,
    ],
  };
}

export function createMetrics(): Metrics {
  const requests = createCounts();
  const refusals = createCounts();
  const ends = createCounts();
  const turned = createCounts();
  const commits = createCounts();
  const frames = createCounts();
  const bytes = createCounts();
  const durations = createDurations();
  // A counter that is not there yet hides its first step from whoever watches its rate.
  for (const request of [...Object.keys(REQUESTS), 'unread'])
    requests.add(`{request="${request}"}`, 0);
  for (const reason of [...ERROR_NAMES, 'left']) ends.add(`{reason="${reason}"}`, 0);
  return {
    answered: (request) => requests.add(`{request="${request}"}`),
    refused(request, error) {
      requests.add(`{request="${request}"}`);
      refusals.add(`{request="${request}",error="${error}"}`);
    },
    ended: (reason) => ends.add(`{reason="${reason}"}`),
    turnedAway: (status) => turned.add(`{status="${String(status)}"}`),
    frameIn(size) {
      frames.add('{direction="in"}');
      bytes.add('{direction="in"}', size);
    },
    frameOut(size) {
      frames.add('{direction="out"}');
      bytes.add('{direction="out"}', size);
    },
    committed(outcome, ms) {
      commits.add(`{outcome="${outcome}"}`);
      durations.add(ms);
    },
    text: ({ connections, signedIn, queuedBytes }) =>
      [
        ...requests.lines('conclave_requests_total', 'Requests by name.'),
        ...refusals.lines('conclave_refusals_total', 'Refused requests by name and error.'),
        ...gauge('conclave_connections', 'Open connections.', connections),
        ...gauge('conclave_connections_signed_in', 'Connections that logged in.', signedIn),
        ...ends.lines('conclave_connections_ended_total', 'Ended connections by reason.'),
        ...turned.lines('conclave_sockets_turned_away_total', 'Sockets not let in, by status.'),
        ...frames.lines('conclave_frames_total', 'Frames by direction.'),
        ...bytes.lines('conclave_frame_bytes_total', 'Bytes of frames by direction.'),
        ...gauge('conclave_queued_bytes', 'Bytes waiting for sockets.', queuedBytes),
        ...commits.lines('conclave_commits_total', 'Batches given to the storage, by outcome.'),
        ...durations.lines('conclave_commit_seconds', 'Time until a batch was durable or refused.'),
        ...gauge('conclave_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
        '',
      ].join('\n'),
  };
}
