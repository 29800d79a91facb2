import { describe, expect, it } from 'vitest';
import { createEmitter } from './emitter.ts';

describe('createEmitter', () => {
  it('tells every listener, in the order they came, until they stop', () => {
    const emitter = createEmitter<number>();
    const heard: string[] = [];
    const stop = emitter.listen((news) => heard.push(`a${news}`));
    emitter.listen((news) => heard.push(`b${news}`));
    emitter.emit(1);
    stop();
    stop();
    emitter.emit(2);
    expect(heard).toEqual(['a1', 'b1', 'b2']);
  });

  it('one function listening twice is two listeners; each undo ends its own', () => {
    const emitter = createEmitter<number>();
    let count = 0;
    const listener = (): void => {
      count += 1;
    };
    const stop = emitter.listen(listener);
    emitter.listen(listener);
    emitter.emit(0);
    stop();
    emitter.emit(0);
    expect(count).toBe(3);
  });

  it('who begins or stops to listen during news changes the next news, not this one', () => {
    const emitter = createEmitter<number>();
    const heard: string[] = [];
    const stops: (() => void)[] = [];
    emitter.listen((news) => {
      heard.push(`first${news}`);
      for (const stop of stops.splice(0)) stop();
      if (news === 1) emitter.listen((later) => heard.push(`late${later}`));
    });
    stops.push(emitter.listen((news) => heard.push(`second${news}`)));
    emitter.emit(1);
    emitter.emit(2);
    expect(heard).toEqual(['first1', 'second1', 'first2', 'late2']);
  });
});
