import { describe, expect, it } from 'vitest';
import { buffersIn, pack, unpack } from './parcel.ts';

const SECRET = new Uint8Array([1, 2, 3, 250, 251, 252]);

describe('a parcel', () => {
  it('comes out as it went in, bytes as bytes', () => {
    const message = {
      kind: 'call',
      id: 3,
      name: 'unlock',
      args: [{ kind: 'passkey', prf: SECRET, credential: new Uint8Array() }, 'text', null, 7],
    };
    expect(unpack(pack(message))).toEqual(message);
    expect(unpack(pack('plain'))).toBe('plain');
  });

  it('P090: holds bytes as bytes only, never as text', () => {
    const text = Buffer.from(pack({ prf: SECRET })).toString('latin1');
    expect(text).toContain(Buffer.from(SECRET).toString('latin1'));
    for (const form of ['base64', 'hex'] as const)
      expect(text).not.toContain(Buffer.from(SECRET).toString(form));
    expect(text).not.toContain('1,2,3');
  });

  it('damaged ones throw', () => {
    expect(() => unpack(pack({ a: SECRET }).subarray(0, 9))).toThrow('limit');
  });

  it('P090: the buffers of arguments are known, so that they can be given away', () => {
    expect(buffersIn(['gid', { kind: 'passkey', prf: SECRET }, 4])).toEqual([SECRET.buffer]);
  });
});
