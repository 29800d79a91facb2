/** What the server counts about itself, read as its operator would. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ERROR_NAMES } from '../protocol/failure.ts';
import { REQUESTS } from '../protocol/request.ts';
import { encodeFrame } from '../protocol/field.ts';
import { createMetrics } from './metrics.ts';
import { type House, openHouse } from './testing/house.ts';

/** The number behind a series, 0 where there is none. */
function read(text: string, series: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

describe('/metrics', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ config: { metricsPort: 0 } });
  });
  afterEach(() => house.close());

  it('is served on its own port alone, and nowhere where it is off', async () => {
    expect(await house.counts()).toContain('conclave_connections 0');
    const page = await fetch(`http://127.0.0.1:${house.port}/metrics`);
    expect(page.status).toBe(404);
    await house.close();
    house = await openHouse();
    await expect(house.counts()).rejects.toThrow('Failed to parse URL');
  });

  it('16: counts requests, refusals by error and request, frames, bytes, commits and connections', async () => {
    const alice = await house.person(1);
    const client = await house.enter(alice);
    const group = await house.group(client, [alice]);
    await client.get('send', group.message(alice, 1));
    await client.ask('send', group.message(alice, 3));
    await client.ask('query', {
      gid: group.gid,
      by: 'position',
      from: 0,
      until: 1,
      limit: 201,
      order: 'asc',
    });
    const text = await house.counts();
    expect(read(text, 'conclave_requests_total{request="send"}')).toBe(2);
    expect(read(text, 'conclave_refusals_total{request="send",error="E_GAP"}')).toBe(1);
    expect(read(text, 'conclave_refusals_total{request="query",error="E_LIMIT"}')).toBe(1);
    expect(read(text, 'conclave_connections')).toBe(1);
    expect(read(text, 'conclave_connections_signed_in')).toBe(1);
    expect(read(text, 'conclave_queued_bytes')).toBe(0);
    expect(read(text, 'conclave_frames_total{direction="in"}')).toBeGreaterThanOrEqual(7);
    expect(read(text, 'conclave_frame_bytes_total{direction="out"}')).toBeGreaterThan(500);
    // The card, two entries and the message.
    expect(read(text, 'conclave_commits_total{outcome="stored"}')).toBeGreaterThanOrEqual(4);
    expect(read(text, 'conclave_commit_seconds_count')).toBe(
      read(text, 'conclave_commit_seconds_bucket{le="+Inf"}'),
    );
    expect(read(text, 'conclave_memory_bytes')).toBeGreaterThan(1_000_000);
  });

  it('says why connections ended, and which sockets were not let in', async () => {
    const client = await house.visit();
    client.raw(encodeFrame({ a: 1 }));
    await client.closed;
    const large = await house.visit();
    large.raw(new Uint8Array(600 * 1024));
    await large.closed;
    const polite = await house.visit();
    polite.close();
    await polite.closed;
    await fetch(`http://127.0.0.1:${house.port}/session`);
    await expect(house.visit({ origin: 'https://evil.example' })).rejects.toThrow('403');
    const ended = async (reason: string): Promise<number> =>
      read(await house.counts(), `conclave_connections_ended_total{reason="${reason}"}`);
    expect(await ended('E_FORMAT')).toBe(1);
    await expect.poll(() => ended('E_LIMIT')).toBe(1);
    await expect.poll(() => ended('left')).toBe(1);
    const text = await house.counts();
    expect(read(text, 'conclave_sockets_turned_away_total{status="403"}')).toBe(1);
    expect(read(text, 'conclave_refusals_total{request="unread",error="E_FORMAT"}')).toBe(1);
  });

  it('names come from closed lists: no id and no address is ever in it', async () => {
    const alice = await house.person(1);
    const client = await house.enter(alice);
    const group = await house.group(client, [alice]);
    client.raw(encodeFrame([900, alice.pid, []]));
    await client.ask('ping', {});
    const text = await house.counts();
    for (const id of [alice.pid, alice.dev, group.gid]) expect(text).not.toContain(id.slice(0, 8));
    expect(text).not.toContain('127.0.0.1');
    const allowed = new Set<string>([
      ...Object.keys(REQUESTS),
      ...ERROR_NAMES,
      ...['unread', 'left', 'in', 'out', 'stored', 'conflict', 'failed', '+Inf'],
    ]);
    const values = [...text.matchAll(/="([^"]*)"/gu)].map(([, value]) => value ?? '');
    expect(values.filter((value) => !allowed.has(value) && !/^[\d.]+$/u.test(value))).toEqual([]);
    expect(values.length).toBeGreaterThan(50);
  });

  it('every line is one that Prometheus reads', () => {
    const metrics = createMetrics();
    metrics.committed('stored', 7);
    metrics.turnedAway(429);
    const text = metrics.text({ connections: 1, signedIn: 1, queuedBytes: 3 });
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(
        /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [\d.e+-]+)$/u,
      );
    expect(text).toContain('conclave_commit_seconds_bucket{le="0.005"} 0\n');
    expect(text).toContain('conclave_commit_seconds_bucket{le="0.01"} 1\n');
  });
});
