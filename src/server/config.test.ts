import { describe, expect, it } from 'vitest';
import { SERVER_LIMITS } from '../protocol/limits.ts';
import { LIMIT_RULES, type LimitName, limitVariable, readConfig } from './config.ts';

const names = Object.keys(LIMIT_RULES) as LimitName[];

describe('configuration', () => {
  it('an empty environment means the defaults', () => {
    const config = readConfig({});
    expect(config).toEqual({
      ok: true,
      value: {
        host: '127.0.0.1',
        port: 8787,
        dataDir: './data',
        origins: null,
        webDir: null,
        trustProxy: false,
        about: { operator: null, contact: null, retention: null },
        logLevel: 'info',
        metricsPort: null,
        limits: SERVER_LIMITS,
      },
    });
  });

  it.each(names)('every default lies in its own range: %s', (name) => {
    expect(SERVER_LIMITS[name]).toBeGreaterThanOrEqual(LIMIT_RULES[name].min);
    expect(SERVER_LIMITS[name]).toBeLessThanOrEqual(LIMIT_RULES[name].max);
  });

  it.each(names)('16: the limit can be set by environment, within its range: %s', (name) => {
    const { min, max } = LIMIT_RULES[name];
    const variable = limitVariable(name);
    const set = readConfig({ [variable]: String(min) });
    expect(set.ok && set.value.limits[name]).toBe(min);
    for (const wrong of [String(max + 1), String(min - 1), 'many', '1.5', '-1', '1e3', ' 5']) {
      const refused = readConfig({ [variable]: wrong });
      expect(refused.ok ? '' : refused.error).toContain(
        `${variable} must be a whole number from ${min} to ${max}`,
      );
    }
  });

  it('the variable is LIMIT_ and the name in capitals', () => {
    expect(limitVariable('pendingRequestsPerGroup')).toBe('LIMIT_PENDING_REQUESTS_PER_GROUP');
  });

  it('origins are a list of scheme, host and port', () => {
    const config = readConfig({ ORIGIN: 'https://chat.example, http://localhost:5173' });
    expect(config.ok && config.value.origins).toEqual([
      'https://chat.example',
      'http://localhost:5173',
    ]);
  });

  it.each([
    'chat.example',
    'https://chat.example/',
    'https://chat.example/path',
    'https://CHAT.example',
    'ftp://chat.example',
    'https://a.example,',
  ])('an origin of another form is refused: %s', (wrong) => {
    const refused = readConfig({ ORIGIN: wrong });
    expect(refused.ok ? '' : refused.error).toContain('ORIGIN must be a list');
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', 'http'],
    ['METRICS_PORT', 'on'],
    ['LOG_LEVEL', 'loud'],
    ['TRUST_PROXY', 'yes'],
  ])('a wrong value is one sentence that names the variable: %s=%s', (name, value) => {
    const refused = readConfig({ [name]: value });
    expect(refused.ok ? '' : refused.error).toMatch(new RegExp(`^${name} must [^\\n]*\\.$`));
  });

  it('port 0 means any free port', () => {
    const config = readConfig({ PORT: '0' });
    expect(config.ok && config.value.port).toBe(0);
  });
});
