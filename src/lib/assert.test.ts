import { describe, expect, it } from 'vitest';
import { assert, never, present } from './assert.ts';

describe('promises of our own code', () => {
  it('assert throws the promise that was broken', () => {
    expect(() => assert(true, 'two is even')).not.toThrow();
    expect(() => assert(false, 'two is odd')).toThrow('broken promise: two is odd');
  });

  it('present answers the value, also where it is false, zero or empty', () => {
    expect([present(0, 'a'), present('', 'b'), present(false, 'c')]).toEqual([0, '', false]);
    expect(() => present(null, 'there is one')).toThrow('broken promise: there is one');
    expect(() => present(undefined, 'there is one')).toThrow('broken promise');
  });

  it('never names the member that should not exist', () => {
    expect(() => never('fifth' as never)).toThrow('broken promise: unexpected member fifth');
  });
});
